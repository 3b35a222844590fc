"""The kinds of a message, and what each asks. The one place that knows them.

The form, the sealed parts, the receipt, the look-up, the inbox and the demo loop over these rows.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

MAX_MESSAGE = 20_000  # characters
# The answer that every kind asks for first, each in its own words.
MESSAGE = "message"


@dataclass(frozen=True)
class Answer:
    """One thing that a form asks, under `label`; officers read the answer under `heading`.

    `name` stands inside sealed parts: it never changes. `part` is what the answer is sealed with, and so who
    sees it: "identity" is only asked of those who want to be called back, and not shown to the code.
    `longest` counts characters, of texts and phone numbers. A "day" is from today on, within three months.
    """

    name: str
    part: Literal["message", "place", "identity"]
    input: Literal["line", "lines", "day", "choice", "phone"]
    label: Any = ""
    heading: Any = ""
    help: Any = ""
    longest: int = 0
    choices: tuple[tuple[str, Any], ...] = ()
    # What is said when nothing was answered. Without it the answer may stay empty.
    missing: Any = ""
    # What is said of an answer that is no day, or none of the choices.
    wrong: Any = ""

    def in_words(self, text: str) -> date | str:
        """What was answered, as people read it: a day as a date, a choice by its label."""
        if self.input == "choice":
            return str(dict(self.choices).get(text, text))
        if self.input == "day":
            try:
                return date.fromisoformat(text)
            except ValueError:
                return text
        return text


@dataclass(frozen=True)
class Kind:
    """What a resident may want. `invitation` is the choice on the form, `name` what officers call it."""

    slug: str
    name: Any
    invitation: Any
    # The first question, as this kind asks it.
    question: Any
    # The symbol of icons/sprite.svg on its button.
    picture: str
    # In the order of ANSWERS. Of a kind that does not ask, an answer does not count, even if it was typed.
    answers: tuple[Answer, ...]
    # The names of the answers that say on which day, and in which part of it, somebody comes to the office.
    visit: tuple[str, str] | None = None
    # Whether it is filed under a category, which is seen from outside.
    categorised: bool = False
    # What the receipt says of this kind alone.
    on_receipt: Any = ""


# In the order in which the form asks them.
ANSWERS = {
    answer.name: answer
    for answer in (
        Answer(
            name=MESSAGE,
            part="message",
            input="lines",
            longest=MAX_MESSAGE,
            missing=_("Write what it is about, even a single line."),
        ),
        Answer(
            name="preferred_day",
            part="message",
            input="day",
            label=_("Which day suits you?"),
            heading=_("Would like to come on"),
            help=_("Only for an appointment."),
            wrong=_("Write the day like 25/11/2026."),
        ),
        Answer(
            name="preferred_time",
            part="message",
            input="choice",
            label=_("Which part of the day?"),
            heading=_("Part of the day"),
            choices=(("", _("Any time")), ("morning", _("Morning")), ("afternoon", _("Afternoon"))),
            wrong=_("Choose morning or afternoon."),
        ),
        Answer(
            name="place",
            part="place",
            input="line",
            label=_("Where?"),
            heading=_("Place"),
            help=_("Hamlet, road, a house or a market near it."),
            longest=500,
        ),
        Answer(
            name="occurred",
            part="message",
            input="line",
            label=_("When?"),
            heading=_("When it happened"),
            help=_("In your own words, for example: last night, about ten"),
            longest=300,
        ),
        Answer(
            name="phone",
            part="identity",
            input="phone",
            label=_("Phone number"),
            heading=_("Phone"),
            longest=40,
            missing=_("Write the number we may call, or choose to leave no name."),
        ),
        Answer(
            name="name",
            part="identity",
            input="line",
            label=_("Name"),
            heading=_("Name"),
            help=_("A first name, or how we may address you."),
            longest=120,
        ),
    )
}


def _asks(*names: str) -> tuple[Answer, ...]:
    return tuple(ANSWERS[name] for name in names)


# In the order in which the form offers them; the first is chosen already.
KINDS = {
    kind.slug: kind
    for kind in (
        Kind(
            slug="tip",
            name=_("Tip"),
            invitation=_("Report something"),
            question=_("What do you see or know?"),
            picture="tip",
            answers=_asks(MESSAGE, "place", "occurred", "phone", "name"),
            categorised=True,
        ),
        Kind(
            slug="question",
            name=_("Question"),
            invitation=_("Ask about a procedure"),
            question=_("What would you like to ask?"),
            picture="question",
            answers=_asks(MESSAGE, "place", "occurred", "phone", "name"),
        ),
        Kind(
            slug="appointment",
            name=_("Appointment"),
            invitation=_("Make an appointment for papers"),
            question=_("Which papers do you need?"),
            picture="calendar",
            answers=_asks(MESSAGE, "preferred_day", "preferred_time", "place", "occurred", "phone", "name"),
            visit=("preferred_day", "preferred_time"),
            on_receipt=_("The day is settled only when the officer confirms it in the answer."),
        ),
    )
}
