"""The weekly roster of a unit, filled in on a phone: who has which day and which night."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from home.stale import keeps_words, trouble_of

from ..models import Absence, DutySlot, RingRules, Unit, User
from ..models.units import UnitQuerySet
from ..models.users import by_name
from ..roles import editor_units, officer_units, officers_of
from . import duty

Weekday, Part = DutySlot.Weekday, DutySlot.Part
SAVED = "communes.roster_set"

# Weekday, part, account.
Turn = tuple[int, str, int]


def roster_units(user: Any) -> UnitQuerySet:
    """Units in service whose roster this user sets: as its officer or editor, or as who keeps its staff."""
    if user.is_superuser:
        return Unit.objects.filter(active=True)
    above = editor_units(user).supervising()
    own = Q(pk__in=officer_units(user)) | Q(pk__in=editor_units(user))
    return Unit.objects.filter(own | Q(parent__in=above), active=True)


class RosterForm(forms.Form):
    """Tick boxes of the officers for each day and each night of the week.

    `seen` is the mark of the roster with which it was drawn.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, officers: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(person.pk, str(person)) for person in officers]
        for weekday in Weekday:
            for part in Part:
                self.fields[_name(weekday, part)] = forms.MultipleChoiceField(
                    label=f"{weekday.label}, {part.label}",
                    choices=choices,
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                )

    def turns(self) -> set[Turn]:
        return {
            (weekday.value, part.value, int(person))
            for weekday in Weekday
            for part in Part
            for person in self.cleaned_data[_name(weekday, part)]
        }


def _name(weekday: int, part: str) -> str:
    return f"{part}-{int(weekday)}"


def _initial(turns: Iterable[Turn], seen: str) -> dict[str, Any]:
    ticked: dict[str, Any] = {"seen": seen}
    for weekday, part, person in turns:
        ticked.setdefault(_name(weekday, part), []).append(person)
    return ticked


def _whole_week(turns: Iterable[Turn]) -> set[Turn]:
    """Monday's people on each day and each night."""
    monday = [(part, person) for weekday, part, person in turns if weekday == Weekday.MONDAY]
    return {(weekday.value, part, person) for weekday in Weekday for part, person in monday}


@dataclass(frozen=True)
class Roster:
    """What is stored of a unit: its officers in the order of their names, and their turns."""

    officers: list[User]
    turns: set[Turn]

    @classmethod
    def of(cls, unit: Unit) -> "Roster":
        officers = list(officers_of(unit.pk).order_by(*by_name()))
        rows = DutySlot.objects.filter(unit=unit, user__in=officers)
        return cls(officers, set(rows.values_list("weekday", "part", "user")))

    @property
    def mark(self) -> str:
        """Another one as soon as somebody stores other turns, leaves or is new."""
        people = sorted(person.pk for person in self.officers)
        return sha256(repr((people, sorted(self.turns))).encode()).hexdigest()

    def names(self, weekday: int, part: str) -> str:
        there = {turn[2] for turn in self.turns if turn[:2] == (weekday, part)}
        return ", ".join(str(person) for person in self.officers if person.pk in there) or _("nobody")

    def store(self, unit: Unit, turns: set[Turn]) -> None:
        for weekday, part, person in self.turns - turns:
            DutySlot.objects.filter(unit=unit, weekday=weekday, part=part, user=person).delete()
        DutySlot.objects.bulk_create(
            DutySlot(unit=unit, weekday=weekday, part=part, user_id=person)
            for weekday, part, person in turns - self.turns
        )


@dataclass(frozen=True)
class Shift:
    """One day or night on the screen; `stored` names who has it now where the form says otherwise."""

    part: str
    hours: str
    field: Any
    stored: str


def _week(form: RosterForm, roster: Roster, rules: RingRules) -> Iterator[tuple[str, list[Shift]]]:
    """The days, each with its two shifts."""
    morning, evening = f"{rules.day_from:%H:%M}", f"{rules.night_from:%H:%M}"
    hours = {Part.DAY: f"{morning} – {evening}", Part.NIGHT: f"{evening} – {morning}"}
    for weekday in Weekday:
        shifts = []
        for part in Part:
            field = form[_name(weekday, part)]
            ticked = {str(person) for person in field.value() or []}
            there = {str(turn[2]) for turn in roster.turns if turn[:2] == (weekday, part)}
            stored = "" if ticked == there else roster.names(weekday, part)
            shifts.append(Shift(str(part.label), hours[part], field, stored))
        yield str(weekday.label), shifts


@method_decorator(keeps_words(), name="dispatch")
class RosterView(WagtailAdminTemplateMixin, View):
    """For those of `roster_units`; to everybody else it is not there."""

    template_name = "communes/admin/duty/roster.html"
    page_title = gettext_lazy("Duty roster")
    header_icon = "date"
    unit: Unit

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.unit = get_object_or_404(roster_units(request.user), pk=kwargs["unit_id"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, unit_id: int) -> HttpResponse:
        roster = Roster.of(self.unit)
        return self._page(self._drawn(roster, roster.turns), roster)

    def post(self, request: HttpRequest, unit_id: int) -> HttpResponse:
        if trouble := trouble_of(request):
            messages.error(request, trouble.to_staff)
            roster = Roster.of(self.unit)
            form = RosterForm(request.POST, officers=roster.officers)
            # A body that could not be read leaves nothing here.
            return self._page(
                form if request.POST else self._drawn(roster, roster.turns), roster, trouble.status
            )
        with transaction.atomic():
            # Of two presses the second is compared with what the first has stored.
            Unit.objects.select_for_update().get(pk=unit_id)
            return self._store(request, Roster.of(self.unit))

    def _store(self, request: HttpRequest, roster: Roster) -> HttpResponse:
        form = RosterForm(request.POST, officers=roster.officers)
        if request.POST.get("seen") != roster.mark:
            return self._older(request, roster)
        if not form.is_valid():
            messages.error(request, _("Not saved yet: please correct what is marked below."))
            return self._page(form, roster, 422)
        turns = form.turns()
        if "whole_week" in request.POST:
            copied = _whole_week(turns)
            if turns - copied:
                # Somebody would lose a turn by this one press.
                messages.warning(
                    request,
                    _("Not saved yet: other people stand on other days. Look through the week, then save."),
                )
                return self._page(self._drawn(roster, copied), roster)
            turns = copied
        roster.store(self.unit, turns)
        log(self.unit, SAVED, user=request.user)
        messages.success(request, _("Saved. The bell follows the roster at once."))
        return redirect(request.path)

    def _older(self, request: HttpRequest, roster: Roster) -> HttpResponse:
        """What was ticked comes back beside what is stored now, whose mark the form has from here on."""
        messages.error(
            request,
            _(
                "Not saved: the roster has changed since this page was opened. The ticks are still here, and "
                "below them stands what has been stored meanwhile. Save again to put them in its place."
            ),
        )
        data = request.POST.copy()
        data["seen"] = roster.mark
        return self._page(RosterForm(data, officers=roster.officers), roster, 409)

    def _drawn(self, roster: Roster, turns: Iterable[Turn]) -> RosterForm:
        return RosterForm(initial=_initial(turns, roster.mark), officers=roster.officers)

    def _page(self, form: RosterForm, roster: Roster, code: int = 200) -> HttpResponse:
        absences = Absence.objects.filter(user__in=roster.officers, last_day__gte=timezone.localdate())
        last = ModelLogEntry.objects.for_instance(self.unit).filter(action=SAVED)
        context = self.get_context_data(
            unit=self.unit,
            form=form,
            officers=roster.officers,
            week=list(_week(form, roster, duty.rules_of(self.unit))),
            absences=absences.select_related("user").order_by("first_day", *by_name("user__")),
            last_saved=last.select_related("user").order_by("-timestamp", "-pk").first(),
        )
        return self.render_to_response(context, status=code)

    def get_page_title(self) -> str:
        return f"{self.page_title}: {self.unit.full_name}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]


def register_roster_actions(actions: Any) -> None:
    actions.register_action(SAVED, gettext_lazy("Set the duty roster"), gettext_lazy("Duty roster set"))
