"""The screen on which an approver who awaits confirmation is confirmed, or done without."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from ..models import Membership, User
from ..models.users import by_name
from . import rights
from .approvers import Altered, NotWaiting, approvers_of, confirm, may_confirm, waits_for
from .memberships import end_membership
from .screens import get_or_post, page


@get_or_post
def confirm_approver(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Confirm him, or do without him. Whoever brought him in may do the latter only."""
    membership = get_object_or_404(
        Membership.objects.approving()
        .filter(unit__in=rights.managed_units(request.user), user__in=rights.others(request.user))
        .select_related("user", "unit"),
        pk=membership_id,
    )
    back = HttpResponseRedirect(reverse("staff:unit", args=[membership.unit_id]))
    if request.method == "POST":
        if request.POST.get("act") == "refuse":
            _refuse(request, membership)
        else:
            _confirm(request, membership)
        return back
    if not Membership.objects.awaiting().filter(pk=membership.pk).exists():
        messages.info(request, _what_became(membership))
        return back
    return page(
        request,
        "confirm",
        _("Confirm an approver"),
        membership=membership,
        brought_in_by=User.objects.filter(pk__in=membership.brought_in_by).order_by(*by_name()),
        may_confirm=may_confirm(request.user, membership),
        who=waits_for(approvers_of(membership.unit), membership.brought_in_by),
    )


def _refuse(request: HttpRequest, membership: Membership) -> None:
    waiting = Membership.objects.awaiting().filter(pk=membership.pk).first()
    if waiting is None:
        messages.info(request, _what_became(membership))
        return
    end_membership(waiting, request.user)
    words = {"name": membership.user, "unit": membership.unit}
    messages.success(request, _("%(name)s does not become an approver of %(unit)s.") % words)


def _confirm(request: HttpRequest, membership: Membership) -> None:
    name, unit = membership.user, membership.unit
    try:
        confirm(membership.pk, request.user)
    except NotWaiting:
        messages.info(request, _what_became(membership))
    except PermissionDenied:
        messages.error(
            request,
            _("This account cannot confirm: %(name)s %(who)s.")
            % {"name": name, "who": waits_for(approvers_of(unit), membership.brought_in_by)},
        )
    except Altered:
        messages.error(
            request,
            _(
                "What stands here about %(name)s was altered from outside this portal. Do without him or "
                "her and invite anew; tell the IT officer."
            )
            % {"name": name},
        )
    else:
        messages.success(
            request, _("%(name)s approves for %(unit)s from now on.") % {"name": name, "unit": unit}
        )


def _what_became(membership: Membership) -> str:
    """Why there is nothing to decide (any more)."""
    words = {"name": membership.user, "unit": membership.unit}
    if Membership.objects.current().filter(pk=membership.pk).exists():
        return _("%(name)s has been confirmed already, and approves for %(unit)s.") % words
    return _("%(name)s does not work for %(unit)s any more: there is nothing to confirm.") % words
