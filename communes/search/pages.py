"""Pages found by their words."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import F
from wagtail.models import Page

from home.models import HomePage, InfoPage

from ..doors import searched_types
from ..models import CommunePage

MOST_RESULTS = 50


def found_pages(words: list[str], homes: list[HomePage]) -> list[Page]:
    """The newest public pages of the current language that hold all the words."""
    if not words or not homes:
        return []
    interval = homes[0]._get_children_path_interval(homes[0].path)
    types = ContentType.objects.get_for_models(InfoPage, *searched_types())
    pages = (
        Page.objects.live()
        .public()
        .filter(path__range=interval, content_type__in=list(types.values()))
        .order_by(F("first_published_at").desc(nulls_last=True), "-id")
    )
    return list(pages.search(" ".join(words), order_by_relevance=False)[:MOST_RESULTS])


def as_specific(pages: Iterable[Page]) -> list[Page]:
    """The pages in their own types and the same order, each knowing its commune, in a few queries."""
    pages = list(pages)
    own = {page.pk: page for page in Page.objects.filter(pk__in=[page.pk for page in pages]).specific()}
    # The root has depth 1, a home page 2, a commune's page 3.
    above = {page.pk: page.path[: Page.steplen * 3] for page in pages}
    communes = {
        commune.path: commune
        for commune in CommunePage.objects.filter(path__in=set(above.values())).select_related("unit__parent")
    }
    for pk, page in own.items():
        vars(page)["commune"] = communes.get(above[pk])
    return [own[page.pk] for page in pages if page.pk in own]
