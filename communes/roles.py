"""For which units a member of staff works, in which part, and who works for a unit.

Memberships decide, never a group.
"""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from .models import Membership, Unit, User
from .models.units import UnitQuerySet


def editor_units(user: Any) -> UnitQuerySet:
    return _units_where(user, Membership.Role.EDITOR)


def officer_units(user: Any) -> UnitQuerySet:
    return _units_where(user, Membership.Role.OFFICER)


def supervised(user: Any) -> UnitQuerySet:
    """The communes in service of the supervising units where this user is an editor today."""
    return Unit.objects.filter(parent__in=editor_units(user).supervising(), active=True)


def is_editor(user: Any) -> bool:
    return editor_units(user).exists()


def is_officer(user: Any) -> bool:
    return officer_units(user).exists()


def supervises(user: Any) -> bool:
    """Whether he is an editor of a unit above communes today."""
    return editor_units(user).supervising().exists()


def editors_of(unit_id: int | None) -> "QuerySet[User]":
    """Who works for the unit as editor today; nobody for None."""
    return _people_where(unit_id, Membership.Role.EDITOR)


def officers_of(unit_id: int | None) -> "QuerySet[User]":
    """Who works for the unit as tip officer today; nobody for None."""
    return _people_where(unit_id, Membership.Role.OFFICER)


def _people_where(unit_id: int | None, role: str) -> "QuerySet[User]":
    works = Membership.objects.current().filter(unit=unit_id, role=role, user=OuterRef("pk"))
    return User.objects.filter(Exists(works))


def _units_where(user: Any, role: str) -> UnitQuerySet:
    """The units for which this user works as `role` today; none for an anonymous or inactive user."""
    if not user.is_authenticated:
        return Unit.objects.none()
    current = Membership.objects.current().filter(user=user, role=role)
    return Unit.objects.filter(pk__in=current.values("unit"))
