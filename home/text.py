"""Text as people type it, cleaned at one place; Vietnamese text without its marks, and in its order."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

# --- What is typed ---

_NEW_LINE = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACE = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_PICTOGRAPH = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
# Controls, marks of direction, joiners, fillers, selectors, tags, halves of characters: nobody sees them, and
# they part what looks like one word. Emoji are made of several with joiners and selectors, which stay there.
_UNSEEN = re.compile(
    f"(?<![{_PICTOGRAPH}\ufe0f])\u200d|\u200d(?![{_PICTOGRAPH}])|(?<![{_PICTOGRAPH}0-9#*])\ufe0f|"
    "[\0-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb"
    "\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Đ of other alphabets looks the same. The small letter begins a Vietnamese word, and no Icelandic one.
_CAPITAL_D = str.maketrans("ÐƉ", "ĐĐ")
_SMALL_D = re.compile(r"(?<![^\W\d_])[ðɖ]")
_SIGNS_OF_NAMES = " .-'’"
# Word's bullets, which only its own fonts have.
WORD_BULLETS = str.maketrans(dict.fromkeys("\uf076\uf0a7\uf0b7\uf0d8\uf0fc", "•"))


def _cleaned(text: str) -> str:
    seen = _UNSEEN.sub("", _SPACE.sub(" ", _NEW_LINE.sub("\n", text)))
    composed = unicodedata.normalize("NFC", seen).translate(_CAPITAL_D).translate(WORD_BULLETS)
    composed = _SMALL_D.sub("đ", composed)
    return composed if any(unicodedata.category(char)[0] not in "CMZ" for char in composed) else ""


def one_line(text: str, longest: int | None = None) -> str:
    """What was typed, in one line of composed Unicode with single spaces and nothing that cannot be seen.

    Cut at `longest` characters if it is given. "" if nothing of it can be seen.
    """
    return " ".join(_cleaned(text).split())[:longest].strip()


def many_lines(text: str, longest: int | None = None) -> str:
    """The same in its lines, with the spaces inside them."""
    lines = [line.rstrip() for line in _cleaned(text).split("\n")]
    return "\n".join(lines).strip()[:longest].strip()


def paragraphs(text: str) -> list[list[str]]:
    """The lines of each paragraph without the spaces around them; an empty line ends a paragraph."""
    parts = re.split(r"\n\s*\n", many_lines(text))
    return [[line.strip() for line in part.split("\n")] for part in parts if part]


def plain_letters(text: str) -> str:
    """A name in ordinary letters: “𝐂𝐚̂̉𝐦”, “Ｃẩｍ” → “Cẩm”. Not for prose, where m² would become m2."""
    letters = (unicodedata.normalize("NFKC", char) if char.isalnum() else char for char in text)
    return one_line("".join(letters))


def proper_name(text: str, *, digits: bool = False) -> str:
    """The name of a person, or of a place with `digits`, as it is stored.

    Raises ValidationError for signs that no name has, such as the “?” in place of a letter that was lost.
    """
    name = plain_letters(text)
    wrong = next((char for char in name if not _is_of_a_name(char, digits)), None)
    if wrong:
        message = _("“%(sign)s” is no part of a name. Write the name with its letters only.")
        raise ValidationError(message, params={"sign": wrong})
    return name


def _is_of_a_name(char: str, digits: bool) -> bool:
    is_letter = char.isalpha() or bool(unicodedata.combining(char))
    return is_letter or char in _SIGNS_OF_NAMES or (digits and char.isdigit())


# Spaces, dashes and wide signs of other keyboards, each for that of ours.
_SIGNS = str.maketrans(
    dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u202f\u3000", " ")
    | dict.fromkeys("‐‑‒–—―−⁃﹣", "-")
    | {chr(0xFEE0 + code): chr(code) for code in range(0x21, 0x7F)}
)


def plain_signs(text: str) -> str:
    """Digits, spaces and dashes of every kind as a keyboard has them; as long as it was."""
    return text.translate(_SIGNS)


def same_key(name: str) -> str:
    """Equal for names that differ in nothing but capitals, widths of letters, spaces and composition."""
    return plain_letters(name).casefold()


# --- Without marks ---

# Letters that Unicode does not decompose; and Cyrillic and Greek ones that, as capitals at least, look so.
_PLAIN = str.maketrans(
    "đðɖƀıłøаверкмностухіјѕαβεζηικμνορτυχ",
    "dddbiloabepkmhoctyxijsabezhikmnoptyx",
)
_APOSTROPHE = "'’‘ʼʹ′`´＇"
_PARTED = re.compile(rf"\w+(?:[{_APOSTROPHE}]\w+)+")
_WORD = re.compile(r"[^\W_]+")
# ky, ly, my, quy, y: where Vietnamese writes either letter for one sound. Thuý and thúi are two sounds.
_Y = re.compile(r"\b([bcdghklmnpqrstvx]{0,3}|qu)y\b")


def fold(text: str) -> str:
    """Lower case, no diacritics, ordinary letters: "Đăng ký ở 𝐂𝐚̂̉𝐦 Trung" → "dang ky o cam trung"."""
    decomposed = unicodedata.normalize("NFKD", _UNSEEN.sub("", text)).lower().translate(_PLAIN)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def plain_slug(text: str) -> str:
    """An address of plain ASCII: "Đăng ký tạm trú" → "dang-ky-tam-tru". Empty if nothing can be kept."""
    return slugify(fold(text))


def search_words(text: str) -> list[str]:
    """The folded words of a text. Punctuation, operators and emoji are none, so no query can hold them."""
    return _WORD.findall(fold(re.sub(f"[{_APOSTROPHE}]", "'", text)))


def i_for_y(folded: str) -> str:
    """One spelling of the words that are written with either: "cam my" → "cam mi"."""
    return _Y.sub(r"\1i", folded)


def joined_words(text: str) -> list[str]:
    """The folded words with an apostrophe in them, without it: "Cư M'gar" → ["mgar"]."""
    return ["".join(search_words(match[0])) for match in _PARTED.finditer(text)]


def joined_keys(whole: str, bare: str) -> tuple[str, str]:
    """A folded name with its kind and without, each as one word: not everybody knows where a name is parted.

    The second is empty where it is one syllable, an ordinary word or a number in somebody's sentence.
    """
    return whole.replace(" ", ""), bare.replace(" ", "") if " " in bare else ""


def search_key(name: str) -> str:
    """A name as it is stored to be looked for: "xã Cư M’gar" → "xa cu mgar", "xã Kỳ Anh" → "xa ki anh".

    The list of communes does the same in the browser (site.js).
    """
    whole = _PARTED.sub(lambda match: re.sub(f"[{_APOSTROPHE}]", "", match[0]), name)
    return i_for_y(" ".join(search_words(whole)))


# --- In order ---

# The Vietnamese alphabet in dictionary order, each letter with its tones in dictionary order.
LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệfghiìỉĩíịjklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvwxyỳỷỹýỵz"
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))


def _without_tone(letter: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", letter).translate(_TONES))


# Each letter is replaced by one whose place in Unicode is its place in the alphabet, after signs and digits.
# First the letters decide, then their tones: Cam, Cảm, Cạm, Căm, Cẩm; Hà, Hai, Hải.
BOTH_CASES = LETTERS + LETTERS.upper()
BY_TONE = "".join(chr(ord("A") + rank) for rank in range(len(LETTERS))) * 2
BY_LETTER = "".join(BY_TONE[LETTERS.index(_without_tone(letter))] for letter in LETTERS) * 2
_BY_LETTER = str.maketrans(BOTH_CASES, BY_LETTER)
_BY_TONE = str.maketrans(BOTH_CASES, BY_TONE)


def sort_key(name: str) -> str:
    """Vietnamese dictionary order. `home.ordering` gives the same key in the database."""
    text = unicodedata.normalize("NFC", name)
    return f"{text.translate(_BY_LETTER)}\x01{text.translate(_BY_TONE)}"
