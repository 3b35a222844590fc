"""Who works where, as the staff's screens show it. The same few queries for any number of units."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from ..models import Invitation, Membership, Unit
from ..models.units import UnitQuerySet
from ..models.users import by_name
from .approvers import ENOUGH_APPROVERS, waits_for
from .rights import EDITOR, OFFICER

ENOUGH_OFFICERS = 2


@dataclass
class UnitStaff:
    """The people of one unit today, its open invitations, and what it lacks.

    `awaiting` are approvers whom nobody has confirmed yet.
    """

    unit: Unit
    memberships: list[Membership] = field(default_factory=list)
    awaiting: list[Membership] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)

    @property
    def warnings(self) -> list[str]:
        return warnings(
            self.unit,
            sum(each.role == EDITOR for each in self.memberships),
            sum(each.role == OFFICER for each in self.memberships),
        )

    @property
    def to_confirm(self) -> list[tuple[Membership, str]]:
        """Who awaits confirmation, and whose, in words."""
        approvers = [each.user for each in self.memberships if each.role == EDITOR]
        return [(each, waits_for(approvers, each.brought_in_by)) for each in self.awaiting]


def warnings(unit: Unit, editors: int, officers: int) -> list[str]:
    """What a unit in service cannot go on without."""
    if not unit.active:
        return []
    if unit.is_supervising:
        return too_few_approvers(editors)
    said = []
    if not editors:
        said.append(_("Nobody writes for this commune: it has no editor."))
    if officers < ENOUGH_OFFICERS:
        said.append(
            _("Fewer than two tip officers: if one forgets the password, nobody can give the key again.")
        )
    return said


def too_few_approvers(approvers: int) -> list[str]:
    if approvers >= ENOUGH_APPROVERS:
        return []
    if approvers:
        return [
            _(
                "Only one approver: nobody approves what he or she writes, and only the administrator can "
                "confirm a second one. Two at least are needed."
            )
        ]
    return [_("No approver: no post can appear. Only the administrator can confirm one.")]


def staff_of(units: Iterable[Unit]) -> list[UnitStaff]:
    """In two queries."""
    staff = {unit.pk: UnitStaff(unit) for unit in units}
    memberships = Membership.objects.not_ended().filter(unit__in=staff).select_related("user", "unit")
    for membership in memberships.order_by("role", *by_name("user__")):
        of_unit = staff[membership.unit_id]
        (of_unit.awaiting if membership.awaits_confirmation else of_unit.memberships).append(membership)
    invitations = Invitation.objects.open().filter(unit__in=staff).select_related("unit", "created_by")
    for invitation in invitations.order_by("created_at"):
        staff[invitation.unit_id].invitations.append(invitation)
    return list(staff.values())


def open_invitations(units: UnitQuerySet) -> "QuerySet[Invitation]":
    """The longest waiting first."""
    return (
        Invitation.objects.open()
        .filter(unit__in=units)
        .select_related("unit", "created_by")
        .order_by("expires_at")
    )


def _count(role: str) -> Any:
    """How many work in a unit as `role`; null for nobody."""
    current = Membership.objects.current().filter(unit=OuterRef("pk"), role=role)
    return current.order_by().values("unit").annotate(number=Count("pk")).values("number")


def short_of_approvers(units: UnitQuerySet) -> "QuerySet[Any]":
    """Supervising units in service with fewer than two approvers, with their number."""
    supervising = units.supervising().filter(active=True)
    counted = supervising.annotate(approvers=Coalesce(Subquery(_count(EDITOR)), 0))
    return counted.filter(approvers__lt=ENOUGH_APPROVERS).order_by("approvers", *Unit.IN_ORDER)


def awaiting_confirmation(units: UnitQuerySet) -> "QuerySet[Membership]":
    """The longest waiting first."""
    waiting = Membership.objects.awaiting().filter(unit__in=units).select_related("user", "unit")
    return waiting.order_by("since", "pk")


def short_of_staff(units: UnitQuerySet) -> "QuerySet[Any]":
    """Communes in service without an editor or with fewer than two tip officers, with both numbers."""
    communes = units.communes().filter(active=True)
    has_editor = Exists(Membership.objects.current().filter(unit=OuterRef("pk"), role=EDITOR))
    return (
        communes.annotate(has_editor=has_editor, officers=_count(OFFICER))
        .filter(Q(has_editor=False) | Q(officers__isnull=True) | Q(officers__lt=ENOUGH_OFFICERS))
        .order_by("has_editor", *Unit.IN_ORDER)
    )
