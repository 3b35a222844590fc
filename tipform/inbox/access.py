"""Who sees which tips: the officers of the unit that holds them, today."""

from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse

from communes.models import Membership, Unit, units_where

from ..models import AuditEntry, Tip

OFFICER = Membership.Role.OFFICER
WRITTEN = (AuditEntry.Action.RECEIVED, AuditEntry.Action.REPORTER_WROTE)


def officer_units(user: Any) -> "QuerySet[Unit]":
    return units_where(user, OFFICER)


def tips_for(user: Any) -> "QuerySet[Tip]":
    """The tips of the units where this user is a tip officer today; none for everybody else."""
    return Tip.objects.filter(unit__in=officer_units(user))


def with_unread(tips: "QuerySet[Tip]") -> Any:
    """Annotate `unread`: the reporter wrote and no officer of the unit has opened the tip since."""

    def last(*actions: str) -> Subquery:
        entries = AuditEntry.objects.filter(tip=OuterRef("uuid"), action__in=actions)
        return Subquery(entries.order_by("-pk").values("pk")[:1])

    return tips.annotate(last_written=last(*WRITTEN), last_opened=last(AuditEntry.Action.OPENED)).annotate(
        unread=Q(last_opened__isnull=True) | Q(last_written__gt=F("last_opened"))
    )


def count_by_status(user: Any) -> dict[str, int]:
    """How many of the user's tips stand at each status; statuses without a tip are left out."""
    counted = tips_for(user).order_by().values("status").annotate(count=Count("pk"))
    return {row["status"]: row["count"] for row in counted}


class OfficersOnly:
    """A view for tip officers; to everybody else it says 403, and nothing of what is behind it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not officer_units(request.user).exists():
            # Not PermissionDenied: the admin answers that with a redirect to its first page.
            return TemplateResponse(request, "tipform/admin/forbidden.html", status=403)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
