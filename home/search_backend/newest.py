"""The newest pages that hold some words, by a query that reads no more of the index than it must.

modelsearch's own query joins, sorts or ranks every hit. A word that most of 200,000 pages have must not hold
a worker for seconds.
"""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.models import Model
from modelsearch.conf import get_app_config

from home.text import i_for_y

# Entries are in the order of their pages: those that `update_index` makes go by number.
_SQLITE = """
    SELECT entry.object_id FROM {fts} JOIN {table} AS entry ON entry.id = {fts}.rowid
    WHERE {fts} MATCH %s ORDER BY {fts}.rowid DESC LIMIT %s
"""
# PostgreSQL guesses badly how many entries have several words, and would sort or walk all there are. So its
# index is asked among the newest entries first, where common words are found often enough.
NEWEST = 5000
_LAST = "SELECT coalesce(max(id), 0) FROM {table}"
_POSTGRESQL = """
    SELECT id, object_id FROM {table}
    WHERE id > %s AND (title || body) @@ to_tsquery('simple', %s) ORDER BY id DESC LIMIT %s
"""


def mark(model: type[Model], branch: str) -> str:
    """The word of the index that all live pages of one type below one page have. Nobody types it."""
    return f"{model._meta.model_name}{branch}".lower()


def newest(marks: Iterable[str], readings: Iterable[Sequence[str]], most: int) -> list[int]:
    """Numbers of at most `most` pages with one of the marks and all the words of one of the readings.

    The words are folded (`home.text.search_words`). The last to be indexed comes first.
    """
    is_sqlite = connection.vendor == "sqlite"
    both, either, quote = (" AND ", " OR ", '"{}"') if is_sqlite else (" & ", " | ", "'{}'")

    def all_of(words: Iterable[str]) -> str:
        return "(" + both.join(quote.format(i_for_y(word)) for word in words) + ")"

    wanted = [all_of(words) for words in readings if words]
    if not wanted:
        return []
    of_them = either.join(quote.format(word) for word in marks)
    entry = get_app_config().get_model("IndexEntry")
    table = connection.ops.quote_name(entry._meta.db_table)
    if not is_sqlite:
        return _newest_on_postgresql(table, [f"({of_them}) & {words}" for words in wanted], most)
    query = f"({of_them}) AND ({either.join(wanted)})"
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE.format(table=table, fts=f"{entry._meta.db_table}_fts"), [query, most])
        return [int(row[0]) for row in cursor.fetchall()]


def _newest_on_postgresql(table: str, queries: list[str], most: int) -> list[int]:
    """What any of the queries finds. One by one: its index is slow at words of which some or others do."""
    found: set[tuple[int, str]] = set()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LAST.format(table=table))
        last = cursor.fetchone()[0]
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        for before in (last - NEWEST, 0):
            for query in queries:
                cursor.execute(_POSTGRESQL.format(table=table), [before, query, most])
                found.update(cursor.fetchall())
            if len(found) >= most:
                break
        cursor.execute("SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = on")
    return [int(object_id) for _id, object_id in sorted(found, reverse=True)[:most]]
