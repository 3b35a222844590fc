"""One row for an event, told to each person once in each of his channels, whoever dies in between."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from communes.models import (
    Delivery,
    MailAddress,
    NoticeChoice,
    OutboxEvent,
    PushSubscription,
    User,
)
from communes.notices import outbox, reasons
from communes.notices.outbox import fan_out, purge, put, withdraw
from communes.notices.reasons import Reason, Step
from home.panels import Link

pytestmark = pytest.mark.django_db


@pytest.fixture
def known() -> Iterator[Callable[..., None]]:
    """Registers reasons for the time of a test."""
    before = dict(reasons._reasons)
    yield reasons.register
    reasons._reasons.clear()
    reasons._reasons.update(before)


def everybody(event: OutboxEvent) -> Any:
    return User.objects.filter(username__startswith="p")


def line(event: OutboxEvent) -> Link:
    return Link("Có việc", "/admin/")


def person(name: str, *, browsers: int = 0, mail: bool = False) -> User:
    user = User.objects.create(username=name)
    for number in range(browsers):
        PushSubscription.objects.create(user=user, digest=f"{name}-{number}", sealed="x")
    if mail:
        MailAddress.objects.create(user=user, sealed="x", confirmed_at=timezone.now())
    return user


def told() -> list[tuple[str, str]]:
    return sorted((row.user.username, row.channel) for row in Delivery.objects.select_related("user"))


def all_told() -> int:
    turns = 0
    while fan_out():
        turns += 1
        assert turns < 100
    return turns


def test_each_person_gets_a_row_for_each_of_his_channels(known: Any, unit: Any) -> None:
    known(Reason("thing", "", (Step(everybody),), shown=line))
    person("pa", browsers=2, mail=True)
    person("pb")
    unconfirmed = person("pc")
    MailAddress.objects.create(user=unconfirmed, sealed="x")
    gone = person("pd", browsers=1)
    gone.is_active = False
    gone.save()
    put("thing", unit)
    all_told()
    assert told() == [
        ("pa", "mail"),
        ("pa", "push"),
        ("pa", "push"),
        ("pa", "screen"),
        ("pb", "screen"),
        ("pc", "screen"),
    ]
    assert not fan_out()


def test_a_persons_choice_is_his_own_and_silences_nobody_else(known: Any, unit: Any) -> None:
    known(Reason("thing", "", (Step(everybody),), urgent=True))
    for name in ("pa", "pb", "pc"):
        person(name, browsers=1, mail=True)
    choice = NoticeChoice.objects.create
    choice(user=User.objects.get(username="pa"), reason="thing", push=False, mail="none")
    choice(user=User.objects.get(username="pb"), reason="thing", push=True, mail="daily")
    choice(user=User.objects.get(username="pc"), reason="another", push=False, mail="none")
    put("thing", unit)
    all_told()
    assert told() == [("pb", "mail"), ("pb", "push"), ("pc", "mail"), ("pc", "push")]
    mails = {row.user.username: row.due_at for row in Delivery.objects.filter(channel="mail")}
    assert mails["pb"] > timezone.now() >= mails["pc"]


def test_an_event_that_is_undone_is_told_to_nobody(known: Any, unit: Any) -> None:
    known(Reason("thing", "", (Step(everybody),)))
    with pytest.raises(RuntimeError), transaction.atomic():
        put("thing", unit)
        raise RuntimeError
    assert not OutboxEvent.objects.exists()


def test_a_reason_that_nobody_knows_is_refused() -> None:
    with pytest.raises(LookupError):
        put("thing")


def test_many_people_are_told_in_batches_each_once(
    known: Any, unit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "BATCH", 3)
    known(Reason("thing", "", (Step(everybody),), shown=line))
    for number in range(7):
        person(f"p{number}")
    put("thing", unit)
    assert all_told() == 3
    assert [name for name, _channel in told()] == [f"p{number}" for number in range(7)]


def test_who_dies_in_the_middle_of_a_batch_has_told_nobody_twice(
    known: Any, unit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the rows are made and before the event has moved on: the batch is made again, once."""
    monkeypatch.setattr(outbox, "BATCH", 2)
    known(Reason("thing", "", (Step(everybody),), shown=line))
    for number in range(5):
        person(f"p{number}", browsers=1)
    put("thing", unit)
    save = OutboxEvent.save

    class Killed(BaseException):
        pass

    def dies(self: OutboxEvent, *args: Any, **kwargs: Any) -> None:
        raise Killed

    for _batch in range(3):
        with monkeypatch.context() as patch:
            patch.setattr(OutboxEvent, "save", dies)
            with pytest.raises(Killed), transaction.atomic():
                fan_out()
        assert OutboxEvent.save is save
        fan_out()
    assert len(told()) == 10
    assert len(set(told())) == 10


def test_the_next_step_is_taken_only_while_the_matter_stands(known: Any, unit: Any) -> None:
    open_matters = {"first", "second"}
    later: list[datetime.datetime] = []

    def again(event: OutboxEvent) -> datetime.datetime:
        later.append(event.made_at)
        return timezone.now()

    known(
        Reason(
            "thing",
            "",
            (Step(everybody), Step(everybody, again)),
            stands=lambda event: event.subject in open_matters,
            urgent=True,
        )
    )
    person("pa", browsers=1)
    put("thing", unit, "first")
    put("thing", unit, "second")
    put("thing", unit, "settled")
    assert fan_out()
    assert fan_out()
    open_matters.remove("second")
    all_told()
    steps = sorted(row.key.split(".")[1] for row in Delivery.objects.all())
    # Twice of the first, once of the second, never of what was settled from the beginning.
    assert steps == ["0", "0", "1"]
    assert not OutboxEvent.objects.filter(due_at__isnull=False).exists()


def test_what_is_shown_is_shown_once_however_often_it_rings(known: Any, unit: Any) -> None:
    known(Reason("thing", "", (Step(everybody), Step(everybody), Step(everybody)), shown=line, urgent=True))
    person("pa", browsers=1)
    put("thing", unit)
    all_told()
    assert told() == [("pa", "push")] * 3 + [("pa", "screen")]


def test_an_event_whose_people_cannot_be_found_does_not_hold_up_the_others(
    known: Any, unit: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(event: OutboxEvent) -> Any:
        raise RuntimeError("no such table")

    known(Reason("broken", "", (Step(broken),)), Reason("thing", "", (Step(everybody),), shown=line))
    person("pa")
    put("broken", unit)
    put("thing", unit)
    all_told()
    assert told() == [("pa", "screen")]
    event = OutboxEvent.objects.get(reason="broken")
    assert event.failures == 1
    assert event.due_at
    assert event.due_at > timezone.now()
    for _try in range(outbox.TRIES - 1):
        OutboxEvent.objects.filter(pk=event.pk).update(due_at=timezone.now())
        fan_out()
    event.refresh_from_db()
    # Given up, and kept for the page that shows how the portal is doing.
    assert (event.failures, event.due_at) == (outbox.TRIES, None)
    purge()
    assert OutboxEvent.objects.filter(pk=event.pk).exists()


def test_what_is_settled_is_in_no_list_any_more(known: Any, unit: Any) -> None:
    known(Reason("thing", "", (Step(everybody),), shown=line))
    person("pa")
    put("thing", unit, "12")
    put("thing", unit, "13")
    all_told()
    withdraw("thing", subject="12")
    assert [row.event.subject for row in Delivery.objects.select_related("event")] == ["13"]


@pytest.mark.parametrize(("hours", "left"), [(23.99, 1), (24, 0)])
def test_a_residents_row_is_gone_within_a_day_even_if_nobody_could_be_reached(
    hours: float, left: int, known: Any, unit: Any
) -> None:
    known(Reason("thing", "", (Step(everybody),), from_resident=True))
    person("pa", browsers=1)
    put("thing", unit)
    all_told()
    OutboxEvent.objects.update(made_at=timezone.now() - datetime.timedelta(hours=hours))
    purge()
    assert OutboxEvent.objects.count() == left
    assert Delivery.objects.count() == left


def test_a_residents_row_goes_as_soon_as_it_has_been_told(known: Any, unit: Any) -> None:
    known(Reason("thing", "", (Step(everybody),), from_resident=True))
    person("pa", browsers=1)
    put("thing", unit)
    purge()
    assert OutboxEvent.objects.count() == 1
    all_told()
    purge()
    assert OutboxEvent.objects.count() == 1
    Delivery.objects.update(due_at=None, sent_at=timezone.now())
    purge()
    assert not OutboxEvent.objects.exists()
    assert not Delivery.objects.exists()
