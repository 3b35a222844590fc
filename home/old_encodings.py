"""Vietnamese that is no Unicode: typed for fonts of the nineties (TCVN3, VNI), or spoilt on its way.

It looks right where it was typed and like scribble everywhere else, and no search finds it.
"""

import re
import unicodedata
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .text import WORD_BULLETS, one_line

_TCVN3 = str.maketrans(
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢£¤¥¦§",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ",
)
# VNI writes a letter and then its marks, each a letter of Latin-1.
_VNI_LETTERS = str.maketrans("ñÑöÖôÔíìæóòîÍÌÆÓÒÎ", "đĐưƯơƠíìỉĩịỵÍÌỈĨỊỴ")
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_VNI_MARKS = {
    "ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _CIRCUMFLEX, "à": _CIRCUMFLEX + _GRAVE, "á": _CIRCUMFLEX + _ACUTE, "å": _CIRCUMFLEX + _HOOK,
    "ã": _CIRCUMFLEX + _TILDE, "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE, "è": _BREVE + _GRAVE, "é": _BREVE + _ACUTE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_PAIR = re.compile(r"(?<=[aeouyAEOUYưƯơƠ])[øùûõïâàáåãäêèéúüë]", re.IGNORECASE)

# One syllable without its tone: what begins it, its vowels, what ends it.
_SYLLABLE = re.compile(
    "(?:ngh|ng|gh|gi|kh|nh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx])?"
    "(?:[aăâeêioôơuưy]|a[iouy]|â[uy]|eo|êu|i[aêu]|iêu|yêu?|o[aăei]|oa[io]|oay|oeo|ôi|ơi|u[aâêiôơy]|uây|uôi"
    "|uy[aêu]|ư[aiơu]|ươ[iu])(?:ng|nh|ch|[cmnpt])?"
)
_TONES = (_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT)
_LATIN_1 = re.compile("[\u0080-\u00ff]")
_FEW_WORDS = 4


def _bytes_of(codec: str) -> dict[int, int]:
    """The byte that each character of a Windows code page came from."""
    return {ord(bytes([byte]).decode(codec, "ignore") or chr(byte)): byte for byte in range(256)}


# Vietnamese and western Windows read UTF-8 as their own code page.
_WINDOWS = [_bytes_of("cp1252"), _bytes_of("cp1258")]


def _is_syllable(word: str) -> bool:
    apart = unicodedata.normalize("NFD", word.lower())
    letters = "".join(char for char in apart if char not in _TONES)
    one_tone = len(apart) - len(letters) <= 1
    return one_tone and bool(_SYLLABLE.fullmatch(unicodedata.normalize("NFC", letters)))


def _from_tcvn3(word: str) -> str:
    return word.translate(_TCVN3)


def _from_vni(word: str) -> str:
    marked = _VNI_PAIR.sub(lambda match: _VNI_MARKS[match[0].lower()], word.translate(_VNI_LETTERS))
    return unicodedata.normalize("NFC", marked)


def _typed_with_old_font(word: str) -> str | None:
    """What this word was meant to be; None for one that is Vietnamese, or no word in either font."""
    bare = word.strip(".,;:!?()“”\"'-/")
    # µm and µg are units.
    if _is_syllable(bare) or bare.startswith("µ") or not re.search("[A-Za-z]", bare):
        return None
    for read in (_from_tcvn3, _from_vni):
        meant = read(bare)
        if meant != bare and _is_syllable(meant):
            return meant
    return None


def _spoilt(word: str) -> str | None:
    """What UTF-8 was before a program read it as something else: "Cáº©m" → "Cẩm"."""
    for byte_of in _WINDOWS:
        try:
            return bytes(byte_of[ord(char)] for char in word).decode()
        except (KeyError, UnicodeDecodeError):
            continue
    return None


def _in_doubt(text: str) -> Iterator[str]:
    return (word for word in re.split("[ \n\t\r<>]+", text) if _LATIN_1.search(word))


def _for_own_device(char: str) -> bool:
    return unicodedata.category(char) == "Co" and ord(char) not in WORD_BULLETS


def _in_words(markup: str) -> str:
    return one_line(re.sub("<[^>]*>", " ", markup))


def readable(text: str) -> None:
    """Raises ValidationError, which says what to do, for what other people would not read as it was typed."""
    if private := next(filter(_for_own_device, text), None):
        before, _char, after = text.partition(private)
        raise ValidationError(
            _(
                "After “%(before)s” and before “%(after)s” stands a sign that only your own device can show. "
                "Delete it, or type it again."
            ),
            params={"before": _in_words(before)[-20:], "after": _in_words(after)[:20]},
            code="private_use",
        )
    words = list(_in_doubt(text))
    spoilt = [(word, meant) for word in words if (meant := _spoilt(word))]
    if spoilt:
        raise ValidationError(
            _("“%(word)s” has been spoilt on its way here; was it “%(meant)s”? Copy it anew, or type it."),
            params=dict(zip(("word", "meant"), spoilt[0], strict=True)),
            code="spoilt",
        )
    old = [(word, meant) for word in words if (meant := _typed_with_old_font(word))]
    # One such word in a long text may be a foreign one.
    if len(old) > 1 or (old and len(text.split()) <= _FEW_WORDS):
        raise ValidationError(
            _(
                "“%(word)s” was typed for an old font (TCVN3 or VNI), and others cannot read it; was it "
                "“%(meant)s”? Set the keyboard program (Unikey) to “Unicode” and type it again."
            ),
            params=dict(zip(("word", "meant"), old[0], strict=True)),
            code="old_font",
        )
