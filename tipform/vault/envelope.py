"""A part of a tip (message, place, identity, an answer) under its own key, and that key for a recipient."""

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import nacl.bindings as sodium
from nacl.exceptions import CryptoError
from nacl.utils import random

from .errors import OpenError, VaultError
from .primitives import KEY_BYTES, open_box, open_sealed, packed, seal_box, seal_to

MAX_PART = 1024 * 1024  # bytes of plaintext; what is longer is a file
_SMALL_BLOCK, _LARGE_BLOCK = 256, 2048  # bytes; up to 2048 in all the small one


@dataclass(frozen=True)
class Context:
    """Where a part belongs: what was sealed for one context opens in no other.

    ``unit`` is the unit that first received the tip and never changes. ``label`` names the kind of part
    (1 to 64 bytes of UTF-8), ``version`` the form of its content (0 to 2**32 - 1); VaultError otherwise.
    """

    tip: UUID
    unit: UUID
    part: UUID
    label: str
    version: int

    def __post_init__(self) -> None:
        if not 1 <= len(self.label.encode()) <= 64 or not 0 <= self.version < 2**32:
            raise VaultError("A context has a label of 1 to 64 bytes and a version of 4 bytes")

    def encode(self) -> bytes:
        """Return the canonical bytes: five fields, each after its length."""
        version = self.version.to_bytes(4, "big")
        return packed(self.tip.bytes, self.unit.bytes, self.part.bytes, self.label.encode(), version)


def new_part_key() -> bytes:
    """Return a fresh key of 32 random bytes, for one part and its file only."""
    return random(KEY_BYTES)


def seal(plaintext: bytes, context: Context, part_key: bytes) -> bytes:
    """Seal up to 1 MiB, padded to 256-byte blocks, from 2 KiB on to 2 KiB. Raises VaultError for more."""
    if len(plaintext) > MAX_PART:
        raise VaultError(f"A part has at most {MAX_PART} bytes")
    block = _SMALL_BLOCK if len(plaintext) < _LARGE_BLOCK else _LARGE_BLOCK
    return seal_box(b"part", sodium.sodium_pad(plaintext, block), context.encode(), part_key)


def open_part(sealed: bytes, context: Context, part_key: bytes) -> bytes:
    """Return the plaintext of :func:`seal`. Raises OpenError."""
    padded = open_box(b"part", sealed, context.encode(), part_key)
    try:
        return sodium.sodium_unpad(padded, _SMALL_BLOCK if len(padded) <= _LARGE_BLOCK else _LARGE_BLOCK)
    except CryptoError:
        raise OpenError from None


def seal_json(value: Any, context: Context, part_key: bytes) -> bytes:
    """Seal ``value`` as compact JSON in UTF-8 with sorted keys; text is kept as it was typed.

    Raises VaultError when it is not JSON, holds half a surrogate pair, or has more than 1 MiB.
    """
    with suppress(TypeError, ValueError, RecursionError):
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
        return seal(text.encode(), context, part_key)
    # Raised out here because an encoding error, even as a context, carries the text.
    raise VaultError("The value cannot be written as JSON in UTF-8")


def open_json(sealed: bytes, context: Context, part_key: bytes) -> Any:
    """Return the value of :func:`seal_json`. Raises OpenError, also when the content is not JSON."""
    plaintext = open_part(sealed, context, part_key)
    with suppress(ValueError, RecursionError):
        return json.loads(plaintext.decode())
    raise OpenError  # out here because a decoding error carries the text, too


def seal_key(part_key: bytes, public_key: bytes, context: Context) -> bytes:
    """Seal a part's key to an X25519 key and to ``context``: 97 bytes. Raises VaultError for a bad key."""
    return seal_to(b"pkey", part_key, public_key, context.encode())


def open_key(sealed: bytes, private_key: bytes, context: Context) -> bytes:
    """Return the key of :func:`seal_key`. Raises OpenError, also for another recipient's or part's key."""
    return open_sealed(b"pkey", sealed, private_key, context.encode())
