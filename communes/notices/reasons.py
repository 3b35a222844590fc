"""Why somebody is told something. Each floor registers its own reasons when it is ready."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from home.panels import Link

from ..models import NoticeChoice, OutboxEvent

Mail = NoticeChoice.Mail


@dataclass(frozen=True)
class Step:
    """Whom an event is told, and when. `people` gives a queryset of accounts, who may be asked in batches."""

    people: Callable[[OutboxEvent], Any]
    due: Callable[[OutboxEvent], datetime.datetime] = lambda event: timezone.now()


@dataclass(frozen=True)
class Reason:
    """`words` is what staff read it called where they choose how to hear of it.

    The next step is taken only while `stands`: once the matter is settled, by whomever, nobody is rung again.
    `shown` gives the line of an event in the admin's list of news, None where its subject is gone; without it
    the event stands in no list. A row of what a resident did goes within 24 hours.
    """

    name: str
    words: Any
    steps: tuple[Step, ...]
    stands: Callable[[OutboxEvent], bool] = lambda event: True
    shown: Callable[[OutboxEvent], Link | None] | None = None
    # Whether this account is ever told it, and so may choose how.
    concerns: Callable[[Any], bool] = lambda user: True
    from_resident: bool = False
    # Also by night, and not joined with others.
    urgent: bool = False
    # How somebody hears of it who has chosen nothing.
    push: bool = True
    mail: Mail = Mail.NOW


_reasons: dict[str, Reason] = {}


def register(*reasons: Reason) -> None:
    """From `ready()`. A name registered twice is one reason, the later."""
    _reasons.update((reason.name, reason) for reason in reasons)


def reason(name: str) -> Reason | None:
    """None for one that no floor knows any more."""
    return _reasons.get(name)


def registered() -> list[Reason]:
    """All of them, in the order in which the floors got ready."""
    return list(_reasons.values())
