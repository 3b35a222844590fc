"""The reporter's receipt code: 16 digits, stored nowhere, from which a look-up value and a key are made."""

import re
from dataclasses import dataclass, field
from threading import Lock
from typing import Self
from unicodedata import category

from nacl.pwhash import argon2id

from .errors import ReceiptFormatError, VaultError
from .keyring import RECEIPT, Keyring
from .primitives import KEY_BYTES, blake2b, packed

PARAMS = 1  # the version that new tips are made with
_COSTS = {1: (3, 32 * 1024 * 1024)}  # version: Argon2id passes, bytes of memory
_FULL_WIDTH_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_one_at_a_time = Lock()  # a flood of look-ups then costs time, not 32 MiB for each thread


def new_code(nonce: bytes, keyring: Keyring, key_id: str | None = None) -> str:
    """Return the 16-digit code of a form; the same form gives the same code, whatever was written in it.

    ``nonce`` is the form's one-time random value, 16 to 64 bytes. It must not be stored: with the keyring it
    gives the code. ``key_id``, by default the primary one, gives what was made before a rotation. Raises
    VaultError for another size, KeyringError for an unknown id.
    """
    if not 16 <= len(nonce) <= 64:
        raise VaultError("The nonce of a form has 16 to 64 bytes")
    data = packed(nonce)
    number = int.from_bytes(blake2b(data, key=keyring.subkey(RECEIPT, key_id), person=b"receipt-code"), "big")
    return f"{number % 10**16:016d}"  # of 256 bits, so every code is equally likely to within 2**-200


def normalise(text: str) -> str:
    """Return the 16 digits of a code as typed, pasted or read from paper.

    Spaces, punctuation and invisible characters of any kind are ignored, full-width digits become plain ones.
    Raises ReceiptFormatError unless just 16 digits are left, and for more than 200 characters.
    """
    typed = text[:201].translate(_FULL_WIDTH_DIGITS)
    kept = "".join(char for char in typed if char != "−" and category(char)[0] not in "CPZ")
    if len(text) > 200 or not re.fullmatch("[0-9]{16}", kept):
        raise ReceiptFormatError("A receipt code has 16 digits")
    return kept


def display(code: str) -> str:
    """Return the code as shown and printed, ``0000 0000 0000 0000``. Raises ReceiptFormatError."""
    code = normalise(code)
    return " ".join(code[start : start + 4] for start in range(0, 16, 4))


@dataclass(frozen=True)
class ReceiptKeys:
    """What a code gives: ``lookup`` finds the tip, ``wrap_key`` unwraps its reporter's key (32 bytes each).

    ``key_id`` and ``params`` say how they were made and are stored with the tip.
    """

    lookup: bytes = field(repr=False)
    wrap_key: bytes = field(repr=False)
    key_id: str
    params: int

    @classmethod
    def derive(cls, code: str, keyring: Keyring, key_id: str | None = None, params: int = PARAMS) -> Self:
        """Derive both by Argon2id: about 0.05 s and 32 MiB, one at a time in a process.

        To look a code up, derive for each id of the keyring. Raises ReceiptFormatError for a malformed code,
        KeyringError for an unknown id, VaultError for an unknown version of ``params``.
        """
        if params not in _COSTS:
            raise VaultError("Unknown version of the receipt parameters")
        key_id = keyring.primary if key_id is None else key_id
        pepper, (passes, memory) = keyring.subkey(RECEIPT, key_id), _COSTS[params]
        salt = blake2b(bytes([params]), key=pepper, person=b"receipt-salt", size=argon2id.SALTBYTES)
        with _one_at_a_time:
            stretched = argon2id.kdf(KEY_BYTES, normalise(code).encode(), salt, passes, memory)
        lookup = blake2b(stretched, key=pepper, person=b"receipt-lookup")
        wrap_key = blake2b(stretched, key=pepper, person=b"receipt-wrap")
        return cls(lookup, wrap_key, key_id, params)
