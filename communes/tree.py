"""Arithmetic of the page tree: a unit's page, its communes', and the unit of a page."""

from typing import Any

from django.db.models import QuerySet
from wagtail.models import Locale, Page

from home.models import HomePage

from .models import CommunePage, Unit

# The root, the unit's home page, the commune's page: by so much of its path a page belongs to its commune.
COMMUNE_PATH = 3 * Page.steplen


def page_of(unit: Unit) -> CommunePage:
    """The commune's page in the portal's own language. Raises CommunePage.DoesNotExist."""
    return CommunePage.objects.select_related("unit__parent").get(unit=unit, locale=Locale.get_default())


def communes_of(unit: Unit) -> "QuerySet[CommunePage]":
    return CommunePage.objects.filter(
        unit__parent=unit, unit__active=True, locale=Locale.get_default()
    ).select_related("unit")


def homes_of(units: list[Unit]) -> dict[Any, HomePage]:
    homes = HomePage.objects.filter(
        translation_key__in=[unit.page_key for unit in units], locale=Locale.get_default()
    )
    return {home.translation_key: home for home in homes}


def unit_of(page: Page) -> Unit | None:
    """The supervising unit under whose home page this page stands."""
    homes = HomePage.objects.filter(path=page.path[: 2 * Page.steplen])
    return Unit.objects.filter(page_key__in=homes.values("translation_key")).first()


def child_of_type(model: Any, parent: Page) -> Any:
    """The first child of one type, live or not."""
    interval = parent._get_children_path_interval(parent.path)
    return model.objects.filter(depth=parent.depth + 1, path__range=interval).first()
