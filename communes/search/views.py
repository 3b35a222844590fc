"""Searching the portal: one box for communes, doors, guides, posts and pages."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from home.models import HomePage, InfoPage
from home.text import one_line
from home.tree import live_children

from . import missed
from .doorways import doorway
from .results import as_specific, find, highlighted, with_doors
from .site import QUERY_LENGTH, homes_searched
from .vocabulary import vocabulary, words_of

RESULTS_ON_A_PAGE = 10
# Of more communes than this with one name a list is shown, without their phones and doors.
MOST_CARDS = 3

# Other procedures of Vietnamese law than a tip, in folded words: the page says where each is taken to.
OTHER_WAYS = {"to cao": "to-cao", "to giac": "to-cao"}


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Answers any text at all; what holds no word finds nothing."""
    query = one_line(request.GET.get("q", ""), QUERY_LENGTH)
    words = words_of(query)
    homes = homes_searched(request)
    found = find(words, vocabulary(homes), homes)
    if words and homes and not found.anything:
        missed.note(query, homes[0])
    cards = [found.commune] if found.commune else found.communes
    if len(cards) > MOST_CARDS:
        cards = []
    with_doors(cards)
    results = Paginator(found.pages, RESULTS_ON_A_PAGE).get_page(request.GET.get("page"))
    results.object_list = as_specific([*results], homes, found.commune)
    doors = [doorway(name, homes[0], found.commune, request) for name in dict.fromkeys(found.doors)]
    context = {
        "query": query,
        "found": found,
        "communes": found.communes,
        "cards": cards,
        "doors": [door for door in doors if door],
        "results": results,
        "nearest": as_specific(found.nearest, homes, found.commune),
        "marked_words": highlighted(found),
        "read_as": " ".join(found.words) if found.words != words else "",
        "other_way": other_way(words, homes),
    }
    response = render(request, "communes/search.html", context)
    if query:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def other_way(words: Iterable[str], homes: Iterable[HomePage]) -> dict[str, Any] | None:
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
