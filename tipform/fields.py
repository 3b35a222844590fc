"""Form fields that take what people type and say in words what they cannot take."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from .box.files import safe_name, type_of
from .box.receiving import Attachment

_PHONE = re.compile(r"0[0-9]{8,10}")
TEXT_LENGTH = _("The text has %(show_value)d characters; at most %(limit_value)d can be sent.")


class TextField(forms.CharField):
    """Text whose length counts as the writer counts it.

    The page does not know the limit: a browser would cut a pasted text short without a word. Nothing typed
    is offered again, nor brought back by "Back", to the next one who holds the phone.
    """

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        super().__init__(validators=[MaxLengthValidator(longest, TEXT_LENGTH)], **kwargs)

    def to_python(self, value: Any) -> str:
        # Browsers send two characters for a new line.
        text = str(super().to_python(value)).replace("\r\n", "\n").replace("\0", "")
        # Of nothing but spaces and invisible characters no officer could read a word.
        return text if any(unicodedata.category(char)[0] not in "CZ" for char in text) else ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "autocomplete": "off"}


class DayInput(forms.DateInput):
    """A calendar; but a day that a calendar cannot show stays as it was typed."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", shown):
            context["widget"]["type"] = "text"
        return context


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


def national_number(text: str) -> str | None:
    """ "+84 912.345.678" → "0912345678"; None for what no Vietnamese phone has."""
    number = re.sub(r"[\s.\-()/]", "", unicodedata.normalize("NFKC", text))
    number = re.sub(r"^(\+84|0084|84(?=[1-9][0-9]{8,9}$))0?", "0", number)
    return number if _PHONE.fullmatch(number) else None
