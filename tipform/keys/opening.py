"""The one door to a unit's private key."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from communes.models import Membership, Unit
from communes.roles import officer_units

from .. import vault
from ..models import KeyGrant, UnitKey
from . import session
from .ring import AnyKey, identity, is_genuine
from .signing import in_force


class KeyLocked(Exception):
    """This session holds no opened key: the officer is asked for his password, in place."""


class KeyAwaited(Exception):
    """The officer's own key opens nothing of the unit: he waits for a colleague to grant it."""

    def __init__(self, unit: Unit) -> None:
        super().__init__()
        self.unit = unit


def private_keys(request: HttpRequest, unit: Unit) -> dict[int | None, bytes]:
    """The unit's private keys by UnitKey id: all generations that the officer who asks holds a grant for.

    Raises PermissionDenied for everybody but the unit's tip officers, the superuser included: membership
    decides, not `has_perm`. Raises KeyLocked when the session holds no opened key, and KeyAwaited
    when the portal did not write the membership itself.
    """
    return {key.pk: private for key, private in generations(request, unit).items()}


def generations(request: HttpRequest, unit: Unit) -> dict[UnitKey, bytes]:
    """As `private_keys`, by key, oldest first."""
    if not officer_units(request.user).filter(pk=unit.pk).exists():
        raise PermissionDenied
    opened = session.get(request)
    if opened is None:
        raise KeyLocked
    if not works_here(request.user, unit):
        raise KeyAwaited(unit)
    officer_key, private = opened
    grants = (
        KeyGrant.objects.filter(officer_key=officer_key, unit_key__unit=unit, ended__isnull=True)
        .select_related("unit_key__unit", "officer_key")
        .order_by("unit_key__generation")
    )
    found = {}
    for grant in in_force(grants):
        if is_genuine(grant.unit_key):
            context = grant_context(grant.unit_key, officer_key)
            # One row that was damaged hides no other generation.
            try:
                sealed = bytes(grant.sealed_private_key)
                found[grant.unit_key] = vault.open_grant(sealed, private, context)
            except vault.OpenError:
                continue
    return found


def works_here(user: Any, unit: Unit) -> bool:
    """Whether this user is a tip officer of the unit at this moment, by a row that the portal wrote."""
    members = Membership.objects.current().filter(user=user.pk, unit=unit, role=Membership.Role.OFFICER)
    return bool(in_force(members.select_related("unit")))


def require(request: HttpRequest, unit: Unit) -> None:
    """Raise KeyLocked or KeyAwaited unless this session opens something of the unit; PermissionDenied."""
    if not private_keys(request, unit):
        raise KeyAwaited(unit)


def grant_context(unit_key: UnitKey, recipient: AnyKey) -> bytes:
    """What a sealed private key of a unit is bound to: which key, for whom."""
    return vault.packed(b"grant", identity(unit_key), identity(recipient))
