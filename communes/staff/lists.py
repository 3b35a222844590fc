"""Who works where, as the staff's screens show it. The same few queries for any number of units."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from ..models import Invitation, Membership, Unit
from .rights import EDITOR, OFFICER

ENOUGH_OFFICERS = 2


@dataclass
class UnitStaff:
    """The people of one unit today, its open invitations, and what it lacks."""

    unit: Unit
    memberships: list[Membership] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)

    @property
    def warnings(self) -> list[str]:
        return warnings(
            self.unit,
            sum(each.role == EDITOR for each in self.memberships),
            sum(each.role == OFFICER for each in self.memberships),
        )


def warnings(unit: Unit, editors: int, officers: int) -> list[str]:
    """What a commune in service cannot go on without."""
    if unit.is_supervising or not unit.active:
        return []
    said = []
    if not editors:
        said.append(_("Nobody writes for this commune: it has no editor."))
    if officers < ENOUGH_OFFICERS:
        said.append(
            _("Fewer than two tip officers: if one forgets the password, nobody can give the key again.")
        )
    return said


def staff_of(units: Iterable[Unit]) -> list[UnitStaff]:
    """In two queries."""
    staff = {unit.pk: UnitStaff(unit) for unit in units}
    memberships = Membership.objects.current().filter(unit__in=staff).select_related("user", "unit")
    for membership in memberships.order_by("role", "user__name_folded"):
        staff[membership.unit_id].memberships.append(membership)
    invitations = Invitation.objects.open().filter(unit__in=staff).select_related("unit", "created_by")
    for invitation in invitations.order_by("created_at"):
        staff[invitation.unit_id].invitations.append(invitation)
    return list(staff.values())


def open_invitations(units: "QuerySet[Unit]") -> "QuerySet[Invitation]":
    """The longest waiting first."""
    return (
        Invitation.objects.open()
        .filter(unit__in=units)
        .select_related("unit", "created_by")
        .order_by("expires_at")
    )


def short_of_staff(units: "QuerySet[Unit]") -> "QuerySet[Any]":
    """Communes in service without an editor or with fewer than two tip officers, with both numbers."""

    def count(role: str) -> Any:
        current = Membership.objects.current().filter(unit=OuterRef("pk"), role=role)
        return current.order_by().values("unit").annotate(number=Count("pk")).values("number")

    communes = units.filter(active=True).exclude(kind__in=Unit.SUPERVISING_KINDS)
    has_editor = Exists(Membership.objects.current().filter(unit=OuterRef("pk"), role=EDITOR))
    return (
        communes.annotate(has_editor=has_editor, officers=count(OFFICER))
        .filter(Q(has_editor=False) | Q(officers__isnull=True) | Q(officers__lt=ENOUGH_OFFICERS))
        .order_by("has_editor", "name_folded")
    )
