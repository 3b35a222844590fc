"""A connection to the database that was lost on the way, as when PostgreSQL is restarted."""

from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

Result = TypeVar("Result")


def is_lost(error: BaseException) -> bool:
    """Whether the error comes of a connection that stands no more, so that a new one may do better.

    A database that is only busy has its connection, and is not asked again.
    """
    broke = isinstance(error, OperationalError | InterfaceError)
    return broke and not connection.in_atomic_block and not connection.is_usable()


def once_more(action: Callable[[], Result]) -> Result:
    """Do it; do it again on a new connection if the first was lost. It may have been done the first time."""
    try:
        return action()
    except (OperationalError, InterfaceError) as error:
        if not is_lost(error):
            raise
    connection.close()
    return action()
