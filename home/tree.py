"""Arithmetic of the page tree, and queries that use the database's index on both SQLite and PostgreSQL.

No other file calls Wagtail's private `_get_children_path_interval`; `steplen` is known here and in
`communes/tree.py` alone.
"""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Q, QuerySet
from wagtail.models import Page, PageViewRestriction

# The root has depth 1, a unit's home page 2, a commune's front page 3.
HOME_DEPTH = 2
COMMUNE_DEPTH = 3

P = TypeVar("P", bound=Page)


def branch(path: str, depth: int) -> str:
    """The path of the page at this depth under which (or at which) the page with `path` stands."""
    return path[: depth * Page.steplen]


def below(pages: Iterable[Page], levels: int | None = None) -> Q:
    """The descendants of these pages, never the pages themselves; with `levels`, only those so far down.

    Wagtail's `child_of()` and `descendant_of()` compare with LIKE, for which SQLite reads every page.
    """
    found = Q(pk__in=[])
    for page in pages:
        inside = Q(path__range=page._get_children_path_interval(page.path))
        if levels is not None:
            inside &= Q(depth=page.depth + levels)
        found |= inside
    return found


def public(pages: "QuerySet[P]") -> "QuerySet[P]":
    """Of these pages those that everybody may read.

    Wagtail's `public()` joins pages to the restrictions: where there are none, SQLite with statistics walks
    all pages to find none.
    """
    closed = list(Page.objects.order_by().filter(pk__in=PageViewRestriction.objects.values("page")))
    return pages.exclude(below(closed) | Q(pk__in=[page.pk for page in closed]))


def live_children(model: type[P], parent: Page) -> "QuerySet[P]":
    """The live children of one type."""
    return model.objects.live().filter(below([parent], levels=1))


def live_descendants(model: type[P], ancestor: Page) -> "QuerySet[P]":
    """The live descendants of one type at any depth."""
    return model.objects.live().filter(below([ancestor]))
