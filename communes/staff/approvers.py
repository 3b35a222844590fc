"""Who lets an approver begin: never somebody who brought him in, unless it is the administrator.

An approver is the second pair of eyes. If one could appoint the other, both could be one person.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import Invitation, Membership, Unit, User
from ..models.users import by_name
from .log import log_act

ENOUGH_APPROVERS = 2


class NotWaiting(Exception):
    """Confirmed or ended by somebody else meanwhile, or the account or the unit is out of service."""


class Altered(Exception):
    """The row is not as the portal wrote it: who brought him in may be somebody else's invention."""


def approves(unit: Unit, role: str) -> bool:
    """Whether this work is an approver's."""
    return role == Membership.Role.EDITOR and unit.is_supervising


def only_administrators(ids: Iterable[int]) -> bool:
    """Whether all these accounts are administrators today; so it is when there are none."""
    asked = set(ids)
    return User.objects.filter(pk__in=asked, is_superuser=True, is_active=True).count() == len(asked)


def printers_of(user: User) -> set[int]:
    """Who printed the slips by which this account got its passwords, and so may know one."""
    used = Invitation.objects.filter(user=user, used_at__isnull=False)
    return {printer for printers in used.values_list("brought_in_by", flat=True) for printer in printers}


def approvers_of(unit: Unit) -> list[User]:
    works = Membership.objects.current().approving().filter(unit=unit).select_related("user")
    return [work.user for work in works.order_by(*by_name("user__"))]


def may_confirm(user: Any, membership: Membership) -> bool:
    if user.pk == membership.user_id:
        return False
    if user.is_superuser and user.is_active:
        return True
    return user.pk not in membership.brought_in_by and user in approvers_of(membership.unit)


def waits_for(approvers: Iterable[User], brought_in_by: Iterable[int]) -> str:
    """Who can confirm, in words; `approvers` are those of the unit."""
    names = [str(user) for user in approvers if user.pk not in brought_in_by]
    if not names:
        return _("waits for the administrator to confirm")
    return _("waits for the administrator or %(names)s to confirm") % {"names": ", ".join(names)}


def begun_in_words(user: User, unit: Unit, works: list[Membership | None]) -> list[str]:
    """What became of work that was given to somebody (None: he did it already)."""
    waiting = [work for work in works if work is not None and work.awaits_confirmation]
    lines = []
    if len(waiting) < len(works):
        lines.append(_("%(name)s works for %(unit)s from now on.") % {"name": user, "unit": unit})
    for work in waiting:
        who = waits_for(approvers_of(unit), work.brought_in_by)
        lines.append(
            _("%(name)s does not approve for %(unit)s yet: %(who)s.")
            % {"name": user, "unit": unit, "who": who}
        )
    return lines


def slip_in_words(invitation: Invitation) -> list[str]:
    """What the slip of an approver does not give."""
    asks = any(approves(invitation.unit, role) for role in invitation.roles)
    if not asks or only_administrators(invitation.brought_in_by):
        return []
    who = waits_for(approvers_of(invitation.unit), invitation.brought_in_by)
    return [
        _("The slip gives the account. To approve, %(name)s %(who)s.")
        % {"name": invitation.full_name, "who": who}
    ]


def what_it_waits_for(user: Any) -> list[str]:
    """What an account that awaits confirmation is told: for which unit, and who can confirm."""
    works = Membership.objects.awaiting().filter(user=user).select_related("unit").order_by("since", "pk")
    return [
        _("To approve for %(unit)s, this account %(who)s.")
        % {"unit": work.unit, "who": waits_for(approvers_of(work.unit), work.brought_in_by)}
        for work in works
    ]


@transaction.atomic
def confirm(membership_id: int, by: Any) -> Membership:
    """Let this approver begin, once. From now on he is independent of who brought him in.

    Raises NotWaiting, Altered, and PermissionDenied for who brought him in or does not approve for this unit.
    """
    unit_id = Membership.objects.values_list("unit", flat=True).get(pk=membership_id)
    # One decision at a time in a unit: whoever confirms must not cease to be an approver meanwhile.
    of_the_unit = Membership.objects.select_for_update(of=("self",)).filter(unit=unit_id)
    list(of_the_unit.filter(role=Membership.Role.EDITOR).order_by("pk"))
    waiting = Membership.objects.awaiting().filter(pk=membership_id)
    membership = waiting.select_related("unit", "user").first()
    if membership is None:
        raise NotWaiting
    if not may_confirm(by, membership):
        raise PermissionDenied
    if not membership.in_force():
        raise Altered
    membership.awaits_confirmation = False
    membership.confirmed_by = by
    membership.since = timezone.localdate()
    membership.save()
    log_act(membership.user, "staff.confirmed", by, unit=membership.unit.full_name, role=membership.role)
    return membership
