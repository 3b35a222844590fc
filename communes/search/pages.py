"""Pages found by their words."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import F
from wagtail.models import Page

from home.models import HomePage, InfoPage
from home.tree import COMMUNE_DEPTH, below, branch

from ..doors import searched_types
from ..tree import communes_at

MOST_RESULTS = 50


def found_pages(words: list[str], homes: list[HomePage]) -> list[Page]:
    """The newest public pages of the current language that hold all the words."""
    if not words or not homes:
        return []
    types = ContentType.objects.get_for_models(InfoPage, *searched_types())
    pages = (
        Page.objects.live()
        .public()
        .filter(below([homes[0]]), content_type__in=list(types.values()))
        .order_by(F("first_published_at").desc(nulls_last=True), "-id")
    )
    return list(pages.search(" ".join(words), order_by_relevance=False)[:MOST_RESULTS])


def as_specific(pages: Iterable[Page]) -> list[Page]:
    """The pages in their own types and the same order, each knowing its commune, in a few queries."""
    pages = list(pages)
    own = {page.pk: page for page in Page.objects.filter(pk__in=[page.pk for page in pages]).specific()}
    communes = communes_at(branch(page.path, COMMUNE_DEPTH) for page in pages)
    for page in own.values():
        vars(page)["commune"] = communes.get(branch(page.path, COMMUNE_DEPTH))
    return [own[page.pk] for page in pages if page.pk in own]
