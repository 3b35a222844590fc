"""Searching the portal: communes by name, then pages by their text."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from home.models import HomePage, InfoPage
from home.search_backend import search_words
from home.text import fold, sort_key
from home.tree import live_children, live_descendants

from .models import CommunePage, ContactPage, NewsPage, ProcedurePage, Unit

QUERY_LENGTH = 100
MOST_COMMUNES = 20
MOST_RESULTS = 50
RESULTS_ON_A_PAGE = 10
SEARCHED = [NewsPage, ProcedurePage, InfoPage, ContactPage]

# Other procedures of Vietnamese law than a tip, in folded words: the page says where each is taken to.
OTHER_WAYS = {"to cao": "to-cao", "to giac": "to-cao"}


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Answers any text at all; what holds no word finds nothing."""
    query = typed(request.GET.get("q", ""))
    words = search_words(query)
    homes = homes_of(request)
    results = Paginator(found_pages(words, homes), RESULTS_ON_A_PAGE).get_page(request.GET.get("page"))
    results.object_list = as_specific(results.object_list)
    context = {
        "query": query,
        "communes": communes_called(words, homes),
        "results": results,
        "other_way": other_way(words, homes),
    }
    response = render(request, "home/search.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def typed(text: str) -> str:
    """What was typed, in one line, without control characters, cut to a query's length."""
    line = "".join(char if char.isprintable() else " " for char in text[: QUERY_LENGTH * 10])
    return " ".join(line.split())[:QUERY_LENGTH].strip()


def homes_of(request: HttpRequest) -> list[HomePage]:
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


def name_rank(words: list[str], kind: str, name: str) -> int | None:
    """How well the words name a commune: 0 is just its name, None another. All three are folded.

    "Công an xã Cẩm Trung", "cam trung", "trung" and "số điện thoại xã Cẩm Trung" name one.
    """
    if words[:2] == ["cong", "an"]:
        words = words[2:]
    if not words:
        return None
    asked, full = " ".join(words), f"{kind} {name}"
    if asked in (name, full):
        return 0
    if name.startswith(asked) or full.startswith(asked):
        return 1
    parts = full.split()
    if all(any(part.startswith(word) for part in parts) for word in words):
        return 2
    # A name of one syllable is an ordinary word in somebody's sentence.
    named = name if " " in name else full
    return 3 if f" {named} " in f" {asked} " else None


def communes_called(words: list[str], homes: Iterable[HomePage]) -> list[CommunePage]:
    """The communes with such a name, best match first, each in the first language it has a page in."""
    if not words:
        return []
    found: dict[int, tuple[int, list[list[int]], int]] = {}
    for home in homes:
        rows = live_descendants(CommunePage, home).filter(unit__active=True)
        for pk, unit, kind, name, folded in rows.values_list(
            "pk", "unit", "unit__kind", "unit__name", "unit__name_folded"
        ):
            kind_words = fold(Unit.Kind(kind).label)
            rank = name_rank(words, kind_words, folded.removeprefix(kind_words).strip())
            if rank is not None:
                found.setdefault(unit, (rank, sort_key(name), pk))
    best = [pk for _rank, _name, pk in sorted(found.values())[:MOST_COMMUNES]]
    pages = CommunePage.objects.select_related("unit__parent").in_bulk(best)
    return [pages[pk] for pk in best]


def found_pages(words: list[str], homes: list[HomePage]) -> list[Page]:
    """The newest public pages of the current language that hold all the words."""
    if not words or not homes:
        return []
    interval = homes[0]._get_children_path_interval(homes[0].path)
    types = ContentType.objects.get_for_models(*SEARCHED)
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
