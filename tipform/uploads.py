"""How uploaded files arrive: the portal's only upload handler, for tips and for the admin alike.

Not one uploaded byte reaches a disk in the clear, not even for the time of the request: a small file stays in
memory, a larger one waits encrypted in a nameless temporary file under a key that only this process knows.
What cannot be taken is read to its end and noted, so that the text next to it survives.
"""

import io
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from . import vault

MAX_FILES = 10  # in one request: the photos of a quick post; the tip form takes fewer
MAX_FILE_BYTES = 25 * 1024 * 1024
_IN_MEMORY = 64 * 1024
NAME_LENGTH = 120
NAMES_NOTED = 20
_TAIL_BYTES = 512  # holds the closing boundary, of at most 205 bytes, and what may follow it


class ReadAnywhere(io.RawIOBase):
    """Bytes that lie sealed, read at any position. A subclass sets `size` and says what lies in a range."""

    size = 0
    _position = 0

    def _range(self, start: int, end: int) -> Iterator[bytes]:
        raise NotImplementedError

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        end = min(self._position + len(buffer), self.size)
        filled = 0
        for piece in self._range(min(self._position, end), end):
            buffer[filled : filled + len(piece)] = piece
            filled += len(piece)
        self._position += filled
        return filled

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("A position before the start of the file")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        return self._position


class _Sealed(ReadAnywhere):
    """The bytes of one upload: written once from start to end, then read."""

    def __init__(self) -> None:
        self._memory = bytearray()
        self._file: IO[bytes] | None = None
        self._writer: vault.SealingWriter | None = None
        self._reader: vault.StreamReader | None = None
        self._key = vault.new_part_key()
        self._context = vault.Context(tip=uuid4(), unit=uuid4(), part=uuid4(), label="upload", version=1)

    def take(self, data: bytes) -> None:
        """Append. Raises OSError when the disk is full."""
        self.size += len(data)
        if self._writer is not None:
            self._writer.write(data)
            return
        self._memory += data
        if len(self._memory) > _IN_MEMORY:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the upload
            self._writer = vault.SealingWriter(self._file, self._context, self._key)
            self._writer.write(self._memory)
            self._memory.clear()

    def finish(self) -> None:
        """Write the last bytes; from here on it is read only. Raises OSError when the disk is full."""
        if self._writer is not None and self._file is not None:
            self._writer.close()
            self._file.flush()
            self._reader = vault.StreamReader(self._file, self._context, self._key)

    def _range(self, start: int, end: int) -> Iterator[bytes]:
        if self._reader is not None:
            return self._reader.read_range(start, end)
        return iter([bytes(self._memory[start:end])])

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._memory.clear()
        super().close()


class EncryptedUpload(UploadedFile):
    """An uploaded file that Django's forms, Pillow and Wagtail read like any other. It has no path."""

    def open(self, mode: str | None = None, *args: Any, **kwargs: Any) -> "EncryptedUpload":
        self.seek(0)
        return self


@dataclass(frozen=True)
class Refused:
    """A file that was not kept, and why. The reasons are stored with tips: they stay as they are."""

    TOO_LARGE, TOO_MANY, NO_ROOM = "too-large", "too-many", "no-room"
    EMPTY, OTHER_TYPE = "empty", "other-type"  # told by the form that asked for it
    NOT_WHOLE = "not-whole"  # broke off, or the file that was to wait for its form is not there

    name: str
    reason: str


class _Watched:
    """A request's stream that remembers how it ended."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.tail = b""

    def read(self, *size: int) -> bytes:
        data: bytes = self._stream.read(*size)
        self.tail = (self.tail + data[-_TAIL_BYTES:])[-_TAIL_BYTES:]
        return data

    def readline(self, *size: int) -> bytes:
        data: bytes = self._stream.readline(*size)
        self.tail = (self.tail + data[-_TAIL_BYTES:])[-_TAIL_BYTES:]
        return data

    def close(self) -> None:
        self._stream.close()


class EncryptedUploadHandler(FileUploadHandler):
    """Keeps up to MAX_FILES files of MAX_FILE_BYTES, encrypted, and notes the others in `refused`."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.refused: list[Refused] = []
        self.offered = 0
        self.truncated = False
        self._kept = 0
        self._watched: _Watched | None = None
        self._closing = b""
        self.file = _Sealed()

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        # A connection that breaks off ends the body early, and Django's parser takes what came for the whole.
        if isinstance(input_data, HttpRequest):
            self._watched = _Watched(input_data._stream)
            input_data._stream = self._watched  # type: ignore[assignment]
            self._closing = b"--" + boundary + b"--"

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.offered += 1
        self.file = _Sealed()
        if self._kept == MAX_FILES:
            self._refuse(Refused.TOO_MANY)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.file.size + len(raw_data) > MAX_FILE_BYTES:
            self._refuse(Refused.TOO_LARGE)
        try:
            self.file.take(raw_data)
        except OSError:
            self._refuse(Refused.NO_ROOM)

    def file_complete(self, file_size: int) -> EncryptedUpload | None:
        try:
            self.file.finish()
        except OSError:
            self.file.close()
            self._note(Refused.NO_ROOM)
            return None
        self._kept += 1
        return EncryptedUpload(
            io.BufferedReader(self.file, _IN_MEMORY),
            self.file_name,
            self.content_type,
            self.file.size,
            self.charset,
            self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        # Also after a file that was refused, if it was the last one: that is noted already.
        if not self.file.closed:
            self.file.close()
            self._note(Refused.NOT_WHOLE)

    def upload_complete(self) -> None:
        if self._watched is not None:
            self.truncated = self._closing not in self._watched.tail

    def _refuse(self, reason: str) -> None:
        self._note(reason)
        raise SkipFile  # the parser closes the file and reads on to the next part

    def _note(self, reason: str) -> None:
        if len(self.refused) < NAMES_NOTED:
            self.refused.append(Refused((self.file_name or "")[:NAME_LENGTH], reason))


def measured(stream: Any, max_bytes: int) -> tuple[io.BufferedReader, int] | None:
    """A body of unknown length, kept like an upload, and its length; None if that is over `max_bytes`.

    Raises OSError when it breaks off or the disk is full.
    """
    body = _Sealed()
    while piece := stream.read(_IN_MEMORY):
        if body.size + len(piece) > max_bytes:
            body.close()
            return None
        body.take(piece)
    body.finish()
    return io.BufferedReader(body, _IN_MEMORY), body.size


def _handler(request: HttpRequest) -> EncryptedUploadHandler | None:
    for handler in request.upload_handlers:
        if isinstance(handler, EncryptedUploadHandler):
            return handler
    return None


def refused(request: HttpRequest) -> list[Refused]:
    """The files of this request that were not kept, the first twenty of them."""
    handler = _handler(request)
    return handler.refused if handler else []


def offered(request: HttpRequest) -> int:
    """How many files the request brought, kept or not."""
    handler = _handler(request)
    return handler.offered if handler else 0


def truncated(request: HttpRequest) -> bool:
    """Whether the body ended before its end: the connection broke off. Call it after `request.POST`."""
    if request.content_type == "multipart/form-data":
        handler = _handler(request)
        return handler is not None and handler.truncated
    if request.content_type == "application/x-www-form-urlencoded":
        return len(request.body) < int(request.META.get("CONTENT_LENGTH") or 0)
    return False
