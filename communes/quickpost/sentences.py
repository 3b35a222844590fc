"""Where a sentence ends in Vietnamese prose: a full stop also stands in numbers, dates and abbreviations.

Where it is not certain that a sentence ends, it goes on: too long a summary can be read, half a one cannot.
"""

import re

# Fewer words are a call or a heading ("Khẩn!", "Thông báo."), and the next sentence belongs to it.
WORDS_OF_A_THOUGHT = 4

# Without their stop and their capitals. Single capitals ("Q.", "P.", "Nguyễn V. A.") need no list.
_ABBREVIATIONS = frozenset(
    [
        *["bs", "bsck", "gs", "ks", "ls", "pgs", "ths", "ts", "đ/c", "đc", "ng", "ph", "th"],  # people
        *["kdc", "kp", "tdp", "tp", "tt", "tx"],  # places
        *["cn", "fax", "nxb", "sđt", "tel", "tg", "tr", "vd", "đt"],
    ]
)
_HEADINGS = frozenset(["bước", "câu", "chương", "điều", "khoản", "mục", "phần"])

_GREETING = re.compile(r"(?:kính (?:gửi|thưa)|thưa|(?:xin )?chào) [^.!?…,:]*", re.IGNORECASE)
_END = re.compile(r"(?P<sign>[.!?…]+)[\"'”’»)\]]*\s+")
_ENCLOSED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|\([^()]*\)")
_ORDINAL = re.compile(r"\d{1,2}|[a-zđ]|[IVX]+")


def first_thought(paragraph: str) -> str:
    """The first sentence of one line of text, with those after it as long as it has too few words."""
    enclosed = [match.span() for match in _ENCLOSED.finditer(paragraph)]
    for end in _END.finditer(paragraph):
        before, after = paragraph[: end.start()], paragraph[end.end() :]
        inside = any(start < end.start("sign") and end.end() <= stop for start, stop in enclosed)
        if inside or not is_a_thought(before) or not _begins_a_sentence(after):
            continue
        if end["sign"] == "." and _is_no_full_stop(before, after):
            continue
        return paragraph[: end.end()].rstrip()
    return paragraph


def is_a_thought(text: str) -> bool:
    """Whether the text tells something: not a heading, a greeting, or what only leads to the next line."""
    said = text.rstrip("!. ")
    is_too_short = len(said.split()) < WORDS_OF_A_THOUGHT
    return not (is_too_short or said.endswith((",", ":")) or _GREETING.fullmatch(said))


def _begins_a_sentence(text: str) -> bool:
    return not text[:1].islower()


def _is_no_full_stop(before: str, after: str) -> bool:
    """Whether the stop between the two belongs to the word before it."""
    *earlier, word = before.split()
    word = word.lstrip("\"'“‘«([")
    parts = word.split(".")
    if all(_is_abbreviation(part) for part in parts):
        return True
    # "2. 9. 2026"
    if re.fullmatch(r"\d{1,2}", parts[-1]) and after[:1].isdigit():
        return True
    return bool(_ORDINAL.fullmatch(word)) and _expects_an_ordinal(earlier[-1] if earlier else "")


def _is_abbreviation(word: str) -> bool:
    is_initial = len(word) == 1 and word.isupper()
    return is_initial or word.lower() in _ABBREVIATIONS


def _expects_an_ordinal(word_before: str) -> bool:
    """Whether "1." after this word is a number in a list or of a heading, not the end of a sentence."""
    return word_before[-1:] in ".:;!?" or word_before.lower() in _HEADINGS
