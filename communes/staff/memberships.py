"""Beginning and ending somebody's work. What ends, ends now: rights, groups and sessions."""

from typing import Any

from django.db import transaction
from django.db.models import F
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
        user=user, unit=unit, role=role, since=timezone.localdate(), defaults={"until": None}
    )
    record(user, "staff.started", by, unit=unit.full_name, role=role)
    return True


@transaction.atomic
def end_membership(membership: Membership, by: Any) -> None:
    """End it now. The person is logged out, and slips that he printed as a unit editor open nothing more."""
    membership.until = timezone.localdate()
    membership.save()
    end_sessions(membership.user)
    if membership.role == Membership.Role.EDITOR and membership.unit.is_supervising:
        Invitation.objects.valid().filter(created_by=membership.user).update(expires_at=timezone.now())
    record(membership.user, "staff.ended", by, unit=membership.unit.full_name, role=str(membership.role))
    membership_ended.send(sender=Membership, membership=membership, by=by)


@transaction.atomic
def deactivate(user: User, by: Any) -> None:
    """Close the account: no work, no log-in, no session, no slip. Nothing is deleted."""
    for membership in Membership.objects.current().filter(user=user).select_related("user", "unit"):
        end_membership(membership, by)
    Invitation.objects.open().filter(user=user).update(withdrawn_at=timezone.now())
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    record(user, "staff.deactivated", by)
