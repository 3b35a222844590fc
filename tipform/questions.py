"""The plain question that a busy network is asked: a price for scripts, without JavaScript or pictures.

Nothing is stored: the token is a signed hash of the expected answer, bound to one form by its nonce, or to
one receipt code, so that each further code costs an answer of its own.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from django.core import signing
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.text import fold

_SALT = "tipform.questions"
_VALID_FOR = 60 * 60  # seconds
# A sum stays below twenty, so its answer is one of these, or digits.
_NUMBERS = [
    gettext_lazy("zero"),
    gettext_lazy("one"),
    gettext_lazy("two"),
    gettext_lazy("three"),
    gettext_lazy("four"),
    gettext_lazy("five"),
    gettext_lazy("six"),
    gettext_lazy("seven"),
    gettext_lazy("eight"),
    gettext_lazy("nine"),
    gettext_lazy("ten"),
]


@dataclass(frozen=True)
class Question:
    text: str
    token: str


def ask(nonce: str) -> Question:
    """A question for the form with this nonce, or for the look-up of a code."""
    text, answer = secrets.choice(_KINDS)()
    return Question(text, signing.dumps(_digest(nonce, answer), salt=_SALT))


def answered(nonce: str, token: str, answer: str) -> bool:
    """Whether `answer` is right for the question of `token`, which was asked on this form within the hour."""
    try:
        expected = signing.loads(token, salt=_SALT, max_age=_VALID_FOR)
    except signing.BadSignature:
        return False
    given = _as_number(answer)
    return given is not None and secrets.compare_digest(expected, _digest(nonce, given))


def _emergency() -> tuple[str, int]:
    return _("Which number do you call to reach the police in an emergency?"), 113


def _sum() -> tuple[str, int]:
    first, second = 2 + secrets.randbelow(4), 1 + secrets.randbelow(5)
    text = _("How much is %(first)s plus %(second)s? Answer with a number.")
    return text % {"first": _NUMBERS[first], "second": _NUMBERS[second]}, first + second


_KINDS: list[Callable[[], tuple[str, int]]] = [_emergency, _sum, _sum]


def _digest(nonce: str, answer: int) -> str:
    return salted_hmac(_SALT, f"{nonce}:{answer}", algorithm="sha256").hexdigest()


def _as_number(text: str) -> int | None:
    """ "113", "số 113.", "９" or "chín"; None for anything else."""
    plain = fold(text.strip())[:40]
    words = {fold(str(word)): number for number, word in enumerate(_NUMBERS)}
    if plain in words:
        return words[plain]
    digits = re.sub(r"\D", "", plain)
    return int(digits) if 1 <= len(digits) <= 4 else None
