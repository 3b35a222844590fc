"""A connection to the database that was lost on the way, as when PostgreSQL is restarted."""

from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

Result = TypeVar("Result")


def is_lost(error: BaseException) -> bool:
    """Whether the error comes of a server whose connection ended, so that a new one may do better.

    Django may have opened the new one already, so the connection itself does not tell. A deadlock counts as
    well: a second try is what it needs. SQLite is asked once: it has waited for its lock.
    """
    broke = isinstance(error, OperationalError | InterfaceError)
    return broke and connection.vendor != "sqlite" and not connection.in_atomic_block


def once_more(action: Callable[[], Result]) -> Result:
    """Do it; do it again on a new connection if the first was lost. It may have been done the first time."""
    try:
        return action()
    except (OperationalError, InterfaceError) as error:
        if not is_lost(error):
            raise
    connection.close()
    return action()
