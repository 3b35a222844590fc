"""Screens about communes: opening one with its first staff, and taking one out of service."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_variables

from home.ordering import InVietnamese
from home.stale import keeps_words, may_act
from home.text import fold, search_key

from ..models import FormerName, Unit
from ..models.former_names import note_former_name
from ..staff import rights
from ..staff.invitations import AlreadyInvited, Slip, free_username, invite
from ..staff.log import log_act
from ..staff.screens import get_or_post, page
from ..staff.slips import slips_response
from .closing import close_commune, what_closing_means
from .forms import CloseForm, FormerNameForm, OpenForm, PeopleForms
from .opening import Report, open_commune


@keeps_words()
@get_or_post
@sensitive_variables()
def open_view(request: HttpRequest) -> HttpResponse:
    """Form, then what would be made, then the slips. Each step carries all that was typed."""
    managed = rights.managed_units(request.user)
    parents = managed.supervising().filter(active=True, page_key__isnull=False)
    if not parents.exists():
        raise Http404
    title = gettext("Open a commune")
    if not request.POST:
        return page(
            request, "open", title, form=OpenForm(parents=parents), people=PeopleForms(prefix="people")
        )
    form, people = OpenForm(request.POST, parents=parents), PeopleForms(request.POST, prefix="people")
    valid = form.is_valid() and people.is_valid() and may_act(request)
    step = request.POST.get("step", "preview")
    if step == "open" and valid:
        try:
            report, slips, lines = _open(request, form, people)
        except (ValueError, ValidationError) as error:
            form.add_error(None, " ".join(getattr(error, "messages", [str(error)])))
            return page(request, "open", title, form=form, people=people)
        back = reverse("staff:unit", args=[report.unit.pk])
        return slips_response(request, slips, back=back, lines=lines)
    if step == "preview" and valid:
        return page(
            request, "open_preview", title, form=form, people=people, **_preview(request, form, people)
        )
    return page(request, "open", title, form=form, people=people)


def _invited(people: Any) -> list[tuple[str, list[str]]]:
    return [
        (each.cleaned_data["full_name"], each.cleaned_data["roles"])
        for each in people
        if each.cleaned_data.get("full_name")
    ]


def _preview(request: HttpRequest, form: OpenForm, people: Any) -> dict[str, Any]:
    data = form.cleaned_data
    unit = form.unit or Unit(kind=data["kind"], name=data["name"], parent=data["parent"])
    invited = _invited(people)
    folded = [fold(name) for name, _roles in invited]
    namesakes = [
        person
        for name in set(folded)
        for person in rights.shown_people(request.user).filter(
            name_folded__startswith=f"{search_key(name)} ", is_active=True
        )
        if fold(person.get_full_name()) == name
    ]
    return {
        "unit": unit,
        "exists": form.unit is not None,
        "similar": form.similar,
        "invited": [(name, free_username(name, unit)) for name, _roles in invited],
        "namesakes": namesakes,
        "address": f"{request.scheme}://{request.get_host()}/{data['slug']}/",
    }


@transaction.atomic
def _open(request: HttpRequest, form: OpenForm, people: Any) -> tuple[Report, list[Slip], list[str]]:
    data = form.cleaned_data
    report = open_commune(
        parent=data["parent"],
        kind=data["kind"],
        name=data["name"],
        slug=data["slug"],
        phone=data["phone"],
        address=data["address"],
    )
    lines = [_in_words(line) for line in report.lines]
    slips = []
    for name, roles in _invited(people):
        try:
            slips.append(
                invite(unit=report.unit, full_name=name, roles=roles, by=request.user, nonce=data["nonce"])
            )
        except AlreadyInvited as error:
            lines.append(gettext("%(name)s has been invited already.") % {"name": error.invitation})
    log_act(report.unit, "staff.opened", request.user, phone=data["phone"])
    return report, slips, lines


def _in_words(line: str) -> str:
    """A line of the service's report, which is written for the command line."""
    verb, _space, what = line.partition(" ")
    return (gettext("Made: %(what)s") if verb == "made" else gettext("There already: %(what)s")) % {
        "what": what
    }


@keeps_words()
@get_or_post
def close_view(request: HttpRequest, unit_id: int) -> HttpResponse:
    unit = get_object_or_404(
        rights.managed_units(request.user)
        .filter(active=True, parent__isnull=False)
        .communes()
        .select_related("parent"),
        pk=unit_id,
    )
    siblings = Unit.objects.filter(parent=unit.parent).exclude(pk=unit.pk)
    form = CloseForm(request.POST or None, units=siblings)
    if may_act(request) and form.is_valid():
        try:
            day = form.cleaned_data["day"]
            lines = close_commune(unit, *form.cleaned_data["successors"], by=request.user, day=day)
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            back = reverse("staff:unit", args=[unit.pk])
            return slips_response(request, [], back=back, lines=lines)
    title = gettext("Take out of service: %(unit)s") % {"unit": unit.full_name}
    return page(request, "close", title, form=form, unit=unit, lines=what_closing_means(unit))


@keeps_words()
@get_or_post
def former_names_view(request: HttpRequest, unit_id: int) -> HttpResponse:
    """What the commune was called before: the list, and a form that adds to it or corrects a row."""
    communes = rights.managed_units(request.user).communes().select_related("parent")
    unit = get_object_or_404(communes, pk=unit_id)
    deletes = "delete" in request.POST
    data = request.POST if request.POST and not deletes else None
    form = FormerNameForm(data, instance=FormerName(unit=unit))
    if may_act(request) and deletes:
        key = request.POST["delete"]
        row = get_object_or_404(unit.former_names.filter(closed=None), pk=key if key.isdecimal() else None)
        row.delete()
        return _former_names_saved(request, unit, row, "staff.former_name_deleted")
    if may_act(request) and form.is_valid():
        note_former_name(form.instance)
        return _former_names_saved(request, unit, form.instance, "staff.former_name")
    rows = unit.former_names.order_by(InVietnamese("name"), "pk")
    title = gettext("Former names: %(unit)s") % {"unit": unit.short_name}
    return page(request, "former_names", title, form=form, unit=unit, rows=rows)


def _former_names_saved(request: HttpRequest, unit: Unit, row: FormerName, action: str) -> HttpResponse:
    log_act(unit, action, request.user, former_name=str(row))
    messages.success(request, gettext("Saved. The search knows it at once."))
    return redirect("staff:former_names", unit.pk)
