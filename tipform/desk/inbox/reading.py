"""Tips opened for an officer: what the list and the thread show. Nothing here is stored or logged."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from communes.models import Unit
from communes.roles import officer_units

from ... import vault
from ...box import sealing
from ...box.about import About
from ...box.answers import Told, told
from ...box.files import NOT_SHOWN, left_out_of
from ...keys import private_keys
from ...kinds import KINDS, MESSAGE
from ...models import Part, PartKey, Tip
from ..access import Standing, standing_of


@dataclass(frozen=True)
class Listed:
    """A tip in the list. `header` is None when it could not be opened."""

    tip: Tip
    header: dict[str, Any] | None = field(repr=False)
    standing: Standing

    @property
    def received(self) -> datetime | None:
        return _moment(self.header["received"]) if self.header else None

    @property
    def kind(self) -> str:
        if self.tip.status == Tip.Status.WITHDRAWN:
            return ""
        if self.header is None:
            return str(_("cannot be opened"))
        slug = self.header["kind"]
        return str(KINDS[slug].name) if slug in KINDS else slug

    @property
    def status(self) -> str:
        """Where the unit holds the tip; of one handed on only whether its reporter took it back."""
        withdrawn = self.tip.status == Tip.Status.WITHDRAWN
        return str(self.tip.get_status_display()) if self.standing.holds or withdrawn else ""

    @property
    def files(self) -> int:
        return int(self.header["files"]) if self.header else 0

    @property
    def category(self) -> str:
        """Of a kind that asks for it. The others are filed under one so that the column tells nothing."""
        kind = KINDS.get(self.header["kind"]) if self.header else None
        return self.tip.category.name if kind and kind.categorised else ""

    @property
    def pictures(self) -> int:
        return int(self.header["pictures"]) if self.header else 0


@dataclass(frozen=True)
class Attached:
    """A file of the tip: the original by its part's uuid, and the display copy's uuid if there is one."""

    uuid: UUID
    view: str | None
    name: str = field(repr=False)
    type: str
    size: int
    problem: str = ""

    @property
    def not_shown(self) -> str:
        """Why this picture is not to be seen here, or not all of it; empty for what is shown or is none."""
        return str(NOT_SHOWN.get(self.problem, ""))


@dataclass(frozen=True)
class Entry:
    """One entry of either side; `unit` wrote it, None for the reporter.

    `to` is set on the reason that an officer gave for handing the tip on, or for handling it jointly.
    """

    by_officer: bool
    at: datetime | None
    text: str = field(repr=False)
    unit: Unit | None = None
    to: Unit | None = None
    joint: bool = False
    reporter_reads: bool = True
    files: list[Attached] = field(repr=False, default_factory=list)
    # As of the tip: what the resident chose to attach to it and the portal did not take.
    left_out: list[str] = field(repr=False, default_factory=list)


@dataclass
class OpenedTip:
    """One tip, opened but for the reporter's name and phone."""

    listed: Listed
    message: str = field(repr=False)
    answers: list[Told] = field(repr=False)
    # Those of the tip itself, and of entries that were not handed on to this unit.
    files: list[Attached] = field(repr=False)
    # What the resident chose to attach and the portal did not take, in sentences.
    left_out: list[str] = field(repr=False)
    about: About | None = field(repr=False)
    entries: list[Entry] = field(repr=False)
    # Parts of this unit that do not open: altered, or their key is gone.
    broken: int = 0
    # How many parts of each label were not handed on to this unit.
    missing: Counter[str] = field(default_factory=Counter)
    has_identity: bool = True

    @property
    def all_files(self) -> list[Attached]:
        return [*self.files, *(file for entry in self.entries for file in entry.files)]


def with_headers(tips: "QuerySet[Tip]") -> "QuerySet[Tip]":
    """Fetch what `listed` opens, in a few queries for however many tips."""
    headers = Part.objects.filter(label=Part.Label.HEADER).prefetch_related("keys")
    return tips.select_related("unit", "category").prefetch_related(
        Prefetch("parts", queryset=headers, to_attr="headers"), "holdings"
    )


def listed(request: HttpRequest, tips: Iterable[Tip]) -> list[Listed]:
    """The tips of a page with their headers opened; use `with_headers` for the query."""
    keys: dict[Unit, sealing.Keys] = {}
    rows = []
    units = list(officer_units(request.user))
    for tip in tips:
        standing = standing_of(tip, units)
        if standing is None:
            continue
        if standing.unit not in keys:
            keys[standing.unit] = _keys(request, standing.unit)
        opened, _closed = _open(tip, keys[standing.unit], tip.headers)  # type: ignore[attr-defined]
        rows.append(Listed(tip, opened[0].content if opened else None, standing))
    return rows


def open_tip(request: HttpRequest, tip: Tip, standing: Standing) -> OpenedTip:
    """Open everything of the tip that is sealed to the officer's unit, except the reporter's identity."""
    parts = list(tip.parts.prefetch_related(Prefetch("keys", queryset=_with_units())))
    identities = [part for part in parts if part.label == Part.Label.IDENTITY]
    rest = [part for part in parts if part.label != Part.Label.IDENTITY]
    opened, closed = _open(tip, _keys(request, standing.unit), rest)
    # A unit that was handed a tip may have been given some of it; of the first one, all must open.
    handed = len(tip.holdings.all()) > 1
    missing = [part for part in closed if handed and not _is_for(part, standing.unit)]
    one = {part.part.label: part.content for part in opened}
    units = _units_named(opened)
    files = _files(opened)
    return OpenedTip(
        listed=Listed(tip, one.get(Part.Label.HEADER), standing),
        message=one.get(Part.Label.MESSAGE, {}).get(MESSAGE, ""),
        answers=told(one.get(Part.Label.HEADER, {}).get("kind", ""), one),
        files=files[""],
        left_out=left_out_of(one.get(Part.Label.MESSAGE, {})),
        about=About.of(one.get(Part.Label.MESSAGE, {})),
        entries=[
            Entry(
                by_officer=part.content["by"] == "officer",
                at=_moment(part.content["at"]),
                text=part.content["text"],
                unit=units.get(part.content["unit"]),
                to=units.get(part.content.get("to")),
                joint=part.content.get("joint", False),
                reporter_reads=any(row.unit_key_id is None for row in part.part.keys.all()),
                files=files[str(part.part.uuid)],
                left_out=left_out_of(part.content),
            )
            for part in opened
            if part.part.label == Part.Label.ENTRY
        ],
        broken=len(closed) - len(missing),
        # Of a tip handed on, what was written later is not even counted.
        missing=Counter(part.label for part in missing) if standing.holds else Counter(),
        has_identity=not handed or any(_is_for(part, standing.unit) for part in identities),
    )


def _files(opened: Iterable[sealing.OpenedPart]) -> dict[str, list[Attached]]:
    """The files by the entry that brought them; under "" those of the tip itself, and of no opened entry."""
    opened = list(opened)
    entries = {str(part.part.uuid) for part in opened if part.part.label == Part.Label.ENTRY}
    files: dict[str, list[Attached]] = defaultdict(list)
    for part in opened:
        if part.part.label != Part.Label.FILE:
            continue
        content = part.content
        entry = content.get("entry", "")
        attached = Attached(
            uuid=part.part.uuid,
            view=content["view"],
            name=content["name"],
            type=content["type"],
            size=content["size"],
            problem=content.get("problem", ""),
        )
        files[entry if entry in entries else ""].append(attached)
    return files


def missing_in_words(thread: OpenedTip) -> list[str]:
    """What was not handed on to the unit: "the message, 2 files"."""
    counts = thread.missing
    words = [
        str(name)
        for label, name in ((Part.Label.MESSAGE, _("the message")), (Part.Label.PLACE, _("the place")))
        if counts[label]
    ]
    if counts[Part.Label.FILE]:
        words.append(
            ngettext("%(count)s file", "%(count)s files", counts[Part.Label.FILE])
            % {"count": counts[Part.Label.FILE]}
        )
    if counts[Part.Label.ENTRY]:
        words.append(str(_("what was written before")))
    return words


def _with_units() -> "QuerySet[PartKey]":
    return PartKey.objects.annotate(recipient=F("unit_key__unit"))


def _is_for(part: Part, unit: Unit) -> bool:
    return any(row.recipient == unit.pk for row in part.keys.all())  # type: ignore[attr-defined]


def _units_named(parts: Iterable[sealing.OpenedPart]) -> dict[str | None, Unit]:
    """The units that entries name, by their uuid as text."""
    entries = [part.content for part in parts if part.part.label == Part.Label.ENTRY]
    named = {entry.get(name) for entry in entries for name in ("unit", "to")} - {None}
    return {str(unit.uuid): unit for unit in Unit.objects.filter(uuid__in=named)}


def open_identity(request: HttpRequest, tip: Tip, unit: Unit) -> list[Told] | None:
    """What the reporter said of himself, perhaps nothing; None if it cannot be opened."""
    parts = tip.parts.filter(label=Part.Label.IDENTITY).prefetch_related("keys")
    opened, _closed = _open(tip, _keys(request, unit), parts)
    return told("", {Part.Label.IDENTITY: opened[0].content}) if opened else None


def open_stored(request: HttpRequest, part: Part, unit: Unit) -> sealing.OpenedPart | None:
    """One file or display copy, ready for `sealing.open_file`; None if it cannot be opened."""
    opened, _closed = _open(part.tip, _keys(request, unit), [part])
    return opened[0] if opened else None


def _keys(request: HttpRequest, unit: Unit) -> sealing.Keys:
    """The unit's private keys, or none of them when the server's keyring does not unwrap them."""
    try:
        return private_keys(request, unit)
    except vault.VaultError:
        return {}


def _open(tip: Tip, keys: sealing.Keys, parts: Iterable[Part]) -> tuple[list[sealing.OpenedPart], list[Part]]:
    """The parts that open, and those that do not: one altered part hides no other."""
    opened: list[sealing.OpenedPart] = []
    closed: list[Part] = []
    for part in parts:
        try:
            found = sealing.open_parts(tip, keys, [part])
        except vault.OpenError:
            found = []
        opened += found
        if not found:
            closed.append(part)
    return opened, closed


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
