"""The resident's forms: what may be left out, what is refused in words, what is kept of it.

They validate and nothing more. A field keeps what was typed, whatever is wrong with it.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communes.models import Unit
from home.form_fields import DayInput, TextField
from home.phones import national_number

from ..box.file_types import TAKEN, accept
from ..box.files import not_kept
from ..box.receiving import Attachment, Submission
from ..kinds import FIRST_QUESTIONS, KINDS, MAX_MESSAGE, ONLY_FOR, TIMES
from ..models import Category
from ..uploads import NAME_LENGTH, NAMES_NOTED, Refused
from .fields import AttachmentsField, FilesInput, sort_out

FURTHEST_DAY = timedelta(days=90)
ANONYMOUS, CALLBACK = "anonymous", "callback"
HERE, ABOVE = "here", "above"
CONTACTS = [(ANONYMOUS, _("Leave no name")), (CALLBACK, _("Leave a number to be called back"))]


class TipForm(forms.Form):
    """One page for tip, question and appointment. `refused` and `offered` tell of files already put aside.

    After it was cleaned, `left_out` names the files that are not kept; they make no form invalid.
    """

    # The browser's own bubbles would stand in its language, one at a time.
    use_required_attribute = False

    # Only where somebody above can read; the choices name the two units.
    reader = forms.ChoiceField(
        label=_("Who is to read it?"),
        required=False,
        initial=HERE,
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": _(
                "It cannot be sent straight to the unit above just now. Choose again, or call."
            )
        },
    )
    message = TextField(
        longest=MAX_MESSAGE,
        widget=forms.Textarea(
            attrs={"rows": 6, **{f"data-{kind}": question for kind, question in FIRST_QUESTIONS.items()}}
        ),
        error_messages={"required": _("Write what it is about, even a single line.")},
    )
    kind = forms.ChoiceField(
        label=_("You want to"),
        choices=KINDS,
        initial="tip",
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what you want to do."),
            "invalid_choice": _("Choose what you want to do."),
        },
    )
    category = forms.ModelChoiceField(
        label=_("What is it about?"),
        help_text=_("Only for a report."),
        queryset=Category.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("Choose"),
        error_messages={"invalid_choice": _("This subject is not in the list. Choose one of the list.")},
    )
    preferred_day = forms.DateField(
        label=_("Which day suits you?"),
        help_text=_("Only for an appointment."),
        required=False,
        widget=DayInput,
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"],
        error_messages={"invalid": _("Write the day like 25/11/2026.")},
    )
    preferred_time = forms.ChoiceField(
        label=_("Which part of the day?"),
        choices=TIMES,
        required=False,
        error_messages={"invalid_choice": _("Choose morning or afternoon.")},
    )
    place = TextField(
        longest=500,
        label=_("Where?"),
        help_text=_("Hamlet, road, a house or a market near it."),
        required=False,
    )
    occurred = TextField(
        longest=300,
        label=_("When?"),
        help_text=_("In your own words, for example: last night, about ten"),
        required=False,
    )
    attachments = AttachmentsField(
        label=_("Pictures, video, sound"),
        help_text=TAKEN,
        required=False,
        widget=FilesInput(attrs={"accept": accept()}),
    )
    contact = forms.ChoiceField(
        label=_("Your name"),
        choices=CONTACTS,
        initial=ANONYMOUS,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the two.")},
    )
    name = TextField(
        longest=120,
        label=_("Name"),
        help_text=_("A first name, or how we may address you."),
        required=False,
    )
    phone = TextField(
        longest=40,
        label=_("Phone number"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )

    field_classes: ClassVar[dict[type[forms.Widget], str]] = {
        forms.Textarea: "input",
        forms.TextInput: "input",
        forms.Select: "input",
        DayInput: "input input--short",
    }

    def __init__(
        self,
        *args: Any,
        unit: Unit,
        above: Unit | None = None,
        refused: Iterable[Refused] = (),
        offered: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.unit, self.above = unit, above
        self._refused, self._offered = list(refused), offered
        self.left_out: list[Refused] = []
        self.unnamed = 0
        self.fields["reader"].choices = self._readers()  # type: ignore[attr-defined]
        self.fields["category"].queryset = Category.objects.filter(active=True)  # type: ignore[attr-defined]
        kind = self["kind"].value()
        self.fields["message"].label = FIRST_QUESTIONS.get(kind, FIRST_QUESTIONS["tip"])
        for field in self.fields.values():
            field.widget.attrs["class"] = self.field_classes.get(type(field.widget), "")

    def _readers(self) -> list[tuple[str, Any]]:
        """The commune always; the unit above only if somebody there can read."""
        readers: list[tuple[str, Any]] = [(HERE, self.unit.full_name)]
        if self.above:
            words = _("Straight to the unit above, %(above)s: %(commune)s cannot read it")
            readers.append((ABOVE, words % {"above": self.above.full_name, "commune": self.unit.full_name}))
        return readers

    def recipient(self) -> Unit:
        """The unit that a valid form is sealed to."""
        straight_up = self.cleaned_data["reader"] == ABOVE
        return self.above if straight_up and self.above else self.unit

    def clean_preferred_day(self) -> Any:
        day = self.cleaned_data["preferred_day"]
        if day and not timezone.localdate() <= day <= timezone.localdate() + FURTHEST_DAY:
            raise ValidationError(_("Choose a day from today on, within three months."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind = cleaned.get("kind")
        for name, its_kind in ONLY_FOR.items():
            if kind is not None and kind != its_kind:
                self._disregard(name)
        if kind == "tip" and not cleaned.get("category") and "category" not in self.errors:
            self.add_error("category", _("Choose what it is about. If nothing fits, choose the nearest."))
        self._clean_contact(cleaned)
        if self.errors:
            # It comes back anyway, and all files have to be chosen again.
            for file in self.left_out:
                self.add_error("attachments", not_kept(file.name, file.reason))
        return cleaned

    def _clean_contact(self, cleaned: dict[str, Any]) -> None:
        given = bool(cleaned.get("name") or cleaned.get("phone"))
        # A form that was sent without this choice: what was filled in tells.
        contact = cleaned.get("contact") or (CALLBACK if given else ANONYMOUS)
        if contact == ANONYMOUS:
            if given:
                self.add_error(
                    "contact",
                    _("You chose to leave no name, but a name or number is filled in. Choose again."),
                )
            return
        if "phone" in self.errors:
            return
        number = national_number(cleaned.get("phone", ""))
        if number is None:
            self.add_error(
                "phone",
                _("Write the number in digits, like 0912 345 678.")
                if cleaned.get("phone")
                else _("Write the number we may call, or choose to leave no name."),
            )
        cleaned["phone"] = number or ""

    def _disregard(self, name: str) -> None:
        self.errors.pop(name, None)
        self.cleaned_data[name] = None

    def clean_attachments(self) -> list[Attachment]:
        """Sets `left_out` and `unnamed`, the number of files beyond those of which a name is kept."""
        taken, others = sort_out(self.cleaned_data["attachments"])
        held_back = self._held_back()
        self.left_out = [*others, *self._refused, *held_back][:NAMES_NOTED]
        self.unnamed = self._offered + len(held_back) - len(taken) - len(self.left_out)
        return taken

    def _held_back(self) -> list[Refused]:
        """What the page's script did not even send, so that the words need not wait for it."""
        return [
            Refused(name[:NAME_LENGTH], reason)
            for reason in (Refused.TOO_LARGE, Refused.TOO_MANY)
            for name in self.data.getlist(reason)  # type: ignore[attr-defined]
        ]

    def submission(self) -> Submission:
        """What a valid form says."""
        cleaned = self.cleaned_data
        day = cleaned["preferred_day"]
        return Submission(
            kind=cleaned["kind"],
            category=cleaned["category"],
            message=cleaned["message"],
            place=cleaned["place"],
            occurred=cleaned["occurred"],
            preferred_day=day.isoformat() if day else "",
            preferred_time=cleaned["preferred_time"] or "",
            name=cleaned["name"],
            phone=cleaned["phone"],
            attachments=cleaned["attachments"],
            left_out=self.left_out,
            page=self.unit.full_name if self.recipient() != self.unit else "",
        )
