"""The admin of those who keep a commune's pages, and of those who approve them."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from .models import Membership, Unit, units_where
from .panels import panels_for
from .quickpost.entry import QuickPostMenuItem, quick_post_panels

# Wagtail's names of menu items that are not part of anybody's work on a commune's pages.
FOR_SUPERUSERS = {"help", "settings"}
FOR_UNITS = {"reports"}


@hooks.register("construct_homepage_panels")
def work_panels(request: HttpRequest, panels: list[Any]) -> None:
    panels.extend(panels_for(request.user))


@hooks.register("construct_main_menu")
def menu_of_the_role(request: HttpRequest, items: list[Any]) -> None:
    """Leave out what the role does not need. A shorter menu only: rights are checked where they are used."""
    user: Any = request.user
    if user.is_superuser:
        return
    hidden = set(FOR_SUPERUSERS)
    units = units_where(user, Membership.Role.EDITOR)
    if not units.filter(kind__in=Unit.SUPERVISING_KINDS).exists():
        hidden |= FOR_UNITS
    items[:] = [item for item in items if item.name not in hidden]


@hooks.register("construct_homepage_panels")
def quick_post(request: HttpRequest, panels: list[Any]) -> None:
    panels.extend(quick_post_panels(request.user))


@hooks.register("register_admin_menu_item")
def quick_post_menu_item() -> QuickPostMenuItem:
    return QuickPostMenuItem()
