"""What happens is told in the transaction in which it happens, once, and whoever listens cannot undo it."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from communes.models import Alert, CommunePage, Membership, NewsPage
from communes.signals import alert_out, membership_ended, post_published
from communes.staff.memberships import end_membership
from home.events import Event
from home.models import JobRun
from tests.communes.posts import decide, is_live, logged_in, submitted
from tests.communes.test_alerts import act, write

pytestmark = pytest.mark.django_db


class Heard(list[dict[str, Any]]):
    """The facts of each event, and whether what is written then stands or falls with what happened."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.around = len(connection.savepoint_ids)
        self.in_its_transaction: list[bool] = []
        event.connect(self.listen)

    def listen(self, **facts: Any) -> None:
        self.append(facts)
        self.in_its_transaction.append(len(connection.savepoint_ids) > self.around)


def heard(event: Event) -> Iterator[Heard]:
    listener = Heard(event)
    yield listener
    event.disconnect(listener.listen)


@pytest.fixture
def posts() -> Iterator[Heard]:
    yield from heard(post_published)


@pytest.fixture
def alerts() -> Iterator[Heard]:
    yield from heard(alert_out)


@pytest.fixture
def endings() -> Iterator[Heard]:
    yield from heard(membership_ended)


def test_a_post_is_told_when_it_is_approved_and_not_before(
    posts: Heard, commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    post = submitted(editor, commune, "Kẻ gian giả danh công an")
    assert not posts
    decide(logged_in(unit_editor), post)
    assert [(told["post"].pk, told["unit"]) for told in posts] == [(post.pk, commune.unit)]
    assert posts.in_its_transaction == [True]


def test_a_post_of_the_unit_is_told_as_the_units(
    posts: Heard, commune: CommunePage, unit_editor: Any, second_unit_editor: Any
) -> None:
    post = submitted(unit_editor, Page.objects.get(pk=commune.get_parent().pk), "Chung cả huyện")
    decide(logged_in(second_unit_editor), post)
    assert [told["unit"] for told in posts] == [commune.unit.parent]


def test_a_post_sent_back_is_not_told(
    posts: Heard, commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    post = submitted(editor, commune, "Thử")
    assert decide(logged_in(unit_editor), post, "return", words="Thiếu ngày họp.").status_code == 302
    assert not posts


def test_a_post_with_an_hour_is_told_at_its_hour(
    posts: Heard, commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    soon = timezone.now() + datetime.timedelta(minutes=1)
    post = submitted(editor, commune, "Họp thôn", go_live_at=soon)
    decide(logged_in(unit_editor), post)
    assert not posts
    call_command("publish_scheduled")
    assert not posts
    assert not is_live(post)
    past = timezone.now() - datetime.timedelta(seconds=1)
    NewsPage.objects.filter(pk=post.pk).update(go_live_at=past)
    post.refresh_from_db()
    revision = post.latest_revision
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save()
    call_command("publish_scheduled")
    assert is_live(post)
    assert [told["post"].pk for told in posts] == [post.pk]
    assert posts.in_its_transaction == [True]


@pytest.mark.parametrize(("level", "before"), [("warning", 0), ("urgent", 1)])
def test_an_alert_is_told_when_it_comes_into_force(
    level: str, before: int, alerts: Heard, commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    alert = write(editor, commune.unit, level)
    assert len(alerts) == before
    if not before:
        act(unit_editor, alert, "approve")
    assert [told["alert"].pk for told in alerts] == [alert.pk]
    assert alerts.in_its_transaction == [True]


def test_an_alert_sent_back_is_not_told(
    alerts: Heard, commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    act(unit_editor, write(editor, commune.unit), "send-back", comment="Sai giờ.")
    assert Alert.objects.get().status == "sent-back"
    assert not alerts


def test_work_that_ends_is_told(endings: Heard, editor: Any, unit_editor: Any) -> None:
    membership = editor.memberships.get()
    end_membership(membership, unit_editor)
    assert [(told["membership"], told["by"]) for told in endings] == [(membership, unit_editor)]
    assert endings.in_its_transaction == [True]


# --- Who listens ---


def test_who_fails_takes_back_his_own_rows_alone(
    commune: CommunePage, editor: Any, unit_editor: Any, caplog: pytest.LogCaptureFixture
) -> None:
    @post_published.heard_by
    def first(**facts: Any) -> None:
        JobRun.objects.create(name="first", started_at=timezone.now())

    @post_published.heard_by
    def failing(**facts: Any) -> None:
        JobRun.objects.create(name="failing", started_at=timezone.now())
        JobRun.objects.create(name="first", started_at=timezone.now())  # there is one already

    try:
        post = submitted(editor, commune, "Vẫn lên")
        decide(logged_in(unit_editor), post)
    finally:
        for write_row in (first, failing):
            post_published.disconnect(dispatch_uid=f"{write_row.__module__}.{write_row.__qualname__}")
    assert is_live(post)
    assert list(JobRun.objects.values_list("name", flat=True)) == ["first"]
    assert "django.dispatch: IntegrityError" in caplog.text
    assert Client().get(post.url).status_code == 200


def test_nobody_is_told_of_what_was_rolled_back(
    posts: Heard, endings: Heard, editor: Any, unit_editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written in answer to the event goes with it."""

    @membership_ended.heard_by
    def note(**facts: Any) -> None:
        JobRun.objects.create(name="noted", started_at=timezone.now())

    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            end_membership(editor.memberships.get(), unit_editor)
            assert JobRun.objects.filter(name="noted").exists()
            raise RuntimeError
    finally:
        membership_ended.disconnect(dispatch_uid=f"{note.__module__}.{note.__qualname__}")
    assert not JobRun.objects.filter(name="noted").exists()
    assert Membership.objects.current().filter(user=editor).exists()
