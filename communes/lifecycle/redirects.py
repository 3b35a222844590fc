"""Where the addresses of a closed commune lead."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from home.tree import live_children

from ..doors import door_of
from ..models import CommunePage, ProcedurePage, Unit
from ..models.former_names import CAME_FROM
from ..models.news import shared_posts


def redirect(unit: Unit, successors: Sequence[Unit]) -> list[Redirect]:
    """Temporary redirects from every live page to its like in the successor, which says what became of it.

    With several successors they lead to the search, which asks for the right one; with none to the unit's
    first page.
    """
    redirects = []
    successor = successors[0] if len(successors) == 1 else None
    asks = f"{reverse('search')}?{urlencode({'q': unit.short_name})}" if len(successors) > 1 else ""
    for front in CommunePage.objects.filter(unit=unit, live=True).select_related("locale"):
        parts = front.get_url_parts()
        if parts is None:
            continue
        site = Site.objects.get(pk=parts[0])
        home = front.get_parent()
        heir = _heir(successor, front)
        found: list[Redirect] = []
        for page in front.get_descendants(inclusive=True).live().select_related("content_type"):
            old_path = parts[2] + page.url_path.removeprefix(front.url_path)
            found.append(_temporary(site, old_path, _counterpart(page, heir) or heir or home))
        found += _redirect_shared(site, front, heir, parts[2])
        for each in found:
            if heir is not None:
                link = each.redirect_page.relative_url(site) if each.redirect_page else each.redirect_link
                each.redirect_page = None
                each.redirect_link = f"{link}?{urlencode({CAME_FROM: front.slug})}"
            if asks:
                each.redirect_page, each.redirect_link = None, asks
        redirects += found
    # A resident's old link goes on to where it now leads; an older redirect at the same address would win.
    Redirect.objects.filter(
        site__in={redirect.site for redirect in redirects},
        old_path__in=[redirect.old_path for redirect in redirects],
    ).delete()
    return Redirect.objects.bulk_create(redirects)


def _redirect_shared(
    site: Site, front: CommunePage, heir: CommunePage | None, base: str
) -> Iterator[Redirect]:
    """The unit's posts and guides were read at the commune's addresses too: now at the successor's."""
    for door, addresses_in in (("news", _posts_by_address), ("procedure", _guides_by_address)):
        index = front.doors.get(door)
        if index is None:
            continue
        heirs_index = heir.doors.get(door) if heir else None
        there = {page: address for address, page in addresses_in(heirs_index).items()} if heirs_index else {}
        for address, page in addresses_in(index).items():
            redirect = _temporary(site, f"{base}{index.slug}/{address}/", page)
            if heirs_index is not None:
                redirect.redirect_page = None
                redirect.redirect_link = f"{heirs_index.url}{there.get(page, page.slug)}/"
            yield redirect


def _posts_by_address(index: Page) -> dict[str, Page]:
    return {post.address: post for post in shared_posts(index)}


def _guides_by_address(index: Page) -> dict[str, Page]:
    """Except where the commune has a guide of its own, which goes first."""
    units_list = index.specific.shared_index
    if units_list is None:
        return {}
    own = live_children(ProcedurePage, index).values("slug")
    shared = live_children(ProcedurePage, units_list).exclude(slug__in=own)
    return {guide.slug: guide for guide in shared}


def _counterpart(page: Page, heir: CommunePage | None) -> Page | None:
    """The successor's page behind the same door."""
    door = door_of(page.specific_class)
    return heir.doors.get(door.name) if heir and door else None


def _heir(successor: Unit | None, front: CommunePage) -> CommunePage | None:
    """The successor's live front page, in the language of `front` if there is one."""
    fronts = (
        CommunePage.objects.filter(unit=successor, live=True) if successor else CommunePage.objects.none()
    )
    return (
        fronts.filter(locale=front.locale).first()
        or fronts.filter(translation_key=successor.page_key if successor else None).order_by("path").first()
    )


def _temporary(site: Site, old_path: str, page: Page) -> Redirect:
    return Redirect(
        site=site,
        old_path=Redirect.normalise_path(old_path),
        redirect_page=page,
        is_permanent=False,
    )
