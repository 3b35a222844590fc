"""Text as people type it, cleaned at one place; Vietnamese text without its marks, and in its order."""

import re
import unicodedata

from django.utils.text import slugify


def fold(text: str) -> str:
    """Lower case, no diacritics: "Đăng ký ở Cẩm Trung" → "dang ky o cam trung".

    đ has no decomposition in Unicode, so it is replaced by hand.
    """
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def one_line(text: str, longest: int | None = None) -> str:
    """What was typed, in composed Unicode, with single spaces and without control characters.

    Cut at `longest` characters if it is given.
    """
    visible = "".join(char if char.isprintable() else " " for char in text)
    return unicodedata.normalize("NFC", " ".join(visible.split()))[:longest].strip()


def many_lines(text: str, longest: int | None = None) -> str:
    """What was typed, in composed Unicode and in its lines; "" if nothing of it can be seen.

    Cut at `longest` characters if it is given.
    """
    # Browsers send two characters for a new line.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    lines = unicodedata.normalize("NFC", lines).strip()[:longest].strip()
    return lines if any(unicodedata.category(char)[0] not in "CZ" for char in lines) else ""


def paragraphs(text: str) -> list[list[str]]:
    """The lines of each paragraph without the spaces around them; an empty line ends a paragraph."""
    parts = re.split(r"\n\s*\n", many_lines(text))
    return [[line.strip() for line in part.split("\n")] for part in parts if part]


def plain_slug(text: str) -> str:
    """An address of plain ASCII: "Đăng ký tạm trú" → "dang-ky-tam-tru". Empty if nothing can be kept."""
    return slugify(fold(text))


# The Vietnamese alphabet in dictionary order, each letter with its tones in dictionary order.
LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệfghiìỉĩíịjklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvwxyỳỷỹýỵz"
_RANK = {letter: rank for rank, letter in enumerate(LETTERS)}


def sort_key(name: str) -> list[list[int]]:
    """Vietnamese dictionary order, syllable by syllable: Cam, Cảm, Căm, Cẩm."""
    text = unicodedata.normalize("NFC", name.lower())
    return [[_RANK.get(char, len(LETTERS) + ord(char)) for char in syllable] for syllable in text.split()]
