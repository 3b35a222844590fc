"""Rows that hundreds of tests begin with, made once a session and put back afterwards.

Opening a unit and a commune takes half a second, putting their rows back a hundredth. What is put back is
exactly what the first call made, and only where the database looks as it did before that call.
"""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.db import connection

Rows = list[tuple[Any, ...]]
_made: dict[tuple[Any, ...], dict[str, Rows]] = {}


def made_once(name: str, make: Callable[[], object]) -> None:
    """Run `make` in the test's transaction, or put back the rows that it made the first time.

    On another database than SQLite `make` runs each time.
    """
    if connection.vendor != "sqlite":
        make()
        return
    tables = _tables()
    before = (name, *_sizes(tables))
    if before in _made:
        _put_back(_made[before])
        return
    contents = {table: _rows(table) for table in tables}
    make()
    changed = {table: rows for table in tables if (rows := _rows(table)) != contents[table]}
    _made[before] = changed


def _tables() -> list[str]:
    # All but those that the search index keeps for itself, by triggers.
    return [table for table in sorted(connection.introspection.table_names()) if "_fts" not in table]


def _sizes(tables: list[str]) -> tuple[int, ...]:
    query = " UNION ALL ".join(f'SELECT COUNT(*) FROM "{table}"' for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(query)
        return tuple(size for (size,) in cursor.fetchall())


def _rows(table: str) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        return list(cursor.fetchall())


def _put_back(tables: dict[str, Rows]) -> None:
    with connection.cursor() as cursor:
        for table, rows in tables.items():
            cursor.execute(f'DELETE FROM "{table}"')
            if rows:
                marks = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)
    # The addresses of sites are cached, and no signal told of the new rows.
    cache.clear()
