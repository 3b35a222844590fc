"""The four doors on every page of a commune, and the list of communes on the unit's home page."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.db.models import Q
from wagtail.models import Page

from communes.doors import Door, door_of
from communes.doors import doors as doors_under
from communes.models import (
    Alert,
    CommunePage,
    NewsIndexPage,
    NewsPage,
    ProcedureIndexPage,
    ProcedurePage,
    Unit,
)
from communes.models.news import LATEST_POSTS, latest_posts
from communes.tree import unit_pages
from home.models import HomePage
from home.ordering import InVietnamese
from home.text import sort_key
from home.tree import live_children

register = template.Library()

# With more communes than this, the home page offers the search first.
LIST_AT_ONCE = 60


@dataclass(frozen=True)
class DoorLink:
    """A link to one part of a commune's (or the unit's) pages. `current` is a value of aria-current."""

    door: Door
    url: str
    current: str


@register.simple_tag(takes_context=True)
def doors(context: dict[str, Any]) -> list[DoorLink]:
    """The doors of the commune whose page this is, or of the unit; in the same order everywhere."""
    request = context.get("request")
    commune: CommunePage | None = context.get("commune")
    home: HomePage | None = context.get("unit_home")
    pages: dict[str, Page]
    if commune:
        registered = doors_under("commune")
        pages = commune.doors
    elif home:
        registered = doors_under("unit")
        pages = unit_pages(home)
    else:
        return []
    here = context.get("page")
    links = []
    for door in registered:
        if door.name in pages:
            links.append(DoorLink(door, pages[door.name].get_url(request), current_of(door, here)))
    return links


def current_of(door: Door, here: Any) -> str:
    """The value of aria-current: whether the door leads to the page that is shown, or stands above it."""
    if not here or door_of(type(here)) != door:
        return ""
    return "page" if here._meta.label == door.model else "true"


@register.simple_tag(takes_context=True)
def running_alerts(context: dict[str, Any]) -> list[Alert]:
    """The alerts over this page, its commune's and the unit's, the gravest first: one query."""
    commune: CommunePage | None = context.get("commune")
    home: HomePage | None = context.get("unit_home")
    if commune:
        over = Q(unit=commune.unit_id) | Q(unit=commune.unit.parent_id)
    elif home:
        over = Q(unit__page_key=home.translation_key)
    else:
        return []
    return list(Alert.objects.running().filter(over))


@dataclass(frozen=True)
class CommuneGroup:
    """Communes of one kind, in Vietnamese order."""

    kind: str
    communes: list[CommunePage]


@register.simple_tag
def communes_by_kind(home: HomePage, everything: Any = None) -> list[CommuneGroup] | None:
    """The unit's communes, towns first; None if there are too many to show unless `everything` is set.

    A home page whose language has no commune yet lists those of the portal's own language.
    """
    below = live_children(CommunePage, home).filter(unit__active=True).select_related("unit")
    communes = list(below if everything else below[: LIST_AT_ONCE + 1])
    if len(communes) > LIST_AT_ONCE and not everything:
        return None
    if not communes:
        original = HomePage.objects.live().filter(
            translation_key=home.translation_key, locale__language_code=settings.LANGUAGE_CODE
        )
        first = original.exclude(pk=home.pk).first()
        return communes_by_kind(first, everything) if first else []
    communes.sort(key=lambda commune: sort_key(commune.unit.name))
    groups = []
    for kind in (Unit.Kind.PHUONG, Unit.Kind.THI_TRAN, Unit.Kind.XA, Unit.Kind.DAC_KHU):
        of_this_kind = [commune for commune in communes if commune.unit.kind == kind]
        if of_this_kind:
            groups.append(CommuneGroup(kind.label.capitalize(), of_this_kind))
    return groups


@register.simple_tag
def latest_posts_of(page: HomePage | CommunePage) -> list[NewsPage]:
    """The newest posts of a unit or of a commune, which shows those of its unit that concern everybody."""
    index = page.doors.get("news") if isinstance(page, CommunePage) else None
    index = index or live_children(NewsIndexPage, page).first()
    return list(latest_posts(index)[:LATEST_POSTS]) if index else []


@register.simple_tag
def guides_of(home: HomePage) -> list[ProcedurePage]:
    """The guides that the unit's communes share."""
    index = live_children(ProcedureIndexPage, home).first()
    return list(live_children(ProcedurePage, index).order_by(InVietnamese("title"))) if index else []
