"""Form fields that take what people type and say in words what they cannot take."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

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
