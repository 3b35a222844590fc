"""How the outbox stands: what is late, and what was given up. No number that tells when residents write."""

import datetime
from dataclasses import dataclass

from django.db.models import Min
from django.utils import timezone

from ..models import Delivery, OutboxEvent
from .outbox import TRIES

# What is due is sent within seconds. A row that a push service puts off has a later due time.
LATE_AFTER = datetime.timedelta(minutes=10)
LATELY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Standing:
    # For how long the oldest row that is due has been waiting.
    late: datetime.timedelta
    # Events and rows that were given up within a day.
    given_up: int

    @property
    def overdue(self) -> bool:
        return self.late > LATE_AFTER


def standing() -> Standing:
    """With four queries."""
    now = timezone.now()
    oldest = [model.objects.aggregate(first=Min("due_at"))["first"] for model in (OutboxEvent, Delivery)]
    late = max((now - first for first in oldest if first), default=datetime.timedelta())
    rows = Delivery.objects.exclude(failure="").filter(event__made_at__gte=now - LATELY).count()
    events = OutboxEvent.objects.filter(failures__gte=TRIES, made_at__gte=now - LATELY).count()
    return Standing(max(late, datetime.timedelta()), rows + events)
