"""Screens about communes: opening one with its first staff, and taking one out of service."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from wagtail.models import Locale

from home.models import RESERVED_SLUGS, HomePage
from home.stale import new_nonce
from home.text import clean_text, fold, plain_slug

from ..lifecycle.closing import check_closing, close_commune, what_closing_means
from ..lifecycle.opening import Report, open_commune
from ..models import CommunePage, Unit
from . import rights
from .forms import CloseForm, NameField, RolesField
from .invitations import AlreadyInvited, Slip, free_username, invite
from .log import record
from .people import _page, get_or_post
from .slips import slips_response

COMMUNE_KINDS = [(kind.value, kind.label) for kind in Unit.Kind if kind not in Unit.SUPERVISING_KINDS]
MOST_INVITED = 10


class OpenForm(forms.Form):
    """A commune as it is to be opened; `unit` is the row that is there already, `slug` is filled in."""

    parent = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit above"), empty_label=None)
    kind = forms.ChoiceField(label=_("Kind of unit"), choices=COMMUNE_KINDS)
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Without the kind, for example: Cẩm Trung")
    )
    phone = forms.CharField(
        label=_("Duty phone"), max_length=20, help_text=_("Shown on every page, called with one tap")
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    slug = forms.CharField(
        label=_("Address on the portal"),
        max_length=80,
        required=False,
        help_text=_("Leave empty: it is made from the name"),
    )
    nonce = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, parents: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"nonce": new_nonce(), "parent": parents.first()}
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]
        self.fields["phone"].validators += CommunePage._meta.get_field("duty_phone").validators
        if len(parents) == 1:
            self.fields["parent"].widget = forms.HiddenInput()
        self.unit: Unit | None = None
        self.similar: Unit | None = None

    def clean_name(self) -> str:
        name = clean_text(self.cleaned_data["name"])
        if not plain_slug(name):
            raise ValidationError(_("The name has no letter that an address can have."))
        return name

    def clean_address(self) -> str:
        return clean_text(self.cleaned_data["address"])

    def clean(self) -> Any:
        data = self.cleaned_data
        if not {"parent", "kind", "name"} <= data.keys() or "slug" not in data:
            return data
        named = Unit.objects.filter(
            parent=data["parent"],
            kind=data["kind"],
            name_folded=fold(f"{Unit.Kind(data['kind']).label} {data['name']}"),
        )
        for unit in named:
            if unit.name.lower() == data["name"].lower():
                self.unit = unit
                data["name"] = unit.name
            else:
                self.similar = unit
        home = HomePage.objects.filter(
            translation_key=data["parent"].page_key, locale=Locale.get_default()
        ).first()
        if home is None:
            raise ValidationError(_("This unit has no home page yet."))
        there = CommunePage.objects.filter(unit=self.unit, locale=home.locale).first() if self.unit else None
        if there is not None:
            data["slug"] = there.slug
            return data
        self._find_address(data, home)
        return data

    def _find_address(self, data: dict[str, Any], home: HomePage) -> None:
        taken = RESERVED_SLUGS | set(home.get_children().values_list("slug", flat=True))
        wanted = plain_slug(data["slug"])
        offered = [plain_slug(data["name"]), plain_slug(f"{Unit.Kind(data['kind']).label} {data['name']}")]
        free = next((slug for slug in offered if slug not in taken), "")
        if wanted and wanted in taken:
            self.add_error(
                "slug", _("“%(slug)s” is taken. “%(free)s” is free.") % {"slug": wanted, "free": free}
            )
        elif not wanted and not free:
            self.add_error("slug", _("Choose an address: those made from the name are taken."))
        data["slug"] = wanted or free


class PersonForm(forms.Form):
    full_name = NameField(required=False)
    roles = RolesField(required=False)

    def clean(self) -> Any:
        if self.cleaned_data.get("full_name") and not self.cleaned_data.get("roles"):
            self.add_error("roles", _("Say what work this is."))
        if self.cleaned_data.get("roles") and not self.cleaned_data.get("full_name"):
            self.add_error("full_name", _("Write the name, or untick the work."))
        return self.cleaned_data


PeopleForms = forms.formset_factory(
    PersonForm, extra=3, max_num=MOST_INVITED, validate_max=True, absolute_max=MOST_INVITED
)


@get_or_post
@sensitive_variables()
def open_view(request: HttpRequest) -> HttpResponse:
    """Form, then what would be made, then the slips. Each step carries all that was typed."""
    parents = rights.managed_units(request.user).filter(
        kind__in=Unit.SUPERVISING_KINDS, active=True, page_key__isnull=False
    )
    if not parents.exists():
        raise Http404
    title = gettext("Open a commune")
    if request.method != "POST":
        return _page(
            request, "open", title, form=OpenForm(parents=parents), people=PeopleForms(prefix="people")
        )
    form, people = OpenForm(request.POST, parents=parents), PeopleForms(request.POST, prefix="people")
    valid = form.is_valid() and people.is_valid()
    step = request.POST.get("step", "preview")
    if step == "open" and valid:
        try:
            report, slips, lines = _open(request, form, people)
        except (ValueError, ValidationError) as error:
            form.add_error(None, " ".join(getattr(error, "messages", [str(error)])))
            return _page(request, "open", title, form=form, people=people)
        back = reverse("staff:unit", args=[report.unit.pk])
        return slips_response(request, slips, back=back, lines=lines)
    if step == "preview" and valid:
        return _page(
            request, "open_preview", title, form=form, people=people, **_preview(request, form, people)
        )
    return _page(request, "open", title, form=form, people=people)


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
            name_folded__startswith=f"{name} ", is_active=True
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
    record(report.unit, "staff.opened", request.user, phone=data["phone"])
    return report, slips, lines


def _in_words(line: str) -> str:
    """A line of the service's report, which is written for the command line."""
    verb, _space, what = line.partition(" ")
    return (gettext("Made: %(what)s") if verb == "made" else gettext("There already: %(what)s")) % {
        "what": what
    }


@get_or_post
def close_view(request: HttpRequest, unit_id: int) -> HttpResponse:
    unit = get_object_or_404(
        rights.managed_units(request.user)
        .filter(active=True, parent__isnull=False)
        .exclude(kind__in=Unit.SUPERVISING_KINDS)
        .select_related("parent"),
        pk=unit_id,
    )
    siblings = Unit.objects.filter(parent=unit.parent).exclude(pk=unit.pk)
    form = CloseForm(request.POST or None, units=siblings)
    if request.method == "POST" and form.is_valid():
        try:
            check_closing(unit, form.cleaned_data["successor"])
            lines = close_commune(unit, form.cleaned_data["successor"], request.user)
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            back = reverse("staff:unit", args=[unit.pk])
            return slips_response(request, [], back=back, lines=lines)
    title = gettext("Take out of service: %(unit)s") % {"unit": unit.full_name}
    return _page(request, "close", title, form=form, unit=unit, lines=what_closing_means(unit))
