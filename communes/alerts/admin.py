"""What alerts and urgent posts add to the admin as a whole: addresses, menu items, words of the log."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from ..roles import is_editor
from . import urls


def alert_urls() -> list[URLPattern | URLResolver]:
    return [
        path("alerts/", include((urls.alerts, "alerts"))),
        path("urgent/", include((urls.urgent, "urgent"))),
    ]


def register_alert_actions(actions: Any) -> None:
    for name, label, message in (
        ("submit", _("Submit for approval"), _("Submitted for approval")),
        ("publish_at_once", _("Put in force at once"), _("Put in force at once")),
        ("approve", _("Approve"), _("Approved")),
        ("send_back", _("Send back"), _("Sent back")),
        ("end", _("End"), _("Ended")),
        ("seen", _("Looked at"), _("Looked at by the unit")),
        ("urgent_post", _("Urgent post"), _("Published at once from an approved template")),
    ):
        actions.register_action(f"communes.{name}", label, message)


class EditorsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return is_editor(request.user)


class AlertsMenuItem(EditorsMenuItem):
    def __init__(self) -> None:
        super().__init__(_("Alerts"), reverse_lazy("alerts:index"), "alerts", icon_name="warning", order=60)


class UrgentMenuItem(EditorsMenuItem):
    def __init__(self) -> None:
        super().__init__(
            _("Urgent posts"), reverse_lazy("urgent:index"), "urgent", icon_name="doc-full-inverse", order=62
        )
