"""The four doors on every page of a commune, and the list of communes on the unit's home page."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.db.models import Q
from wagtail.models import Page

from communes.doors import Door, door_called, door_of
from communes.doors import doors as doors_under
from communes.models import (
    Alert,
    CommunePage,
    FormerName,
    Hamlet,
    NewsIndexPage,
    NewsPage,
    ProcedureIndexPage,
    ProcedurePage,
    Unit,
)
from communes.models.former_names import CAME_FROM
from communes.models.news import LATEST_POSTS, latest_posts
from communes.tree import unit_pages
from home.models import HomePage
from home.ordering import InVietnamese
from home.text import plain_slug, sort_key
from home.tree import HOME_DEPTH, live_children, live_descendants

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


@register.simple_tag(takes_context=True)
def came_from(context: dict[str, Any]) -> FormerName | None:
    """What the commune of this page was called, for who came by an address of that name; it was closed."""
    commune: CommunePage | None = context.get("commune")
    request = context.get("request")
    slug = plain_slug(request.GET.get(CAME_FROM, "")) if request else ""
    if not slug or not commune:
        return None
    closed = CommunePage.objects.filter(slug=slug, unit__active=False).values("unit")
    return FormerName.objects.filter(unit=commune.unit_id, closed__in=closed).first()


@register.simple_tag
def former_names_of(commune: CommunePage) -> list[FormerName]:
    """What the commune, and each of those that are part of it, was called; in Vietnamese order."""
    return sorted(commune.unit.former_names.all(), key=lambda row: sort_key(row.name))


@register.simple_tag
def villages_of(commune: CommunePage) -> list[Hamlet]:
    """The villages of the approved list, as it has them."""
    return list(Hamlet.objects.in_force().filter(place_list__unit=commune.unit_id))


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
    if len(communes) <= LIST_AT_ONCE:
        _add_other_names(communes)
    groups = []
    for kind in (Unit.Kind.PHUONG, Unit.Kind.THI_TRAN, Unit.Kind.XA, Unit.Kind.DAC_KHU):
        of_this_kind = [commune for commune in communes if commune.unit.kind == kind]
        if of_this_kind:
            groups.append(CommuneGroup(kind.label.capitalize(), of_this_kind))
    return groups


@dataclass(frozen=True)
class AskedAbout:
    """The live guide, or post shown everywhere, of the unit with this id: each commune shows it as well."""

    page: Page
    below: str


@register.simple_tag
def asked_about(home: HomePage, number: Any) -> AskedAbout | None:
    """The live guide, or post shown everywhere, of the unit that has this id, and is read in each commune."""
    tip = door_called("tip")
    if tip is None or not str(number).isdecimal() or len(number) > 9:
        return None
    guides = live_descendants(ProcedurePage, home).filter(depth=HOME_DEPTH + 2)
    posts = live_descendants(NewsPage, home).filter(depth=HOME_DEPTH + 2, everywhere=True)
    page = guides.filter(pk=number).first() or posts.filter(pk=number).first()
    return AskedAbout(page, f"{tip.slug}/?kind=question&about={page.pk}") if page else None


def _add_other_names(communes: list[CommunePage]) -> None:
    """Into `also` of each, what its list is shortened by too: former names and villages. Two queries."""
    units = {commune.unit_id for commune in communes}
    names: dict[int, list[str]] = {unit: [] for unit in units}
    for row in FormerName.objects.filter(unit__in=units):
        names[row.unit_id].append(row.short_name)
    villages = Hamlet.objects.in_force().filter(place_list__unit__in=units)
    for unit, name in villages.values_list("place_list__unit", "name"):
        names[unit].append(name)
    for commune in communes:
        commune.__dict__["also"] = names[commune.unit_id]


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
