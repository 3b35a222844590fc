"""Folding search on PostgreSQL's text search, without an extension."""

from typing import Any

from modelsearch.backends.database.postgres import postgres as stock

from .folding import FoldingIndexer, FoldingSearch


class PostgresIndexer(FoldingIndexer, stock.ObjectIndexer):
    pass


# As on SQLite: the index knows its indexer by this name only.
stock.ObjectIndexer = PostgresIndexer


class FoldingPostgresBackend(FoldingSearch, stock.PostgresSearchBackend):
    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        # The server's default is often "english", whose stop words "an", "do", "to" are Vietnamese syllables.
        self.config = "simple"
