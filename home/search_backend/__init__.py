"""Search without marks: what is indexed and what is asked for are folded alike, on both databases.

"cam trung" finds Cẩm Trung and "dang ky" finds đăng ký, also in the editors' search boxes. Stock full-text
search does not: SQLite's tokenizer leaves letters with two marks, and no database folds đ by itself.
"""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from modelsearch.backends.base import BaseSearchBackend


def SearchBackend(params: dict[str, Any]) -> BaseSearchBackend:  # noqa: N802 - the name that Wagtail looks for
    """The backend for the database in use. Raises ImproperlyConfigured for any other database."""
    if connection.vendor == "sqlite":
        from .sqlite import FoldingSQLiteBackend

        return FoldingSQLiteBackend(params)
    if connection.vendor == "postgresql":
        from .postgresql import FoldingPostgresBackend

        return FoldingPostgresBackend(params)
    raise ImproperlyConfigured(f"Search knows SQLite and PostgreSQL, not {connection.vendor}")
