"""Searching the portal: communes by name, then pages by their text."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.models import Site

from home.models import HomePage, InfoPage
from home.search_backend.folding import search_words
from home.text import one_line
from home.tree import live_children

from .names import communes_called
from .pages import as_specific, found_pages

QUERY_LENGTH = 100
RESULTS_ON_A_PAGE = 10

# Other procedures of Vietnamese law than a tip, in folded words: the page says where each is taken to.
OTHER_WAYS = {"to cao": "to-cao", "to giac": "to-cao"}


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Answers any text at all; what holds no word finds nothing."""
    query = one_line(request.GET.get("q", ""), QUERY_LENGTH)
    words = search_words(query)
    homes = homes_searched(request)
    results = Paginator(found_pages(words, homes), RESULTS_ON_A_PAGE).get_page(request.GET.get("page"))
    results.object_list = as_specific(results.object_list)
    context = {
        "query": query,
        "communes": communes_called(words, homes),
        "results": results,
        "other_way": other_way(words, homes),
    }
    response = render(request, "communes/search.html", context)
    if query:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def homes_searched(request: HttpRequest) -> list[HomePage]:
    """The live home pages of this site: that of the current language first, then the Vietnamese one."""
    site = Site.find_for_request(request)
    if site is None:
        return []
    languages = [get_language(), settings.LANGUAGE_CODE]
    homes = (
        HomePage.objects.live()
        .filter(translation_key=site.root_page.translation_key, locale__language_code__in=languages)
        .select_related("locale")
    )
    return sorted(homes, key=lambda home: languages.index(home.locale.language_code))


def other_way(words: list[str], homes: Iterable[HomePage]) -> dict[str, Any] | None:
    """For a query about a procedure that the tip box is not: the `page` that says where it is taken to.

    `page` is None until the unit has written it; the hint at the tip box shows all the same.
    """
    asked = f" {' '.join(words)} "
    slugs = {slug for phrase, slug in OTHER_WAYS.items() if f" {phrase} " in asked}
    if not slugs:
        return None
    for home in homes:
        page = live_children(InfoPage, home).filter(slug__in=slugs).first()
        if page is not None:
            return {"page": page}
    return {"page": None}
