"""What the search keeps in memory: communes, titles of guides and pages, and words that lead there.

It is the same on both databases, and small: posts are not in it. Each process compares one stamp a request.
"""

import csv
import datetime
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet, Subquery
from django.utils import timezone

from home.models import HomePage, InfoPage
from home.text import fold, one_line, search_key, sort_key
from home.tree import below, live_descendants, public

from ..models import CommunePage, ProcedurePage, SearchWords, Unit, VocabularyStamp
from ..models.search import phrases
from .names import Place, Places
from .places import clear_former_names

Words = tuple[str, ...]

# The words that a unit has without writing any: one line for each thing that several words lead to.
SHIPPED = Path(__file__).with_name("words.csv")
LONGEST_PHRASE = 6  # words

# Words that a question has and an answer does not.
COMMON = frozenset(
    search_key(
        "ở đâu là gì thì như nào làm sao có được phải không và với để cho của về khi bao lâu nhiêu tôi em "
        "cháu muốn xin hỏi những các một bị đã này ạ ơi à thủ tục hướng dẫn cách đến tại nơi hay hoặc nếu "
        "nhé giúp"
    ).split()
)


@dataclass(frozen=True)
class Rule:
    """What words lead to: exactly one of other words, a door, a page's number, an office."""

    means: Words = ()
    means_text: str = ""
    door: str = ""
    page: int = 0
    office: str = ""
    phone: str = ""
    link: str = ""
    until: datetime.date | None = None

    @property
    def holds(self) -> bool:
        return self.until is None or self.until >= timezone.localdate()


@dataclass(frozen=True)
class Entry:
    """A guide or an information page: its title and, less weighty, its summary, in folded words."""

    page: int
    is_guide: bool
    title: str
    heading: Words
    more: frozenset[str]


class Vocabulary:
    def __init__(
        self, places: Iterable[Place], entries: Iterable[Entry], rules: dict[Words, list[Rule]]
    ) -> None:
        self.places = Places(places)
        self.entries = list(entries)
        self.rules = rules
        holding = Counter(word for entry in self.entries for word in {*entry.heading, *entry.more})
        self._weights = {word: self._weight(count) for word, count in holding.items()}
        self.rarest = self._weight(0)

    def _weight(self, count: int) -> float:
        return math.log((len(self.entries) + 2) / (count + 1)) + 0.2

    def weight(self, words: Iterable[str]) -> float:
        """How much the words tell pages apart."""
        return sum(self._weights.get(word, self.rarest) for word in words)

    def leading(self, words: Sequence[str]) -> Iterator[tuple[int, int, Rule]]:
        """Rules for phrases of the words, from the longest on: (first word, number of words, rule)."""
        taken: set[int] = set()
        for length in range(min(LONGEST_PHRASE, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                rules = self.rules.get(tuple(words[start : start + length]), ())
                if rules and taken.isdisjoint(range(start, start + length)):
                    taken.update(range(start, start + length))
                    yield from ((start, length, rule) for rule in rules if rule.holds)

    @cached_property
    def titles(self) -> dict[str, str]:
        """What can be offered to who mistyped, by its folded words."""
        rules = [rule for rules in self.rules.values() for rule in rules if rule.means]
        offered = {" ".join(rule.means): rule.means_text for rule in rules}
        offered |= {" ".join(entry.heading): entry.title for entry in self.entries}
        return offered | {place.name: place.title for place in self.places.all if not place.former}

    @cached_property
    def texts(self) -> list[Words]:
        return [*(tuple(title.split()) for title in self.titles), *self.rules]

    @cached_property
    def neighbours(self) -> Counter[tuple[str, str]]:
        """How often one word follows another."""
        return Counter(pair for words in self.texts for pair in zip(words, words[1:], strict=False))

    @cached_property
    def words(self) -> Counter[str]:
        """All words of titles, names and phrases, and how many of these have each."""
        return Counter(word for text in self.texts for word in text)

    @cached_property
    def by_length(self) -> dict[int, list[str]]:
        lists = defaultdict(list)
        for word in self.words:
            lists[len(word)].append(word)
        return lists

    @cached_property
    def trigrams(self) -> dict[str, set[str]]:
        """The titles that have each three letters in a row."""
        found = defaultdict(set)
        for title in self.titles:
            for three in trigrams_of(title):
                found[three].add(title)
        return found


def trigrams_of(folded: str) -> set[str]:
    joined = f"  {folded.replace(' ', '')} "
    return {joined[start : start + 3] for start in range(len(joined) - 2)}


_kept: dict[Words | tuple[int, ...], tuple[UUID, Vocabulary]] = {}


def stamped(homes: "QuerySet[HomePage]") -> "QuerySet[HomePage]":
    """The home pages with the stamp that `vocabulary` compares: no query of its own."""
    return homes.annotate(search_stamp=Subquery(VocabularyStamp.objects.filter(pk=1).values("value")[:1]))


def vocabulary(homes: Sequence[HomePage]) -> Vocabulary:
    """That of these `stamped` home pages: guides and communes in the first that has each."""
    stamp: UUID | None = homes[0].search_stamp if homes else None
    key = tuple(home.pk for home in homes)
    kept = _kept.get(key)
    if kept and kept[0] == stamp:
        return kept[1]
    loaded = Vocabulary(_places(homes), _entries(homes), _rules(homes))
    if stamp:
        _kept[key] = stamp, loaded
    return loaded


def _folded(kind: str, name_folded: str) -> tuple[str, str]:
    kind_words = fold(Unit.Kind(kind).label)
    return kind_words, name_folded.removeprefix(kind_words).strip()


def _places(homes: Iterable[HomePage]) -> Iterator[Place]:
    now: dict[int, Place] = {}
    for home in homes:
        rows = live_descendants(CommunePage, home).filter(unit__active=True)
        for page, unit, kind, name, folded in rows.values_list(
            "pk", "unit", "unit__kind", "unit__name", "unit__name_folded"
        ):
            title = f"{Unit.Kind(kind).label} {name}"
            now.setdefault(unit, Place(unit, page, *_folded(kind, folded), title, sort_key(name)))
    yield from now.values()
    for unit, kind, name in clear_former_names():
        place = now.get(unit)
        if place:
            folded = search_key(name)
            yield replace(place, kind=fold(Unit.Kind(kind).label), name=folded, former=True)


def _entries(homes: Iterable[HomePage]) -> Iterator[Entry]:
    """Of a page in several languages the one whose home page comes first."""
    seen: set[UUID] = set()
    for home in homes:
        guides = public(ProcedurePage.objects.live()).filter(below([home], levels=2))
        guide_rows = guides.values_list("pk", "translation_key", "title", "summary", "audience")
        pages = public(InfoPage.objects.live()).filter(below([home], levels=1))
        page_rows = pages.values_list("pk", "translation_key", "title", "intro")
        for is_guide, rows in ((True, guide_rows), (False, page_rows)):
            for pk, key, title, *texts in rows:
                if key not in seen:
                    seen.add(key)
                    yield Entry(pk, is_guide, title, *_heading_and_more(title, texts))


def _heading_and_more(title: str, texts: Iterable[str]) -> tuple[Words, frozenset[str]]:
    return tuple(search_key(title).split()), frozenset(search_key(" ".join(texts)).split())


def _other_words(text: str) -> Rule:
    return Rule(means=tuple(search_key(text).split()), means_text=text)


def shipped_lines() -> list[dict[str, str]]:
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def shipped_rules() -> dict[Words, list[Rule]]:
    rules = defaultdict(list)
    for row in shipped_lines():
        target, rule = row["target"], Rule()
        if row["leads"] == "means":
            rule = _other_words(target)
        elif row["leads"] == "door":
            rule = Rule(door=target)
        else:
            rule = Rule(office=target, phone=row["phone"], link=row["link"])
        for phrase in phrases(row["words"]):
            rules[tuple(phrase.split())].append(rule)
    return dict(rules)


def _rules(homes: Iterable[HomePage]) -> dict[Words, list[Rule]]:
    """The shipped ones, and before them those of the unit, which take their words over."""
    rules = dict(shipped_rules())
    own = defaultdict(list)
    keys = {home.translation_key for home in homes}
    for row in SearchWords.objects.in_force().filter(unit__page_key__in=keys):
        rule = replace(
            _other_words(row.means),
            page=row.page_id or 0,
            office=row.office,
            phone=row.phone,
            link=row.link,
            until=row.until,
        )
        for phrase in phrases(row.words):
            own[tuple(phrase.split())].append(rule)
    return rules | own


def words_of(query: str) -> Words:
    """The folded words of a query, in one spelling of i and y."""
    return tuple(search_key(one_line(query)).replace("the nao", "nao").split())
