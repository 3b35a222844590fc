"""Screens about people: the list, a unit's staff, one person, inviting, handing over, deactivating.

Every view looks its object up among what the actor manages; whatever else is asked for is a 404.
"""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe
from wagtail.models import ModelLogEntry

from home.stale import keeps_words, may_act
from home.text import one_line

from ..models import Invitation, Membership, Unit, User
from ..models.users import by_name, called
from . import rights
from .approvers import begun_in_words, slip_in_words
from .forms import AddWorkForm, HandOverForm, InviteForm
from .invitations import AlreadyInvited, Unusable, invite, new_slip, reset_slip, withdraw
from .lists import open_invitations, short_of_staff, staff_of, warnings
from .memberships import deactivate, end_membership, start_membership
from .screens import get_or_post, page
from .slips import slips_response

SHOWN = 20
OWN_UNITS = 5
QUERY_LENGTH = 100


def _unit_page(unit: Unit) -> str:
    return reverse("staff:unit", args=[unit.pk])


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What one looks for; else the own units' staff and, for a unit's editor, what is to be done."""
    units = rights.shown_units(request.user)
    if not units.exists():
        raise Http404
    managed = rights.managed_units(request.user)
    manages = managed.exists()
    query = one_line(request.GET.get("q", ""), QUERY_LENGTH)
    context: dict[str, Any] = {"query": query, "manages": manages}
    if query and manages:
        context["units"] = list(managed.filter(called(query)).order_by(*Unit.IN_ORDER)[: SHOWN + 1])
        people = rights.shown_people(request.user).filter(called(query))
        context["people"] = list(people.order_by(*by_name())[: SHOWN + 1])
        context["more"] = len(context["units"]) > SHOWN or len(context["people"]) > SHOWN
        context["units"], context["people"] = context["units"][:SHOWN], context["people"][:SHOWN]
        return page(request, "index", _("Staff"), **context)
    own = units if not request.user.is_superuser else units.supervising()
    if manages:
        own = own.supervising()
        context["invitations"] = list(open_invitations(managed)[:SHOWN])
        short = short_of_staff(managed)
        context["short_count"] = short.count()
        context["short"] = [
            (unit, warnings(unit, unit.has_editor, unit.officers or 0)) for unit in short[:SHOWN]
        ]
    context["staff"] = staff_of(own.order_by(*Unit.IN_ORDER)[:OWN_UNITS])
    return page(request, "index", _("Staff"), **context)


@require_safe
def unit_staff(request: HttpRequest, unit_id: int) -> HttpResponse:
    unit = get_object_or_404(rights.shown_units(request.user).select_related("parent"), pk=unit_id)
    manages = rights.managed_units(request.user).filter(pk=unit.pk).exists()
    return page(request, "unit", unit.full_name, staff=staff_of([unit])[0], unit=unit, manages=manages)


@require_safe
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person, as far as he works for units of this user."""
    return _person(request, person_id)


def _person(request: HttpRequest, person_id: int, form: AddWorkForm | None = None) -> HttpResponse:
    user = get_object_or_404(rights.shown_people(request.user), pk=person_id)
    units = rights.managed_units(request.user)
    memberships = Membership.objects.filter(user=user, unit__in=units).select_related("unit", "user")
    works = memberships.not_ended()
    context = {
        "person": user,
        "memberships": list(works.order_by("since")),
        "former": list(memberships.exclude(pk__in=works.values("pk")).order_by("-until")[:SHOWN]),
        "log": list(ModelLogEntry.objects.for_instance(user).select_related("user")[:SHOWN]),
        "managed": rights.managed_people(request.user).filter(pk=user.pk).exists(),
        "resettable": rights.resettable_people(request.user).filter(pk=user.pk).exists(),
        "is_self": user == request.user,
        "form": form or AddWorkForm(units=units),
    }
    return page(request, "person", str(user), **context)


@keeps_words()
@get_or_post
def add_work(request: HttpRequest, person_id: int) -> HttpResponse:
    """Another role or commune for somebody who has an account."""
    user = get_object_or_404(rights.others(request.user).filter(is_active=True), pk=person_id)
    if request.method != "POST":
        return redirect("staff:person", user.pk)
    form = AddWorkForm(request.POST, units=rights.managed_units(request.user))
    if not (may_act(request) and form.is_valid()):
        return _person(request, person_id, form)
    unit = form.cleaned_data["place"]
    work = start_membership(user, unit, form.cleaned_data["role"], request.user)
    for line in begun_in_words(user, unit, [work]):
        messages.success(request, line)
    return HttpResponseRedirect(_unit_page(unit))


@keeps_words()
@get_or_post
@sensitive_variables()
def invite_person(request: HttpRequest, unit_id: int) -> HttpResponse:
    unit = get_object_or_404(rights.managed_units(request.user).filter(active=True), pk=unit_id)
    people = rights.others(request.user)
    form = InviteForm(request.POST or None, people=people, unit=unit)
    pending = None
    if may_act(request) and form.is_valid():
        data = form.cleaned_data
        if form.chosen is not None:
            with transaction.atomic():
                works = [start_membership(form.chosen, unit, role, request.user) for role in data["roles"]]
            for line in begun_in_words(form.chosen, unit, works):
                messages.success(request, line)
            return HttpResponseRedirect(_unit_page(unit))
        try:
            slip = invite(
                unit=unit,
                full_name=data["full_name"],
                roles=data["roles"],
                by=request.user,
                nonce=data["nonce"],
            )
            return slips_response(
                request, [slip], back=_unit_page(unit), lines=slip_in_words(slip.invitation)
            )
        except AlreadyInvited as error:
            pending = error.invitation
    title = _("Invite somebody: %(unit)s") % {"unit": unit.full_name}
    return page(request, "invite", title, form=form, unit=unit, pending=pending)


@get_or_post
@sensitive_variables()
def print_slip(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """A new slip for an open invitation; the old one is void."""
    invitation = _invitation(request, invitation_id)
    if request.method != "POST":
        return HttpResponseRedirect(_unit_page(invitation.unit))
    try:
        slip = new_slip(invitation, request.user)
    except Unusable:
        messages.error(
            request,
            _(
                "The invitation of %(name)s was altered from outside this portal. Withdraw it and invite "
                "anew; tell the IT officer."
            )
            % {"name": invitation.full_name},
        )
        return HttpResponseRedirect(_unit_page(invitation.unit))
    return slips_response(
        request, [slip], back=_unit_page(invitation.unit), lines=slip_in_words(slip.invitation)
    )


@get_or_post
def withdraw_invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    invitation = _invitation(request, invitation_id)
    if request.method == "POST":
        withdraw(invitation, request.user)
        messages.success(
            request, _("The slip of %(name)s opens nothing any more.") % {"name": invitation.full_name}
        )
    return HttpResponseRedirect(_unit_page(invitation.unit))


def _invitation(request: HttpRequest, pk: int) -> Invitation:
    """An open one of a managed unit; a slip for a new password only for whom this user may give one."""
    invitations = Invitation.objects.open().filter(
        unit__in=rights.managed_units(request.user), unit__active=True
    )
    invitation = get_object_or_404(invitations.select_related("unit"), pk=pk)
    if invitation.purpose == Invitation.Purpose.RESET:
        get_object_or_404(rights.resettable_people(request.user), pk=invitation.user_id)
    return invitation


@get_or_post
@sensitive_variables()
def reset_password(request: HttpRequest, person_id: int) -> HttpResponse:
    user = get_object_or_404(rights.resettable_people(request.user), pk=person_id)
    page = reverse("staff:person", args=[user.pk])
    if request.method != "POST":
        return HttpResponseRedirect(page)
    units = rights.managed_units(request.user)
    works = Membership.objects.not_ended().filter(user=user, unit__in=units).select_related("unit")
    slip = reset_slip(user, works.order_by("since")[0].unit, request.user)
    return slips_response(request, [slip], back=page)


@keeps_words()
@get_or_post
@sensitive_variables()
def hand_over(request: HttpRequest, membership_id: int) -> HttpResponse:
    """End this work now and let somebody else begin it; the one who leaves may begin elsewhere."""
    membership = get_object_or_404(
        Membership.objects.filter(
            unit__in=rights.managed_units(request.user), user__in=rights.others(request.user)
        ).select_related("user", "unit__parent"),
        pk=membership_id,
    )
    unit, leaving = membership.unit, membership.user
    runs = Membership.objects.not_ended().filter(pk=membership.pk).exists()
    if request.method != "POST" and not runs:
        return HttpResponseRedirect(_unit_page(unit))
    people = rights.others(request.user).exclude(pk=leaving.pk)
    colleagues = people.filter(
        pk__in=Membership.objects.current().filter(unit=unit).exclude(role=membership.role).values("user")
    )
    form = HandOverForm(
        request.POST or None,
        people=people,
        colleagues=colleagues,
        units=rights.managed_units(request.user).exclude(pk=unit.pk),
    )
    if may_act(request) and form.is_valid():
        try:
            return _hand_over(request, membership, form)
        except AlreadyInvited as error:
            form.add_error("full_name", _("%(name)s has been invited already.") % {"name": error.invitation})
    title = _("Hand over: %(name)s") % {"name": leaving}
    return page(request, "hand_over", title, form=form, membership=membership, unit=unit)


@transaction.atomic
def _hand_over(request: HttpRequest, membership: Membership, form: HandOverForm) -> HttpResponse:
    data, by = form.cleaned_data, request.user
    unit, leaving, role = membership.unit, membership.user, membership.role
    if Membership.objects.not_ended().filter(pk=membership.pk).exists():
        end_membership(membership, by)
    lines = [_("The work of %(name)s for %(unit)s has ended.") % {"name": leaving, "unit": unit}]
    if data["moves_to"]:
        work = start_membership(leaving, data["moves_to"], role, by)
        lines += begun_in_words(leaving, data["moves_to"], [work])
    if form.chosen is not None:
        lines += begun_in_words(form.chosen, unit, [start_membership(form.chosen, unit, role, by)])
    elif data["person"] == "new":
        slip = invite(unit=unit, full_name=data["full_name"], roles=[role], by=by, nonce=data["nonce"])
        lines += slip_in_words(slip.invitation)
        return slips_response(request, [slip], back=_unit_page(unit), lines=lines)
    for line in lines:
        messages.success(request, line)
    return HttpResponseRedirect(_unit_page(unit))


@get_or_post
def deactivate_person(request: HttpRequest, person_id: int) -> HttpResponse:
    user = get_object_or_404(rights.managed_people(request.user).filter(is_active=True), pk=person_id)
    if request.method == "POST":
        deactivate(User.objects.get(pk=user.pk), request.user)
        messages.success(request, _("The account of %(name)s is closed.") % {"name": user})
        return redirect("staff:index")
    works = Membership.objects.not_ended().filter(user=user).select_related("unit")
    title = _("Close the account of %(name)s") % {"name": user}
    return page(request, "deactivate", title, person=user, memberships=works)
