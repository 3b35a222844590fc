"""The audit log: who did what with which tip, never what it says.

Each entry carries a MAC over itself and the entry before, so that an altered, missing or reordered one shows.
"""

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from communes.models import Unit
from home.events import Event

from . import vault
from .keyring import keyring
from .models import AuditEntry, AuditHead, Tip, Unread

Action = AuditEntry.Action
# Something has been written that the unit's officers are to read; and after these nothing is left to read.
WRITTEN = (Action.RECEIVED, Action.REPORTER_WROTE, Action.TAKEN_OVER, Action.JOINED)
SETTLED = (Action.OPENED, Action.WITHDRAWN, Action.HANDED_ON)

# Each act on a tip, with `tip` (its uuid), `unit_id`, in whose chain it stands, `action`, and `by_reporter`.
# Neither kind nor hour: both are sealed.
acted = Event()


def record(
    tip: Tip, action: str, *, actor: Any = None, detail: str = "", unit: Unit | None = None
) -> AuditEntry:
    """Append one entry to the chain of `unit`, by default the one responsible for the tip.

    `detail` is a status, a unit's uuid, or of a look its sitting and a part's id, at most 80 characters,
    never content. Whoever records in several chains at once takes the units in the order of their ids.
    """
    return _append(AuditEntry(unit=unit or tip.unit, tip=tip.uuid, actor=actor, action=action, detail=detail))


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
    stored = AuditHead.objects.filter(unit=entry.unit_id).first()
    head = stored or AuditHead(unit=entry.unit)
    # An end that somebody else wrote is not made genuine by what comes after it: `verify` goes on saying so.
    genuine = stored is None or keyring().verify(vault.AUDIT, canonical_head(stored), bytes(stored.mac))
    head.count += 1
    head.hash = entry.hash
    if genuine:
        sign_head(head)
    head.save()
    if entry.tip:
        _keep_unread(entry, entry.tip)
        acted.send_robust(
            sender=AuditEntry,
            tip=entry.tip,
            unit_id=entry.unit_id,
            action=str(entry.action),
            by_reporter=entry.actor_id is None,
        )
    return entry


def _keep_unread(entry: AuditEntry, tip: UUID) -> None:
    if entry.action in WRITTEN:
        day = timezone.localtime(entry.at).date()
        Unread.objects.update_or_create(unit=entry.unit, tip=tip, defaults={"day": day})
    elif entry.action in SETTLED or (
        entry.action == Action.STATUS_SET and entry.detail.startswith(Tip.Status.CLOSED.value)
    ):
        Unread.objects.filter(unit=entry.unit, tip=tip).delete()


def sign_head(head: AuditHead) -> None:
    """Sign where the chain ends; saving is the caller's."""
    head.mac = keyring().mac(vault.AUDIT, canonical_head(head))


@transaction.atomic
def resume(unit: Unit) -> bool:
    """After a lost keyring: sign where the chain ends today, so that what follows can be verified.

    What came before stays unproven: `verify` says so, and begins after it when told to. False where the end
    is signed already.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    head = AuditHead.objects.filter(unit=unit).first()
    if head is None or keyring().verify(vault.AUDIT, canonical_head(head), bytes(head.mac)):
        return False
    sign_head(head)
    head.save()
    return True


def _moment(actor: Any) -> datetime.datetime:
    """Now, for staff. For a reporter the start of the day: no plain column tells when he wrote."""
    now = timezone.localtime()
    return now if actor else now.replace(hour=0, minute=0, second=0, microsecond=0)


def canonical(entry: AuditEntry) -> bytes:
    """The bytes that the entry's hash covers."""
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
    """The bytes that the MAC of a chain's end covers."""
    return vault.packed(b"head", str(head.unit_id).encode(), str(head.count).encode(), bytes(head.hash))


def verify(unit: Unit, since: int = 0) -> str:
    """The first thing that is wrong with a unit's chain, in words; empty where nothing is.

    `since` begins at an entry that is trusted. An older copy of the chain together with its end passes.
    """
    last, count = b"", 0
    head = AuditHead.objects.filter(unit=unit).first()
    for entry in AuditEntry.objects.filter(unit=unit).order_by("pk").iterator(chunk_size=1000):
        count += 1
        if entry.pk >= since:
            if not keyring().verify(vault.AUDIT, canonical(entry), bytes(entry.hash)):
                return f"entry {entry.pk} was altered"
            if entry.pk != since and bytes(entry.previous_hash) != last:
                return f"before entry {entry.pk} one is missing, or their order was changed"
        last = bytes(entry.hash)
    if head is None:
        return "the end of the log is missing" if count else ""
    if not keyring().verify(vault.AUDIT, canonical_head(head), bytes(head.mac)):
        return "the note of where the log ends was altered"
    if (head.count, bytes(head.hash)) != (count, last):
        return f"entries are missing: {head.count} were written, {count} are here"
    return ""


@transaction.atomic
def rechain(unit: Unit) -> bool:
    """Re-make a unit's chain under the primary key of the ring; False where it is already.

    Raises ValueError for a chain that does not verify: that must stay to be seen.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    entries = AuditEntry.objects.filter(unit=unit).order_by("pk")
    first, ring = entries.first(), keyring()
    # From the first entry on, in one transaction: so it tells of all the others.
    if first is None or ring.mac(vault.AUDIT, canonical(first)) == bytes(first.hash):
        return False
    wrong = verify(unit)
    if wrong:
        raise ValueError(wrong)
    last, batch = b"", []
    for entry in entries.iterator(chunk_size=1000):
        entry.previous_hash = last
        entry.hash = last = ring.mac(vault.AUDIT, canonical(entry))
        batch.append(entry)
        if len(batch) == 500:
            AuditEntry.objects.bulk_update(batch, ["previous_hash", "hash"])
            batch = []
    AuditEntry.objects.bulk_update(batch, ["previous_hash", "hash"])
    head = AuditHead.objects.get(unit=unit)
    head.hash = last
    sign_head(head)
    head.save()
    return True
