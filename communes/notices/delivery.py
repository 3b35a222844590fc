"""Sends what is due: each row by lease, with growing pauses, and never twice as a person sees it.

A worker that dies leaves a lease that runs out. What it had sent without noting it is sent once more, and
collapses: a ring by its topic and tag, a mail by its Message-ID.
"""

import datetime
import logging
import random
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from home.at_rest import Unreadable
from home.delivery import Answer, Outcome, mail, web_push

from ..models import Delivery
from . import message, reasons
from .addresses import confirmed_address
from .outbox import fan_out
from .subscriptions import ack_token, address_of
from .trial import TRIAL

logger = logging.getLogger(__name__)

Channel = Delivery.Channel

# Sent at the same time. One push service that hangs holds up to a third of them for ten seconds each.
AT_ONCE = 24
EVENTS_A_TURN = 50
# A worker that has not answered for so long is dead: longer than any sending may take.
LEASE = datetime.timedelta(seconds=60)
# After so many tries, about a day, nobody can be reached there.
TRIES = 16
FIRST_PAUSE, LONGEST_PAUSE = datetime.timedelta(seconds=10), datetime.timedelta(hours=3)
# How long a push service keeps a ring for a phone that is off, in seconds.
TTL = 12 * 60 * 60


@dataclass(frozen=True)
class Parcel:
    """Rows that are due for one browser or one mailbox: one message tells them all."""

    rows: list[Delivery]

    @property
    def first(self) -> Delivery:
        return self.rows[0]


def take(limit: int) -> list[Parcel]:
    """Lease up to `limit` parcels that are due, the longest due first."""
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    due = Delivery.objects.filter(free, due_at__lte=now).order_by("due_at", "pk")
    # Asked without the lock that a transaction takes on SQLite: mostly there is nothing.
    if not limit or not due.exists():
        return []
    with transaction.atomic():
        whole = due.select_related("event__unit", "subscription")
        rows = list(whole.select_for_update(skip_locked=True, of=("self",))[: 4 * limit])
        parcels: dict[tuple[str, int, int | None], list[Delivery]] = {}
        for row in rows:
            target = (row.channel, row.user_id, row.subscription_id)
            if target in parcels or len(parcels) < limit:
                parcels.setdefault(target, []).append(row)
        taken = [row for parcel in parcels.values() for row in parcel]
        leased = Delivery.objects.filter(pk__in=[row.pk for row in taken])
        leased.update(leased_until=now + LEASE, attempts=F("attempts") + 1)
    for row in taken:
        row.attempts += 1
    return [Parcel(parcel) for parcel in parcels.values()]


def standing(parcel: Parcel) -> Parcel | None:
    """The parcel without what has been settled meanwhile, whose rows go; None where nothing is left."""
    stands: list[Delivery] = []
    settled: list[Delivery] = []
    for row in parcel.rows:
        known = reasons.reason(row.event.reason)
        (stands if known and known.stands(row.event) else settled).append(row)
    Delivery.objects.filter(pk__in=[row.pk for row in settled]).delete()
    return Parcel(stands) if stands else None


def prepare(parcel: Parcel) -> "Letter | None":
    """What is sent, and where to. None, and the rows go, where there is no such place any more."""
    row = parcel.first
    try:
        if row.channel == Channel.MAIL:
            address = confirmed_address(row.user_id)
            if address:
                # The key counts events, and mail servers need not know how many there are.
                return Letter(address, mail.message_id(salted_hmac(__name__, row.key).hexdigest()[:32]))
        elif row.subscription is not None:
            token = ack_token(row.subscription)
            only_a_test = all(each.event.reason == TRIAL for each in parcel.rows)
            text = message.test_ring(token) if only_a_test else message.ring(token)
            # A test must not take the place of a ring that waits for the phone.
            topic = ("t" if only_a_test else "r") + row.subscription.digest[:31]
            return Letter(address_of(row.subscription), topic, text)
    except Unreadable:
        if row.subscription is not None:
            row.subscription.delete()
    Delivery.objects.filter(pk__in=[each.pk for each in parcel.rows]).delete()
    return None


@dataclass(frozen=True)
class Letter:
    """Ready to be sent without the database. Its text stands in no log: it holds an address."""

    to: str | dict[str, str] = field(repr=False)
    # The topic of a ring, the id of a mail: what makes a second one take the place of the first.
    name: str
    text: bytes = field(default=b"", repr=False)

    def send(self) -> Answer:
        """Blocks for as long as the other side may take. Never raises."""
        try:
            if isinstance(self.to, str):
                subject, text = message.mail()
                return mail.send(self.to, subject, text, message_id=self.name)
            return web_push.send(self.to, self.text, topic=self.name, ttl=TTL)
        except Exception:
            logger.exception("not sent")
            return Answer(Outcome.LATER, None, "error")


def note(parcel: Parcel, answer: Answer) -> None:
    """Write down what became of it."""
    rows = Delivery.objects.filter(pk__in=[row.pk for row in parcel.rows])
    now = timezone.now()
    if answer.outcome == Outcome.SENT:
        rows.update(sent_at=now, due_at=None, leased_until=None)
    elif answer.outcome == Outcome.GONE and parcel.first.subscription is not None:
        parcel.first.subscription.delete()
    elif answer.outcome == Outcome.LATER and parcel.first.attempts < TRIES:
        rows.update(due_at=now + pause(parcel.first.attempts, answer.retry_after), leased_until=None)
    else:
        rows.update(due_at=None, leased_until=None, failure=answer.word[:40] or "refused")


def pause(attempts: int, asked: datetime.timedelta | None) -> datetime.timedelta:
    """Twice as long each time, a little by chance, and never less than the other side asked for."""
    grown = min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)
    return max(grown * random.uniform(1, 1.2), asked or grown)  # noqa: S311 - spreads, keeps no secret


class Worker:
    """Sends with many hands and one database connection, which is the caller's thread's."""

    def __init__(self) -> None:
        self._hands = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sending")
        self._on_their_way: dict[Future[Answer], Parcel] = {}

    def turn(self) -> None:
        """Tell what happened, note what has been answered, send what is due. Waits for nobody."""
        self._note_answers()
        for _event in range(EVENTS_A_TURN):
            if not fan_out():
                break
        for parcel in take(AT_ONCE - len(self._on_their_way)):
            kept = standing(parcel)
            letter = prepare(kept) if kept else None
            if kept and letter:
                self._on_their_way[self._hands.submit(letter.send)] = kept

    def finish(self) -> None:
        """Wait for what is on its way, and note it."""
        self._hands.shutdown(wait=True)
        self._note_answers()

    def _note_answers(self) -> None:
        for answered in [future for future in self._on_their_way if future.done()]:
            note(self._on_their_way.pop(answered), answered.result())


_worker: Worker | None = None


def turn() -> None:
    """One turn of this process's worker: the job of a loop of its own."""
    global _worker
    _worker = _worker or Worker()
    _worker.turn()


def finish() -> None:
    global _worker
    if _worker:
        _worker.finish()
    _worker = None
