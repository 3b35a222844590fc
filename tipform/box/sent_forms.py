"""Forms that were sent already: how long their receipt may be shown again, and whether they say the same.

The code comes from the form's one-time value, so that whoever has the form gets the receipt again, however
often the line broke off. After SHOWN_AGAIN, or once the receipt was seen, the form gives no code any more: a
phone is lent, and a page stays open.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b

from django.db.models import QuerySet
from django.utils import timezone

from .. import vault
from ..keyring import keyring
from ..models import SentForm

SHOWN_AGAIN = timedelta(minutes=30)
_WORDS, _FILE = 32, 8  # bytes of a hash


@dataclass(frozen=True)
class Said:
    """What a form said, as it arrived: words by the names of their fields, and what tells each file."""

    words: Sequence[tuple[str, str]]
    files: Sequence[str] = ()

    def under(self, nonce: bytes) -> bytes:
        """Hashes of the words and of each file. Without the nonce nobody can try whether a text fits."""
        return b"".join([self._words(nonce), *sorted(_file(file, nonce) for file in self.files)])

    def not_in(self, row: SentForm, nonce: bytes) -> list[str] | None:
        """The files that were not sent then; None if nothing is new, no word and no file."""
        sent = bytes(row.said)
        there = {sent[at : at + _FILE] for at in range(_WORDS, len(sent), _FILE)}
        new = [file for file in self.files if _file(file, nonce) not in there]
        return new if new or sent[:_WORDS] != self._words(nonce) else None

    def _words(self, nonce: bytes) -> bytes:
        words = [(name, text.replace("\r\n", "\n").strip()) for name, text in self.words]
        told = json.dumps(sorted(pair for pair in words if pair[1]), ensure_ascii=False)
        return blake2b(told.encode(), key=nonce, digest_size=_WORDS).digest()


def _file(file: str, nonce: bytes) -> bytes:
    return blake2b(file.encode(), key=nonce, digest_size=_FILE).digest()


def remember(nonce: bytes, said: Said) -> None:
    """Note that the form was sent; in the transaction that stores its tip."""
    key_id = keyring().primary
    until = timezone.now() + SHOWN_AGAIN
    SentForm.objects.create(mac=_mac(nonce, key_id), keyring_id=key_id, said=said.under(nonce), until=until)


def sent_before(nonce: bytes) -> SentForm | None:
    """The form's row, as long as its receipt may be shown again."""
    return _rows(nonce).filter(until__gt=timezone.now()).first()


def receipt_was_seen(nonce: bytes) -> None:
    """From here on the form gives no code."""
    _rows(nonce).delete()


def code_of(row: SentForm, nonce: bytes) -> str:
    """The receipt code, 16 digits."""
    return vault.new_code(nonce, keyring(), row.keyring_id)


def forget_sent_forms() -> None:
    """Delete the rows that have ended; for the scheduled jobs."""
    SentForm.objects.filter(until__lte=timezone.now()).delete()


def _rows(nonce: bytes) -> QuerySet[SentForm]:
    return SentForm.objects.filter(mac__in=[_mac(nonce, key_id) for key_id in keyring().ids])


def _mac(nonce: bytes, key_id: str) -> str:
    return keyring().mac(vault.SENT, nonce, key_id).hex()
