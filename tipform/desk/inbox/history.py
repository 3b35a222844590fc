"""The audit log of one tip, in words: for the officers' record and for the lines in their conversation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from communes.models import Unit

from ...models import AuditEntry, Tip
from ..access import Standing
from .reading import Entry

SHOWN = 40
Action = AuditEntry.Action
# What stands among the entries, where nobody overlooks it.
IN_THE_CONVERSATION = (Action.IDENTITY_OPENED, Action.HANDED_ON, Action.SHARED)
_NAMES_A_UNIT = (Action.HANDED_ON, Action.TAKEN_OVER, Action.SHARED, Action.JOINED)


@dataclass(frozen=True)
class Line:
    """One act; without an actor it is the reporter's, and only its day is known."""

    at: datetime
    action: str
    words: str
    actor: Any
    unit: Unit
    detail: str
    other: Unit | None


def latest(tip: Tip, standing: Standing) -> list[Line]:
    """The newest acts. Who holds the tip sees those of every unit, who handed it on only its own."""
    return _lines(_entries(tip, standing).order_by("-pk")[:SHOWN])


def conversation(entries: Iterable[Entry], tip: Tip, standing: Standing) -> list[Entry | Line]:
    """Entries and the acts that everybody should notice, in the order of their time."""
    noticed = _lines(_entries(tip, standing).filter(action__in=IN_THE_CONVERSATION))
    # An entry whose time does not read stands where the oldest do.
    return sorted([*entries, *noticed], key=lambda item: item.at.timestamp() if item.at else 0.0)


def _entries(tip: Tip, standing: Standing) -> "QuerySet[AuditEntry]":
    entries = AuditEntry.objects.filter(tip=tip.uuid).select_related("actor", "unit")
    return entries if standing.holds else entries.filter(unit=standing.unit)


def _lines(entries: Iterable[AuditEntry]) -> list[Line]:
    found = list(entries)
    named = [entry.detail for entry in found if entry.action in _NAMES_A_UNIT]
    units = {str(unit.uuid): unit for unit in Unit.objects.filter(uuid__in=named)}
    return [_line(entry, units) for entry in found]


def _line(entry: AuditEntry, units: dict[str, Unit]) -> Line:
    detail = ""
    if entry.action == Action.STATUS_SET:
        status, _colon, outcome = entry.detail.partition(":")
        words = [dict(Tip.Status.choices).get(status, status), dict(Tip.Outcome.choices).get(outcome, "")]
        detail = " · ".join(str(word) for word in words if word)
    return Line(
        at=entry.at,
        action=entry.action,
        words=entry.get_action_display(),
        actor=entry.actor,
        unit=entry.unit,
        detail=detail,
        other=units.get(entry.detail) if entry.action in _NAMES_A_UNIT else None,
    )
