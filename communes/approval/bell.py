"""How long the communes of a unit are rung before others hear, and when it is night: data of the unit."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.log_actions import log

from home.stale import keeps_words, trouble_of

from ..models import RingRules
from .unit_views import OfTheUnit


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class BellForm(forms.ModelForm):
    class Meta:
        model = RingRules
        fields = ["again_after", "everyone_after", "above_after", "day_from", "night_from"]
        widgets = {"day_from": TimeInput, "night_from": TimeInput}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        again, everyone = data.get("again_after"), data.get("everyone_after")
        above = data.get("above_after")
        if again and everyone and everyone <= again:
            self.add_error("everyone_after", _("Must be longer than the time after which it rings again."))
        if everyone and above and above <= everyone:
            self.add_error("above_after", _("Must be longer than the time after which all officers hear."))
        day, night = data.get("day_from"), data.get("night_from")
        if day and night and night <= day:
            self.add_error("night_from", _("The night must begin later on the clock than the day."))
        return data


@method_decorator(keeps_words(), name="dispatch")
class BellView(OfTheUnit):
    template_name = "communes/admin/approval/bell.html"
    page_title = gettext_lazy("Bell of the unit")
    header_icon = "time"

    def get(self, request: HttpRequest, unit_id: int) -> HttpResponse:
        return self._page(self._form())

    def post(self, request: HttpRequest, unit_id: int) -> HttpResponse:
        # A body that could not be read leaves nothing here.
        form = self._form(request.POST or None)
        if trouble := trouble_of(request):
            messages.error(request, trouble.to_staff)
            return self._page(form, trouble.status)
        if not form.is_valid():
            messages.error(request, _("Not saved yet: please correct what is marked below."))
            return self._page(form, 422)
        with transaction.atomic():
            rules = form.save()
            log(rules, "communes.bell_set", user=request.user)
        messages.success(request, _("Saved. The bell follows it at once."))
        return redirect("approval:bell", unit_id=unit_id)

    def _form(self, data: Any = None) -> BellForm:
        rules = RingRules.objects.filter(unit=self.unit).first() or RingRules(unit=self.unit)
        return BellForm(data, instance=rules)

    def _page(self, form: BellForm, code: int = 200) -> HttpResponse:
        return self.render_to_response(self.get_context_data(unit=self.unit, form=form), status=code)


def register_bell_actions(actions: Any) -> None:
    actions.register_action(
        "communes.bell_set", gettext_lazy("Set the bell of the unit"), gettext_lazy("Bell of the unit set")
    )
