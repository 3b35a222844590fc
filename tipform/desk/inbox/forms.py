"""The officer's two forms on a tip: the reply, and the status."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from home.form_fields import TextField

from ...models import Tip

MAX_REPLY = 5000  # characters
REPLY_ROWS = 5


class ReplyForm(forms.Form):
    text = TextField(
        longest=MAX_REPLY,
        label=_("Answer to the reporter"),
        widget=forms.Textarea(attrs={"rows": REPLY_ROWS, "autocomplete": "off"}),
        error_messages={"required": _("Write the answer first.")},
    )
    # Drawn with the page, so that a second click on the same page is stored once.
    nonce = forms.CharField(
        max_length=64,
        validators=[RegexValidator(r"^[A-Za-z0-9_-]{16,64}$")],
        widget=forms.HiddenInput,
    )


class StatusForm(forms.Form):
    """Onwards through the statuses; `seen` is the status that the page showed.

    Its fields stand outside the page's one form and name it (`form="work"`).
    """

    status = forms.ChoiceField(label=_("Status"), widget=forms.Select(attrs={"form": "work"}))
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        required=False,
        help_text=_("Only when there is a result. The reporter sees it."),
        widget=forms.Select(attrs={"form": "work"}),
    )
    seen = forms.CharField(max_length=20, widget=forms.HiddenInput(attrs={"form": "work"}))

    def __init__(self, tip: Tip, data: Any = None) -> None:
        super().__init__(data, initial={"status": tip.status, "outcome": tip.outcome, "seen": tip.status})
        self.tip = tip
        # Once somebody has seen to a tip it is not new again.
        self.fields["status"].choices = [  # type: ignore[attr-defined]
            choice
            for choice in Tip.Status.choices
            if choice[0] != Tip.Status.WITHDRAWN
            and (choice[0] != Tip.Status.NEW or tip.status == Tip.Status.NEW)
        ]
        self.fields["outcome"].choices = [("", _("None yet")), *Tip.Outcome.choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("seen") != self.tip.status:
            # The page that says so shows the new status, so the next choice is made knowing it.
            self.data = {**self.data.dict(), "seen": self.tip.status}  # type: ignore[attr-defined]
            raise forms.ValidationError(
                _("A colleague has changed the status in the meantime. Look at it and choose again.")
            )
        if data.get("status") == Tip.Status.CLOSED:
            if not data.get("outcome") and "outcome" not in self.errors:
                self.add_error("outcome", _("Choose the outcome to close the tip."))
        else:
            data["outcome"] = ""
        return data
