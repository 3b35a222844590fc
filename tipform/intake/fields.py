"""Form fields that take what people type and say in words what they cannot take."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from home.form_fields import DayInput, TextField
from home.phones import national_number

from ..kinds import Answer

FURTHEST_DAY = timedelta(days=90)


class ComingDayField(forms.DateField):
    """A day from today on, within three months; typed in any of the usual ways where there is no calendar."""

    widget = DayInput
    input_formats = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")

    def validate(self, value: date | None) -> None:
        super().validate(value)
        today = timezone.localdate()
        if value and not today <= value <= today + FURTHEST_DAY:
            raise ValidationError(_("Choose a day from today on, within three months."))


class PhoneField(TextField):
    """A Vietnamese number, as it is dialled within the country."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel"})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return national_number(text) if text else ""


def answer_field(answer: Answer) -> forms.Field:
    """The field that asks for it. Of the identity nothing is required here: it may stay anonymous."""
    asked: dict[str, Any] = {
        "label": answer.label,
        "help_text": answer.help,
        "required": bool(answer.missing) and answer.part != "identity",
        "error_messages": {
            "required": answer.missing,
            "invalid": answer.wrong,
            "invalid_choice": answer.wrong,
        },
    }
    match answer.input:
        case "line":
            return TextField(longest=answer.longest, **asked)
        case "lines":
            return TextField(longest=answer.longest, widget=forms.Textarea(attrs={"rows": 6}), **asked)
        case "day":
            return ComingDayField(**asked)
        case "choice":
            return forms.ChoiceField(choices=answer.choices, **asked)
        case "phone":
            return PhoneField(longest=answer.longest, **asked)
