"""Where units and their communes stand in the page tree, and to which of them a page belongs."""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Substr
from wagtail.models import Locale, Page

from home.models import HomePage
from home.tree import COMMUNE_DEPTH, HOME_DEPTH, below, branch, live_children

from .doors import by_door, doors
from .models import CommunePage, Unit

P = TypeVar("P", bound=Page)


def homes_of(units: Iterable[Unit]) -> dict[UUID, HomePage]:
    """The home pages of these units in the portal's own language, by `Unit.page_key`."""
    homes = HomePage.objects.filter(
        translation_key__in=[unit.page_key for unit in units], locale=Locale.get_default()
    )
    return {home.translation_key: home for home in homes}


def home_of(unit: Unit) -> HomePage | None:
    """The unit's home page in the portal's own language; None of a unit that is not opened yet."""
    return HomePage.objects.filter(translation_key=unit.page_key, locale=Locale.get_default()).first()


def front_pages(units: Iterable[Unit]) -> "QuerySet[CommunePage]":
    """The front pages of these communes in the portal's own language."""
    return CommunePage.objects.filter(unit__in=units, locale=Locale.get_default()).select_related(
        "unit__parent"
    )


def page_of(unit: Unit) -> CommunePage:
    """The commune's front page in the portal's own language. Raises CommunePage.DoesNotExist."""
    return front_pages([unit]).get()


def communes_of(unit: Unit) -> "QuerySet[CommunePage]":
    """The front pages of the unit's communes that are in service, in the portal's own language."""
    return CommunePage.objects.filter(
        unit__parent=unit, unit__active=True, locale=Locale.get_default()
    ).select_related("unit")


def communes_at(paths: Iterable[str]) -> dict[str, CommunePage]:
    """The front pages that stand at these paths, by path. What else stands at one is left out."""
    communes = CommunePage.objects.filter(path__in=set(paths)).select_related("unit__parent")
    return {commune.path: commune for commune in communes}


def branch_expression() -> Substr:
    """`branch(path, COMMUNE_DEPTH)` in the database: by so much of its path a page belongs to its commune."""
    return Substr("path", 1, COMMUNE_DEPTH * Page.steplen)


def unit_of(page: Page) -> Unit | None:
    """The supervising unit under whose home page this page stands."""
    homes = HomePage.objects.filter(path=branch(page.path, HOME_DEPTH))
    return Unit.objects.filter(page_key__in=homes.values("translation_key")).first()


def unit_pages(home: HomePage) -> dict[str, Page]:
    """The live pages of the unit by the names of their doors, and none of its hundreds of communes."""
    types = [door.page_type for door in doors("unit")]
    return by_door(live_children(Page, home).type(*types))  # type: ignore[attr-defined]


def child_of_type(model: type[P], parent: Page) -> P | None:
    """The first child of one type, live or not."""
    return model.objects.filter(below([parent], levels=1)).first()
