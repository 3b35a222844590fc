"""Days off and days worked by the unit's decision: as the government swaps them, or as befalls a commune."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.calendar import public_holidays
from home.form_fields import DayInput

from ..models import SpecialDay, Unit
from .row_views import RowsView


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


class DaysView(RowsView):
    """The days to come, a form that adds one, and the holidays that the portal knows by itself."""

    template_name = "communes/admin/approval/days.html"
    page_title = gettext_lazy("Days off, days worked instead")
    header_icon = "date"
    form_class = SpecialDayForm
    act = "day"
    saved_words = gettext_lazy("Saved. The pages say so at once.")

    def rows(self) -> Any:
        own_and_communes = Q(unit=self.unit) | Q(unit__parent=self.unit)
        to_come = SpecialDay.objects.filter(own_and_communes, day__gte=timezone.localdate())
        return to_come.select_related("unit")

    def page(self, form: SpecialDayForm, code: int = 200, **context: Any) -> HttpResponse:
        today = timezone.localdate()
        known = [*public_holidays(today.year), *public_holidays(today.year + 1)]
        holidays = [(day, name) for day, name in known if day >= today]
        return super().page(form, code, holidays=holidays, **context)


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
