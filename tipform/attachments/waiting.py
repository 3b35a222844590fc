"""Files that wait for their form, a day at most, sealed in pieces under a key that the form alone has."""

import io
import logging
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, BinaryIO, Self
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from .. import vault
from ..box.file_types import HEAD_BYTES, type_of
from ..box.leftovers import erase, leave
from ..box.sealing import discard_files, object_name, store
from ..keyring import keyring
from ..models import WaitingPiece, WaitingUpload
from ..uploads import ReadAnywhere

logger = logging.getLogger(__name__)

WAITS = timedelta(hours=24)
# Of one file. A line that breaks off so often brings none; single bytes would fill the tables.
MOST_PIECES = 1000
EXPIRED_AT_ONCE = 500


class NotThere(Exception):
    """Unknown, expired, or of another key: nobody is told which."""


class NoRoom(Exception):
    """What waits fills all that it may."""


class OtherOffset(Exception):
    """The bytes do not begin where the file ends by now."""


class TooLong(Exception):
    """More bytes, or more pieces, than belong to the file."""


class NotTaken(Exception):
    """Its first bytes say that it is no file that residents can attach. Nothing of it is left."""


@dataclass(frozen=True)
class Handle:
    """What a form carries of a file that waits: `<uuid>.<key>.<name>`, the first two in hexadecimal."""

    uuid: UUID
    key: bytes = field(repr=False)
    name: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self | None:
        match = re.fullmatch(r"([0-9a-f]{32})\.([0-9a-f]{64})\.(.*)", text, re.DOTALL)
        return cls(UUID(match[1]), bytes.fromhex(match[2]), match[3]) if match else None

    def __str__(self) -> str:
        return f"{self.uuid.hex}.{self.key.hex()}.{self.name}"


def create(length: int, key: bytes) -> WaitingUpload:
    """A file of `length` bytes, of which none is here yet; `key` has 32 bytes. Raises NoRoom."""
    _ask_for_room(length)
    uuid = uuid4()
    return WaitingUpload.objects.create(uuid=uuid, key_mac=_key_mac(uuid, key), length=length)


def find(uuid: UUID, key: bytes) -> WaitingUpload:
    """Raises NotThere."""
    upload = found([Handle(uuid, key, "")]).get(uuid)
    if upload is None:
        raise NotThere
    return upload


def found(handles: Collection[Handle]) -> dict[UUID, WaitingUpload]:
    """Those of the files that are there and whose key is right."""
    since = timezone.now() - WAITS
    uploads = WaitingUpload.objects.filter(created__gt=since).in_bulk([handle.uuid for handle in handles])
    return {
        handle.uuid: uploads[handle.uuid]
        for handle in handles
        if handle.uuid in uploads and _is_its_key(uploads[handle.uuid], handle.key)
    }


def append(upload: WaitingUpload, key: bytes, start: int, data: bytes) -> int:
    """Keep the bytes that follow `start`; how many of the file are here now.

    Raises OtherOffset, also for the later of two that come at one moment, TooLong, NotTaken, NoRoom, NotThere
    if it was deleted meanwhile, and the storage's errors.
    """
    if start != upload.received:
        raise OtherOffset
    end = start + len(data)
    if end > upload.length or upload.pieces.count() >= MOST_PIECES:
        raise TooLong
    if not data:
        return end
    _ask_for_room(len(data))
    if start < HEAD_BYTES and end >= min(HEAD_BYTES, upload.length):
        head = b"".join(_Waiting(upload, key).pieces_up_to(start)) + data
        if type_of(io.BytesIO(head)) is None:
            discard([upload.uuid])
            raise NotTaken
    _keep(upload, key, start, io.BytesIO(data), len(data))
    return end


def keep(file: BinaryIO, size: int, name: str) -> Handle:
    """Let a file wait that came with a form which is given back. Raises as `append` does."""
    key = vault.new_part_key()
    upload = create(size, key)
    file.seek(0)
    _keep(upload, key, 0, file, size)
    return Handle(upload.uuid, key, name)


def opened(upload: WaitingUpload, key: bytes) -> io.BufferedReader:
    """The bytes of a file that is whole, to be read at any position."""
    return io.BufferedReader(_Waiting(upload, key), vault.CHUNK)


def discard(uuids: Iterable[UUID]) -> None:
    """Erase the files and all that is known of them."""
    with transaction.atomic():
        # A piece that arrives at this moment waits, and then finds nothing that it belongs to.
        uploads = WaitingUpload.objects.filter(pk__in=list(uuids))
        held = list(uploads.select_for_update().order_by("pk"))
        names = list(WaitingPiece.objects.filter(upload__in=held).values_list("object_name", flat=True))
        leave(names)
        WaitingUpload.objects.filter(pk__in=[upload.pk for upload in held]).delete()
    erase(names)


def expire() -> None:
    """Erase what has waited for a day; for the scheduled jobs."""
    over = WaitingUpload.objects.filter(created__lte=timezone.now() - WAITS)
    discard(list(over.values_list("pk", flat=True)[:EXPIRED_AT_ONCE]))


def _key_mac(uuid: UUID, key: bytes) -> bytes:
    return keyring().mac(vault.UPLOAD, vault.packed(uuid.bytes, key))


def _is_its_key(upload: WaitingUpload, key: bytes) -> bool:
    return keyring().verify(vault.UPLOAD, vault.packed(upload.uuid.bytes, key), bytes(upload.key_mac))


def _ask_for_room(size: int) -> None:
    """Two that come at one moment may both find room, so the most may be passed by a few megabytes."""
    waiting = WaitingUpload.objects.aggregate(total=Sum("received"))["total"] or 0
    if waiting + size > settings.TIP_UPLOADS_MAX_BYTES:
        logger.error(
            "Files wait for their forms with %s MB, so that no other finds room: see TIP_UPLOADS_MAX_MB",
            waiting // (1024 * 1024),
        )
        raise NoRoom


def _keep(upload: WaitingUpload, key: bytes, start: int, file: BinaryIO, size: int) -> None:
    try:
        piece = WaitingPiece.objects.create(upload=upload, start=start, object_name=object_name())
    except IntegrityError:
        raise NotThere from None
    stored = ""
    try:
        stored = store(file, _context(upload, start), key, piece.object_name)
        with transaction.atomic():
            # In one statement, so that of two pieces which begin at one place one counts.
            here = WaitingUpload.objects.filter(pk=upload.pk, received=start)
            if not here.update(received=start + size):
                raise OtherOffset
            WaitingPiece.objects.filter(pk=piece.pk).update(size=size, object_name=stored)
    except BaseException:
        discard_files([stored])
        WaitingPiece.objects.filter(pk=piece.pk).delete()
        raise


def _context(upload: WaitingUpload, start: int) -> vault.Context:
    part = uuid5(upload.uuid, str(start))
    return vault.Context(tip=upload.uuid, unit=upload.uuid, part=part, label="waiting", version=1)


class _Waiting(ReadAnywhere):
    """The pieces of a file, one behind the other; one of them is open at a time."""

    def __init__(self, upload: WaitingUpload, key: bytes) -> None:
        self.size = upload.received
        self._upload, self._key = upload, key
        self._pieces = list(upload.pieces.filter(size__gt=0))
        self._open: WaitingPiece | None = None
        self._file: File[Any] | None = None
        self._reader: vault.StreamReader | None = None

    def pieces_up_to(self, end: int) -> Iterator[bytes]:
        return self._range(0, end)

    def _range(self, start: int, end: int) -> Iterator[bytes]:
        for piece in self._pieces:
            first = max(start, piece.start)
            last = min(end, piece.start + piece.size)
            if first < last:
                yield from self._reader_of(piece).read_range(first - piece.start, last - piece.start)

    def _reader_of(self, piece: WaitingPiece) -> vault.StreamReader:
        if self._reader is None or self._open is not piece:
            self._close_piece()
            file = storages["tips"].open(piece.object_name, "rb")
            self._reader = vault.StreamReader(file, _context(self._upload, piece.start), self._key)
            self._file = file
            self._open = piece
        return self._reader

    def _close_piece(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = self._reader = self._open = None

    def close(self) -> None:
        self._close_piece()
        super().close()
