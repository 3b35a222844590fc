"""The forms of whoever holds a code."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from home.form_fields import TextField

from ..attachments.brought import AttachmentsField, Brought, Kept
from ..box.files import not_kept
from ..kinds import MAX_MESSAGE


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Receipt code"),
        help_text=_("16 digits, for example 1234 5678 9012 3456. Spaces do not matter."),
        required=False,
        widget=forms.TextInput(
            attrs={
                "class": "input input--code",
                "inputmode": "numeric",
                "autocomplete": "off",
                "autocapitalize": "off",
                "spellcheck": "false",
            }
        ),
    )


class SendUpForm(forms.Form):
    """Why the reporter does not agree, for the unit above alone."""

    message = TextField(
        longest=MAX_MESSAGE,
        label=_("Why do you not agree, or what has been left undone?"),
        widget=forms.Textarea(attrs={"class": "input", "rows": 5}),
        error_messages={"required": _("Write something first.")},
    )
    identity = forms.BooleanField(
        label=_("Also hand on the name and phone number that I left, if I left them"), required=False
    )


class WithdrawForm(forms.Form):
    sure = forms.BooleanField(
        label=_("I understand: my tip will be erased and cannot be brought back."),
        error_messages={"required": _("Tick the box if you want to take the tip back.")},
    )


class EntryForm(forms.Form):
    """What the reporter adds to his tip: words, files, or both. `kept` are files that wait for it."""

    message = TextField(
        longest=MAX_MESSAGE,
        label=_("Write more"),
        required=False,
        widget=forms.Textarea(attrs={"class": "input", "rows": 4}),
    )
    attachments = AttachmentsField(label=_("Pictures, video, sound"))

    def __init__(self, *args: Any, brought: Brought | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brought = brought or Brought()
        self.kept: list[Kept] = []

    def say_that_it_is_empty(self) -> None:
        self.add_error("message", _("Write something or choose a file first."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("message") and "message" not in self.errors and not self._has_files():
            self.say_that_it_is_empty()
        if self.errors:
            # It comes back anyway, and these files are not kept with it.
            for file in self.brought.left_out:
                self.add_error("attachments", not_kept(file.name, file.reason))
        return cleaned

    def _has_files(self) -> bool:
        """Of a form sent before, those that waited are gone; `add_entry` knows it by them all the same."""
        return bool(self.brought.taken or self.brought.uploads)
