"""The audit log: who did what with which tip, never what it says.

Each entry carries a MAC over itself and the entry before, so that an altered, missing or reordered one shows.
"""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from communes.models import Unit

from . import vault
from .keys import keyring
from .models import AuditEntry, Tip


@transaction.atomic
def record(
    tip: Tip, action: str, *, actor: Any = None, detail: str = "", unit: Unit | None = None
) -> AuditEntry:
    """Append one entry to the chain of `unit`, by default the one responsible for the tip.

    `detail` is a status, a part's id or a unit's uuid, at most 80 characters, never content. Whoever records
    in several chains at once takes the units in the order of their ids.
    """
    unit = unit or tip.unit
    # One chain a unit, and one writer at a time: locking the last entry would let two follow the same one.
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    last = AuditEntry.objects.filter(unit=unit).order_by("-pk").first()
    entry = AuditEntry(
        at=_moment(actor),
        unit=unit,
        tip=tip.uuid,
        actor=actor,
        action=action,
        detail=detail,
        previous_hash=bytes(last.hash) if last else b"",
    )
    entry.hash = keyring().mac(vault.AUDIT, canonical(entry))
    entry.save(force_insert=True)
    return entry


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
        entry.tip.bytes,
        str(entry.actor_id or "").encode(),
        entry.action.encode(),
        entry.detail.encode(),
    )
