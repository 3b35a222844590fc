"""The environment's keyring, the MACs by which the portal knows its own keys, and the key to seal to."""

from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery

from communes.models import Unit

from .. import vault
from ..models import OfficerKey, RecoveryKey, RecoveryWrap, UnitKey

AnyKey = UnitKey | RecoveryKey | OfficerKey


@cache
def _parsed(text: str) -> vault.Keyring:
    return vault.Keyring.parse(text)


def keyring() -> vault.Keyring:
    """The environment's keyring. Raises vault.KeyringError, which names the setting."""
    return _parsed(settings.TIP_KEYRING)


def identity(key: AnyKey) -> bytes:
    """Whose public key it is, and which generation: what its MAC vouches for."""
    if isinstance(key, OfficerKey):
        kind, owner = b"officer", str(key.user_id).encode()
    else:
        kind, owner = b"unit" if isinstance(key, UnitKey) else b"recovery", key.unit.uuid.bytes
    return vault.packed(kind, owner, key.generation.to_bytes(4, "big"), bytes(key.public_key))


def sign(key: AnyKey) -> None:
    """Set the MAC under the primary key of the ring; saving is the caller's."""
    ring = keyring()
    key.keyring_id = ring.primary
    key.mac = ring.mac(vault.PUBLIC_MAC, identity(key))


def is_genuine(key: AnyKey) -> bool:
    """Whether the portal itself made the key: a row that somebody wrote into the database has no MAC."""
    return keyring().verify(vault.PUBLIC_MAC, identity(key), bytes(key.mac))


def current_key(unit: Unit) -> UnitKey | None:
    """The newest genuine key whose recovery code is in force; None if there is none to seal to."""
    wraps = _in_force().filter(unit_key__unit=unit)
    return next((wrap.unit_key for wrap in wraps if _is_vouched_for(wrap)), None)


def in_doubt(units: "Iterable[Unit] | QuerySet[Unit]") -> set[int]:
    """Ids of the units whose newest key the portal did not make, or made under a keyring it no longer has.

    They seal to the last good key, or take nothing where there is none. Either way somebody must look.
    """
    newest = _in_force().filter(unit_key__unit=OuterRef("unit_key__unit")).values("pk")[:1]
    wraps = _in_force().filter(pk=Subquery(newest), unit_key__unit__in=units)
    return {wrap.unit_key.unit_id for wrap in wraps if not _is_vouched_for(wrap)}


def _in_force() -> "QuerySet[RecoveryWrap]":
    """One row for each key whose recovery code was typed back, the newest first."""
    wraps = RecoveryWrap.objects.filter(recovery_key__confirmed__isnull=False)
    wraps = wraps.select_related("unit_key__unit", "recovery_key__unit")
    return wraps.order_by("-unit_key__generation", "-pk")


def _is_vouched_for(wrap: RecoveryWrap) -> bool:
    return is_genuine(wrap.unit_key) and is_genuine(wrap.recovery_key)


def recovery_key(unit: Unit) -> RecoveryKey | None:
    """The recovery key in force: the newest genuine one of which part of the code was typed back."""
    keys = RecoveryKey.objects.filter(unit=unit, confirmed__isnull=False).select_related("unit")
    return next((key for key in keys.order_by("-generation") if is_genuine(key)), None)
