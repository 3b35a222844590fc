"""Tips opened for an officer: what the list and the thread show. Nothing here is stored or logged."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from communes.models import Unit

from .. import sealing, vault
from ..forms import TIMES
from ..keys import private_keys
from ..models import Part, Tip

KINDS = {"tip": _("Tip"), "question": _("Question"), "appointment": _("Appointment")}


@dataclass(frozen=True)
class Listed:
    """A tip in the list. `header` is None when it could not be opened."""

    tip: Tip
    header: dict[str, Any] | None = field(repr=False)

    @property
    def received(self) -> datetime | None:
        return _moment(self.header["received"]) if self.header else None

    @property
    def kind(self) -> str:
        if self.header is None:
            return str(_("cannot be opened"))
        return str(KINDS.get(self.header["kind"], self.header["kind"]))

    @property
    def files(self) -> int:
        return int(self.header["files"]) if self.header else 0

    @property
    def category(self) -> str:
        """Of a tip; questions and appointments are filed under one only so that the column tells nothing."""
        return self.tip.category.name if self.header and self.header["kind"] == "tip" else ""

    @property
    def pictures(self) -> int:
        return int(self.header["pictures"]) if self.header else 0


@dataclass(frozen=True)
class Entry:
    by_officer: bool
    at: datetime | None
    text: str = field(repr=False)


@dataclass(frozen=True)
class Attached:
    """A file of the tip: the original by its part's uuid, and the display copy's uuid if there is one."""

    uuid: UUID
    view: str | None
    name: str = field(repr=False)
    type: str
    size: int


@dataclass
class Thread:
    """One tip, opened but for the reporter's name and phone."""

    listed: Listed
    message: dict[str, Any] = field(repr=False)
    place: str = field(repr=False)
    files: list[Attached] = field(repr=False)
    entries: list[Entry] = field(repr=False)
    # Parts of this unit that do not open: altered, or their key is gone.
    broken: int = 0

    @property
    def preferred_day(self) -> date | str:
        """The day that the resident would like to come, as a date where it is one."""
        text = self.message.get("preferred_day", "")
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text

    @property
    def preferred_time(self) -> str:
        return str(dict(TIMES).get(self.message.get("preferred_time", ""), ""))


def with_headers(tips: "QuerySet[Tip]") -> "QuerySet[Tip]":
    """Fetch what `listed` opens, in two queries for however many tips."""
    headers = Part.objects.filter(label=Part.Label.HEADER).prefetch_related("keys")
    return tips.select_related("unit", "category").prefetch_related(
        Prefetch("parts", queryset=headers, to_attr="headers")
    )


def listed(request: HttpRequest, tips: Iterable[Tip]) -> list[Listed]:
    """The tips of a page with their headers opened; use `with_headers` for the query."""
    keys: dict[Unit, sealing.Keys] = {}
    rows = []
    for tip in tips:
        if tip.unit not in keys:
            keys[tip.unit] = _keys(request, tip.unit)
        opened, _broken = _open(tip, keys[tip.unit], tip.headers)  # type: ignore[attr-defined]
        rows.append(Listed(tip, opened[0].content if opened else None))
    return rows


def open_thread(request: HttpRequest, tip: Tip) -> Thread:
    """Open everything of the tip that is sealed to its unit, except the reporter's identity."""
    parts = tip.parts.exclude(label=Part.Label.IDENTITY).prefetch_related("keys")
    opened, broken = _open(tip, _keys(request, tip.unit), parts)
    one = {part.part.label: part.content for part in opened}
    return Thread(
        listed=Listed(tip, one.get(Part.Label.HEADER)),
        message=one.get(Part.Label.MESSAGE, {}),
        place=one.get(Part.Label.PLACE, {}).get("place", ""),
        files=[
            Attached(
                uuid=part.part.uuid,
                view=part.content["view"],
                name=part.content["name"],
                type=part.content["type"],
                size=part.content["size"],
            )
            for part in opened
            if part.part.label == Part.Label.FILE
        ],
        entries=[
            Entry(part.content["by"] == "officer", _moment(part.content["at"]), part.content["text"])
            for part in opened
            if part.part.label == Part.Label.ENTRY
        ],
        broken=broken,
    )


def open_identity(request: HttpRequest, tip: Tip) -> dict[str, str] | None:
    """The reporter's `name` and `phone`, both perhaps empty; None if they cannot be opened."""
    parts = tip.parts.filter(label=Part.Label.IDENTITY).prefetch_related("keys")
    opened, _broken = _open(tip, _keys(request, tip.unit), parts)
    return opened[0].content if opened else None


def open_stored(request: HttpRequest, part: Part) -> sealing.OpenedPart | None:
    """One file or display copy, ready for `sealing.open_file`; None if it cannot be opened."""
    opened, _broken = _open(part.tip, _keys(request, part.tip.unit), [part])
    return opened[0] if opened else None


def _keys(request: HttpRequest, unit: Unit) -> sealing.Keys:
    """The unit's private keys, or none of them when the server's keyring does not unwrap them."""
    try:
        return private_keys(request, unit)
    except vault.VaultError:
        return {}


def _open(tip: Tip, keys: sealing.Keys, parts: Iterable[Part]) -> tuple[list[sealing.OpenedPart], int]:
    """The parts that open, and how many do not though they should: one altered part hides no other."""
    opened: list[sealing.OpenedPart] = []
    broken = 0
    for part in parts:
        try:
            found = sealing.open_parts(tip, keys, [part])
        except vault.OpenError:
            found = []
        opened += found
        broken += not found
    return opened, broken


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
