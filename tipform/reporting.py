"""A tip opened by the one who sent it, with the receipt code and nothing else. Nothing here logs content."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from communes.models import Unit

from . import audit, vault
from .entries import add_entry
from .keyring import keyring
from .models import AuditEntry, Part, Tip
from .sealing import open_parts
from .submissions import reporter_context


@dataclass(frozen=True)
class Entry:
    """`unit` wrote it, None for the reporter; `to` is set on the reason for handing the tip on to it."""

    by_reporter: bool
    at: datetime
    text: str = field(repr=False)
    unit: Unit | None = None
    to: Unit | None = None


@dataclass(frozen=True)
class Act:
    """What the reporter is told of the work on his tip: the day, never the hour nor the officer."""

    day: date
    action: str
    unit: Unit


@dataclass(frozen=True)
class Thread:
    """What the reporter sees of his tip. His name and number are not shown back to whoever holds the code."""

    tip: Tip
    kind: str
    received: datetime
    message: str = field(repr=False)
    place: str = field(repr=False)
    occurred: str = field(repr=False)
    preferred_day: date | None
    preferred_time: str
    files: list[str] = field(repr=False)
    entries: list[Entry] = field(repr=False)
    acts: list[Act]

    @property
    def since(self) -> date:
        """The day on which the unit now responsible got it."""
        handed = [act.day for act in self.acts if act.action == AuditEntry.Action.HANDED_ON]
        return max(handed, default=self.tip.day)


@dataclass(frozen=True)
class Reporter:
    """Whoever holds the code of a tip."""

    tip: Tip
    private_key: bytes = field(repr=False)


def find(code: str) -> Reporter | None:
    """The one whom this code makes the reporter of a tip; None if there is no such tip.

    Raises vault.ReceiptFormatError for what is no code, vault.OpenError when the tip's key was altered.
    """
    ring = keyring()
    for key_id in ring.ids:
        receipt = vault.ReceiptKeys.derive(code, ring, key_id)
        tips = Tip.objects.filter(receipt_lookup=receipt.lookup)
        tip = tips.select_related("unit__parent", "category").first()
        if tip is not None:
            wrapped = bytes(tip.reporter_wrapped_key)
            return Reporter(tip, vault.unwrap(wrapped, receipt.wrap_key, reporter_context(tip)))
    return None


def read(reporter: Reporter) -> Thread:
    """Open the tip and note in the audit log that its reporter read it. Raises vault.OpenError."""
    tip = reporter.tip
    shown = tip.parts.exclude(label__in=[Part.Label.IDENTITY, Part.Label.VIEW]).prefetch_related("keys")
    contents: dict[str, list[Any]] = {label: [] for label in Part.Label.values}
    for opened in open_parts(tip, {None: reporter.private_key}, shown):
        contents[opened.part.label].append(opened.content)
    [header], [message], [place] = (
        contents[label] for label in (Part.Label.HEADER, Part.Label.MESSAGE, Part.Label.PLACE)
    )
    audit.record(tip, AuditEntry.Action.REPORTER_READ)
    acts = list(AuditEntry.objects.filter(tip=tip.uuid, action__in=_TOLD).select_related("unit"))
    entries = contents[Part.Label.ENTRY]
    named = {entry.get(name) for entry in entries for name in ("unit", "to")} | {
        act.detail for act in acts if act.detail
    }
    units = {str(unit.uuid): unit for unit in Unit.objects.filter(uuid__in=named - {None})}
    day = message["preferred_day"]
    return Thread(
        tip=tip,
        kind=header["kind"],
        received=datetime.fromisoformat(header["received"]),
        message=message["message"],
        place=place["place"],
        occurred=message["occurred"],
        preferred_day=date.fromisoformat(day) if day else None,
        preferred_time=message["preferred_time"],
        files=[file["name"] for file in contents[Part.Label.FILE]],
        entries=[
            Entry(
                entry["by"] == "reporter",
                datetime.fromisoformat(entry["at"]),
                entry["text"],
                units.get(entry["unit"]),
                units.get(entry.get("to")),
            )
            for entry in entries
        ],
        acts=_told(acts, units),
    )


_TOLD = (AuditEntry.Action.HANDED_ON, AuditEntry.Action.SHARED, AuditEntry.Action.IDENTITY_OPENED)


def _told(acts: list[AuditEntry], units: dict[str, Unit]) -> list[Act]:
    """Each act once a day, in their order; of handing on, the unit that received the tip."""
    found = [Act(timezone.localdate(act.at), act.action, units.get(act.detail, act.unit)) for act in acts]
    return list(dict.fromkeys(found))


def write(reporter: Reporter, text: str, nonce: str) -> None:
    """Add the reporter's entry, readable by every unit that holds the tip and by himself.

    The same text from the same form (`nonce`) is stored once. Raises what `add_entry`, database and vault
    raise.
    """
    add_entry(reporter.tip, "reporter", text, nonce)
