"""A cache of whole numbers that counts right across processes, on the database alone.

For rate limits where there is no Redis. Django's own DatabaseCache reads and then writes, loses counts and
sets the expiry back at each of them; here every change is one statement.
"""

import time
from collections.abc import Sequence
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connections, router

from .models import Counter

_TABLE = Counter._meta.db_table
_NEVER = 1e15  # seconds; an expiry that does not come

_ADD = f"""
    INSERT INTO {_TABLE} (key, value, expires) VALUES (%s, %s, %s)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires
    WHERE {_TABLE}.expires <= %s
    RETURNING value
"""  # noqa: S608 - the table's name is the model's
_SET = f"""
    INSERT INTO {_TABLE} (key, value, expires) VALUES (%s, %s, %s)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires
"""  # noqa: S608
_INCR = f"UPDATE {_TABLE} SET value = value + %s WHERE key = %s AND expires > %s RETURNING value"  # noqa: S608


class CounterCache(BaseCache):
    """Django's cache backend over `Counter`. Values are integers; anything else raises TypeError.

    Counts survive only if the caller's transaction does: count outside of one.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def _key(self, key: Any, version: int | None) -> str:
        made: str = self.make_and_validate_key(key, version=version)
        return made

    def _expires(self, timeout: Any) -> float:
        expires = self.get_backend_timeout(timeout)
        return _NEVER if expires is None else expires

    def _run(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with connections[router.db_for_write(Counter)].cursor() as cursor:
            cursor.execute(sql, values)
            # All rows: a statement with RETURNING ends, and lets the next writer in, with its last one.
            return cursor.fetchall() if cursor.description else []

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        now = time.time()
        row = [self._key(key, version), _whole(value), self._expires(timeout), now]
        return bool(self._run(_ADD, row))

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._run(_SET, [self._key(key, version), _whole(value), self._expires(timeout)])

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        found = Counter.objects.filter(key=self._key(key, version), expires__gt=time.time())
        return next(iter(found.values_list("value", flat=True)), default)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """The new value; the expiry stays. Raises ValueError when the key is not there."""
        rows = self._run(_INCR, [_whole(delta), self._key(key, version), time.time()])
        if not rows:
            raise ValueError("This counter does not exist")
        return int(rows[0][0])

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        found = Counter.objects.filter(key=self._key(key, version), expires__gt=time.time())
        return bool(found.update(expires=self._expires(timeout)))

    def delete(self, key: Any, version: int | None = None) -> bool:
        deleted, _models = Counter.objects.filter(key=self._key(key, version)).delete()
        return deleted > 0

    def clear(self) -> None:
        Counter.objects.all().delete()


def purge() -> int:
    """Delete the counters whose time is over and return how many; the jobs process calls it."""
    deleted, _models = Counter.objects.filter(expires__lte=time.time()).delete()
    return deleted


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("A counter holds a whole number")
    return value
