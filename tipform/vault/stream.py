"""Files, sealed and opened chunk by chunk (STREAM over XChaCha20-Poly1305), in the memory of a few chunks."""

import os
from collections.abc import Iterator
from typing import IO, Self

from nacl.utils import random

from .envelope import Context
from .errors import OpenError, VaultError
from .primitives import TAG_BYTES, VERSION, decrypt, encrypt

CHUNK = 64 * 1024  # bytes of plaintext; every chunk but the last is full
_SEALED_CHUNK = CHUNK + TAG_BYTES
_PREFIX_BYTES = 19
_HEADER_BYTES = len(VERSION) + _PREFIX_BYTES
_KIND = b"file" + VERSION


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


class SealingWriter:
    """Seals what is written into ``fileobj``, up to 2**32 chunks (256 TiB), under the key of its part.

    A context manager. ``close`` writes the last chunk and makes the file whole; leaving the block by an
    exception does not, so what broke off can never be opened. ``fileobj`` (buffered, binary) is not closed;
    its errors pass through. Raises VaultError for a key that has not 32 bytes and for a write after the end.
    """

    def __init__(self, fileobj: IO[bytes], context: Context, key: bytes) -> None:
        self._file = fileobj
        self._associated = _KIND + context.encode()
        self._key = key
        self._prefix = random(_PREFIX_BYTES)
        self._number = 0
        self._pending = bytearray()
        self._closed = False
        fileobj.write(VERSION + self._prefix)

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Take ``data`` of any length and return its length in bytes."""
        if self._closed:
            raise VaultError("The sealed file is closed")
        for start in range(0, len(data), CHUNK):
            self._pending += data[start : start + CHUNK]
            if len(self._pending) > CHUNK:  # a chunk just full waits: it may be the last
                self._emit(last=False)
        return len(data)

    def close(self) -> None:
        """Write the last chunk, an empty one for an empty file. A second call does nothing."""
        if not self._closed:
            self._closed = True
            self._emit(last=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: object, *_: object) -> None:
        if error is None:
            self.close()
        self._closed = True

    def _emit(self, last: bool) -> None:
        chunk = bytes(self._pending[:CHUNK])
        nonce = _nonce(self._prefix, self._number, last)
        del self._pending[:CHUNK]
        self._number += 1  # before writing: even if that fails, no nonce is used twice
        self._file.write(encrypt(chunk, self._associated, nonce, self._key))


class StreamReader:
    """Opens a sealed file at any position; ``fileobj`` (seekable, buffered, binary) is not closed.

    The last chunk is checked first, so a file that is cut short, too long, or opened with a wrong key or
    context raises OpenError here, and ``size`` (bytes of plaintext) can be trusted. Any other altered chunk
    raises OpenError in its turn, before a byte of it is given out.
    """

    def __init__(self, fileobj: IO[bytes], context: Context, key: bytes) -> None:
        self._file = fileobj
        self._associated = _KIND + context.encode()
        self._key = key
        sealed_bytes = fileobj.seek(0, os.SEEK_END) - _HEADER_BYTES
        if sealed_bytes < TAG_BYTES:
            raise OpenError
        full_chunks, rest = divmod(sealed_bytes, _SEALED_CHUNK)
        chunks = full_chunks + 1 if rest else full_chunks
        self._last = chunks - 1
        self.size = sealed_bytes - chunks * TAG_BYTES
        bytes_in_last = self.size - self._last * CHUNK
        # Only an empty file has an empty chunk, so that a content has one form.
        if bytes_in_last == 0 and chunks > 1:
            raise OpenError
        fileobj.seek(0)
        if fileobj.read(len(VERSION)) != VERSION:
            raise OpenError
        self._prefix = fileobj.read(_PREFIX_BYTES)
        self._open_chunk(self._last)

    def __iter__(self) -> Iterator[bytes]:
        return self.read_range(0, self.size)

    def read_range(self, start: int, end: int) -> Iterator[bytes]:
        """Iterate over the bytes from ``start`` up to, not including, ``end``, in pieces of up to a chunk.

        Raises ValueError at once unless 0 <= start <= end <= size, and OpenError while iterating.
        """
        if not 0 <= start <= end <= self.size:
            raise ValueError("The range is outside the file")
        return self._pieces(start, end)

    def _pieces(self, start: int, end: int) -> Iterator[bytes]:
        position = start
        while position < end:
            number, offset = divmod(position, CHUNK)
            piece = self._open_chunk(number)[offset : offset + end - position]
            position += len(piece)
            yield piece

    def _open_chunk(self, number: int) -> bytes:
        self._file.seek(_HEADER_BYTES + number * _SEALED_CHUNK)
        sealed = self._file.read(_SEALED_CHUNK)  # of the last chunk what there is
        nonce = _nonce(self._prefix, number, last=number == self._last)
        return decrypt(sealed, self._associated, nonce, self._key)
