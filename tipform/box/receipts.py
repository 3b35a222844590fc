"""What a receipt says, read from the tip itself: the first time and every other time it is the same page."""

from dataclasses import dataclass, field
from typing import Any

from communes.models import Unit
from home.pictures import Problem

from .. import vault
from ..kinds import ANSWERS, KINDS, Kind
from ..models import Part
from .files import KEPT_UNSEEN, left_out_of
from .reporter import find
from .sealing import open_parts

_READ = (Part.Label.HEADER, Part.Label.MESSAGE, Part.Label.IDENTITY, Part.Label.FILE)


@dataclass(frozen=True)
class Receipt:
    """`code` is four by four. `unseen` are files of which officers see no copy, with what is said of each."""

    code: str = field(repr=False)
    reader: Unit
    kind: Kind | None
    # Whether it passed over the commune on whose page it was written.
    passed_over: bool
    callback: bool
    unseen: list[tuple[str, Any]] = field(repr=False)
    left_out: list[str] = field(repr=False)


def read_receipt(code: str) -> Receipt | None:
    """The receipt of the tip that this code opens; None if there is none. Raises vault.OpenError."""
    reporter = find(code)
    if reporter is None:
        return None
    tip = reporter.tip
    parts = tip.parts.filter(label__in=_READ).prefetch_related("keys")
    contents: dict[str, list[Any]] = {label: [] for label in _READ}
    for opened in open_parts(tip, {None: reporter.private_key}, parts):
        contents[opened.part.label].append(opened.content)
    header, message, identity = (contents[label][0] for label in _READ[:3])
    return Receipt(
        code=vault.display(code),
        reader=Unit.objects.get(uuid=tip.received_by),
        kind=KINDS.get(header["kind"]),
        passed_over="page" in header,
        callback=any(identity.get(answer.name) for answer in ANSWERS.values() if answer.input == "phone"),
        unseen=[
            (file["name"], KEPT_UNSEEN[Problem(file["problem"])])
            for file in contents[Part.Label.FILE]
            if "problem" in file and "entry" not in file
        ],
        left_out=left_out_of(message),
    )
