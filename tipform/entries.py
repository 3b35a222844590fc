"""The conversation of a tip: entries of both sides, each a sealed part of its own."""

from hashlib import blake2b
from typing import Any, Literal
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from communes.models import Unit

from . import audit, vault
from .handling.holders import NoLongerHeld, holders, locked, recipient_keys
from .models import AuditEntry, Part, Tip
from .sealing import seal_part

Side = Literal["officer", "reporter"]


def digest_of(nonce: str, *said: str) -> str:
    """What tells a second click from other words out of the same form."""
    return blake2b(vault.packed(*(each.encode() for each in (nonce, *said))), digest_size=16).hexdigest()


def entry_uuid(tip: Tip, by: Side, nonce: str, *said: str) -> UUID:
    """The part that a form with this nonce writes when it says this: one for all its clicks.

    Other words are another part, and so are the other side's.
    """
    return uuid5(tip.uuid, f"{by}:{digest_of(nonce, *said)}")


def entry_content(by: Side, text: str, unit: Unit | None, **more: Any) -> dict[str, Any]:
    """An entry as it is sealed. `unit` is the officer's, None for the reporter."""
    now = timezone.localtime().isoformat(timespec="seconds")
    return {"v": 1, "by": by, "unit": str(unit.uuid) if unit else None, "at": now, "text": text, **more}


def add_entry(
    tip: Tip, by: Side, text: str, nonce: str, *, actor: Any = None, unit: Unit | None = None
) -> bool:
    """Seal `text` to every unit that holds the tip now and to the reporter, and note it in the audit log.

    False for a second click: the same words under the same `nonce`, the one that the form was drawn with.
    Other words are another entry. `actor` is the officer, who writes for `unit`, by default the responsible
    one; None for the reporter. Raises NoLongerHeld when the tip was taken back or handed on in the meantime,
    and vault.VaultError when nobody has a key.
    """
    uuid = entry_uuid(tip, by, nonce, text)
    try:
        with transaction.atomic():
            held = locked(tip)
            if Part.objects.filter(uuid=uuid).exists():
                return False
            units = holders(held)
            writer = unit or held.unit
            if writer not in units:
                raise NoLongerHeld
            content = entry_content(by, text, writer if by == "officer" else None)
            seal_part(held, Part.Label.ENTRY, content, recipient_keys(units), uuid=uuid)
            if by == "officer":
                audit.record(held, AuditEntry.Action.REPLIED, actor=actor, unit=writer)
            else:
                for each in units:
                    audit.record(held, AuditEntry.Action.REPORTER_WROTE, unit=each)
    except IntegrityError:  # both clicks passed the look above; the other one has written it
        return False
    return True
