"""Units' key pairs: making them, choosing the one to seal to, and opening the private halves.

In this version a commune's private key rests wrapped under the server's keyring (TIP_KEYRING), and
`private_keys` is the one door to it: officers' own keys can take the keyring's place behind that function
without another line changing. Nothing else unwraps a unit's key.
"""

from collections.abc import Iterator
from functools import cache

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest

from communes.models import Membership, Unit, units_where

from . import vault
from .models import UnitKey


@cache
def _parsed(text: str) -> vault.Keyring:
    return vault.Keyring.parse(text)


def keyring() -> vault.Keyring:
    """The server's keyring. Raises vault.KeyringError, which names the setting."""
    return _parsed(settings.TIP_KEYRING)


def _identity(unit: Unit, generation: int, public_key: bytes) -> bytes:
    return vault.packed(unit.uuid.bytes, generation.to_bytes(4, "big"), public_key)


@transaction.atomic
def ensure_unit_key(unit: Unit) -> UnitKey:
    """The unit's current key; its first one is made here. Until it exists the form takes nothing."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    existing = current_key(unit)
    if existing is not None:
        return existing
    ring = keyring()
    generation = UnitKey.objects.filter(unit=unit).count() + 1
    pair = vault.KeyPair.generate()
    identity = _identity(unit, generation, pair.public)
    return UnitKey.objects.create(
        unit=unit,
        generation=generation,
        public_key=pair.public,
        wrapped_private_key=vault.wrap(pair.private, ring.subkey(vault.UNIT_WRAP), identity),
        keyring_id=ring.primary,
        mac=ring.mac(vault.PUBLIC_MAC, identity),
    )


def current_key(unit: Unit) -> UnitKey | None:
    """The newest key that the portal itself made; None if there is none to seal to.

    A row that somebody wrote into the database has no valid MAC and is passed over.
    """
    return next(_own_keys(unit), None)


def _own_keys(unit: Unit) -> Iterator[UnitKey]:
    for key in UnitKey.objects.filter(unit=unit).order_by("-generation"):
        identity = _identity(unit, key.generation, bytes(key.public_key))
        if keyring().verify(vault.PUBLIC_MAC, identity, bytes(key.mac)):
            yield key


def private_keys(request: HttpRequest, unit: Unit) -> dict[int | None, bytes]:
    """The unit's private keys by UnitKey id, for the tip officer who asks.

    Raises PermissionDenied for everybody else, the superuser included: membership decides, not `has_perm`.
    """
    if not units_where(request.user, Membership.Role.OFFICER).filter(pk=unit.pk).exists():
        raise PermissionDenied
    ring = keyring()
    return {
        key.pk: vault.unwrap(
            bytes(key.wrapped_private_key),
            ring.subkey(vault.UNIT_WRAP, key.keyring_id),
            _identity(unit, key.generation, bytes(key.public_key)),
        )
        for key in _own_keys(unit)
    }
