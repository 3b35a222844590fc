"""A tip opened by the one who sent it, with the receipt code and nothing else. Nothing here logs content."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communes.models import Unit

from ..attachments.brought import Brought
from ..box.about import About
from ..box.answers import Told, told
from ..box.entries import Files, add_entry
from ..box.holders import reader_above
from ..box.reporter import Reporter
from ..box.sealing import OpenedPart, open_parts
from ..kinds import MESSAGE
from ..models import AuditEntry, Part, Tip
from .last_look import LastLook, last_look, record_look, status_changed


@dataclass(frozen=True)
class Entry:
    """`unit` wrote it, None for the reporter; `to` is set on the reason for handing the tip on to it.

    `new` is what an officer wrote after the reporter looked last.
    """

    by_reporter: bool
    at: datetime
    text: str = field(repr=False)
    unit: Unit | None = None
    to: Unit | None = None
    files: list[str] = field(repr=False, default_factory=list)
    new: bool = False


@dataclass(frozen=True)
class Act:
    """What the reporter is told of the work on his tip: the day, never the hour nor the officer."""

    day: date
    action: str
    unit: Unit
    new: bool = False

    @property
    def in_short(self) -> str:
        words = {
            AuditEntry.Action.HANDED_ON: _("handed on to %(police)s"),
            AuditEntry.Action.SHARED: _("%(police)s handles it too"),
            AuditEntry.Action.IDENTITY_OPENED: _("%(police)s looked at your name and phone number"),
        }
        return str(words[AuditEntry.Action(self.action)]) % {"police": self.unit.full_name}


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
    about: About | None = field(repr=False)
    looked: date | None
    status_is_new: bool

    @property
    def news(self) -> list[str]:
        """What is new since the day `looked`, in a few words each."""
        answers = sum(entry.new and entry.to is None for entry in self.entries)
        words = [act.in_short for act in self.acts if act.new]
        if answers:
            words.insert(
                0, ngettext("%(count)s new answer", "%(count)s new answers", answers) % {"count": answers}
            )
        if self.status_is_new:
            status = [str(self.tip.get_status_display()), str(self.tip.get_outcome_display())]
            words.append(": ".join(word[0].lower() + word[1:] for word in status if word))
        return words

    @property
    def waits(self) -> bool:
        """Whether no officer has answered yet, and the work goes on."""
        answered = any(not entry.by_reporter for entry in self.entries)
        return not answered and self.tip.status != Tip.Status.CLOSED

    @property
    def since(self) -> date:
        """The day on which the unit now responsible got it."""
        handed = [act.day for act in self.acts if act.action == AuditEntry.Action.HANDED_ON]
        return max(handed, default=self.tip.day)


def read_thread(reporter: Reporter, sitting: str) -> Thread:
    """Open the tip and note in the audit log that its reporter read it. Raises vault.OpenError.

    What came after his last look before this `sitting` is new to him.
    """
    tip = reporter.tip
    shown = tip.parts.exclude(label__in=[Part.Label.IDENTITY, Part.Label.VIEW]).prefetch_related("keys")
    opened_parts = open_parts(tip, {None: reporter.private_key}, shown)
    contents: dict[str, list[Any]] = {label: [] for label in Part.Label.values}
    # By the entry that brought them; the first ones came with the tip.
    files: dict[str, list[str]] = defaultdict(list)
    for opened in opened_parts:
        contents[opened.part.label].append(opened.content)
        if opened.part.label == Part.Label.FILE:
            files[opened.content.get("entry", "")].append(opened.content["name"])
    [header], [message], [place] = (
        contents[label] for label in (Part.Label.HEADER, Part.Label.MESSAGE, Part.Label.PLACE)
    )
    record_look(tip, sitting, shown=opened_parts[-1].part.pk)
    look = last_look(tip, sitting)
    acts = list(AuditEntry.objects.filter(tip=tip.uuid, action__in=_TOLD).select_related("unit"))
    entries = [opened for opened in opened_parts if opened.part.label == Part.Label.ENTRY]
    named = {entry.content.get(name) for entry in entries for name in ("unit", "to")} | {
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
        entries=[_entry(entry, units, look, files[str(entry.part.uuid)]) for entry in entries],
        acts=_told(acts, units, look),
        about=About.of(message),
        looked=look.day if look else None,
        status_is_new=look is not None and status_changed(tip, look),
    )


def _entry(opened: OpenedPart, units: dict[str, Unit], look: LastLook | None, files: list[str]) -> Entry:
    content = opened.content
    by_reporter = content["by"] == "reporter"
    return Entry(
        by_reporter,
        datetime.fromisoformat(content["at"]),
        content["text"],
        units.get(content["unit"]),
        units.get(content.get("to")),
        files=files,
        new=look is not None and opened.part.pk > look.part and not by_reporter,
    )


_TOLD = (AuditEntry.Action.HANDED_ON, AuditEntry.Action.SHARED, AuditEntry.Action.IDENTITY_OPENED)


def _told(acts: list[AuditEntry], units: dict[str, Unit], look: LastLook | None) -> list[Act]:
    """Each act once a day, in their order; of handing on, the unit that received the tip."""
    found: dict[tuple[date, str, Unit], Act] = {}
    for act in acts:
        told_of = (timezone.localdate(act.at), act.action, units.get(act.detail, act.unit))
        by_reporter = act.actor_id is None
        new = look is not None and act.pk > look.entry and not by_reporter
        found.setdefault(told_of, Act(*told_of, new=new))
    return list(found.values())


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
