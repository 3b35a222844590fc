"""For which units a member of staff works, in which part. Memberships decide, never a group."""

from typing import Any

from .models import Membership, Unit
from .models.units import UnitQuerySet


def editor_units(user: Any) -> UnitQuerySet:
    return _units_where(user, Membership.Role.EDITOR)


def officer_units(user: Any) -> UnitQuerySet:
    return _units_where(user, Membership.Role.OFFICER)


def supervised(user: Any) -> UnitQuerySet:
    """The communes in service of the supervising units where this user is an editor today."""
    return Unit.objects.filter(parent__in=editor_units(user).supervising(), active=True)


def _units_where(user: Any, role: str) -> UnitQuerySet:
    """The units for which this user works as `role` today; none for an anonymous or inactive user."""
    if not user.is_authenticated:
        return Unit.objects.none()
    current = Membership.objects.current().filter(user=user, role=role)
    return Unit.objects.filter(pk__in=current.values("unit"))
