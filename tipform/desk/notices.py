"""What rings about tips: who is told that something came, and how it climbs until somebody has looked.

A row of the outbox names the unit and the reason. Whether somebody has looked, `Unread` knows.
"""

import datetime
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communes.models import (
    MailAddress,
    NoticeChoice,
    OutboxEvent,
    PushSubscription,
    Unit,
    User,
)
from communes.notices import duty, outbox
from communes.notices.outbox import soon
from communes.notices.reasons import Reason, Step
from communes.notices.times import somebody_on_duty, worked
from communes.roles import editors_of, is_officer, officer_units, officers_of, supervises
from home.events import on_its_own
from home.panels import Link

from ..audit import acted
from ..keys.grants import key_holder_ids, waiting
from ..models import AuditEntry, OfficerKey, Tip, Unread

Action = AuditEntry.Action

Due = Callable[[OutboxEvent], datetime.datetime]


# Whom


def on_duty(event: OutboxEvent) -> "QuerySet[User]":
    """Who can read and is on duty now; where a bell of none of them works, the next best that has one."""
    unit, now = _unit(event), timezone.now()
    everybody = officers_of(unit.pk)
    readers = everybody.filter(pk__in=key_holder_ids(unit))
    here = readers.exclude(pk__in=duty.away(timezone.localdate(now)))
    choices = (here.filter(pk__in=duty.on_duty(unit, now)), here, readers, everybody)
    hears = _hears(event.reason)
    return next((people for people in choices if people.filter(hears).exists()), everybody)


def _hears(reason: str) -> Q:
    """Of whom something rings or mails for this reason: he has it, and has not switched it off."""
    own = {"user": OuterRef("pk")}
    browser, mailbox = PushSubscription.objects.filter(**own), MailAddress.objects.filter(**own)
    choice = NoticeChoice.objects.filter(**own, reason=reason)
    rings = Q(Exists(browser)) & ~Q(Exists(choice.filter(push=False)))
    mails = Q(Exists(mailbox.filter(confirmed_at__isnull=False)))
    return rings | mails & ~Q(Exists(choice.filter(mail=NoticeChoice.Mail.NONE)))


def all_officers(event: OutboxEvent) -> "QuerySet[User]":
    everybody = officers_of(event.unit_id)
    here = everybody.exclude(pk__in=duty.away(timezone.localdate()))
    return here if here.exists() else everybody


def editors_above(event: OutboxEvent) -> "QuerySet[User]":
    """Nobody for a tip of a supervising unit: above it nobody may know of it."""
    return editors_of(_unit(event).parent_id)


def who_can_grant(event: OutboxEvent) -> "QuerySet[User]":
    return User.objects.filter(pk__in=key_holder_ids(_unit(event)))


# When


def at_first(event: OutboxEvent) -> datetime.datetime:
    """Soon; by night only where somebody is on duty, otherwise in the morning."""
    unit, start = _unit(event), soon(event)
    rules = duty.rules_of(unit)
    return start if somebody_on_duty(unit, rules, start) else rules.next_day(start)


def in_duty_time(minutes: str) -> Due:
    """After so many minutes of `RingRules` in which somebody is on duty."""

    def due(event: OutboxEvent) -> datetime.datetime:
        unit = _unit(event)
        return worked(unit, event.made_at, getattr(duty.rules_of(unit), minutes))

    return due


def by_the_clock(minutes: str) -> Due:
    """The same without regard to the night, for what is urgent."""

    def due(event: OutboxEvent) -> datetime.datetime:
        return event.made_at + datetime.timedelta(minutes=getattr(duty.rules_of(_unit(event)), minutes))

    return due


# For how long


def nobody_looked(event: OutboxEvent) -> bool:
    """Whether anything is unread that was written on the day of this event, or since."""
    day = timezone.localdate(event.made_at)
    return Unread.objects.filter(unit=event.unit_id, day__gte=day).exists()


def older_are_unread(event: OutboxEvent) -> bool:
    return Unread.objects.filter(unit=event.unit_id, day__lt=timezone.localdate(event.made_at)).exists()


def _unit(event: OutboxEvent) -> Unit:
    assert event.unit is not None  # noqa: S101 - every event of this module has one
    return event.unit


def waits_for_the_key(event: OutboxEvent) -> bool:
    return bool(waiting(_unit(event)))


def _climbing(
    name: str, words: Any, first: Due = at_first, after: Callable[[str], Due] = in_duty_time
) -> Reason:
    """Rings who is on duty `first` and again, and all officers at last, `after` the minutes of the rules."""
    return Reason(
        name,
        words,
        (
            Step(on_duty, first),
            Step(on_duty, after("again_after")),
            Step(all_officers, after("everyone_after")),
        ),
        stands=nobody_looked,
        concerns=is_officer,
        from_resident=True,
        urgent=True,
    )


NEW, URGENT, WROTE, HANDED, UNSEEN, OLDER, DUE, KEY = (
    "tip",
    "tip-urgent",
    "tip-wrote",
    "tip-handed-over",
    "tip-unseen",
    "tip-older",
    "tip-answer-due",
    "key-waits",
)

REASONS = [
    _climbing(URGENT, _("A new tip of an urgent category"), soon, by_the_clock),
    _climbing(NEW, _("A new tip, question or appointment")),
    _climbing(WROTE, _("Who sent a tip has written again")),
    _climbing(HANDED, _("A tip was handed to the unit")),
    Reason(
        OLDER,
        _("Something from an earlier day that nobody has looked at"),
        (Step(all_officers),),
        stands=older_are_unread,
        concerns=is_officer,
        urgent=True,
    ),
    Reason(
        DUE,
        _("An answer that residents were promised is due"),
        (Step(all_officers),),
        concerns=is_officer,
    ),
    Reason(
        UNSEEN,
        _("A commune in which nobody has looked at what came"),
        (Step(editors_above, in_duty_time("above_after")),),
        stands=nobody_looked,
        concerns=supervises,
        from_resident=True,
        urgent=True,
    ),
    Reason(
        KEY,
        _("A colleague waits for you to grant him the key"),
        (Step(who_can_grant),),
        stands=waits_for_the_key,
        shown=lambda event: Link(
            gettext("A colleague waits for the key: %(unit)s") % {"unit": _unit(event).full_name},
            reverse("keys:index"),
        ),
        concerns=is_officer,
    ),
]


@receiver(post_save, sender=OfficerKey)
@on_its_own
def tell_who_can_grant(instance: OfficerKey, created: bool, **kwargs: Any) -> None:
    """A colleague logged in for the first time, or under a new password: he cannot read yet."""
    if not created:
        return
    for unit in officer_units(instance.user).select_related("parent"):
        if any(key.pk == instance.pk for key in waiting(unit)):
            outbox.put(KEY, unit)


@acted.heard_by
def tell_officers(tip: UUID, unit_id: int, action: str, by_reporter: bool, **facts: Any) -> None:
    """The row of the outbox for what somebody wrote to this unit."""
    reason = {Action.REPORTER_WROTE: WROTE, Action.TAKEN_OVER: HANDED, Action.JOINED: HANDED}.get(
        Action(action)
    )
    if action == Action.RECEIVED:
        is_urgent = Tip.objects.filter(uuid=tip, category__urgent=True).exists()
        reason = URGENT if is_urgent else NEW
    if reason is None:
        return
    unit = Unit.objects.select_related("parent").get(pk=unit_id)
    outbox.put(reason, unit)
    if unit.parent_id and not unit.is_supervising:
        outbox.put(UNSEEN, unit)


# By the clock


def ring_at_the_start_of_duty() -> None:
    """Once a day, when the day of a unit has begun: what is older and unread, and what must be answered."""
    now = timezone.localtime()
    today = now.date()
    told = OutboxEvent.objects.filter(made_at__gte=now.replace(hour=0, minute=0, second=0, microsecond=0))
    units = Unit.objects.filter(active=True).select_related("parent")
    for reason, rows in ((OLDER, Unread.objects.filter(day__lt=today)), (DUE, answers_due(today))):
        waits = units.filter(pk__in=rows.values("unit")).exclude(
            pk__in=told.filter(reason=reason, unit__isnull=False).values("unit")
        )
        for unit in waits:
            if duty.is_day(unit, now):
                outbox.put(reason, unit)


def answers_due(today: datetime.date) -> "QuerySet[Tip]":
    """Those that nobody has taken up, on the last day of the promise and on the day after.

    From then on their reporters may send them to the unit above.
    """
    last = today - datetime.timedelta(days=settings.TIP_UP_WITHOUT_ANSWER_DAYS - 1)
    return Tip.objects.filter(status=Tip.Status.NEW, day__range=(last - datetime.timedelta(days=1), last))
