"""A file that is attached to a tip, or to a later entry of it: what is known of it, and how it is sealed."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import BinaryIO
from uuid import UUID, uuid4

from .. import vault
from ..models import Part, Tip, UnitKey
from .file_types import Type
from .files import View, view_of
from .sealing import seal_part


@dataclass(frozen=True)
class Attachment:
    name: str
    type: Type
    size: int
    file: BinaryIO = field(repr=False)
    # Of a file that went up ahead of its form, what the form calls it (`tipform.attachments.waiting`).
    handle: str = field(repr=False, default="")

    @cached_property
    def view(self) -> View:
        """Made once, when it is first asked for: that takes up to seconds."""
        return view_of(self.file, self.type)

    @cached_property
    def mark(self) -> str:
        """By which the file is known when its form is sent again: its id, as it may be gone, or a hash."""
        if self.handle:
            return self.handle.partition(".")[0]
        hashed = blake2b(digest_size=32)
        self.file.seek(0)
        while chunk := self.file.read(vault.CHUNK):
            hashed.update(chunk)
        return hashed.hexdigest()


def seal_attachment(
    tip: Tip,
    attachment: Attachment,
    unit_keys: Sequence[UnitKey],
    parts: list[Part],
    *,
    entry: UUID | None = None,
) -> None:
    """Seal the file and its display copy as two parts of the tip, of the `entry` if one brought them.

    Each part is added to `parts` once it is stored, so that the caller can discard its object. Ask for
    `attachment.view` before the transaction begins. Raises as `seal_part` does.
    """
    view = attachment.view
    view_uuid = uuid4() if view.jpeg is not None else None
    content = {
        "v": 1,
        "name": attachment.name,
        "type": attachment.type.mime,
        "size": attachment.size,
        "view": str(view_uuid) if view_uuid else None,
        **({"problem": view.problem} if view.problem else {}),
        **({"entry": str(entry)} if entry else {}),
    }
    attachment.file.seek(0)
    parts.append(seal_part(tip, Part.Label.FILE, content, unit_keys, file=attachment.file))
    if view.jpeg is not None:
        shown = {"v": 1, "name": attachment.name, "type": "image/jpeg", "size": len(view.jpeg)}
        jpeg = io.BytesIO(view.jpeg)
        parts.append(seal_part(tip, Part.Label.VIEW, shown, unit_keys, uuid=view_uuid, file=jpeg))
