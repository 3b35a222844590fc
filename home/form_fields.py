"""Form fields that take what people type and say in words what they cannot take."""

import re
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from .old_encodings import readable
from .text import many_lines, one_line

TEXT_LENGTH = _("The text has %(show_value)d characters; at most %(limit_value)d can be sent.")


_plain_to_python = forms.CharField.to_python


def _to_python(self: forms.CharField, value: Any) -> Any:
    if value in self.empty_values or isinstance(self.widget, forms.PasswordInput):
        return _plain_to_python(self, value)
    text = str(value)
    if "\0" in text:  # no keyboard makes one: the field's own validator refuses it
        return _plain_to_python(self, value)
    readable(text)
    clean = one_line if isinstance(self.widget, forms.TextInput) else many_lines
    return _plain_to_python(self, clean(text))


def clean_what_is_typed() -> None:
    """Have every text field of every form clean what it takes, before its length is counted; not passwords.

    Wagtail makes the fields of pages, blocks, pictures and comments itself, other packages theirs: only
    Django's own class is common to all of them. Raises ValidationError for what nobody could read.
    """
    forms.CharField.to_python = _to_python  # type: ignore[method-assign]


class TextField(forms.CharField):
    """Text whose length counts as the writer counts it.

    The page does not know the limit: a browser would cut a pasted text short without a word. Nothing typed
    is offered again, nor brought back by "Back", to the next one who holds the phone.
    """

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        super().__init__(validators=[MaxLengthValidator(longest, TEXT_LENGTH)], **kwargs)

    def to_python(self, value: Any) -> Any:
        # What a resident sends is not given back for a sign that he cannot see.
        return super().to_python(str(value or "").replace("\0", ""))

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
