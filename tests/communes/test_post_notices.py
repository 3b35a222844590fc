"""What editors are told of posts and alerts, and who of them is not told."""

from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Page

from communes.models import Delivery, Membership, PushSubscription, User
from communes.tree import home_of
from tests.communes.posts import decide, logged_in, submitted
from tests.communes.test_alerts import write
from tests.communes.test_outbox import all_told

pytestmark = pytest.mark.django_db

Channel = Delivery.Channel


def waiting_for(user: User) -> list[str]:
    rows = Delivery.objects.filter(user=user, channel=Channel.SCREEN).select_related("event")
    return sorted(row.event.reason for row in rows)


def test_a_post_that_is_submitted_sent_back_and_published_is_told_to_whom_it_concerns(
    commune: Any, editor: User, unit_editor: User, second_unit_editor: User
) -> None:
    post = submitted(editor, commune, "Họp thôn")
    all_told()
    assert [waiting_for(person) for person in (editor, unit_editor, second_unit_editor)] == [
        [],
        ["post-waits"],
        ["post-waits"],
    ]
    decide(logged_in(unit_editor), post, "return", words="Bài còn thiếu ngày họp.")
    all_told()
    # Whoever decided, nobody else is to look any more.
    assert [waiting_for(person) for person in (editor, unit_editor, second_unit_editor)] == [
        ["post-sent-back"],
        [],
        [],
    ]


def test_a_published_post_is_told_to_its_author_alone(
    commune: Any, editor: User, unit_editor: User, second_unit_editor: User
) -> None:
    post = submitted(editor, commune, "Họp thôn")
    all_told()
    decide(logged_in(unit_editor), post)
    all_told()
    assert waiting_for(editor) == ["post-published"]
    assert waiting_for(unit_editor) == waiting_for(second_unit_editor) == []


def test_the_units_own_post_waits_for_the_other_editor(
    unit: Any, unit_editor: User, second_unit_editor: User
) -> None:
    home = home_of(unit)
    assert home
    submitted(unit_editor, Page.objects.get(pk=home.pk), "Chung cả huyện")
    all_told()
    assert waiting_for(unit_editor) == []
    assert waiting_for(second_unit_editor) == ["post-waits"]


def test_an_alert_that_waits_rings_by_night_and_is_told_to_the_unit_above(
    commune: Any, editor: User, unit_editor: User, at: Any
) -> None:
    PushSubscription.objects.create(user=unit_editor, digest="d", sealed="x")
    moment = at("2026-12-01 23:00")
    write(editor, commune.unit, "warning")
    all_told()
    assert waiting_for(unit_editor) == ["review-waits"]
    assert Delivery.objects.get(channel="push").due_at == moment


def test_a_person_who_left_is_told_nothing(commune: Any, editor: User, unit_editor: User, unit: Any) -> None:
    submitted(editor, commune, "Họp thôn")
    Membership.objects.filter(user=unit_editor).update(until=timezone.localdate())
    all_told()
    assert not Delivery.objects.filter(user=unit_editor).exists()
