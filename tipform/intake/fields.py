"""Form fields that take what people type and say in words what they cannot take."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from home.form_fields import DayInput, TextField
from home.phones import national_number

from ..box.files import safe_name, type_of
from ..box.receiving import Attachment
from ..kinds import Answer

FURTHEST_DAY = timedelta(days=90)


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class AttachmentsField(forms.FileField):
    """Several files; the value is a list of `Attachment`. Errors name the file."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Attachment]:
        errors: list[ValidationError] = []
        attachments = []
        for upload in data or []:
            try:
                attachments.append(self._attachment(upload))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return attachments

    def _attachment(self, upload: UploadedFile) -> Attachment:
        named = {"name": upload.name}
        if not upload.size:
            raise ValidationError(_("“%(name)s” is empty."), params=named)
        type_ = type_of(upload)  # type: ignore[arg-type]
        if type_ is None:
            raise ValidationError(
                _("“%(name)s” is not a picture, video, sound recording or PDF and cannot be taken."),
                params=named,
            )
        return Attachment(safe_name(upload.name or "", type_), type_, upload.size, upload)  # type: ignore[arg-type]


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
