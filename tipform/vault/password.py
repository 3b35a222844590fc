"""What an officer's password gives: the key that wraps his private key. No password is kept."""

from dataclasses import dataclass
from threading import BoundedSemaphore
from unicodedata import normalize

from nacl.exceptions import CryptoError
from nacl.pwhash import argon2id
from nacl.utils import random

from .errors import VaultError
from .keyring import OFFICER_WRAP, Keyring
from .primitives import KEY_BYTES, blake2b

MOST_PASSES, MOST_MEMORY = 16, 1024 * 1024 * 1024
_at_a_time = BoundedSemaphore(2)  # a rush of log-ins then costs time, not 64 MiB for each thread


@dataclass(frozen=True)
class Cost:
    """What Argon2id costs: passes, and bytes of memory. Stored with each wrap, so that it can be raised."""

    passes: int
    memory: int


def new_salt() -> bytes:
    """Return 16 random bytes."""
    return random(argon2id.SALTBYTES)


def new_secret() -> bytes:
    """Return 32 random bytes: a key for what is kept for one session."""
    return random(KEY_BYTES)


def password_key(
    password: str, salt: bytes, cost: Cost, keyring: Keyring, key_id: str | None = None
) -> bytes:
    """Return the 32-byte wrapping key; at most two are derived at a time in a process.

    The password is composed (NFC) first: keyboards write the same Vietnamese letter in two ways. Raises
    KeyringError for an unknown id, VaultError for a salt or cost out of bounds.
    """
    if cost.passes > MOST_PASSES or cost.memory > MOST_MEMORY:
        raise VaultError("Salt or cost of a password's key are out of bounds")
    pepper = keyring.subkey(OFFICER_WRAP, key_id)
    typed = normalize("NFC", password).encode(errors="surrogatepass")
    with _at_a_time:
        try:
            stretched = argon2id.kdf(KEY_BYTES, typed, salt, cost.passes, cost.memory)
        except CryptoError:  # a salt that has not 16 bytes, a cost below libsodium's least, no memory
            raise VaultError("Salt or cost of a password's key are out of bounds") from None
    return blake2b(stretched, key=pepper, person=b"officer-kek")
