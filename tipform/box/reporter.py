"""Whoever holds the code of a tip, and what his key is bound to."""

from dataclasses import dataclass, field

from .. import vault
from ..keyring import keyring
from ..models import Tip


@dataclass(frozen=True)
class Reporter:
    """Whoever holds the code of a tip."""

    tip: Tip
    private_key: bytes = field(repr=False)


def find(code: str) -> Reporter | None:
    """The one whom this code makes the reporter of a tip; None if there is no such tip.

    Raises vault.ReceiptFormatError for what is no code, vault.OpenError when the tip's key was altered.
    """
    ring = keyring()
    for key_id in ring.ids:
        receipt = vault.ReceiptKeys.derive(code, ring, key_id)
        tips = Tip.objects.filter(receipt_lookup=receipt.lookup)
        tip = tips.select_related("unit__parent", "category").first()
        if tip is not None:
            wrapped = bytes(tip.reporter_wrapped_key)
            return Reporter(tip, vault.unwrap(wrapped, receipt.wrap_key, reporter_context(tip)))
    return None


def reporter_context(tip: Tip) -> bytes:
    """What the reporter's wrapped key is bound to."""
    return vault.packed(b"reporter", tip.uuid.bytes)
