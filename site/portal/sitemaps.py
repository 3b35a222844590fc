"""The list of public pages for search engines: an index, and parts by ranges of ids, so that none grows."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe
from wagtail.models import Page, PageQuerySet, Site

from home.media import public_pages
from home.models import HomePage
from home.tree import HOME_DEPTH, below, branch

PAGES_IN_A_PART = 5_000

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The parts that hold a page, each with the day on which one of its pages last changed."""
    parts = (
        _pages(_homes(request))
        .annotate(part=F("id") / PAGES_IN_A_PART)
        .values("part")
        .annotate(changed=Max("last_published_at"))
        .order_by("part")
    )
    rows = [
        f"<sitemap><loc>{request.build_absolute_uri(reverse('sitemap_part', args=[part['part']]))}</loc>"
        f"{_changed(part['changed'])}</sitemap>\n"
        for part in parts
    ]
    return _xml("sitemapindex", rows)


@require_safe
def sitemap_part(request: HttpRequest, part: int) -> HttpResponse:
    """The pages whose ids are in this range, each with its languages. Raises Http404 if there is none."""
    homes = _homes(request)
    first = part * PAGES_IN_A_PART
    in_part = Q(id__gte=first, id__lt=first + PAGES_IN_A_PART)
    listed = _listed(homes, _pages(homes).filter(in_part).order_by("id"))
    if not listed:
        raise Http404
    languages: dict[UUID, list[_Listed]] = defaultdict(list)
    for page in [*listed, *_translations_elsewhere(homes, in_part)]:
        languages[page.key].append(page)
    rows = [
        f"<url><loc>{page.address}</loc>{_changed(page.changed)}{_alternates(languages[page.key])}</url>\n"
        for page in listed
    ]
    return _xml("urlset", rows)


class _Listed(NamedTuple):
    """What is said of a page. `key` is that of its translations, `address` is written for XML."""

    key: UUID
    language: str
    address: str
    changed: datetime | None


def _listed(homes: list[HomePage], pages: "PageQuerySet[Page]") -> list[_Listed]:
    # Each language's pages have the address of its front page in theirs.
    fronts = {home.path: (home.locale.language_code, home.full_url, len(home.url_path)) for home in homes}
    found = []
    for key, path, url_path, changed in pages.values_list(
        "translation_key", "path", "url_path", "last_published_at"
    ):
        language, front, length = fronts[branch(path, HOME_DEPTH)]
        found.append(_Listed(key, language, escape(front + url_path[length:]), changed))
    return found


def _translations_elsewhere(homes: list[HomePage], in_part: Q) -> list[_Listed]:
    """The public translations of a part's pages that stand in other parts: one query for all of them."""
    if len(homes) < 2:
        return []
    keys = Page.objects.filter(in_part).values("translation_key")
    return _listed(homes, _pages(homes).exclude(in_part).filter(translation_key__in=keys))


def _alternates(languages: list[_Listed]) -> str:
    """The links of a page that is public in more than one language, that to itself included."""
    if len(languages) < 2:
        return ""
    return "".join(
        f'<xhtml:link rel="alternate" hreflang="{page.language}" href="{page.address}"/>'
        for page in languages
    )


def _homes(request: HttpRequest) -> list[HomePage]:
    """The live front pages of this site in all its languages."""
    site = Site.find_for_request(request)
    if site is None:
        return []
    homes = HomePage.objects.live().filter(translation_key=site.root_page.translation_key)
    return list(homes.select_related("locale"))


def _pages(homes: list[HomePage]) -> "PageQuerySet[Page]":
    return public_pages().filter(below(homes) | Q(id__in=[home.id for home in homes]))


def _changed(moment: datetime | None) -> str:
    return f"<lastmod>{moment:%Y-%m-%d}</lastmod>" if moment else ""


def _xml(element: str, rows: list[str]) -> HttpResponse:
    text = f"{_HEAD}<{element} {_NAMESPACES}>\n{''.join(rows)}</{element}>\n"
    return HttpResponse(text, content_type="application/xml")
