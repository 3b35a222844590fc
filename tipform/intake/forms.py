"""The resident's forms: what may be left out, what is refused in words, what is kept of it.

They validate and nothing more. A field keeps what was typed, whatever is wrong with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from communes.appointments import why_not_on
from communes.models import Unit
from home.form_fields import DayInput

from ..attachments.brought import AttachmentsField, Brought, Kept
from ..box.about import About
from ..box.files import not_kept
from ..box.receiving import Submission
from ..box.sent_forms import Said
from ..kinds import ANSWERS, KINDS, MESSAGE, Answer
from ..models import Category
from .fields import answer_field

ANONYMOUS, CALLBACK = "anonymous", "callback"
HERE, ABOVE = "here", "above"
CONTACTS = [(ANONYMOUS, _("Leave no name")), (CALLBACK, _("Leave a number to be called back"))]


class PicturedSelect(forms.RadioSelect):
    """Kinds or categories, each with its symbol of icons/sprite.svg."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        pictured = getattr(value, "instance", None) or KINDS.get(str(value))
        option["picture"] = pictured.picture if pictured else "question"
        return option


@dataclass(frozen=True)
class Question:
    """An answer's field on the page."""

    field: forms.BoundField
    answer: Answer

    @property
    def kinds(self) -> str:
        """The kinds that ask it, empty if all do."""
        asking = [kind.slug for kind in KINDS.values() if self.answer in kind.answers]
        return "" if len(asking) == len(KINDS) else " ".join(asking)

    @property
    def optional(self) -> bool:
        """Whether the page says so. A choice has words for it."""
        return not self.answer.missing and self.answer.input != "choice"


class TipForm(forms.Form):
    """One page for all kinds. `brought` are its files, which make no form invalid.

    Given back, it lists as `kept` those that wait for it.
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
    kind = forms.ChoiceField(
        label=_("You want to"),
        initial=next(iter(KINDS)),
        widget=PicturedSelect,
        error_messages={
            "required": _("Choose what you want to do."),
            "invalid_choice": _("Choose what you want to do."),
        },
    )
    # Whoever cannot tell need not: it is filed with what fits no other subject.
    category = forms.ModelChoiceField(
        label=_("What is it about?"),
        help_text=_("Only for a report."),
        queryset=Category.objects.none(),
        to_field_name="slug",
        required=False,
        blank=True,
        empty_label=_("Not sure"),
        widget=PicturedSelect,
        error_messages={"invalid_choice": _("This subject is not in the list. Choose one of the list.")},
    )
    # Only where the page is known; the line names it.
    about = forms.BooleanField(label=_("About this page:"), required=False)
    attachments = AttachmentsField(
        label=_("Pictures, video, sound"),
    )
    contact = forms.ChoiceField(
        label=_("Your name"),
        choices=CONTACTS,
        initial=ANONYMOUS,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the two.")},
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
        about: About | None = None,
        brought: Brought | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.unit, self.above, self.asked_about = unit, above, about
        self.brought = brought or Brought()
        self.kept: list[Kept] = []
        self.fields["reader"].choices = self._readers()  # type: ignore[attr-defined]
        self.fields["kind"].choices = [(kind.slug, kind.invitation) for kind in KINDS.values()]  # type: ignore[attr-defined]
        self.fields["category"].queryset = Category.objects.filter(active=True)  # type: ignore[attr-defined]
        if about:
            self.fields["about"].widget.attrs["value"] = about.page
        else:
            del self.fields["about"]
        for answer in ANSWERS.values():
            self.fields[answer.name] = answer_field(answer)
        self._word_first_question()
        self.order_fields(["reader", MESSAGE, "kind", "category", *self._names(identity=False)])
        for field in self.fields.values():
            field.widget.attrs["class"] = self.field_classes.get(type(field.widget), "")

    def _readers(self) -> list[tuple[str, Any]]:
        """The commune always; the unit above only if somebody there can read."""
        readers: list[tuple[str, Any]] = [(HERE, self.unit.full_name)]
        if self.above:
            words = _("Straight to the unit above, %(above)s: %(commune)s cannot read it")
            readers.append((ABOVE, words % {"above": self.above.full_name, "commune": self.unit.full_name}))
        return readers

    def _word_first_question(self) -> None:
        """As the chosen kind asks it. The page carries all kinds' words, for the script that changes them."""
        first = self.fields[MESSAGE]
        for kind in KINDS.values():
            first.widget.attrs[f"data-{kind.slug}"] = kind.question
        chosen = KINDS.get(self["kind"].value()) or next(iter(KINDS.values()))
        first.label = chosen.question

    def _names(self, *, identity: bool) -> list[str]:
        """The answers but the first, of the identity or the others."""
        return [
            answer.name
            for answer in ANSWERS.values()
            if answer.name != MESSAGE and (answer.part == "identity") is identity
        ]

    def questions(self) -> list["Question"]:
        """What is asked after the first question and the kind."""
        return [Question(self[name], ANSWERS[name]) for name in self._names(identity=False)]

    def identity(self) -> list["Question"]:
        """What is asked of whoever wants to be called back."""
        return [Question(self[name], ANSWERS[name]) for name in self._names(identity=True)]

    def categorised(self) -> str:
        """The kinds that are asked for a category."""
        return " ".join(kind.slug for kind in KINDS.values() if kind.categorised)

    def recipient(self) -> Unit:
        """The unit that a valid form is sealed to."""
        straight_up = self.cleaned_data["reader"] == ABOVE
        return self.above if straight_up and self.above else self.unit

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind = KINDS.get(cleaned.get("kind", ""))
        if kind:
            for answer in ANSWERS.values():
                if answer not in kind.answers:
                    self._disregard(answer.name)
            if not kind.categorised:
                self._disregard("category")
            if kind.visit:
                self._clean_visit(*kind.visit)
        self._clean_contact(kind.answers if kind else tuple(ANSWERS.values()))
        if self.errors:
            # It comes back anyway, and these files are not kept with it.
            for file in self.brought.left_out:
                self.add_error("attachments", not_kept(file.name, file.reason))
        return cleaned

    def _clean_visit(self, day_name: str, part_name: str) -> None:
        """Nobody is to come for nothing."""
        day, part = self.cleaned_data.get(day_name), self.cleaned_data.get(part_name)
        if day and (why_not := why_not_on(self.unit, day, part or "")):
            self.add_error(day_name, why_not)

    def _clean_contact(self, asked: Iterable[Answer]) -> None:
        identity = [answer for answer in asked if answer.part == "identity"]
        given = any(self.cleaned_data.get(answer.name) or answer.name in self.errors for answer in identity)
        # A form that was sent without this choice: what was filled in tells.
        contact = self.cleaned_data.get("contact") or (CALLBACK if given else ANONYMOUS)
        if contact == CALLBACK:
            self._require(identity)
        elif given:
            for answer in identity:
                self._disregard(answer.name)
            self.add_error(
                "contact", _("You chose to leave no name, but a name or number is filled in. Choose again.")
            )

    def _require(self, answers: Iterable[Answer]) -> None:
        for answer in answers:
            answered = self.cleaned_data.get(answer.name) or answer.name in self.errors
            if answer.missing and not answered:
                self.add_error(answer.name, answer.missing)

    def _disregard(self, name: str) -> None:
        self.errors.pop(name, None)
        self.cleaned_data[name] = None

    def said(self) -> Said:
        """What arrived, before it is judged: by this the same form sent again is known."""
        words = [(name, self.data.get(name, "")) for name in self.fields if name != "attachments"]
        return Said(words, [file.mark for file in self.brought.taken])

    def in_words(self) -> str:
        """The answers as they were typed, but of the identity, to be sent as an addition."""
        asked = KINDS.get(self.data.get("kind", ""), next(iter(KINDS.values()))).answers
        lines = [self.data.get(MESSAGE, "").strip()]
        for answer in asked:
            text = self.data.get(answer.name, "").strip()
            if answer.name != MESSAGE and answer.part != "identity" and text:
                lines.append(f"{answer.label} {text}")
        return "\n".join(filter(None, lines))

    def submission(self) -> Submission:
        """What a valid form says."""
        cleaned = self.cleaned_data
        return Submission(
            kind=cleaned["kind"],
            category=cleaned["category"],
            answers={name: str(cleaned[name] or "") for name in ANSWERS},
            attachments=self.brought.taken,
            left_out=self.brought.left_out,
            page=self.unit.full_name if self.recipient() != self.unit else "",
            about=self.asked_about if cleaned.get("about") else None,
        )
