"""A receipt code out of what people type, paste or copy. The vault, which compares codes, is stricter."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LENGTH = 16  # digits
# A receipt copied whole, with all that stands around the code.
LONGEST = 5000  # characters

_DIGITS = frozenset("0123456789")
_LOOK_ALIKES = frozenset("OoIl")
_AS_DIGITS = str.maketrans("OoIl", "0011")


def read_code(text: str) -> str:
    """The 16 digits in `text`. Raises ValidationError, which says how many were read, for more or fewer.

    Digits of any script count; words and everything else between them do not. Letters that look like 0 and
    1 count only in a word that has digits and otherwise such letters alone: "l234" is 1234, "lo" is a word.
    Of a text with other numbers, such as a copied receipt, the one stretch of 16 digits without a word is
    the code.
    """
    stretches = _stretches("".join(_plain(char) for char in text[:LONGEST]))
    codes = {stretch for stretch in stretches if len(stretch) == LENGTH}
    if len(codes) == 1:
        return codes.pop()
    digits = "".join(stretches)
    if len(digits) == LENGTH:
        return digits
    if not digits:
        raise ValidationError(_("A receipt code has 16 digits, like 1234 5678 9012 3456. Here is none."))
    # Of a longer text, the stretch that was probably meant.
    count = len(digits) if len(digits) < LENGTH or codes else max(map(len, stretches))
    words = ngettext(
        "%(count)s digit was read. A receipt code has 16 digits: please compare digit by digit.",
        "%(count)s digits were read. A receipt code has 16 digits: please compare digit by digit.",
        count,
    )
    raise ValidationError(words % {"count": count})


def _plain(char: str) -> str:
    """A digit of any script as 0 to 9; nothing for what is not seen, or stands on another sign."""
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    return "" if unicodedata.category(char) in ("Cf", "Mn", "Me") else char


def _stretches(text: str) -> list[str]:
    """The digits between one word and the next."""
    stretches = [""]
    for word in re.findall(r"[^\W_]+", text):
        letters = set(word) - _DIGITS
        if letters <= _LOOK_ALIKES and letters != set(word):
            stretches[-1] += word.translate(_AS_DIGITS)
            continue
        # Digits that are glued to a word ("Mã1234") are digits too.
        first, *others = re.split("[^0-9]+", word)
        stretches[-1] += first
        stretches += others
    return stretches
