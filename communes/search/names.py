"""Communes found by name: the whole name before its beginning, the kind said or not."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_COMMUNES = 20

# How well words name a commune: with no other word, by a beginning, by parts, among other words.
WHOLE_NAME, BEGINNING, PARTS, IN_A_SENTENCE = range(4)


@dataclass(frozen=True)
class Place:
    """One name of a commune; `kind` and `name` are folded, `order` is for lists.

    A name that it no longer bears is a `former` one, of a commune that was merged into it, say. Other old
    names and those of hamlets are rows like this one.
    """

    unit: int
    page: int
    kind: str
    name: str
    title: str
    order: str
    former: bool = False


def name_rank(words: Sequence[str], kind: str, name: str) -> int | None:
    """How well the words name a commune: 0 is just its name, None another. All three are folded.

    "Công an xã Cẩm Trung", "cam trung", "trung" and "số điện thoại xã Cẩm Trung" name one.
    """
    if list(words[:2]) == ["cong", "an"]:
        words = words[2:]
    if not words:
        return None
    asked, full = " ".join(words), f"{kind} {name}"
    # Where a name is parted is not known to who has only heard it: "cu m gar" is Cư M'gar.
    if asked in (name, full) or "".join(words) in (name.replace(" ", ""), full.replace(" ", "")):
        return WHOLE_NAME
    if name.startswith(asked) or full.startswith(asked):
        return BEGINNING
    parts = full.split()
    if all(any(part.startswith(word) for part in parts) for word in words):
        return PARTS
    return IN_A_SENTENCE if _is_named_in(f" {asked} ", name, full) else None


def _is_named_in(sentence: str, name: str, full: str) -> bool:
    """With its kind anywhere, without it at the end: folded, many a name is a piece of ordinary words.

    "đăng ký tạm trú" is no question about Kỳ Tam, nor "ở đâu" one about a commune of one syllable.
    """
    return f" {full} " in sentence or (" " in name and sentence.endswith(f" {name} "))


class Places:
    """Names of thousands of communes, of which a query looks at few."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.all = list(places)
        self._joined = defaultdict(set)
        self._in_sentences = defaultdict(set)
        parts = set()
        for number, place in enumerate(self.all):
            full = f"{place.kind} {place.name}"
            self._joined[place.name.replace(" ", "")].add(number)
            self._joined[full.replace(" ", "")].add(number)
            self._in_sentences[tuple(full.split()[:2])].add(number)
            self._in_sentences[tuple(place.name.split()[:2])].add(number)
            parts |= {(part, number) for part in full.split()}
        self._parts = sorted(parts)

    def called(self, words: Sequence[str]) -> list[tuple[int, Place]]:
        """The places with such a name and how well each is named, best match first."""
        ranked = []
        for number in self._candidates([*words]):
            place = self.all[number]
            rank = name_rank(words, place.kind, place.name)
            if rank is not None:
                ranked.append((rank, place))
        # What a commune was called counts only where none is called so now.
        todays = [(rank, place) for rank, place in ranked if not place.former]
        best: dict[int, tuple[int, Place]] = {}
        for rank, place in sorted(todays or ranked, key=lambda found: (found[0], found[1].order)):
            best.setdefault(place.unit, (rank, place))
        return list(best.values())

    def name(self, words: Sequence[str]) -> bool:
        """Whether the words are the name of one, and nothing else."""
        found = self.called(words)
        return bool(found) and found[0][0] == WHOLE_NAME

    def _candidates(self, words: list[str]) -> set[int]:
        if words[:2] == ["cong", "an"]:
            words = words[2:]
        if not words:
            return set()
        all_begin = set.intersection(*map(self._beginning_with, words))
        found = all_begin | self._joined.get("".join(words), set())
        for pair in zip(words, words[1:], strict=False):
            found |= self._in_sentences.get(pair, set())
        return found

    def _beginning_with(self, word: str) -> set[int]:
        found = set()
        for part, number in self._parts[bisect_left(self._parts, (word, -1)) :]:
            if not part.startswith(word):
                break
            found.add(number)
        return found
