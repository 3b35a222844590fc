"""The MACs of `Signed` rows, and whether one stands: the portal wrote it, and nothing replaced it since."""

import json
import logging
from collections.abc import Iterable
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db import transaction

from communes.models import Invitation, Membership, Unit
from communes.models.signed import SIGNATURE, Signed

from .. import audit, vault
from ..keyring import keyring
from ..models import AuditEntry, Holding, KeyGrant, RecoveryKey, UnitKey
from ..models.keys import PublicKey
from .ring import identity

logger = logging.getLogger(__name__)

SIGNED: tuple[type[Signed], ...] = (Unit, Membership, Invitation, Holding, KeyGrant)

Row = TypeVar("Row", bound=Signed)


def said(row: Signed) -> bytes:
    """What the row's MAC covers: every column but the MAC itself and the number of the row.

    Related rows stand by what they are (a uuid, a public key), since numbers could be swapped.
    """
    columns = [
        [field.attname, _value(row, field)]
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name != "mac"
    ]
    text = json.dumps([row._meta.label_lower, columns], ensure_ascii=False, sort_keys=True, default=_plain)
    return text.encode()


def _value(row: Signed, field: Any) -> Any:
    if not field.is_relation:
        return field.to_python(getattr(row, field.attname))
    if getattr(row, field.attname) is None:
        return None
    if issubclass(field.related_model, PublicKey):
        return identity(getattr(row, field.name))
    if hasattr(field.related_model, "uuid"):
        return getattr(row, field.name).uuid
    return getattr(row, field.attname)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} in a signed row")


def sign(row: Signed) -> None:
    """Set the row's MAC under the primary key of the ring; saving is the caller's."""
    ring = keyring()
    row.keyring_id = ring.primary
    row.mac = ring.mac(vault.ROW_MAC, said(row))


@transaction.atomic
def resign(row: Signed, *, foreign: bool = False) -> bool:
    """Sign the row as it stands, under the primary key; its version stays. False where it does not verify.

    `foreign` signs it all the same: only for what an operator has named.
    """
    now = type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if not foreign and not is_signed(now):
        return False
    sign(now)
    type(row)._base_manager.filter(pk=row.pk).update(keyring_id=now.keyring_id, mac=now.mac)
    return True


def is_signed(row: Signed) -> bool:
    """Whether the row is as the portal wrote it. It may be an old copy: see `in_force`."""
    return keyring().verify(vault.ROW_MAC, said(row), bytes(row.mac))


def in_force(rows: Iterable[Row]) -> list[Row]:
    """Those that the portal wrote and that no later change or ending replaced; one query.

    The others are passed over, and named in the log by kind and number.
    """
    signed = []
    for row in rows:
        if is_signed(row):
            signed.append(row)
        else:
            logger.error("%s %s was not written by this portal: passed over", row._meta.label, row.pk)
    retired = _retired([row.version for row in signed])
    for row in signed:
        if row.version in retired:
            logger.error("%s %s is an old copy put back: passed over", row._meta.label, row.pk)
    return [row for row in signed if row.version not in retired]


def _retired(versions: list[UUID]) -> set[UUID]:
    if not versions:
        return set()
    named = [str(version) for version in versions]
    entries = AuditEntry.objects.filter(action=AuditEntry.Action.RETIRED, detail__in=named)
    return {UUID(detail) for detail in entries.order_by().values_list("detail", flat=True)}


def stands(row: Signed) -> bool:
    """Whether this one row is in force."""
    return bool(in_force([row]))


def stands_with_key(unit: Unit, key: UnitKey) -> bool:
    """Whether the unit's row is in force, and no other key took the place of this one; one query.

    The other key's row need not be there any more.
    """
    return is_signed(unit) and not _retired([unit.version, _version(key)])


def sign_change(row: Signed, stored: Signed | None) -> None:
    """Sign a new row, or a change of one that stands, whose version of before is over.

    What somebody else wrote, or put back, stays as foreign as it is: saving it must not make it genuine.
    """
    if stored is None:
        sign(row)
        return
    row.version, row.keyring_id, row.mac = (getattr(stored, name) for name in SIGNATURE)
    if not stands(stored) or said(row) == said(stored):
        return
    row.version = uuid4()
    sign(row)
    retire(stored)


def retire(row: Signed | UnitKey | RecoveryKey) -> None:
    """Note in the audit log of the row's unit that this version of it, or this key, counts no longer."""
    audit.record_of_unit(unit_of_row(row), AuditEntry.Action.RETIRED, detail=str(_version(row)))


def is_retired(key: UnitKey | RecoveryKey) -> bool:
    """Whether another key took the place of this one, be the other's row there or not."""
    return bool(_retired([_version(key)]))


def _version(row: Signed | UnitKey | RecoveryKey) -> UUID:
    # A key's row never changes; it is known by its public half.
    return (
        row.version
        if isinstance(row, Signed)
        else UUID(bytes=blake2b(row.public_key, digest_size=16).digest())
    )


def unit_of_row(row: Any) -> Unit:
    """The unit in whose audit log the row's changes stand."""
    if isinstance(row, Unit):
        return row
    return row.unit_key.unit if isinstance(row, KeyGrant) else row.unit
