"""The audit log: who did what with which tip, never what it says.

Each entry carries a MAC over itself and the entry before, so that an altered, missing or reordered one shows.
"""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from communes.models import Unit

from . import vault
from .keys.ring import keyring
from .models import AuditEntry, AuditHead, Tip


def record(tip: Tip, action: str, *, actor: Any = None, detail: str = "") -> AuditEntry:
    """Append one entry. `detail` is a status or a part's id, at most 80 characters, never content."""
    return _append(AuditEntry(unit=tip.unit, tip=tip.uuid, actor=actor, action=action, detail=detail))


def record_of_unit(unit: Unit, action: str, *, actor: Any = None, detail: str = "") -> AuditEntry:
    """Append one entry about the unit's keys, which belongs to no tip."""
    entry = AuditEntry(unit=unit, actor=actor, action=action, detail=detail)
    entry.at = timezone.localtime()
    return _append(entry)


@transaction.atomic
def _append(entry: AuditEntry) -> AuditEntry:
    # One chain a unit, and one writer at a time: locking the last entry would let two follow the same one.
    Unit.objects.select_for_update(no_key=True).get(pk=entry.unit_id)
    last = AuditEntry.objects.filter(unit=entry.unit_id).order_by("-pk").first()
    entry.at = entry.at or _moment(entry.actor)
    entry.previous_hash = bytes(last.hash) if last else b""
    entry.hash = keyring().mac(vault.AUDIT, canonical(entry))
    entry.save(force_insert=True)
    head = AuditHead.objects.filter(unit=entry.unit_id).first() or AuditHead(unit=entry.unit)
    head.count, head.hash = head.count + 1, entry.hash
    sign_head(head)
    head.save()
    return entry


def sign_head(head: AuditHead) -> None:
    """Vouch for where the chain ends; saving is the caller's."""
    head.mac = keyring().mac(vault.AUDIT, canonical_head(head))


def _moment(actor: Any) -> datetime.datetime:
    """Now, for staff. For a reporter the start of the day: no plain column tells when he wrote."""
    now = timezone.localtime()
    return now if actor else now.replace(hour=0, minute=0, second=0, microsecond=0)


def canonical(entry: AuditEntry) -> bytes:
    """The bytes that the entry's hash vouches for."""
    return vault.packed(
        bytes(entry.previous_hash),
        entry.at.astimezone(datetime.UTC).isoformat().encode(),
        str(entry.unit_id).encode(),
        entry.tip.bytes if entry.tip else b"",
        str(entry.actor_id or "").encode(),
        entry.action.encode(),
        entry.detail.encode(),
    )


def canonical_head(head: AuditHead) -> bytes:
    """The bytes that the MAC of a chain's end vouches for."""
    return vault.packed(b"head", str(head.unit_id).encode(), str(head.count).encode(), bytes(head.hash))
