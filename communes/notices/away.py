"""Days on which an officer does not hear the bell, entered by himself.

The last one who holds a unit's key cannot be away without a word: the editors of the unit above are told.
"""

import datetime
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from home.form_fields import DayInput
from home.panels import Link
from home.stale import keeps_words, trouble_of

from ..models import Absence, OutboxEvent, Unit, User
from ..roles import editors_of, officer_units, supervises
from ..signals import key_holders_asked
from . import outbox
from .reasons import Reason, Step

LONGEST = 90  # days
ONE_DAY = datetime.timedelta(days=1)


def days_without_holder(
    unit: Unit, user: Any, first: datetime.date, last: datetime.date
) -> list[datetime.date]:
    """The days of his absence on which nobody would be there who holds the unit's key.

    None for somebody who holds it not himself: then his absence changes nothing.
    """
    answers: Any = key_holders_asked.send(sender=Unit, unit=unit)
    holders: set[int] = {person for _receiver, held in answers for person in held}
    if user.pk not in holders:
        return []
    others = holders - {user.pk}
    away = list(Absence.objects.filter(user__in=others, first_day__lte=last, last_day__gte=first))
    return [
        day
        for day in _days(first, last)
        if others == {row.user_id for row in away if row.first_day <= day <= row.last_day}
    ]


def _days(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    return (first + offset * ONE_DAY for offset in range((last - first).days + 1))


class AwayForm(forms.ModelForm):
    """`bare` has the units that would have no key-holder, each with its days: then it asks for a tick."""

    told = forms.BooleanField(label=gettext_lazy("I have told the unit above"), required=False)

    class Meta:
        model = Absence
        fields = ["first_day", "last_day"]
        widgets = {"first_day": DayInput, "last_day": DayInput}

    def __init__(self, *args: Any, user: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.user = user
        self.units = units
        self.bare: list[tuple[Unit, list[datetime.date]]] = []

    def clean_first_day(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["first_day"]
        if day < timezone.localdate():
            raise ValidationError(_("Choose a day from today on."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day")
        if first and last:
            self._check(first, last)
        return data

    def _check(self, first: datetime.date, last: datetime.date) -> None:
        if last < first:
            self.add_error("last_day", _("The last day lies before the first."))
            return
        if (last - first).days + 1 > LONGEST:
            self.add_error("last_day", _("At most %(days)s days at once.") % {"days": LONGEST})
            return
        user = self.instance.user
        taken = Absence.objects.filter(user=user, first_day__lte=last, last_day__gte=first).first()
        if taken:
            days = {"first": f"{taken.first_day:%d/%m/%Y}", "last": f"{taken.last_day:%d/%m/%Y}"}
            words = _("%(first)s – %(last)s stands in the list already. Remove it first to enter other days.")
            self.add_error(None, words % days)
            return
        found = [(unit, days_without_holder(unit, user, first, last)) for unit in self.units]
        self.bare = [(unit, days) for unit, days in found if days]
        if self.bare and not self.cleaned_data.get("told"):
            self.add_error("told", _("Tell the unit above first, then tick here and save again."))

    @property
    def warnings(self) -> list[str]:
        """For each unit of `bare`, in plain words."""
        return [_in_words(unit, days) for unit, days in self.bare]


def _in_words(unit: Unit, days: list[datetime.date]) -> str:
    return ngettext(
        "On %(first)s nobody would be there who holds the key of %(unit)s: what is reported on that day, "
        "nobody can read.",
        "From %(first)s on there would be %(count)s days on which nobody is there who holds the key of "
        "%(unit)s: what is reported on them, nobody can read.",
        len(days),
    ) % {"first": f"{days[0]:%d/%m/%Y}", "count": len(days), "unit": unit.full_name}


@method_decorator(keeps_words(), name="dispatch")
class AwayView(WagtailAdminTemplateMixin, View):
    """An officer's own days; nobody sees or enters another's here."""

    template_name = "communes/admin/duty/away.html"
    page_title = gettext_lazy("Days away")
    header_icon = "date"
    units: list[Unit]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.units = list(officer_units(request.user).order_by("pk"))
        if not self.units:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(AwayForm(user=request.user, units=self.units))

    def post(self, request: HttpRequest) -> HttpResponse:
        if trouble := trouble_of(request):
            messages.error(request, trouble.to_staff)
            # A body that could not be read leaves nothing here.
            form = AwayForm(request.POST or None, user=request.user, units=self.units)
            return self._page(form, trouble.status)
        if "remove" in request.POST:
            return self._remove(request.POST["remove"])
        with transaction.atomic():
            # Of two key-holders who enter the same days at once, the second is asked.
            list(
                Unit.objects.select_for_update()
                .filter(pk__in=[unit.pk for unit in self.units])
                .order_by("pk")
            )
            form = AwayForm(request.POST, user=request.user, units=self.units)
            if not form.is_valid():
                messages.error(request, _("Not saved yet: please correct what is marked below."))
                return self._page(form, 422)
            absence = form.save()
            for unit, _days_without in form.bare:
                outbox.put(LAST_HOLDER_AWAY.name, unit=unit, subject=str(absence.pk))
        messages.success(request, _("Saved. The bell does not ring for you on these days."))
        return redirect(request.path)

    def _remove(self, key: str) -> HttpResponse:
        row = get_object_or_404(self._own(), pk=key if key.isdecimal() else None)
        outbox.withdraw(LAST_HOLDER_AWAY.name, subject=str(row.pk))
        row.delete()
        messages.success(self.request, _("Removed. The bell rings for you again on these days."))
        return redirect(self.request.path)

    def _own(self) -> "QuerySet[Absence]":
        """Those that are not over."""
        user: Any = self.request.user
        return Absence.objects.filter(user=user, last_day__gte=timezone.localdate())

    def _page(self, form: AwayForm, code: int = 200) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, absences=self._own()), status=code)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]


# What is told of it


def _editors_above(event: OutboxEvent) -> "QuerySet[User]":
    """Of a unit with nothing above it, its own."""
    unit = event.unit
    above = (unit.parent_id or unit.pk) if unit else None
    return editors_of(above)


def _absence(event: OutboxEvent) -> Absence | None:
    return Absence.objects.filter(pk=event.subject, last_day__gte=timezone.localdate()).first()


def _line(event: OutboxEvent) -> Link | None:
    absence, unit = _absence(event), event.unit
    if absence is None or unit is None:
        return None
    words = _("%(unit)s: the last key-holder is away %(first)s – %(last)s") % {
        "unit": unit.full_name,
        "first": f"{absence.first_day:%d/%m}",
        "last": f"{absence.last_day:%d/%m/%Y}",
    }
    return Link(words, reverse("duty:roster", args=[unit.pk]))


LAST_HOLDER_AWAY = Reason(
    "last-key-holder-away",
    gettext_lazy("The last key-holder of a commune is away"),
    (Step(_editors_above),),
    stands=lambda event: _absence(event) is not None,
    shown=_line,
    concerns=supervises,
)
