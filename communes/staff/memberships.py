"""Beginning and ending somebody's work. What ends, ends now: rights, groups and sessions."""

from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from ..models import Invitation, Membership, Unit, User
from ..signals import membership_ended
from .approvers import approves, only_administrators, printers_of
from .log import log_act


def end_sessions(user: User) -> None:
    """Log the person out everywhere, at his next request."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)


@transaction.atomic
def start_membership(user: User, unit: Unit, role: str, by: Any) -> Membership | None:
    """Let the person work for the unit from today; None if he does already.

    An approver awaits confirmation, unless it is the administrator who starts him. `by` is None on the
    command line, and the person himself when he uses a slip: then it counts who printed his slips.
    """
    works = Membership.objects.filter(user=user, unit=unit, role=role)
    if works.current().exists():
        return None
    works = works.select_for_update(of=("self",))
    today = timezone.localdate()
    # Somebody who left and comes back on one day has a row of today.
    membership = works.awaiting().first() or works.filter(since=today).first()
    membership = membership or Membership(user=user, unit=unit, role=role, since=today)
    membership.until, membership.closed_with_unit = None, False
    if approves(unit, role):
        _withdraw_slips_of_others(user)
        _ask_for_confirmation(membership, by)
    membership.save()
    # What slept since the unit was closed is awake: it ends with the work that begins now.
    for asleep in Membership.objects.filter(user=user, unit=unit, role=role, closed_with_unit=True):
        asleep.closed_with_unit = False
        asleep.save()
    action = "staff.awaits" if membership.awaits_confirmation else "staff.started"
    log_act(user, action, by, unit=unit.full_name, role=role)
    return membership


def _ask_for_confirmation(membership: Membership, by: Any) -> None:
    """Note who had a hand in it. What the administrator does himself needs nobody else."""
    hands = {*membership.brought_in_by, *printers_of(membership.user), *([by.pk] if by else [])}
    hands.discard(membership.user_id)
    by_administrator = by is not None and by.pk != membership.user_id and only_administrators([by.pk])
    membership.brought_in_by = sorted(hands)
    membership.awaits_confirmation = not by_administrator and not only_administrators(hands)
    membership.confirmed_by = by if by_administrator else None


def _withdraw_slips_of_others(user: User) -> None:
    """For an approver's password only the administrator prints a slip: what others printed is void."""
    slips = Invitation.objects.open().select_for_update(of=("self",)).filter(user=user).order_by("pk")
    of_others = [slip.pk for slip in slips if not only_administrators(slip.brought_in_by)]
    withdraw_all(Invitation.objects.filter(pk__in=of_others))


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
    log_act(membership.user, "staff.ended", by, unit=membership.unit.full_name, role=str(membership.role))
    membership_ended.send_robust(sender=Membership, membership=membership, by=by)


def withdraw_all(invitations: "QuerySet[Invitation]") -> None:
    """Their slips open nothing any more."""
    for invitation in invitations.order_by("unit", "pk"):
        invitation.withdrawn_at = timezone.now()
        invitation.save(update_fields=["withdrawn_at"])


@transaction.atomic
def deactivate(user: User, by: Any) -> None:
    """Close the account: no work, no log-in, no session, no slip. Nothing is deleted."""
    works = Membership.objects.not_ended().filter(user=user).select_related("user", "unit")
    for membership in works.order_by("unit"):
        end_membership(membership, by)
    withdraw_all(Invitation.objects.open().filter(user=user))
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    log_act(user, "staff.deactivated", by)
