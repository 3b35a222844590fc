"""Form fields that take what people type and say in words what they cannot take."""

import re
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from .text import many_lines

TEXT_LENGTH = _("The text has %(show_value)d characters; at most %(limit_value)d can be sent.")


class TextField(forms.CharField):
    """Text whose length counts as the writer counts it.

    The page does not know the limit: a browser would cut a pasted text short without a word. Nothing typed
    is offered again, nor brought back by "Back", to the next one who holds the phone.
    """

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        super().__init__(validators=[MaxLengthValidator(longest, TEXT_LENGTH)], **kwargs)

    def to_python(self, value: Any) -> str:
        return many_lines(str(super().to_python(value)))

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
