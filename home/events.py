"""Signals of what happened, sent inside the transaction in which it happens.

What a receiver writes about an event stands or falls with the event: sent after the commit it would be lost
with the process that dies in between. A receiver that fails must not undo the event.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.db import transaction
from django.dispatch import Signal

Receiver = TypeVar("Receiver", bound=Callable[..., None])


logger = logging.getLogger(__name__)


def on_its_own(write: Receiver) -> Receiver:
    """Decorator for receivers of signals of Django's and Wagtail's, which a failure would end: ours do not.

    `write` runs in a savepoint. Its failure takes back its own rows alone, and is logged.
    """

    @wraps(write)
    def in_savepoint(*args: Any, **facts: Any) -> None:
        try:
            with transaction.atomic():
                write(*args, **facts)
        except Exception:
            logger.exception("%s failed", write.__qualname__)

    return cast(Receiver, in_savepoint)


class Event(Signal):
    """Sent with `send_robust`; receivers connect with `heard_by`."""

    def heard_by(self, write: Receiver) -> Receiver:
        """Decorator: `write(**facts)` runs in a savepoint. It writes rows, no more; `on_commit` only wakes.

        A failure of its own, in the database too, takes back its own rows alone, and is logged by Django
        as "django.dispatch".
        """

        @wraps(write)
        def in_savepoint(**facts: Any) -> None:
            with transaction.atomic():
                write(**facts)

        self.connect(in_savepoint, weak=False, dispatch_uid=f"{write.__module__}.{write.__qualname__}")
        return write
