"""The primitives the formats share: XChaCha20-Poly1305, BLAKE2b and an unambiguous join, by libsodium."""

import nacl.bindings as sodium
from nacl.encoding import RawEncoder
from nacl.exceptions import CryptoError
from nacl.hash import blake2b as nacl_blake2b
from nacl.utils import random

from .errors import OpenError, VaultError

KEY_BYTES, NONCE_BYTES, TAG_BYTES = 32, 24, 16
VERSION = b"\x01"


def packed(*fields: bytes) -> bytes:
    """Join ``fields``, each after its length (4 bytes, big-endian), so that no other fields give the same."""
    return b"".join(len(field).to_bytes(4, "big") + field for field in fields)


def blake2b(data: bytes, *, key: bytes = b"", person: bytes = b"", size: int = 32) -> bytes:
    """Return ``size`` bytes of BLAKE2b; ``key`` has up to 64 bytes, ``person`` up to 16 (zero-padded)."""
    return nacl_blake2b(data, digest_size=size, key=key, person=person, encoder=RawEncoder)


def encrypt(plaintext: bytes, associated: bytes, nonce: bytes, key: bytes) -> bytes:
    """Encrypt; the result is 16 bytes longer. Raises VaultError when ``key`` has not 32 bytes."""
    if len(key) != KEY_BYTES:
        raise VaultError(f"A key has {KEY_BYTES} bytes")
    return sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, associated, nonce, key)


def decrypt(ciphertext: bytes, associated: bytes, nonce: bytes, key: bytes) -> bytes:
    """Undo :func:`encrypt`. Raises OpenError for anything that is not exactly what was encrypted."""
    if len(ciphertext) < TAG_BYTES:
        raise OpenError
    try:
        return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(ciphertext, associated, nonce, key)
    except CryptoError:  # also PyNaCl's own TypeError, for a stored key or nonce of a wrong length
        raise OpenError from None


def seal_box(kind: bytes, plaintext: bytes, context: bytes, key: bytes) -> bytes:
    """Return version, random nonce, ciphertext. ``kind`` (4 bytes): no format passes for another."""
    nonce = random(NONCE_BYTES)
    return VERSION + nonce + encrypt(plaintext, kind + VERSION + context, nonce, key)


def open_box(kind: bytes, sealed: bytes, context: bytes, key: bytes) -> bytes:
    """Undo :func:`seal_box`. Raises OpenError."""
    sealed = bytes(sealed)  # a database driver may hand over a memoryview
    if sealed[:1] != VERSION:
        raise OpenError
    return decrypt(sealed[1 + NONCE_BYTES :], kind + VERSION + context, sealed[1 : 1 + NONCE_BYTES], key)


def seal_to(kind: bytes, secret: bytes, public_key: bytes, context: bytes) -> bytes:
    """Seal 32 secret bytes to an X25519 key and to ``context``: 97 bytes. Raises VaultError for a bad key."""
    if len(secret) != KEY_BYTES or len(public_key) != KEY_BYTES:
        raise VaultError(f"A key has {KEY_BYTES} bytes")
    try:
        return VERSION + sodium.crypto_box_seal(secret + _binding(kind, context), public_key)
    except CryptoError:  # a point of low order, of which everybody knows the secret
        raise VaultError("This is not a public key") from None


def open_sealed(kind: bytes, sealed: bytes, private_key: bytes, context: bytes) -> bytes:
    """Undo :func:`seal_to`. Raises OpenError, also for what was sealed to another key or context."""
    sealed = bytes(sealed)  # a database driver may hand over a memoryview
    if sealed[:1] != VERSION:
        raise OpenError
    try:
        public_key = sodium.crypto_scalarmult_base(private_key)
        opened = sodium.crypto_box_seal_open(sealed[1:], public_key, private_key)
    except CryptoError:  # also PyNaCl's own TypeError, for what is too short to be a sealed box
        raise OpenError from None
    if not sodium.sodium_memcmp(opened[KEY_BYTES:], _binding(kind, context)):
        raise OpenError
    return opened[:KEY_BYTES]


def _binding(kind: bytes, context: bytes) -> bytes:
    # A sealed box has no associated data, so a hash of the context travels inside it, next to the key.
    return blake2b(kind + VERSION + context, size=16)
