"""What was answered, as it lies in the sealed parts, and as it is read out of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..kinds import ANSWERS, KINDS, MESSAGE, Answer
from ..models import Part

ANSWERED = (Part.Label.MESSAGE, Part.Label.PLACE, Part.Label.IDENTITY)


@dataclass(frozen=True)
class Told:
    """One answer as it is shown."""

    answer: Answer
    words: date | str = field(repr=False)

    @property
    def day(self) -> date | None:
        return self.words if isinstance(self.words, date) else None


def contents_of(answers: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The content of each part that holds answers. Every tip has all of both: what is missing is not seen.

    Raises KeyError, with its name, for an answer that nobody asks.
    """
    contents: dict[str, dict[str, Any]] = {label: {"v": 1} for label in ANSWERED}
    for answer in ANSWERS.values():
        contents[answer.part][answer.name] = ""
    for name, text in answers.items():
        contents[ANSWERS[name].part][name] = text
    return contents


def told(kind: str, contents: Mapping[str, Mapping[str, Any]]) -> list[Told]:
    """The answers in the contents (by label) that were opened, in the form's order; without the message."""
    asked = KINDS[kind].answers if kind in KINDS else ()
    found = []
    for answer in ANSWERS.values():
        if answer.name == MESSAGE or answer.part not in contents:
            continue
        # A tip that was sealed before the question was there has no answer to it.
        text = contents[answer.part].get(answer.name, "")
        # A choice may have words for no answer ("Any time"), which mean nothing where nobody was asked.
        words = answer.in_words(text) if text or answer in asked else ""
        if words:
            found.append(Told(answer, words))
    return found
