"""The list of public pages for search engines: an index, and parts by ranges of ids, so that none grows."""

from django.db.models import F, Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe
from wagtail.models import Page, PageQuerySet, Site

from home.media import public_pages
from home.models import HomePage
from home.tree import HOME_DEPTH, below, branch

PAGES_IN_A_PART = 10_000

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


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
    """The pages whose ids are in this range. Raises Http404 if there is none."""
    homes = _homes(request)
    # Each language's pages have the address of its front page in theirs.
    fronts = {home.path: (home.full_url, len(home.url_path)) for home in homes}
    first = part * PAGES_IN_A_PART
    pages = _pages(homes).filter(id__gte=first, id__lt=first + PAGES_IN_A_PART)
    rows = []
    for path, url_path, changed in pages.order_by("id").values_list("path", "url_path", "last_published_at"):
        front, length = fronts[branch(path, HOME_DEPTH)]
        rows.append(f"<url><loc>{escape(front + url_path[length:])}</loc>{_changed(changed)}</url>\n")
    if not rows:
        raise Http404
    return _xml("urlset", rows)


def _homes(request: HttpRequest) -> list[HomePage]:
    """The live front pages of this site in all its languages."""
    site = Site.find_for_request(request)
    if site is None:
        return []
    return list(HomePage.objects.live().filter(translation_key=site.root_page.translation_key))


def _pages(homes: list[HomePage]) -> "PageQuerySet[Page]":
    return public_pages().filter(below(homes) | Q(id__in=[home.id for home in homes]))


def _changed(moment: object) -> str:
    return f"<lastmod>{moment:%Y-%m-%d}</lastmod>" if moment else ""


def _xml(element: str, rows: list[str]) -> HttpResponse:
    text = f'{_HEAD}<{element} xmlns="{_NAMESPACE}">\n{"".join(rows)}</{element}>\n'
    return HttpResponse(text, content_type="application/xml")
