"""Parts of a tip: sealing them to their recipients, and opening them with a recipient's private key.

Form, look-up and inbox all go through it.
"""

import logging
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from django.core.files.base import File
from django.core.files.storage import storages

from .. import vault
from ..keys.ring import is_reporters
from ..models import Part, PartKey, Tip, UnitKey

logger = logging.getLogger(__name__)

# Private keys by UnitKey id; the reporter's own stands under None, as in PartKey.unit_key.
Keys = Mapping[int | None, bytes]


@dataclass
class OpenedPart:
    """A part in memory. `content` is its JSON; `key` opens its file, if it has one."""

    part: Part
    content: Any
    key: bytes


def context_of(part: Part) -> vault.Context:
    """What the part and its keys are bound to; `part.tip` is read."""
    return _context(part.tip, part.uuid, part.label, part.version)


def _context(tip: Tip, part_uuid: UUID, label: str, version: int = 1) -> vault.Context:
    return vault.Context(tip=tip.uuid, unit=tip.received_by, part=part_uuid, label=label, version=version)


def seal_part(
    tip: Tip,
    label: str,
    content: Any,
    unit_keys: Iterable[UnitKey],
    *,
    uuid: UUID | None = None,
    file: BinaryIO | None = None,
    reporter: bool = True,
) -> Part:
    """Store one part of a saved tip, sealed to the units' keys and, unless told otherwise, the reporter's.

    `file`, if given, is sealed as it is read, 64 KiB at a time, and stored under a random name. Raises
    OSError or the storage's own error when it cannot be written, and then leaves no object; a transaction
    around it is the caller's, and so is `discard_files` when that transaction fails later.
    """
    uuid = uuid or uuid4()
    context = _context(tip, uuid, label)
    part_key = vault.new_part_key()
    part = Part(tip=tip, uuid=uuid, label=label, sealed=vault.seal_json(content, context, part_key))
    if file is not None:
        part.object_name = store(file, _context(tip, uuid, f"{label}-content"), part_key, object_name())
    recipients: list[tuple[UnitKey | None, bytes]] = [(key, key.public_key) for key in unit_keys]
    if reporter and is_reporters(tip):
        recipients.append((None, tip.reporter_public_key))
    elif reporter:
        logger.error("The reporter's key of tip %s was not written by this portal: passed over", tip.pk)
    try:
        part.save()
        PartKey.objects.bulk_create(
            PartKey(part=part, unit_key=key, sealed_key=vault.seal_key(part_key, bytes(public), context))
            for key, public in recipients
        )
    except BaseException:
        discard_files([part.object_name])
        raise
    return part


def open_parts(tip: Tip, keys: Keys, parts: Iterable[Part]) -> list[OpenedPart]:
    """The parts that one of `keys` opens, in their order; parts of other recipients are left out.

    Prefetch `keys` of the parts. Raises vault.OpenError when a part was altered or moved.
    """
    opened = []
    for part in parts:
        context = _context(tip, part.uuid, part.label, part.version)
        for row in part.keys.all():
            if row.unit_key_id in keys:
                part_key = vault.open_key(bytes(row.sealed_key), keys[row.unit_key_id], context)
                content = vault.open_json(bytes(part.sealed), context, part_key)
                opened.append(OpenedPart(part, content, part_key))
                break
    return opened


def hand_over(tip: Tip, keys: Keys, parts: Iterable[Part], unit_key: UnitKey) -> None:
    """Let one more unit open these parts: their keys, opened with `keys`, are sealed to its key as well.

    Prefetch `keys` of the parts. What the unit can open already, and what `keys` do not open, is left as it
    is. Raises vault.OpenError when a part was altered or moved.
    """
    rows = []
    for part in parts:
        context = _context(tip, part.uuid, part.label, part.version)
        held = {row.unit_key_id: row for row in part.keys.all()}
        own = next((held[recipient] for recipient in held if recipient in keys), None)
        if own is not None and unit_key.pk not in held:
            part_key = vault.open_key(bytes(own.sealed_key), keys[own.unit_key_id], context)
            sealed_key = vault.seal_key(part_key, bytes(unit_key.public_key), context)
            rows.append(PartKey(part=part, unit_key=unit_key, sealed_key=sealed_key))
    PartKey.objects.bulk_create(rows)


def open_file(opened: OpenedPart) -> vault.StreamReader:
    """A reader of the part's file; any range of it can be read. The caller closes its file object."""
    stored = storages["tips"].open(opened.part.object_name, "rb")
    tip = opened.part.tip
    return vault.StreamReader(
        stored, _context(tip, opened.part.uuid, f"{opened.part.label}-content"), opened.key
    )


def discard_files(names: Iterable[str]) -> None:
    """Delete sealed objects whose rows were never written; empty names are passed over. Raises nothing."""
    for name in filter(None, names):
        try:
            storages["tips"].delete(name)
        except Exception as error:  # noqa: BLE001 - what went wrong before this is what the caller must hear
            logger.error("A sealed object could not be discarded: %s", type(error).__name__)


def object_name() -> str:
    """A name for a sealed object, drawn by lot."""
    digits = secrets.token_hex(20)
    return f"{digits[:2]}/{digits[2:]}"


def store(file: BinaryIO, context: vault.Context, key: bytes, name: str) -> str:
    """Seal a file as it is read and store it; the name of the object. What fails leaves none."""
    # What waits in the temporary file is sealed already.
    with tempfile.TemporaryFile() as sealed:
        with vault.SealingWriter(sealed, context, key) as writer:
            while chunk := file.read(vault.CHUNK):
                writer.write(chunk)
        sealed.seek(0)
        try:
            return storages["tips"].save(name, File(sealed))
        except BaseException:
            discard_files([name])  # a disk that filled up holds the part that fitted
            raise
