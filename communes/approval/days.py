"""Days off and days worked by the unit's decision: as the government swaps them, or as befalls a commune."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.log_actions import log

from home.calendar import public_holidays
from home.form_fields import DayInput
from home.stale import keeps_words, trouble_of

from ..models import SpecialDay, Unit
from .unit_views import OfTheUnit


class SpecialDayForm(forms.ModelForm):
    class Meta:
        model = SpecialDay
        fields = ["day", "is_worked", "unit", "reason"]
        widgets = {"day": DayInput, "is_worked": forms.RadioSelect}

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        communes = unit.communes.filter(active=True).order_by(*Unit.IN_ORDER)
        applies_to: Any = self.fields["unit"]
        applies_to.queryset = Unit.objects.filter(Q(pk=unit.pk) | Q(pk__in=communes))
        applies_to.choices = [(unit.pk, _("All communes")), *((row.pk, row.full_name) for row in communes)]
        applies_to.initial = unit.pk

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise ValidationError(_("Choose a day from today on."))
        return day


@method_decorator(keeps_words(), name="dispatch")
class DaysView(OfTheUnit):
    """The days to come, a form that adds one, and the holidays that the portal knows by itself."""

    template_name = "communes/admin/approval/days.html"
    page_title = gettext_lazy("Days off, days worked instead")
    header_icon = "date"

    def get(self, request: HttpRequest, unit_id: int) -> HttpResponse:
        return self._page(SpecialDayForm(unit=self.unit))

    def post(self, request: HttpRequest, unit_id: int) -> HttpResponse:
        if trouble := trouble_of(request):
            messages.error(request, trouble.to_staff)
            return self._page(SpecialDayForm(request.POST or None, unit=self.unit), code=trouble.status)
        if "delete" in request.POST:
            return self._delete(request.POST["delete"])
        form = SpecialDayForm(request.POST, unit=self.unit)
        if not form.is_valid():
            messages.error(request, _("Not saved yet: please correct what is marked below."))
            return self._page(form, code=422)
        with transaction.atomic():
            log(form.save(), "communes.day_set", user=request.user)
        return self._saved()

    def _delete(self, key: str) -> HttpResponse:
        row = get_object_or_404(self._rows(), pk=key if key.isdecimal() else None)
        with transaction.atomic():
            log(row, "communes.day_deleted", user=self.request.user, deleted=True)
            row.delete()
        return self._saved()

    def _saved(self) -> HttpResponse:
        messages.success(self.request, _("Saved. The pages say so at once."))
        return redirect("approval:days", unit_id=self.unit.pk)

    def _rows(self) -> Any:
        own_and_communes = Q(unit=self.unit) | Q(unit__parent=self.unit)
        to_come = SpecialDay.objects.filter(own_and_communes, day__gte=timezone.localdate())
        return to_come.select_related("unit")

    def _page(self, form: SpecialDayForm, code: int = 200) -> HttpResponse:
        today = timezone.localdate()
        known = [*public_holidays(today.year), *public_holidays(today.year + 1)]
        context = self.get_context_data(
            unit=self.unit,
            form=form,
            rows=self._rows(),
            holidays=[(day, name) for day, name in known if day >= today],
        )
        return self.render_to_response(context, status=code)


def register_day_actions(actions: Any) -> None:
    for name, label, message in (
        ("day_set", gettext_lazy("Set a day off or a day worked"), gettext_lazy("Set a day off or worked")),
        (
            "day_deleted",
            gettext_lazy("Delete a day off or worked"),
            gettext_lazy("Deleted a day off or worked"),
        ),
    ):
        actions.register_action(f"communes.{name}", label, message)
