"""The environment's keyring, the MACs by which the portal knows its own keys, and the key to seal to."""

from functools import cache

from django.conf import settings

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
    wraps = (
        RecoveryWrap.objects.filter(unit_key__unit=unit, recovery_key__confirmed__isnull=False)
        .select_related("unit_key__unit", "recovery_key__unit")
        .order_by("-unit_key__generation")
    )
    for wrap in wraps:
        if is_genuine(wrap.unit_key) and is_genuine(wrap.recovery_key):
            return wrap.unit_key
    return None


def recovery_key(unit: Unit) -> RecoveryKey | None:
    """The recovery key in force: the newest genuine one of which part of the code was typed back."""
    keys = RecoveryKey.objects.filter(unit=unit, confirmed__isnull=False).select_related("unit")
    return next((key for key in keys.order_by("-generation") if is_genuine(key)), None)
