"""Page queries that use the database's index on both SQLite and PostgreSQL."""

from typing import TypeVar

from django.db.models import QuerySet
from wagtail.models import Page

P = TypeVar("P", bound=Page)


def live_children(model: type[P], parent: Page) -> "QuerySet[P]":
    """The live children of one type. Wagtail's `child_of()` compares with LIKE, which SQLite scans for."""
    interval = parent._get_children_path_interval(parent.path)
    return model.objects.live().filter(depth=parent.depth + 1, path__range=interval)


def live_descendants(model: type[P], ancestor: Page) -> "QuerySet[P]":
    """The live descendants of one type at any depth; same reason."""
    interval = ancestor._get_children_path_interval(ancestor.path)
    return model.objects.live().filter(path__range=interval)
