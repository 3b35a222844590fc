"""Indexes on Wagtail's tables for what our pages ask of 200,000 rows.

They are made after each `migrate`: when a later migration of Wagtail's changes such a table, SQLite makes it
anew and knows only Wagtail's own indexes.
"""

from typing import Any

from django.db import connections
from modelsearch.conf import get_app_config
from wagtail.models import Page


def make_indexes(using: str, **kwargs: Any) -> None:
    """For the signal `post_migrate`. A table that is not there yet gets its index by a later `migrate`."""
    connection = connections[using]
    entry = get_app_config().get_model("IndexEntry")
    # The pages one level below another (home.tree.below): below the unit's home stand all that there are.
    wanted = {"home_children": (Page, "(depth, path)")}
    if connection.vendor == "postgresql":
        # Words in title and body together (home.search_backend.newest).
        wanted["home_search_words"] = (entry, "USING gin ((title || body))")
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for name, (model, columns) in wanted.items():
            table = model._meta.db_table
            if table in tables:
                cursor.execute(f'CREATE INDEX IF NOT EXISTS {name} ON "{table}" {columns}')
