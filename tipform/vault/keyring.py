"""The server's secrets of the setting TIP_KEYRING, and what is derived from them. Never shows a secret."""

import re
from dataclasses import dataclass, field
from typing import Self

from nacl.bindings import sodium_memcmp

from .errors import KeyringError
from .primitives import blake2b

OFFICER_WRAP = b"officer-wrap"  # peppers what an officer's password gives
PUBLIC_MAC = b"public-mac"  # of a public key
ROW_MAC = b"row-mac"  # of a row that decides to whom something is sealed
RECEIPT = b"receipt"  # peppers everything made of a receipt code
LIMITS = b"limits"  # turns a network into a counter's name
AUDIT = b"audit"  # chains the audit log
WITHDRAWN = b"withdrawn"  # marks a form whose tip was taken back
SENT = b"sent"  # marks a form whose receipt may be shown again
UPLOAD = b"upload"  # tells whoever has the key of a file that waits for its form

# An id is too short to be a secret, so a secret in its place is never taken, and shown, as an id.
_ENTRY = re.compile(r"([a-z0-9][a-z0-9-]{0,15}):([0-9a-fA-F]{64})")


@dataclass(frozen=True)
class Keyring:
    """Keys by id, in order: the first is primary and makes what is new, the others still open the old."""

    ids: tuple[str, ...]
    _secrets: dict[str, bytes] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``id:secret,id:secret``: an id of 1 to 16 of ``a-z0-9-``, a secret of 64 hexadecimal digits.

        White space around entries is ignored. Raises KeyringError, which names an entry by number only.
        """
        secrets: dict[str, bytes] = {}
        for number, entry in enumerate(text.split(","), start=1):
            match = _ENTRY.fullmatch(entry.strip())
            if match is None:
                expected = "1 to 16 of a-z, 0-9 and '-', a colon, 64 hexadecimal digits"
                raise KeyringError(f"TIP_KEYRING: entry {number} is not an id and a secret ({expected})")
            if match[1] in secrets:
                raise KeyringError(f"TIP_KEYRING: entry {number} repeats the id of an earlier one")
            secrets[match[1]] = bytes.fromhex(match[2])
        return cls(tuple(secrets), secrets)

    @property
    def primary(self) -> str:
        """The id of the key that makes what is new; store it with what was made."""
        return self.ids[0]

    def subkey(self, label: bytes, key_id: str | None = None) -> bytes:
        """Return the 32-byte key for ``label`` (1 to 16 bytes). Raises KeyringError for an unknown id."""
        key_id = self.primary if key_id is None else key_id
        if key_id not in self._secrets:
            raise KeyringError(f"TIP_KEYRING has no key {key_id!r}, which a stored record was made with")
        return blake2b(b"", key=self._secrets[key_id], person=label)

    def mac(self, label: bytes, data: bytes, key_id: str | None = None) -> bytes:
        """Return a 32-byte MAC of ``data`` (join several values with ``packed``). Raises KeyringError."""
        return blake2b(data, key=self.subkey(label, key_id), person=b"mac")

    def verify(self, label: bytes, data: bytes, mac: bytes) -> bool:
        """Tell whether any key of the ring made ``mac``, in a time that does not depend on which."""
        macs = [self.mac(label, data, key_id) for key_id in self.ids]
        return sum(sodium_memcmp(bytes(mac), expected) for expected in macs) > 0
