"""What somebody may have meant who typed in a hurry, with a telephone's keyboard, or by ear.

Other spellings are tried only where the words as they stand found nothing; a correction is offered and
never made.
"""

import re
from collections.abc import Callable, Iterator

from home.text import i_for_y

from .vocabulary import COMMON, Vocabulary, Words, trigrams_of

_KINDS = "xa|phuong|thi|dac"
_SHORT = [
    (re.compile(rf"\bca(?= (?:{_KINDS}|x|p|tt|tp)\b)"), "cong an"),
    (re.compile(r"\bcax\b"), "cong an xa"),
    (re.compile(r"\bcap\b(?= \S)"), "cong an phuong"),
    (re.compile(r"\btt(?= \S)"), "thi tran"),
    (re.compile(r"\bp(?= \S)"), "phuong"),
    (re.compile(r"\bx(?= \S)"), "xa"),
]
# No Vietnamese syllable has these letters after a vowel.
_TELEX_TONE = re.compile(r"(?<=[aeiouyw])([aeiouycghmnptw]*)[sfrxj]")
_TELEX_TWICE = re.compile(r"([aeo])\1|(d)d")
_LONGEST_JOINED = 40  # letters
LONGEST_SYLLABLE = 7  # "nghieng"
# A word of fewer letters has too many neighbours.
SHORTEST_CORRECTED = 4
CLOSE_ENOUGH = 0.45


def written_out(words: Words) -> Words:
    """ "ca xa cam trung" → "cong an xa cam trung"; the same words where none is short."""
    text = " ".join(words)
    for short, long in _SHORT:
        text = short.sub(long, text)
    return tuple(text.split())


def other_spellings(words: Words, known: Vocabulary) -> Iterator[Words]:
    """Readings that differ from the words, the likeliest first."""
    seen = {words}
    for reading in (written_out(words), _telex(words), _vni(words), _parted(words, known)):
        if reading and reading not in seen:
            seen.add(reading)
            yield reading


def _telex(words: Words) -> Words:
    """ "ddawng kys tamj trus" → "dang ki tam tru"."""
    return _respelled(words, _without_telex)


def _without_telex(word: str) -> str:
    if not word.isalpha() or len(word) < 3:
        return word
    word = _TELEX_TWICE.sub(lambda match: match[1] or match[2], _TELEX_TONE.sub(r"\1", word))
    # "truwowng", "ddawng": the stroke marks a vowel; alone it is one.
    return re.sub(r"(?<=[aou])w", "", word).replace("w", "u")


def _vni(words: Words) -> Words:
    """ "d9a8ng ky1" → "dang ki"."""
    return _respelled(words, lambda word: word if word.isdigit() else re.sub(r"(?<=[a-z])\d+", "", word))


def _respelled(words: Words, change: Callable[[str], str]) -> Words:
    return tuple(i_for_y(" ".join(change(word) for word in words)).split())


def _parted(words: Words, known: Vocabulary) -> Words:
    """ "dangkytamtru" → "dang ki tam tru". What may be one syllable stays as it is."""
    parts = [_parts_of(word, known) if len(word) > LONGEST_SYLLABLE else (word,) for word in words]
    return tuple(word for part in parts for word in part)


def _parts_of(joined: str, known: Vocabulary) -> Words:
    """As few known words as the letters can be parted into; the letters as they are where they cannot."""
    if len(joined) > _LONGEST_JOINED:
        return (joined,)
    best: list[Words | None] = [()] + [None] * len(joined)
    for end in range(1, len(joined) + 1):
        for start in range(max(0, end - LONGEST_SYLLABLE), end):
            before, word = best[start], i_for_y(joined[start:end])
            if before is None or word not in known.words:
                continue
            longer = best[end]
            if longer is None or len(before) + 1 < len(longer):
                best[end] = (*before, word)
    return best[-1] or (joined,)


def corrected(words: Words, known: Vocabulary) -> Words | None:
    """The words with each unknown one replaced by a known one that is a letter away; None if none is."""
    result = list(words)
    for place, word in enumerate(words):
        if len(word) < SHORTEST_CORRECTED or word in known.words:
            continue
        near = [other for other in _of_similar_length(word, known) if _one_letter_apart(word, other)]
        if not near:
            return None
        before = result[place - 1] if place else ""
        after = words[place + 1] if place + 1 < len(words) else ""
        result[place] = _likeliest(near, before, after, known)
    return tuple(result) if tuple(result) != words else None


def _likeliest(near: list[str], before: str, after: str, known: Vocabulary) -> str:
    """The one that stands oftenest beside these two words; of several the more frequent word."""

    def frequency(word: str) -> tuple[int, int]:
        return known.neighbours[before, word] + known.neighbours[word, after], known.words[word]

    return max(near, key=frequency)


def _of_similar_length(word: str, known: Vocabulary) -> Iterator[str]:
    for length in (len(word), len(word) - 1, len(word) + 1):
        yield from known.by_length.get(length, ())


def _one_letter_apart(one: str, other: str) -> bool:
    """Whether one letter too many, too few or wrong, or two changed places, is all that parts them."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, other_rest = one[start:], other[start:]
    swapped = rest[:2] == other_rest[:2][::-1] and rest[2:] == other_rest[2:]
    return swapped or rest[1:] in (other_rest, other_rest[1:]) or rest == other_rest[1:]


def nearest_title(words: Words, known: Vocabulary) -> str | None:
    """The folded title, name or phrase that has most runs of three letters in common with the words."""
    told = " ".join(word for word in words if word not in COMMON) or " ".join(words)
    asked = trigrams_of(told)
    shared: dict[str, int] = {}
    for three in asked:
        for title in known.trigrams.get(three, ()):
            shared[title] = shared.get(title, 0) + 1

    def closeness(title: str) -> float:
        return shared[title] / (len(asked) + len(trigrams_of(title)) - shared[title])

    best = max(shared, key=lambda title: (closeness(title), title), default="")
    return best if best and closeness(best) >= CLOSE_ENOUGH else None
