"""The admin of those who keep a commune's pages, and of those who approve them."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path
from wagtail import hooks
from wagtail.models import Page

from .alerts.admin import AlertsMenuItem, UrgentMenuItem, admin_urls, register_log
from .alerts.panels import alert_panels
from .approval import days
from .approval.menu import ApprovalMenuItem
from .approval.own import tell_why
from .approval.panels import panels_for as approval_panels
from .lifecycle import urls as lifecycle
from .models import Membership, Unit, units_where
from .panels import panels_for
from .quickpost.entry import QuickPostMenuItem, quick_post_panels
from .staff import urls as staff
from .staff.log import ACTIONS
from .staff.panels import StaffMenuItem, staff_panels

# Wagtail's names of menu items that are not part of anybody's work on a commune's pages.
FOR_SUPERUSERS = {"help", "settings"}
FOR_UNITS = {"reports"}


@hooks.register("construct_homepage_panels")
def work_panels(request: HttpRequest, panels: list[Any]) -> None:
    panels.extend([*approval_panels(request.user), *panels_for(request.user)])


@hooks.register("register_admin_urls")
def approval_urls() -> list[URLPattern | URLResolver]:
    return [path("approval/", include("communes.approval.urls"))]


@hooks.register("register_log_actions")
def days_log(actions: Any) -> None:
    days.register_log(actions)


@hooks.register("register_admin_menu_item")
def approval_menu_item() -> ApprovalMenuItem:
    return ApprovalMenuItem()


@hooks.register("before_edit_page")
def why_it_came_back(request: HttpRequest, page: Page) -> None:
    tell_why(request, page)


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


@hooks.register("register_admin_urls")
def alert_urls() -> list[URLPattern | URLResolver]:
    return admin_urls()


@hooks.register("register_log_actions")
def alert_log(actions: Any) -> None:
    register_log(actions)


@hooks.register("register_admin_menu_item")
def alerts_menu_item() -> AlertsMenuItem:
    return AlertsMenuItem()


@hooks.register("register_admin_menu_item")
def urgent_menu_item() -> UrgentMenuItem:
    return UrgentMenuItem()


@hooks.register("construct_homepage_panels")
def urgent_first(request: HttpRequest, panels: list[Any]) -> None:
    panels.extend(alert_panels(request.user))


@hooks.register("register_admin_urls")
def staff_urls() -> list[Any]:
    # The wizard stands among the screens of staff: one list of addresses, one namespace.
    return [path("staff/", include(([*staff.urlpatterns, *lifecycle.urlpatterns], "staff")))]


@hooks.register("register_admin_menu_item")
def staff_menu_item() -> StaffMenuItem:
    return StaffMenuItem()


@hooks.register("construct_homepage_panels")
def panels_about_staff(request: HttpRequest, panels: list[Any]) -> None:
    panels.extend(staff_panels(request.user))


@hooks.register("register_log_actions")
def staff_log_actions(actions: Any) -> None:
    for action, (label, message) in ACTIONS.items():
        actions.register_action(action, label, message)


@hooks.register("construct_homepage_panels")
def quick_post(request: HttpRequest, panels: list[Any]) -> None:
    panels.extend(quick_post_panels(request.user))


@hooks.register("register_admin_menu_item")
def quick_post_menu_item() -> QuickPostMenuItem:
    return QuickPostMenuItem()
