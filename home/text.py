"""Vietnamese text without its marks, for searching and for addresses."""

import unicodedata

from django.utils.text import slugify


def fold(text: str) -> str:
    """Lower case, no diacritics: "Đăng ký ở Cẩm Trung" → "dang ky o cam trung".

    đ has no decomposition in Unicode, so it is replaced by hand.
    """
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def clean_text(text: str) -> str:
    """In composed Unicode, as names are stored, with single spaces."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


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
