"""The forms of whoever holds a code."""

from django import forms
from django.utils.translation import gettext_lazy as _

from home.form_fields import TextField

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
    """What the reporter adds to his tip."""

    message = TextField(
        longest=MAX_MESSAGE,
        label=_("Write more"),
        widget=forms.Textarea(attrs={"class": "input", "rows": 4}),
        error_messages={"required": _("Write something first.")},
    )
