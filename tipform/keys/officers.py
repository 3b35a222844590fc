"""An officer's own key pair, from his password. Nothing here keeps a password or a private key."""

from dataclasses import dataclass, field
from typing import Any, Self

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from communes.models import User
from communes.roles import is_officer

from .. import vault
from ..keyring import keyring
from ..models import OfficerKey
from .ring import identity, is_genuine, sign

Opened = tuple[OfficerKey, bytes]


def newest(user: Any) -> OfficerKey | None:
    """The officer's key of today, if the portal made it."""
    keys = OfficerKey.objects.filter(user=user, superseded__isnull=True).order_by("-generation")
    return next(filter(is_genuine, keys), None)


@sensitive_variables()
def unlock(user: Any, password: str) -> Opened | None:
    """The key of a tip officer, opened with the password that has just been checked; None for everybody else.

    A key is made only under a password that he chose himself: at his first log-in, and when another
    password, which he forgot, had made the one before. Raises vault.VaultError.
    """
    if not is_officer(user):
        return None
    return unlock_existing(user, password) or (make(user, password) if user.has_own_password else None)


@sensitive_variables()
def unlock_existing(user: Any, password: str) -> Opened | None:
    """The officer's key if this password opens it; its wrap is raised to today's cost and pepper."""
    key = newest(user)
    if key is None:
        return None
    try:
        private = vault.unwrap(bytes(key.wrapped_private_key), _password_key(key, password), _context(key))
    except vault.OpenError:
        return None
    of_today = (settings.OFFICER_KEY_COST, keyring().primary)
    if ((key.passes, key.memory), key.pepper_id) != of_today:
        rewrap(key, private, password)
    return key, private


@sensitive_variables()
def make(user: Any, password: str) -> Opened:
    """A new pair, which takes the place of one whose password is forgotten."""
    pair = vault.KeyPair.generate()
    # Before the transaction: on a day of first log-ins all others would wait for it to write.
    return _store_new(user, pair, _Stretched.today(password)), pair.private


@transaction.atomic
def _store_new(user: Any, pair: vault.KeyPair, stretched: "_Stretched") -> OfficerKey:
    User.objects.select_for_update().get(pk=user.pk)
    last = OfficerKey.objects.filter(user=user).order_by("-generation").first()
    key = OfficerKey(user=user, generation=last.generation + 1 if last else 1, public_key=pair.public)
    sign(key)
    # One that the keyring of today does not verify stays as it is: the keyring may be the wrong one.
    old = [
        other.pk
        for other in OfficerKey.objects.filter(user=user, superseded__isnull=True)
        if is_genuine(other)
    ]
    OfficerKey.objects.filter(pk__in=old).update(superseded=timezone.now())
    _wrap(key, pair.private, stretched)
    key.save(force_insert=True)
    return key


@sensitive_variables()
def rewrap(key: OfficerKey, private: bytes, password: str) -> None:
    """Wrap the same private key under another password, or the same at another cost."""
    _wrap(key, private, _Stretched.today(password))
    key.save(update_fields=["salt", "passes", "memory", "pepper_id", "wrapped_private_key"])


@dataclass(frozen=True)
class _Stretched:
    """What a password gave, which took time and memory, and how it was made."""

    salt: bytes
    cost: vault.Cost
    pepper_id: str
    key: bytes = field(repr=False)

    @classmethod
    @sensitive_variables()
    def today(cls, password: str) -> Self:
        salt, cost, ring = vault.new_salt(), vault.Cost(*settings.OFFICER_KEY_COST), keyring()
        return cls(salt, cost, ring.primary, vault.password_key(password, salt, cost, ring))


@sensitive_variables()
def _wrap(key: OfficerKey, private: bytes, stretched: _Stretched) -> None:
    key.salt, key.pepper_id = stretched.salt, stretched.pepper_id
    key.passes, key.memory = stretched.cost.passes, stretched.cost.memory
    key.wrapped_private_key = vault.wrap(private, stretched.key, _context(key))


def _password_key(key: OfficerKey, password: str) -> bytes:
    cost = vault.Cost(key.passes, key.memory)
    return vault.password_key(password, bytes(key.salt), cost, keyring(), key.pepper_id)


def _context(key: OfficerKey) -> bytes:
    return vault.packed(b"password", identity(key))
