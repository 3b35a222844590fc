"""What the rooms of this floor add to the admin, by its parts: first page, menu, editing, addresses, log."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from .alerts.admin import AlertsMenuItem, UrgentMenuItem, alert_urls, register_alert_actions
from .alerts.panels import alert_panels
from .approval.bell import register_bell_actions
from .approval.days import register_day_actions
from .approval.meanwhile import answer_overtaken, ask_about_a_past_hour
from .approval.menu import ApprovalMenuItem
from .approval.own import tell_why
from .approval.panels import panels_for as approval_panels
from .approval.search_words import register_search_actions
from .lifecycle import urls as lifecycle
from .notices.news import NewsMenuItem
from .notices.proof import panels_for as bell_panels
from .notices.roster import register_roster_actions
from .panels import panels_for as page_panels
from .quickpost.entry import QuickPostMenuItem, quick_post_panels
from .roles import editor_units
from .staff import urls as staff
from .staff.log import ACTIONS
from .staff.panels import StaffMenuItem, staff_panels

# Wagtail's names of menu items that only superusers need, and those that editors of a unit need besides.
FOR_SUPERUSERS = {"help", "settings"}
FOR_UNITS = {"reports"}


# The first page


@hooks.register("construct_homepage_panels")
def add_panels(request: HttpRequest, panels: list[Any]) -> None:
    panels.extend(approval_panels(request.user))
    panels.extend(page_panels(request.user))
    panels.extend(alert_panels(request.user))
    panels.extend(staff_panels(request.user))
    panels.extend(quick_post_panels(request.user))
    panels.extend(bell_panels(request.user))


# The menu

hooks.register("register_admin_menu_item", ApprovalMenuItem)
hooks.register("register_admin_menu_item", AlertsMenuItem)
hooks.register("register_admin_menu_item", UrgentMenuItem)
hooks.register("register_admin_menu_item", StaffMenuItem)
hooks.register("register_admin_menu_item", QuickPostMenuItem)
hooks.register("register_admin_menu_item", NewsMenuItem)


@hooks.register("construct_main_menu")
def leave_out_what_the_role_does_not_need(request: HttpRequest, items: list[Any]) -> None:
    """A shorter menu only: rights are checked where they are used."""
    user: Any = request.user
    if user.is_superuser:
        return
    hidden = set(FOR_SUPERUSERS)
    units = editor_units(user)
    if not units.supervising().exists():
        hidden |= FOR_UNITS
    items[:] = [item for item in items if item.name not in hidden]


@hooks.register("register_icons")
def bell_icon(icons: list[str]) -> list[str]:
    return [*icons, "communes/admin/bell/icon.svg"]


@hooks.register("register_account_menu_item")
def bell_of_the_account(request: HttpRequest) -> dict[str, Any]:
    return {
        "url": reverse("bell:index"),
        "label": _("The bell"),
        "help_text": _("Which phones and computers ring, an address for mail, and what for."),
    }


# Editing a page

hooks.register("before_edit_page", answer_overtaken)
hooks.register("before_edit_page", ask_about_a_past_hour, order=2)
hooks.register("before_edit_page", tell_why)


# Addresses


@hooks.register("register_admin_urls")
def add_addresses() -> list[URLPattern | URLResolver]:
    # The wizard that opens communes stands among the screens of staff: one list of addresses, one namespace.
    staff_and_wizard = [*staff.urlpatterns, *lifecycle.urlpatterns]
    return [
        path("approval/", include("communes.approval.urls")),
        path("bell/", include("communes.notices.urls")),
        *alert_urls(),
        path("duty/", include("communes.notices.duty_urls")),
        path("staff/", include((staff_and_wizard, "staff"))),
    ]


# The log

hooks.register("register_log_actions", register_alert_actions)
hooks.register("register_log_actions", register_bell_actions)
hooks.register("register_log_actions", register_day_actions)
hooks.register("register_log_actions", register_roster_actions)
hooks.register("register_log_actions", register_search_actions)


@hooks.register("register_log_actions")
def register_staff_actions(actions: Any) -> None:
    for action, (label, message) in ACTIONS.items():
        actions.register_action(action, label, message)
