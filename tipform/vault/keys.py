"""Key pairs of units, reporters and officers; a private key leaves memory only wrapped."""

from dataclasses import dataclass, field
from typing import Self

from nacl.public import PrivateKey

from .errors import VaultError
from .primitives import KEY_BYTES, blake2b, open_box, open_sealed, seal_box, seal_to


@dataclass(frozen=True)
class KeyPair:
    """An X25519 key pair, 32 bytes each."""

    private: bytes = field(repr=False)
    public: bytes

    @classmethod
    def generate(cls) -> Self:
        """Return a new pair from the system's random source."""
        key = PrivateKey.generate()
        return cls(private=key.encode(), public=key.public_key.encode())

    @classmethod
    def of(cls, private: bytes) -> Self:
        """Return the pair of a private key. Raises VaultError when it has not 32 bytes."""
        if len(private) != KEY_BYTES:
            raise VaultError(f"A key has {KEY_BYTES} bytes")
        return cls(private=private, public=PrivateKey(private).public_key.encode())


def fingerprint(public: bytes) -> str:
    """Return 20 digits in groups of five, for two people to compare aloud or on paper."""
    # 66 bits: to find a second key with the same digits is out of reach, which with six digits it is not.
    digits = f"{int.from_bytes(blake2b(public, person=b'fingerprint'), 'big') % 10**20:020d}"
    return " ".join(digits[start : start + 5] for start in range(0, 20, 5))


def wrap(private: bytes, wrapping_key: bytes, context: bytes) -> bytes:
    """Wrap a private key into 73 bytes. Raises VaultError when either key has not 32 bytes.

    ``context`` says whose key it is and for whom it is wrapped; join several values with ``packed``.
    """
    if len(private) != KEY_BYTES:
        raise VaultError(f"A key has {KEY_BYTES} bytes")
    return seal_box(b"wrap", private, context, wrapping_key)


def unwrap(wrapped: bytes, wrapping_key: bytes, context: bytes) -> bytes:
    """Return the private key of :func:`wrap`. Raises OpenError."""
    return open_box(b"wrap", wrapped, context, wrapping_key)


def grant(private: bytes, public: bytes, context: bytes) -> bytes:
    """Seal a unit's private key to another public key: 97 bytes. Raises VaultError for a bad key.

    ``context`` says which key is given and to whom; join several values with ``packed``.
    """
    return seal_to(b"grnt", private, public, context)


def open_grant(sealed: bytes, private: bytes, context: bytes) -> bytes:
    """Return the private key of :func:`grant`. Raises OpenError."""
    return open_sealed(b"grnt", sealed, private, context)
