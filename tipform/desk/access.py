"""Who sees which tips: the officers of a unit that holds them, or held them, today."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from communes.models import Membership, Unit
from communes.roles import is_officer, officer_units

from ..keys import require
from ..keys.signing import is_signed
from ..models import Holding, Tip, Unread

OFFICER = Membership.Role.OFFICER


def tips_for(user: Any) -> "QuerySet[Tip]":
    """The tips that a unit holds where this user is a tip officer today; none for everybody else."""
    return Tip.objects.filter(pk__in=_holdings(user).filter(until=None).values("tip"))


def handed_away(user: Any) -> "QuerySet[Tip]":
    """Those that such a unit held before and holds no more."""
    before = _holdings(user).filter(until__isnull=False).values("tip")
    return Tip.objects.filter(pk__in=before).exclude(pk__in=tips_for(user).values("pk"))


def openable_by(user: Any) -> "QuerySet[Tip]":
    """Both: what was handed on stays readable as far as it was told until then."""
    return Tip.objects.filter(pk__in=_holdings(user).values("tip"))


def _holdings(user: Any) -> "QuerySet[Holding]":
    return Holding.objects.filter(unit__in=officer_units(user))


@dataclass(frozen=True)
class Standing:
    """For which unit an officer has a tip before him, and what his unit may do with it."""

    unit: Unit
    responsible: bool
    # False once the unit handed the tip on: it reads what it had, and nothing later.
    holds: bool


def standing_of(tip: Tip, units: "list[Unit]") -> Standing | None:
    """The strongest of the officer's `units` towards this tip; prefetch `holdings`. None if none has it.

    By a row that the portal did not write a unit at most held the tip before: it opens what its key opens.
    """
    by_pk = {unit.pk: unit for unit in units}
    found = []
    for row in tip.holdings.all():
        if row.unit_id in by_pk:
            row.unit = by_pk[row.unit_id]
            genuine = is_signed(row)
            responsible = genuine and row.unit_id == tip.unit_id
            found.append(Standing(row.unit, responsible, genuine and row.until is None))
    return max(found, key=lambda standing: (standing.responsible, standing.holds), default=None)


def one_tip(user: Any, uuid: UUID) -> tuple[Tip, Standing]:
    """The tip and the officer's standing towards it. Raises Http404 when none of his units has it."""
    tips = openable_by(user).select_related("unit__parent", "category").prefetch_related("holdings")
    tip = get_object_or_404(tips, uuid=uuid)
    standing = standing_of(tip, list(officer_units(user)))
    if standing is None:
        raise Http404
    return tip, standing


class OneTip:
    """A view of one tip, for officers of a unit that has it; to everybody else it does not exist."""

    tip: Tip
    standing: Standing

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.tip, self.standing = one_tip(request.user, kwargs["uuid"])
        # Before anything is recorded or stored.
        require(request, self.standing.unit)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


def with_unread(tips: "QuerySet[Tip]", user: Any) -> Any:
    """Annotate `unread`: the reporter wrote and no officer of the user's unit has opened the tip since.

    Each unit's own audit log tells, so that joint handlers read for themselves.
    """
    return tips.annotate(unread=Exists(unread_by(user).filter(tip=OuterRef("uuid"))))


def unread_by(user: Any) -> "QuerySet[Unread]":
    """What waits to be looked at in the units where this user is a tip officer today."""
    return Unread.objects.filter(unit__in=officer_units(user))


def count_by_status(user: Any) -> dict[str, int]:
    """How many of the user's tips stand at each status; statuses without a tip are left out."""
    counted = tips_for(user).order_by().values("status").annotate(count=Count("pk"))
    return {row["status"]: row["count"] for row in counted}


class OfficersOnly:
    """A view for tip officers; to everybody else it says 403, and nothing of what is behind it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_officer(request.user):
            # Not PermissionDenied: the admin answers that with a redirect to its first page.
            return TemplateResponse(request, "tipform/desk/inbox/forbidden.html", status=403)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
