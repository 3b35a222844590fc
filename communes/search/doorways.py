"""The doors to which words lead: a part of the commune's or the unit's pages, the look-up, a number."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from home.models import HomePage
from home.phones import tel

from ..doors import door_called
from ..models import CommunePage
from ..tree import unit_pages

EMERGENCY = "113"

# The kinds of a message that the tip form takes: what the words call them.
KINDS: dict[str, Promise] = {
    "question": _("Ask about a procedure"),
    "appointment": _("Make an appointment for papers"),
}


@dataclass(frozen=True)
class Doorway:
    title: str | Promise
    url: str
    icon: str
    line: str | Promise = ""


def doorway(name: str, home: HomePage, commune: CommunePage | None, request: HttpRequest) -> Doorway | None:
    """Where a name of words.csv leads ("tip", "tip:question", "lookup", …); None for a closed door."""
    if name == "emergency":
        return Doorway(_("Emergency: call 113"), tel(EMERGENCY), "phone")
    if name == "lookup":
        line = _("With the code of your receipt")
        return Doorway(_("Look up a tip you sent"), reverse("lookup"), "key", line)
    name, _colon, kind = name.partition(":")
    door = door_called(name)
    if door is None:
        return None
    pages: dict[str, Any] = commune.doors if commune else unit_pages(home)
    title: str | Promise = KINDS.get(kind, door.tile)
    if page := pages.get(name):
        query = f"?kind={kind}" if kind else ""
        about = commune.unit.full_name if commune else door.line
        return Doorway(title, f"{page.get_url(request)}{query}", door.icon, about)
    if commune:
        return None
    if name == "contact":
        line = _("Or choose the commune, whose phone stands on its page")
        return Doorway(f"{home.unit_name}: {home.phone}", tel(home.phone), "phone", line)
    return Doorway(title, f"{home.get_url(request)}#cac-xa", door.icon, _("Choose the commune first"))
