"""What an officer fills in to hand a tip on: to whom, how, which parts, why."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import RegexValidator
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from communes.models import Unit
from home.form_fields import TextField

from ...box.entries import digest_of
from ...box.holders import can_read
from ...models import Part, Tip
from .reading import OpenedTip

MAX_REASON = 2000  # characters
NONCE = RegexValidator(r"^[A-Za-z0-9_-]{16,64}$")


class HandOnForm(forms.Form):
    TRANSFER, JOINT = "transfer", "joint"

    # The page draws its choices itself: there may be thousands.
    unit = forms.UUIDField(
        error_messages={
            "required": _("Choose the unit that is to receive the tip."),
            "invalid": _("Choose the unit that is to receive the tip."),
        }
    )
    q = forms.CharField(label=_("Find another unit"), required=False)
    mode = forms.ChoiceField(
        label=_("How"),
        choices=[
            (TRANSFER, _("Hand on: that unit is in charge from now on, yours reads only what it has today")),
            (JOINT, _("Handle jointly: that unit reads and answers too, yours stays in charge")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether you hand the tip on or handle it jointly.")},
    )
    parts = forms.MultipleChoiceField(
        label=_("Which parts go along"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one part.")},
    )
    reason = TextField(
        longest=MAX_REASON,
        label=_("Reason"),
        help_text=_("The officers of both units read it."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={"required": _("Write the reason first.")},
    )
    tell_reporter = forms.BooleanField(
        label=_("Let the reporter read the reason too"),
        required=False,
        help_text=_("He is told the unit and the day in any case."),
    )
    # Drawn with the page, so that a second click on the same page hands on once.
    nonce = forms.CharField(max_length=64, validators=[NONCE], widget=forms.HiddenInput)

    def __init__(self, thread: OpenedTip, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.thread = thread
        choices = list(self._choices())
        self.fields["parts"].choices = choices  # type: ignore[attr-defined]
        # Everything but who it was, unless the officer says so.
        self.fields["parts"].initial = [key for key, _label in choices if key != Part.Label.IDENTITY]

    def _choices(self) -> Iterable[tuple[str, Any]]:
        yield Part.Label.MESSAGE, _("What was told, with when it happened")
        yield Part.Label.PLACE, _("The place")
        for file in self.thread.all_files:
            yield f"file:{file.uuid}", f"{file.name} · {filesizeformat(file.size)}"
        if self.thread.entries:
            yield Part.Label.ENTRY, _("What both sides have written since")
        if self.thread.has_identity:
            yield Part.Label.IDENTITY, _("Name and phone number of the reporter, if he left them")

    def clean_unit(self) -> Unit:
        unit = Unit.objects.filter(uuid=self.cleaned_data["unit"], active=True).first()
        if unit is None or unit == self.thread.listed.standing.unit or not can_read(unit):
            raise forms.ValidationError(
                _("This unit cannot receive a tip just now: nobody there has a key. Choose another.")
            )
        return unit

    def refuse_joint_with(self, holders: Collection[Unit]) -> None:
        """Ask for another unit if the chosen one is one of `holders`, which handle the tip today.

        Not part of cleaning: a second click, for which this holds as well, is told apart before.
        """
        if self.cleaned_data.get("mode") == self.JOINT and self.cleaned_data.get("unit") in holders:
            self.add_error("unit", _("This unit handles the tip with you already."))

    def act(self) -> dict[str, Any]:
        """What a valid form says, by which a second click is known; its nonce stands for the parts too."""
        cleaned = self.cleaned_data
        return {
            "to": cleaned["unit"],
            "joint": cleaned["mode"] == self.JOINT,
            "reason": cleaned["reason"],
            "tell_reporter": cleaned["tell_reporter"],
            "nonce": digest_of(cleaned["nonce"], *sorted(cleaned["parts"])),
        }

    def part_ids(self, tip: Tip) -> set[UUID]:
        """The chosen parts; with a file goes its display copy."""
        chosen = set(self.cleaned_data["parts"])
        files = [file for file in self.thread.all_files if f"file:{file.uuid}" in chosen]
        return {
            *tip.parts.filter(label__in=chosen).values_list("uuid", flat=True),
            *(file.uuid for file in files),
            *(UUID(file.view) for file in files if file.view),
        }

    def chosen_parts(self) -> list[Any]:
        """Their names, for the page on which the officer confirms."""
        chosen = set(self.cleaned_data["parts"])
        return [label for key, label in self.fields["parts"].choices if key in chosen]  # type: ignore[attr-defined]
