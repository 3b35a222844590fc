"""Nobody reads a tip without a line in the record, whichever way the page was reached."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communes.models import CommunePage
from tests.tipform.conftest import MESSAGE, attachment, photo
from tests.tipform.officers import NONCE, actions, file_of, openings, press, read, strict, thread_of, unlocked
from tipform.box.entries import add_entry
from tipform.desk.inbox.views import TipView
from tipform.models import AuditEntry, Part, Tip

pytestmark = pytest.mark.django_db

Log = Callable[[Any], Client]
Action = AuditEntry.Action
UNREAD = "chưa đọc"


@pytest.mark.parametrize(
    "values",
    [
        {"act": "nothing-known"},
        {"act": ""},
        {"act": "reply", "text": ""},
        {"act": "reply", "text": "Cảm ơn.", "nonce": "?"},
        {"act": "status", "status": "lost"},
        {"act": "status", "status": "accepted", "text": "Viết dở"},
        {"act": "identity"},
    ],
)
def test_whatever_button_shows_the_tip_its_opening_is_recorded_once(
    values: dict[str, str], officer: Any, tip: Tip, as_user: Log
) -> None:
    client = as_user(officer)
    page = press(client, tip, **values).content.decode()
    assert MESSAGE in page
    assert openings(tip) == [officer]
    assert UNREAD not in client.get(reverse("tips:index")).content.decode()


def test_a_stale_token_shows_the_tip_and_is_recorded(officer: Any, tip: Tip) -> None:
    response = press(strict(unlocked(officer)), tip, "reply", text="Cảm ơn.")
    assert response.status_code == 403
    assert MESSAGE in response.content.decode()
    assert openings(tip) == [officer]


def test_what_shows_nothing_records_no_opening(officer: Any, tip: Tip, as_user: Log) -> None:
    client = as_user(officer)
    assert press(client, tip, "reply", text="Cảm ơn.").status_code == 302
    assert press(client, tip, "status", status="accepted").status_code == 302
    assert openings(tip) == []
    assert client.get(thread_of(tip)).status_code == 200
    assert openings(tip) == [officer]


def test_what_the_reporter_writes_after_an_opening_is_unread(
    officer: Any, commune: CommunePage, tip: Tip, as_user: Log
) -> None:
    client = as_user(officer)
    press(client, tip, "nothing-known")
    add_entry(tip, "reporter", "Họ lại đến.", NONCE)
    assert UNREAD in client.get(reverse("tips:index")).content.decode()


def test_a_picture_opened_without_the_thread_is_recorded(
    officer: Any, second_officer: Any, tip: Tip, as_user: Log
) -> None:
    read(as_user(second_officer), tip)  # a colleague's opening covers nobody else
    client, view = as_user(officer), file_of(tip, Part.Label.VIEW)
    for _time in range(2):
        assert client.get(view).status_code == 200
    entry = AuditEntry.objects.get(tip=tip.uuid, action=Action.FILE_OPENED)
    assert entry.actor == officer
    assert entry.detail == str(tip.parts.get(label=Part.Label.VIEW).uuid)


def test_the_pictures_of_an_opened_thread_are_covered_by_its_line(
    officer: Any, commune: CommunePage, send_tip: Callable[..., Tip], as_user: Log
) -> None:
    colours = ("navy", "red", "green", "white", "black")
    tip = send_tip(commune.unit, attachments=[attachment(photo(colour), "tau.jpg") for colour in colours])
    views = [
        reverse("tips:file", args=[tip.uuid, part.uuid]) for part in tip.parts.filter(label=Part.Label.VIEW)
    ]
    assert len(views) == len(colours)
    client = as_user(officer)
    for _time in range(2):
        read(client, tip)
        assert {client.get(view).status_code for view in views} == {200}
    assert Action.FILE_OPENED not in actions(tip)
    # Eleven minutes later the line tells no more of what is looked at now.
    past = timezone.now() - timedelta(minutes=11)
    AuditEntry.objects.filter(tip=tip.uuid, action=Action.OPENED).update(at=past)
    client.get(views[0])
    assert actions(tip).count(Action.FILE_OPENED) == 1


def test_of_two_officers_who_save_a_status_at_once_the_second_is_told(
    officer: Any, tip: Tip, as_user: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = TipView.post

    def after_a_colleague(self: TipView, *args: Any, **kwargs: Any) -> Any:
        # This officer's request has read the tip; now the colleague's is through.
        Tip.objects.filter(pk=tip.pk).update(status="in-progress")
        return post(self, *args, **kwargs)

    monkeypatch.setattr(TipView, "post", after_a_colleague)
    client = as_user(officer)
    with CaptureQueriesContext(connection) as captured:
        response = press(client, tip, "status", status="closed", outcome="resolved", seen="new")
    tip.refresh_from_db()
    assert (tip.status, tip.outcome) == ("in-progress", "")
    assert Action.STATUS_SET not in actions(tip)
    if connection.features.has_select_for_no_key_update:
        locked = [query["sql"] for query in captured if "FOR NO KEY UPDATE" in query["sql"]]
        assert any(Tip._meta.db_table in sql for sql in locked)

    # The page that tells him has the colleague's status, so that his next choice counts.
    assert response.context["status_form"]["seen"].value() == "in-progress"
    tip.refresh_from_db()
    assert press(client, tip, "status", status="closed", outcome="resolved").status_code == 302
    tip.refresh_from_db()
    assert tip.status == "closed"


@pytest.mark.parametrize("act", ["reply", "status", "identity", "", "\x00"])
@pytest.mark.parametrize(
    "values",
    [
        {},
        {"text": "\x00", "nonce": "\x00", "status": "\x00", "outcome": "\x00", "seen": "\x00"},
        {"text": "Cảm ơn.", "nonce": "n" * 500, "status": ["new", "closed"], "seen": "x" * 500},
        {"text": "Cảm ơn.", "outcome": "resolved", "seen": "new"},
        {"status": "closed", "outcome": "burnt"},
    ],
)
def test_a_form_that_lacks_or_garbles_its_fields_is_answered(
    act: str, values: dict[str, Any], officer: Any, tip: Tip, as_user: Log
) -> None:
    response = as_user(officer).post(thread_of(tip), {"act": act, **values})
    assert response.status_code == 200
    tip.refresh_from_db()
    assert (tip.status, tip.outcome) == ("new", "")
    assert not tip.parts.filter(label=Part.Label.ENTRY).exists()


@pytest.mark.parametrize("body", [b"", b"{", b"act=%ff%fe&text=%ed%a0%80", b"act=status&status=%00&seen=%ff"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "application/json", "text/plain"])
def test_a_body_that_is_no_form_is_answered(
    body: bytes, kind: str, officer: Any, tip: Tip, as_user: Log
) -> None:
    assert as_user(officer).post(thread_of(tip), body, content_type=kind).status_code == 200


@pytest.mark.parametrize("url", ["wagtailadmin_home", None])
@pytest.mark.parametrize("demo", [True, False])
def test_a_sample_says_so_on_every_page_of_the_admin(
    url: str | None, demo: bool, officer: Any, as_user: Log, settings: Any
) -> None:
    settings.DEMO = demo
    response = as_user(officer).get(reverse(url) if url else "/admin/no/such/page/")
    assert response.status_code == (200 if url else 404)
    page = response.content.decode()
    assert ('<aside class="demo-banner" aria-label="Về trang này">' in page) is demo
    assert page.count("demo-banner") == demo
