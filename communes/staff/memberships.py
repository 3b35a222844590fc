"""Beginning and ending somebody's work. What ends, ends now: rights, groups and sessions."""

from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from ..models import Invitation, Membership, Unit, User
from ..signals import membership_ended
from .log import record


def end_sessions(user: User) -> None:
    """Log the person out everywhere, at his next request."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)


@transaction.atomic
def start_membership(user: User, unit: Unit, role: str, by: Any) -> bool:
    """Let the person work for the unit from today; False if he does already."""
    if Membership.objects.current().filter(user=user, unit=unit, role=role).exists():
        return False
    # Somebody who left and comes back on one day has a row of today.
    Membership.objects.update_or_create(
        user=user,
        unit=unit,
        role=role,
        since=timezone.localdate(),
        defaults={"until": None, "closed_with_unit": False},
    )
    # What slept since the unit was closed is awake: it ends with the work that begins now.
    for asleep in Membership.objects.filter(user=user, unit=unit, role=role, closed_with_unit=True):
        asleep.closed_with_unit = False
        asleep.save()
    record(user, "staff.started", by, unit=unit.full_name, role=role)
    return True


@transaction.atomic
def end_membership(membership: Membership, by: Any, *, closed_with_unit: bool = False) -> None:
    """End it now. The person is logged out, and slips that he printed as a unit editor open nothing more.

    `closed_with_unit`: only because the unit goes out of service, which may be undone.
    """
    membership.until = timezone.localdate()
    membership.closed_with_unit = closed_with_unit
    membership.save()
    end_sessions(membership.user)
    if membership.role == Membership.Role.EDITOR and membership.unit.is_supervising:
        for invitation in Invitation.objects.valid().filter(created_by=membership.user):
            invitation.expires_at = timezone.now()
            invitation.save(update_fields=["expires_at"])
    record(membership.user, "staff.ended", by, unit=membership.unit.full_name, role=str(membership.role))
    membership_ended.send(sender=Membership, membership=membership, by=by)


def withdraw_all(invitations: "QuerySet[Invitation]") -> None:
    """Their slips open nothing any more."""
    for invitation in invitations.order_by("unit", "pk"):
        invitation.withdrawn_at = timezone.now()
        invitation.save(update_fields=["withdrawn_at"])


@transaction.atomic
def deactivate(user: User, by: Any) -> None:
    """Close the account: no work, no log-in, no session, no slip. Nothing is deleted."""
    works = Membership.objects.current().filter(user=user).select_related("user", "unit")
    for membership in works.order_by("unit"):
        end_membership(membership, by)
    withdraw_all(Invitation.objects.open().filter(user=user))
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    record(user, "staff.deactivated", by)
