"""It rings for what residents write and climbs until somebody has looked; its rows say nothing of the tip."""

import datetime
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.core import serializers
from django.db import transaction
from django.utils import timezone

from communes.models import (
    Absence,
    Delivery,
    MailAddress,
    Membership,
    NoticeChoice,
    OutboxEvent,
    PushSubscription,
    User,
)
from communes.notices.outbox import fan_out, purge
from tests.tipform.conftest import MESSAGE
from tests.tipform.officers import _held, _key_of, key_holder, new_officer
from tests.tipform.residents import Resident
from tipform import audit
from tipform.desk import notices, unread
from tipform.desk.notices import ring_at_the_start_of_duty
from tipform.keys import current_key
from tipform.keys.grants import give
from tipform.models import AuditEntry, Category, Tip, Unread

pytestmark = pytest.mark.django_db

Action = AuditEntry.Action
# Days on which everybody of the fixtures works: they begin today.
DAY = timezone.localdate() + datetime.timedelta(days=3)
WEEKDAY = DAY.weekday()


class Clock:
    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.moment = timezone.now()
        patch.setattr(timezone, "now", lambda: self.moment)

    def set(self, hour: str, days: int = 0) -> datetime.datetime:
        """To this hour of DAY, or so many days later."""
        day = DAY + datetime.timedelta(days=days)
        self.moment = timezone.make_aware(datetime.datetime.combine(day, datetime.time.fromisoformat(hour)))
        return self.moment

    def later(self, **time: float) -> None:
        self.moment += datetime.timedelta(**time)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def people(commune: Any, unit: Any) -> dict[str, User]:
    """Three officers of the commune, of whom two can read, and an editor above; each with a browser."""
    found = {"keeper": key_holder(commune.unit)}
    found["second"] = new_officer("hai", commune.unit)
    found["keyless"] = new_officer("ba", commune.unit)
    key = current_key(commune.unit)
    assert key
    give(key, _held[key.pk], _key_of(found["second"]), None)
    found["above"] = User.objects.create_user("tren")
    Membership.objects.create(user=found["above"], unit=unit, role="editor")
    for name, user in found.items():
        PushSubscription.objects.create(user=user, digest=name, sealed="x")
    # Of the keys, while they were waited for.
    OutboxEvent.objects.all().delete()
    return found


def rung() -> list[str]:
    """Tell what is due; whose browsers are to ring now, by the digests of `people`."""
    while fan_out():
        pass
    due = Delivery.objects.filter(due_at__lte=timezone.now(), channel="push").select_related("subscription")
    names = sorted(row.subscription.digest for row in due if row.subscription)
    Delivery.objects.filter(channel="push").update(due_at=None)
    return names


def wait_of(reason: str) -> float:
    event = OutboxEvent.objects.filter(reason=reason).latest("pk")
    assert event.due_at
    return (event.due_at - event.made_at).total_seconds()


# The first ring


def test_a_tip_rings_those_who_can_read_after_a_wait_that_is_drawn_by_lot(
    clock: Clock, people: Any, commune: Any, send_tip: Callable[..., Tip]
) -> None:
    clock.set("10:00")
    waits = []
    for _number in range(12):
        send_tip(commune.unit)
        waits.append(wait_of("tip"))
    assert all(5 <= wait <= 40 for wait in waits)
    assert max(waits) - min(waits) > 5
    assert rung() == []
    clock.later(seconds=40)
    assert set(rung()) == {"keeper", "second"}


@pytest.mark.parametrize("kind", ["tip", "question", "appointment"])
def test_every_kind_rings_alike(
    kind: str, clock: Clock, people: Any, commune: Any, send_tip: Callable[..., Tip]
) -> None:
    clock.set("10:00")
    send_tip(commune.unit, kind=kind)
    clock.later(minutes=1)
    assert rung() == ["keeper", "second"]
    assert {event.reason for event in OutboxEvent.objects.all()} == {"tip", "tip-unseen"}


def test_who_is_on_duty_rings_alone_and_who_is_away_does_not(
    clock: Clock, people: Any, commune: Any, send_tip: Callable[..., Tip]
) -> None:
    commune.unit.duty_slots.create(user=people["second"], weekday=WEEKDAY, part="day")
    clock.set("10:00")
    send_tip(commune.unit)
    clock.later(minutes=1)
    assert rung() == ["second"]
    Absence.objects.create(user=people["second"], first_day=DAY, last_day=DAY)
    send_tip(commune.unit)
    clock.later(minutes=1)
    assert rung() == ["keeper"]


def test_where_no_reader_has_a_bell_a_colleague_with_one_rings(
    clock: Clock, people: Any, commune: Any, send_tip: Callable[..., Tip]
) -> None:
    clock.set("10:00")
    PushSubscription.objects.filter(user__in=[people["keeper"], people["second"]]).delete()
    send_tip(commune.unit)
    clock.later(minutes=1)
    assert rung() == ["keyless"]
    MailAddress.objects.create(user=people["keeper"], sealed="x")
    send_tip(commune.unit)
    clock.later(minutes=1)
    assert rung() == ["keyless"]
    # A confirmed address is as good as a bell.
    MailAddress.objects.update(confirmed_at=clock.moment)
    send_tip(commune.unit)
    clock.later(minutes=1)
    assert rung() == []


def test_who_has_switched_tips_off_is_no_reason_for_silence(
    clock: Clock, people: Any, commune: Any, send_tip: Callable[..., Tip]
) -> None:
    clock.set("10:00")
    commune.unit.duty_slots.create(user=people["second"], weekday=WEEKDAY, part="day")
    off = NoticeChoice.objects.create(user=people["second"], reason="tip", push=False, mail="now")
    send_tip(commune.unit)
    clock.later(minutes=1)
    assert rung() == ["keeper"]
    # He wants mail, and has a mailbox: then he hears.
    MailAddress.objects.create(user=people["second"], sealed="x", confirmed_at=clock.moment)
    send_tip(commune.unit)
    clock.later(minutes=1)
    assert rung() == []
    off.mail = "none"
    off.save()
    send_tip(commune.unit)
    clock.later(minutes=1)
    assert rung() == ["keeper"]


@pytest.mark.parametrize("days", [0, 1])
def test_where_all_are_away_somebody_rings_all_the_same(
    days: int, clock: Clock, people: Any, commune: Any, send_tip: Callable[..., Tip]
) -> None:
    for name in ("keeper", "second", "keyless"):
        Absence.objects.create(user=people[name], first_day=DAY, last_day=DAY)
    clock.set("10:00", days)
    send_tip(commune.unit)
    clock.later(minutes=1)
    assert rung() == ["keeper", "second"]


def test_a_tip_for_the_unit_above_rings_its_officers_alone(
    clock: Clock, people: Any, unit: Any, send_tip: Callable[..., Tip]
) -> None:
    PushSubscription.objects.create(user=key_holder(unit), digest="officer above", sealed="x")
    clock.set("10:00")
    send_tip(unit)
    clock.later(hours=5)
    assert set(rung()) == {"officer above"}
    assert not OutboxEvent.objects.filter(reason="tip-unseen").exists()


# By night


def test_an_ordinary_tip_waits_for_the_morning(
    clock: Clock, people: Any, commune: Any, send_tip: Callable[..., Tip]
) -> None:
    clock.set("21:30")
    send_tip(commune.unit)
    clock.set("06:29", days=1)
    assert rung() == []
    clock.set("06:30", days=1)
    assert rung() == ["keeper", "second"]


def test_it_rings_who_is_on_night_duty_at_any_hour(
    clock: Clock, people: Any, commune: Any, send_tip: Callable[..., Tip]
) -> None:
    commune.unit.duty_slots.create(user=people["second"], weekday=WEEKDAY, part="night")
    clock.set("21:30")
    send_tip(commune.unit)
    clock.later(minutes=1)
    assert rung() == ["second"]
    # After midnight it is still the night of the day before.
    clock.set("02:00", days=1)
    send_tip(commune.unit)
    clock.later(minutes=1)
    assert "second" in rung()
    assert not set(rung()) - {"second", "keeper", "keyless"}


def test_an_urgent_category_rings_by_night_where_nobody_is_on_duty(
    clock: Clock, people: Any, commune: Any, send_tip: Callable[..., Tip]
) -> None:
    Category.objects.filter(slug="fire-safety").update(urgent=True)
    clock.set("23:50")
    send_tip(commune.unit, category=Category.objects.get(slug="fire-safety"))
    clock.later(minutes=1)
    assert rung() == ["keeper", "second"]
    clock.later(minutes=15)
    assert rung() == ["keeper", "second"]
    clock.later(minutes=45)
    assert rung() == ["keeper", "keyless", "second"]


# The ladder


def test_it_climbs_until_somebody_looks(
    clock: Clock, people: Any, commune: Any, send_tip: Callable[..., Tip]
) -> None:
    clock.set("08:00")
    send_tip(commune.unit)
    clock.set("08:14:59")
    assert rung() == ["keeper", "second"]
    clock.set("08:15")
    assert rung() == ["keeper", "second"]
    clock.set("08:59:59")
    assert rung() == []
    clock.set("09:00")
    assert rung() == ["keeper", "keyless", "second"]
    clock.set("11:59:59")
    assert rung() == []
    clock.set("12:00")
    assert rung() == ["above"]
    clock.set("20:00")
    assert rung() == []


@pytest.mark.parametrize("act", ["open", "withdraw", "close", "hand on"])
def test_whatever_settles_it_ends_it_for_all(
    act: str, clock: Clock, people: Any, commune: Any, unit: Any, send_tip: Callable[..., Tip]
) -> None:
    clock.set("08:00")
    tip = send_tip(commune.unit)
    clock.set("08:01")
    assert rung() == ["keeper", "second"]
    acts: dict[str, tuple[str, str]] = {
        "open": (Action.OPENED, ""),
        "withdraw": (Action.WITHDRAWN, ""),
        "close": (Action.STATUS_SET, "closed:resolved"),
        "hand on": (Action.HANDED_ON, str(unit.uuid)),
    }
    action, detail = acts[act]
    audit.record(tip, action, actor=people["keyless"], detail=detail)
    clock.set("13:00")
    assert rung() == []
    assert not Unread.objects.exists()


def test_a_status_that_is_not_the_end_ends_nothing(
    clock: Clock, people: Any, commune: Any, send_tip: Callable[..., Tip]
) -> None:
    tip = send_tip(commune.unit)
    audit.record(tip, Action.STATUS_SET, actor=people["keeper"], detail="in-progress")
    assert Unread.objects.count() == 1


def test_what_was_settled_before_it_was_due_rings_nobody(
    clock: Clock, people: Any, commune: Any, send_tip: Callable[..., Tip]
) -> None:
    clock.set("08:00")
    audit.record(send_tip(commune.unit), Action.OPENED, actor=people["keeper"])
    clock.later(hours=5)
    assert rung() == []


def test_it_rings_again_when_the_reporter_writes_again(
    clock: Clock, people: Any, commune: Any, send_tip: Callable[..., Tip]
) -> None:
    clock.set("08:00")
    tip = send_tip(commune.unit)
    audit.record(tip, Action.OPENED, actor=people["keeper"])
    clock.set("09:00")
    assert rung() == []
    audit.record(tip, Action.REPORTER_WROTE)
    clock.set("09:01")
    assert rung() == ["keeper", "second"]
    assert Unread.objects.filter(unit=commune.unit, tip=tip.uuid).count() == 1


# By the clock


def test_what_is_older_rings_once_at_each_start_of_duty(
    clock: Clock, people: Any, commune: Any, send_tip: Callable[..., Tip]
) -> None:
    clock.set("19:00")
    send_tip(commune.unit)
    ring_at_the_start_of_duty()
    assert not OutboxEvent.objects.filter(reason="tip-older").exists()
    clock.set("00:00", days=1)
    ring_at_the_start_of_duty()
    assert not OutboxEvent.objects.filter(reason="tip-older").exists()
    for days in (1, 2):
        clock.set("06:30", days)
        for _turn in range(3):
            ring_at_the_start_of_duty()
            purge()
        assert OutboxEvent.objects.filter(reason="tip-older").count() == days
    assert {"keeper", "keyless", "second"} <= set(rung())


@pytest.mark.parametrize(("days", "due"), [(5, 0), (6, 1), (7, 1), (8, 0)])
def test_a_promised_answer_is_told_on_its_last_day(
    days: int, due: int, clock: Clock, people: Any, commune: Any, send_tip: Callable[..., Tip]
) -> None:
    clock.set("08:00")
    audit.record(send_tip(commune.unit), Action.OPENED, actor=people["keeper"])
    clock.set("08:00", days)
    ring_at_the_start_of_duty()
    assert OutboxEvent.objects.filter(reason="tip-answer-due").count() == due


def test_who_can_grant_is_told_that_a_colleague_waits(clock: Clock, people: Any, commune: Any) -> None:
    clock.set("10:00")
    new = new_officer("moi", commune.unit)
    OutboxEvent.objects.all().delete()
    _key_of(new)
    assert [event.reason for event in OutboxEvent.objects.all()] == ["key-waits"]
    while fan_out():
        pass
    told = Delivery.objects.filter(channel="screen").values_list("user__username", flat=True)
    assert sorted(told) == sorted([people["keeper"].username, "hai"])


# What the rows say


def test_the_rows_of_a_residents_act_say_nothing_of_it(
    clock: Clock, people: Any, commune: Any, send_tip: Callable[..., Tip]
) -> None:
    clock.set("10:00")
    tip = send_tip(commune.unit)
    clock.later(minutes=20)
    rung()
    rows = serializers.serialize("json", [*OutboxEvent.objects.all(), *Delivery.objects.all()])
    for secret in (MESSAGE, str(tip.uuid), tip.uuid.hex, tip.category.name, tip.category.slug):
        assert secret not in rows
    assert f'"unit": {commune.unit.pk}' in rows
    assert {event.subject for event in OutboxEvent.objects.all()} == {""}


def test_a_tip_that_was_not_stored_rings_nobody(
    people: Any, commune: Any, send_tip: Callable[..., Tip]
) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        send_tip(commune.unit)
        raise RuntimeError
    assert not OutboxEvent.objects.exists()
    assert not Unread.objects.exists()


def test_a_bell_that_breaks_costs_no_tip(
    people: Any, commune: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(notices.outbox, "put", broken)
    response = Resident().send()
    assert response.status_code in (200, 302)
    assert Tip.objects.count() == 1
    assert Unread.objects.count() == 1


def test_what_is_unread_is_what_the_log_says(
    people: Any, commune: Any, unit: Any, send_tip: Callable[..., Tip]
) -> None:
    """Whatever happens in whatever order, counting rows says what reading the whole log would."""
    drawn = random.Random(26)
    tips = [send_tip(commune.unit) for _number in range(4)]
    written = set(audit.WRITTEN)
    settled = set(audit.SETTLED)
    for _act in range(60):
        action = drawn.choice([*sorted(written), *sorted(settled), Action.REPLIED, Action.FILE_OPENED])
        where = drawn.choice([commune.unit, unit])
        audit.record(drawn.choice(tips), action, unit=where, actor=people["keeper"])
        expected = set()
        for place in (commune.unit, unit):
            for tip in tips:
                entries = AuditEntry.objects.filter(tip=tip.uuid, unit=place).order_by("-pk")
                last = entries.filter(action__in=written | settled).first()
                if last and last.action in written:
                    expected.add((place.pk, tip.uuid))
        assert set(Unread.objects.values_list("unit", "tip")) == expected


# On the screen


def test_the_unit_above_sees_a_number_once_nobody_looked_for_too_long(
    clock: Clock, people: Any, commune: Any, send_tip: Callable[..., Tip]
) -> None:
    clock.set("08:00")
    send_tip(commune.unit)
    clock.set("11:59")
    rung()
    assert unread.unseen_panels(people["above"]) == []
    clock.set("12:00")
    rung()
    [panel] = unread.unseen_panels(people["above"])
    told = [(row.title, row.mark, row.about) for row in panel.rows]
    assert told == [("Công an xã Cẩm Trung", "Chưa ai xem: 1", "0239 000 0113")]
    # The row of the ring is gone within a day; the log knows all the same, and until somebody looks.
    OutboxEvent.objects.all().delete()
    assert unread.unseen_panels(people["above"]) == []
    clock.set("00:00", days=1)
    assert len(unread.unseen_panels(people["above"])) == 1
    audit.record(Tip.objects.get(), Action.OPENED, actor=people["keyless"])
    assert unread.unseen_panels(people["above"]) == []
    assert unread.unseen_panels(people["keeper"]) == []


def test_the_number_of_what_is_new_counts_his_own_units_tips(
    people: Any, commune: Any, other_commune: Any, send_tip: Callable[..., Tip]
) -> None:
    for unit in (commune.unit, commune.unit, other_commune.unit):
        send_tip(unit)
    found = {
        name: User.objects.annotate(new=unread.unread_of(user.pk)).get(pk=user.pk).new
        for name, user in people.items()
    }
    assert found == {"keeper": 2, "second": 2, "keyless": 2, "above": 0}
