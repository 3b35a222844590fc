"""Another moment for what is stored meanwhile. For the demo and the tests alone: services take no date."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone


@contextmanager
def at(moment: datetime.datetime) -> Iterator[None]:
    """Let `timezone.now()`, and with it today, be `moment` (aware) in this process."""
    real = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = real
