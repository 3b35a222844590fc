"""The conversation of a tip: entries of both sides, each a sealed part of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Literal
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from communes.models import Unit

from .. import audit, vault
from ..models import AuditEntry, Part, Tip
from ..uploads import Refused
from .attachments import Attachment, seal_attachment
from .holders import NoLongerHeld, holders, locked, recipient_keys
from .sealing import discard_files, seal_part

Side = Literal["officer", "reporter"]


@dataclass(frozen=True)
class Files:
    """The files of an entry: what is sealed with it, what is not, and what went up ahead of its form."""

    attachments: Sequence[Attachment] = ()
    left_out: Sequence[Refused] = field(repr=False, default=())
    uploads: Sequence[UUID] = ()

    def said(self) -> list[str]:
        """What tells them from other files of the same form, also once those that went up before are gone."""
        with_form = [file.mark for file in self.attachments if not file.handle]
        return [*sorted(upload.hex for upload in self.uploads), *with_form]


class NothingSaid(Exception):
    """An entry without words or files."""


def digest_of(nonce: str, *said: str) -> str:
    """What tells a second click from other words out of the same form."""
    return blake2b(vault.packed(*(each.encode() for each in (nonce, *said))), digest_size=16).hexdigest()


def entry_uuid(tip: Tip, by: Side, nonce: str, *said: str) -> UUID:
    """The part that a form with this nonce writes when it says this: one for all its clicks.

    Other words are another part, and so are the other side's.
    """
    return uuid5(tip.uuid, f"{by}:{digest_of(nonce, *said)}")


def entry_content(by: Side, text: str, unit: Unit | None, **more: Any) -> dict[str, Any]:
    """An entry as it is sealed. `unit` is the officer's, None for the reporter."""
    now = timezone.localtime().isoformat(timespec="seconds")
    return {"v": 1, "by": by, "unit": str(unit.uuid) if unit else None, "at": now, "text": text, **more}


def add_entry(
    tip: Tip,
    by: Side,
    text: str,
    nonce: str,
    *,
    files: Files | None = None,
    actor: Any = None,
    unit: Unit | None = None,
) -> bool:
    """Seal `text` and `files` to every unit that holds the tip now and to the reporter, and record it.

    False for a second click: the same words and files under the same `nonce`, the one that the form was drawn
    with. Other words or files are another entry. `actor` is the officer, who writes for `unit`, by default
    the responsible one; None for the reporter. Raises NoLongerHeld when the tip was taken back or handed on
    in the meantime, vault.VaultError when nobody has a key, NothingSaid when there are neither words nor
    files to store, and the storage's errors.
    """
    files = files or Files()
    uuid = entry_uuid(tip, by, nonce, text, *files.said())
    if Part.objects.filter(uuid=uuid).exists():
        return False
    if not text and not files.attachments:
        raise NothingSaid
    # Before the transaction: decoding pictures takes seconds, in which nobody else could write to SQLite.
    for attachment in files.attachments:
        attachment.view  # noqa: B018 - made now, and kept
    parts: list[Part] = []
    try:
        with transaction.atomic():
            held = locked(tip)
            if Part.objects.filter(uuid=uuid).exists():
                return False
            units = holders(held)
            writer = unit or held.unit
            if writer not in units:
                raise NoLongerHeld
            content = entry_content(by, text, writer if by == "officer" else None, **_told_of(files))
            unit_keys = recipient_keys(units)
            seal_part(held, Part.Label.ENTRY, content, unit_keys, uuid=uuid)
            for attachment in files.attachments:
                seal_attachment(held, attachment, unit_keys, parts, entry=uuid)
            if by == "officer":
                audit.record(held, AuditEntry.Action.REPLIED, actor=actor, unit=writer)
            else:
                for each in units:
                    audit.record(held, AuditEntry.Action.REPORTER_WROTE, unit=each)
    except BaseException as error:
        discard_files(part.object_name for part in parts)
        # Both clicks passed the look above; the other one has written it, and taken the files that waited.
        second = isinstance(error, IntegrityError | OSError | vault.OpenError)
        if second and Part.objects.filter(uuid=uuid).exists():
            return False
        raise
    return True


def _told_of(files: Files) -> dict[str, Any]:
    return {"left_out": [[file.name, file.reason] for file in files.left_out]} if files.left_out else {}
