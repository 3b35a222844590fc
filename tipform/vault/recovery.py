"""The recovery code of a unit: 256 random bits on paper, which are its recovery key pair."""

import re
from base64 import b32decode, b32encode
from dataclasses import dataclass, field
from typing import ClassVar, Self
from unicodedata import category, normalize

from nacl.utils import random

from .errors import RecoveryFormatError
from .keys import KeyPair
from .primitives import KEY_BYTES, blake2b

_LOOK_ALIKE = str.maketrans("018", "OIB")  # digits that Base32 does not have


@dataclass(frozen=True)
class RecoveryCode:
    """52 characters of Base32 and a checksum of 4. Needs no stretching: nobody guesses 256 bits."""

    GROUPS: ClassVar[int] = 13  # of the code itself, four characters each; one more is the checksum

    seed: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> Self:
        """Return a new code from the system's random source."""
        return cls(random(KEY_BYTES))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code as typed, pasted or scanned; case, spaces and punctuation are ignored.

        Raises RecoveryFormatError unless its 56 characters are there and the checksum is right.
        """
        typed = normalized(text)
        if len(text) > 400 or not re.fullmatch("[A-Z2-7]{56}", typed):
            raise RecoveryFormatError("A recovery code has 14 groups of 4 letters and digits")
        code = cls(b32decode(typed[: cls.GROUPS * 4] + "===="))
        if "".join(code.groups) != typed:
            raise RecoveryFormatError("The recovery code has a slip of the pen in it")
        return code

    @property
    def groups(self) -> list[str]:
        """The 13 groups as printed, and the checksum as the last."""
        check = b32encode(blake2b(self.seed, person=b"recovery-check"))[:4].decode()
        text = b32encode(self.seed).decode().rstrip("=") + check
        return [text[start : start + 4] for start in range(0, len(text), 4)]

    def pair(self) -> KeyPair:
        """Return the key pair that the code is."""
        return KeyPair.of(blake2b(self.seed, person=b"recovery-key"))


def normalized(text: str) -> str:
    """Return what was typed as it is compared: capitals without spaces, look-alikes of letters as letters."""
    kept = "".join(char for char in normalize("NFKC", text[:400]) if category(char)[0] in "LN")
    return kept.upper().translate(_LOOK_ALIKE)
