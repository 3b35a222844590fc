"""The tip officer's part of the admin's first page."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from communes.models import Unit
from communes.roles import officer_units
from home.panels import Link, WorkPanel

from ...models import Tip
from ..access import count_by_status, unread_by
from ..unread import in_words


def officer_panels(user: Any) -> list[WorkPanel]:
    """New and unread tips in numbers, each with its way to the inbox; nothing of what they say."""
    units = list(officer_units(user).order_by(*Unit.IN_ORDER)[:5])
    if not units:
        return []
    inbox = reverse("tips:index")
    counts = count_by_status(user)
    unread = unread_by(user).count()
    links = [
        Link(
            _("New tips (%(count)s)") % {"count": counts.get(Tip.Status.NEW, 0)},
            f"{inbox}?{urlencode({'status': Tip.Status.NEW.value})}",
            main=True,
        ),
        Link(_("All tips (%(count)s)") % {"count": sum(counts.values())}, inbox),
        *_roster_links(units),
        Link(_("Days away"), reverse("duty:away")),
    ]
    return [
        WorkPanel(
            heading=_("Tips: %(units)s") % {"units": ", ".join(unit.full_name for unit in units)},
            id="tips",
            order=100,
            lead=in_words(unread) if unread else _("Everything has been read."),
            links=links,
        )
    ]


def _roster_links(units: list[Unit]) -> list[Link]:
    if len(units) == 1:
        return [Link(_("Duty roster"), reverse("duty:roster", args=[units[0].pk]))]
    return [
        Link(_("Duty roster: %(unit)s") % {"unit": unit.short_name}, reverse("duty:roster", args=[unit.pk]))
        for unit in units
    ]
