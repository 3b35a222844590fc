"""For which units a member of staff works, in which part. Memberships decide, never a group."""

from typing import Any

from django.db.models import QuerySet

from .models import Membership, Unit, units_where


def editor_units(user: Any) -> "QuerySet[Unit]":
    return units_where(user, Membership.Role.EDITOR)


def officer_units(user: Any) -> "QuerySet[Unit]":
    return units_where(user, Membership.Role.OFFICER)


def supervised(user: Any) -> "QuerySet[Unit]":
    """The communes of the units where this user is an editor today."""
    above = editor_units(user).filter(kind__in=Unit.SUPERVISING_KINDS)
    return Unit.objects.filter(parent__in=above, active=True)
