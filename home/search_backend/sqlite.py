"""Folding search on SQLite's FTS5, without ranking."""

from typing import Any

from modelsearch.backends.database.sqlite import sqlite as stock

from .folding import FoldingIndexer, FoldingSearch


class SQLiteIndexer(FoldingIndexer, stock.ObjectIndexer):
    pass


# The index makes its indexers by this name of its module and leaves no other way to put in another class.
stock.ObjectIndexer = SQLiteIndexer


class Unranked:
    """Keeps the order that the caller's query has, even when he asked for relevance.

    modelsearch ranks each hit by a subquery over all hits: a common word among 20,000 pages takes minutes,
    and one visitor could so hold a worker.
    """

    def search(self, *args: Any, **kwargs: Any) -> Any:
        self.order_by_relevance = False
        return super().search(*args, **kwargs)  # type: ignore[misc]


class UnrankedSearch(Unranked, stock.SQLiteSearchQueryCompiler):
    pass


class UnrankedAutocomplete(Unranked, stock.SQLiteAutocompleteQueryCompiler):
    pass


class FoldingSQLiteBackend(FoldingSearch, stock.SQLiteSearchBackend):
    query_compiler_class = UnrankedSearch
    autocomplete_query_compiler_class = UnrankedAutocomplete
