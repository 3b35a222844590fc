"""Whose staff this user keeps. The unit's editors: their unit and its communes, and nobody else's."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ..models import Membership, Unit, User
from ..models.units import UnitQuerySet
from ..roles import editor_units

EDITOR, OFFICER = Membership.Role.EDITOR, Membership.Role.OFFICER


def managed_units(user: Any) -> UnitQuerySet:
    """The units whose staff this user invites and ends, those out of service included."""
    if user.is_superuser:
        return Unit.objects.all()
    own = editor_units(user).supervising()
    return Unit.objects.filter(Q(pk__in=own) | Q(parent__in=own))


def shown_units(user: Any) -> UnitQuerySet:
    """The units whose staff this user may read: also the commune that he edits."""
    return Unit.objects.filter(Q(pk__in=managed_units(user)) | Q(pk__in=editor_units(user)))


def shown_people(user: Any) -> "QuerySet[User]":
    """Everybody who works, or has worked, in a unit that this user manages. Never a superuser."""
    return User.objects.filter(
        Exists(Membership.objects.filter(user=OuterRef("pk"), unit__in=managed_units(user))),
        is_superuser=False,
    )


def others(user: Any) -> "QuerySet[User]":
    """The same without the user himself: nobody gives himself work or takes it from himself."""
    return shown_people(user).exclude(pk=user.pk)


def managed_people(user: Any) -> "QuerySet[User]":
    """Those of the others who work nowhere else."""
    elsewhere = (
        Membership.objects.not_ended().filter(user=OuterRef("pk")).exclude(unit__in=managed_units(user))
    )
    return others(user).filter(~Exists(elsewhere))


def resettable_people(user: Any) -> "QuerySet[User]":
    """Those for whom this user may print a slip for a new password.

    Not an approver, nor somebody who awaits confirmation as one: his account is the second pair of eyes,
    and whoever could take it would be both. That is the superuser's to do.
    """
    working = Membership.objects.not_ended().filter(user=OuterRef("pk"))
    people = managed_people(user).filter(Exists(working), is_active=True)
    if user.is_superuser:
        return people
    return people.filter(~Exists(working.approving()))
