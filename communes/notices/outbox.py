"""The outbox: a row for each event, told to people step by step and in batches.

`put` writes the row in the transaction of what happened. `fan_out`, in a process of its own, makes the rows
of `communes.notices.delivery`. Each of its turns is one transaction that moves the event on, so that whoever
dies in between has told nobody twice and left nobody out.
"""

import datetime
import logging
import random

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ..models import (
    Delivery,
    MailAddress,
    NoticeChoice,
    OutboxEvent,
    PushSubscription,
    Unit,
)
from . import reasons
from .reasons import Reason
from .times import daily_mail, joined

logger = logging.getLogger(__name__)

# People for whom rows are made in one transaction.
BATCH = 200
# Between the event and the ring, in seconds: who watches the push service must not read the reporter's clock.
WAIT_AT_LEAST, WAIT_AT_MOST = 5.0, 40.0
# An event whose people cannot be found is tried again so many times, then left for the page of health.
TRIES, PAUSE = 10, datetime.timedelta(minutes=1)
KEPT_OF_A_RESIDENT = datetime.timedelta(hours=24)
KEPT = datetime.timedelta(days=30)

Channel = Delivery.Channel


def put(reason: str, unit: Unit | None = None, subject: str = "") -> None:
    """Write down that something happened; inside the transaction in which it does.

    Raises LookupError for a reason that nobody registered, and whatever the database raises.
    """
    known = reasons.reason(reason)
    if known is None:
        raise LookupError(reason)
    event = OutboxEvent(reason=reason, unit=unit, subject=subject, made_at=timezone.now())
    event.due_at = known.steps[0].due(event)
    event.save()


def soon(event: OutboxEvent) -> datetime.datetime:
    """After a wait that is drawn by lot: for what a resident does."""
    # Not a secret: it only has to blur a moment.
    return event.made_at + datetime.timedelta(seconds=random.uniform(WAIT_AT_LEAST, WAIT_AT_MOST))  # noqa: S311


def withdraw(*names: str, subject: str) -> None:
    """What these reasons told of this subject is settled: nobody is told any more, and it is in no list."""
    OutboxEvent.objects.filter(reason__in=names, subject=subject).delete()


def fan_out() -> bool:
    """Take the event that is due longest one batch further. False where none is due."""
    due = OutboxEvent.objects.filter(due_at__lte=timezone.now()).order_by("due_at", "pk")
    # Asked without the lock that a transaction takes on SQLite: mostly there is nothing.
    if not due.exists():
        return False
    with transaction.atomic():
        event = due.select_for_update(skip_locked=True).first()
        if event is None:
            return False
        try:
            with transaction.atomic():
                _advance(event)
        except Exception:
            logger.exception("not told")
            event.refresh_from_db()
            event.failures += 1
            event.due_at = None if event.failures >= TRIES else timezone.now() + PAUSE * event.failures
            event.save(update_fields=["failures", "due_at"])
    return True


def _advance(event: OutboxEvent) -> None:
    reason = reasons.reason(event.reason)
    if reason is None or not reason.stands(event):
        _finish(event)
        return
    step = reason.steps[event.step]
    people = list(step.people(event).filter(pk__gt=event.cursor, is_active=True).order_by("pk")[:BATCH])
    _write_rows(event, reason, [person.pk for person in people])
    if len(people) == BATCH:
        event.cursor = people[-1].pk
        event.save(update_fields=["cursor"])
    elif event.step + 1 == len(reason.steps):
        _finish(event)
    else:
        event.step += 1
        event.cursor = 0
        event.due_at = reason.steps[event.step].due(event)
        event.save(update_fields=["step", "cursor", "due_at"])


def _finish(event: OutboxEvent) -> None:
    event.due_at = None
    event.save(update_fields=["due_at"])


def _write_rows(event: OutboxEvent, reason: Reason, people: list[int]) -> None:
    """Each person's rows as he wants to hear of it. A row that is there already stays as it is."""
    choices = {row.user_id: row for row in NoticeChoice.objects.filter(user__in=people, reason=reason.name)}
    addressed = set(
        MailAddress.objects.filter(user__in=people, confirmed_at__isnull=False).values_list("user", flat=True)
    )
    browsers: dict[int, list[int]] = {}
    for pk, user in PushSubscription.objects.filter(user__in=people).values_list("pk", "user"):
        browsers.setdefault(user, []).append(pk)
    now = timezone.now()
    at_once = now if reason.urgent else joined(event.unit, now)
    rows = []

    def add(user: int, channel: Channel, due: datetime.datetime | None, browser: int | None = None) -> None:
        # What is shown is shown once, however often it rings.
        step = "" if channel == Channel.SCREEN else event.step
        key = f"{event.pk}.{step}.{user}.{channel}.{browser or ''}"
        rows.append(
            Delivery(event=event, user_id=user, channel=channel, subscription_id=browser, key=key, due_at=due)
        )

    for user in people:
        choice = choices.get(user)
        push, mail = (choice.push, choice.mail) if choice else (reason.push, reason.mail)
        if reason.shown:
            add(user, Channel.SCREEN, None)
        if push:
            for browser in browsers.get(user, []):
                add(user, Channel.PUSH, at_once, browser)
        if user in addressed and mail != NoticeChoice.Mail.NONE:
            add(user, Channel.MAIL, at_once if mail == NoticeChoice.Mail.NOW else daily_mail(now))
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def purge() -> None:
    """Forget what has been told. A resident's row goes as soon as it may, and after 24 hours in any case."""
    now = timezone.now()
    of_residents = [reason.name for reason in reasons.registered() if reason.from_resident]
    pending = Delivery.objects.filter(due_at__isnull=False).values("event")
    told = Q(due_at=None, failures__lt=TRIES) & ~Q(pk__in=pending)
    resident_rows = OutboxEvent.objects.filter(reason__in=of_residents)
    resident_rows.filter(told | Q(made_at__lte=now - KEPT_OF_A_RESIDENT)).delete()
    OutboxEvent.objects.filter(made_at__lte=now - KEPT).delete()
