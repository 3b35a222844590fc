"""A tip opened by the one who sent it, with the receipt code and nothing else. Nothing here logs content."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from communes.models import Unit

from .. import audit
from ..attachments.brought import Brought
from ..box.answers import Told, told
from ..box.entries import Files, add_entry
from ..box.holders import reader_above
from ..box.reporter import Reporter
from ..box.sealing import open_parts
from ..kinds import MESSAGE
from ..models import AuditEntry, Part, Tip


@dataclass(frozen=True)
class Entry:
    """`unit` wrote it, None for the reporter; `to` is set on the reason for handing the tip on to it."""

    by_reporter: bool
    at: datetime
    text: str = field(repr=False)
    unit: Unit | None = None
    to: Unit | None = None
    files: list[str] = field(repr=False, default_factory=list)


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
    answers: list[Told] = field(repr=False)
    files: list[str] = field(repr=False)
    entries: list[Entry] = field(repr=False)
    acts: list[Act]

    @property
    def since(self) -> date:
        """The day on which the unit now responsible got it."""
        handed = [act.day for act in self.acts if act.action == AuditEntry.Action.HANDED_ON]
        return max(handed, default=self.tip.day)


def read_thread(reporter: Reporter) -> Thread:
    """Open the tip and note in the audit log that its reporter read it. Raises vault.OpenError."""
    tip = reporter.tip
    shown = tip.parts.exclude(label__in=[Part.Label.IDENTITY, Part.Label.VIEW]).prefetch_related("keys")
    contents: dict[str, list[Any]] = {label: [] for label in Part.Label.values}
    # By the entry that brought them; the first ones came with the tip.
    files: dict[str, list[str]] = defaultdict(list)
    for opened in open_parts(tip, {None: reporter.private_key}, shown):
        contents[opened.part.label].append({**opened.content, "uuid": str(opened.part.uuid)})
        if opened.part.label == Part.Label.FILE:
            files[opened.content.get("entry", "")].append(opened.content["name"])
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
    return Thread(
        tip=tip,
        kind=header["kind"],
        received=datetime.fromisoformat(header["received"]),
        message=message[MESSAGE],
        answers=told(header["kind"], {Part.Label.MESSAGE: message, Part.Label.PLACE: place}),
        files=files[""],
        entries=[
            Entry(
                entry["by"] == "reporter",
                datetime.fromisoformat(entry["at"]),
                entry["text"],
                units.get(entry["unit"]),
                units.get(entry.get("to")),
                files[entry["uuid"]],
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


def write(reporter: Reporter, text: str, brought: Brought, nonce: str) -> bool:
    """Add the reporter's entry, readable by every unit that holds the tip and by himself.

    False if the same words and files of the same form (`nonce`) are stored already. Raises what `add_entry`
    raises.
    """
    files = Files(brought.taken, brought.left_out, brought.uploads)
    return add_entry(reporter.tip, "reporter", text, nonce, files=files)


def way_up(thread: Thread) -> Unit | None:
    """The unit above, if its officers can read and the reporter may turn to them now.

    He may when the tip is closed, and when he has waited long enough for an answer or a result.
    """
    waited = (timezone.localdate() - thread.since).days
    answered = any(entry.unit == thread.tip.unit for entry in thread.entries)
    if (
        thread.tip.status == Tip.Status.CLOSED
        or waited >= settings.TIP_UP_WITHOUT_RESULT_DAYS
        or (waited >= settings.TIP_UP_WITHOUT_ANSWER_DAYS and not answered)
    ):
        return reader_above(thread.tip.unit)
    return None
