"""What is found, in the order of what people come for: commune, door, guide, page, post."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page

from home.models import HomePage, InfoPage
from home.search_backend.newest import mark, newest
from home.text import search_key
from home.tree import COMMUNE_DEPTH, below, branch, public

from ..doors import by_door, searched_types
from ..models import CommunePage, NewsPage, ProcedurePage
from ..tree import communes_at
from .names import IN_A_SENTENCE, MOST_COMMUNES, WHOLE_NAME, Place
from .places import FormerCommune, FoundVillage, former_communes_called, villages_called
from .spelling import corrected, nearest_title, other_spellings, written_out
from .vocabulary import COMMON, Entry, Rule, Vocabulary, Words, words_of

MOST_RESULTS = 50
# Guides and pages with the words in title, in summary; posts with them in their title; all others.
TITLED, SUMMARISED, POSTED, MENTIONED, ALL_RANKS = range(5)
# Of posts that hold the words so many of the newest are looked at, those with the words in the title first.
MOST_LOOKED_AT = 100
# A guide of which the query names less than this has to do with something else.
LEAST_COVERED = 0.5
GUIDE_BONUS = 0.5
NEAREST = 3


@dataclass
class Found:
    """`words` are those that were looked for, `readings` their other words; the rest is for the page."""

    words: Words
    readings: list[Words] = field(default_factory=list)
    communes: list[CommunePage] = field(default_factory=list)
    former_communes: list[FormerCommune] = field(default_factory=list)
    villages: list[FoundVillage] = field(default_factory=list)
    best_rank: int = 0
    commune: CommunePage | None = None
    doors: list[str] = field(default_factory=list)
    offices: list[Rule] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    nearest: list[int] = field(default_factory=list)
    offices_first: bool = True
    suggestion: str = ""

    @property
    def anything(self) -> bool:
        places = self.communes or self.former_communes or self.villages
        return bool(places or self.doors or self.offices or self.pages)

    @property
    def communes_first(self) -> bool:
        """Whether it is communes that are looked for, and not something in one of them."""
        if self.best_rank < IN_A_SENTENCE or "contact" in self.doors:
            return True
        return not self.pages and not self.doors

    @property
    def more_communes(self) -> bool:
        """Whether others have a name like that of the commune that is meant."""
        return len(self.communes) > 1


def find(words: Words, known: Vocabulary, homes: Sequence[HomePage]) -> Found:
    """What the words find as they stand; else in another spelling; else a suggestion and what is nearest."""
    long = written_out(words)
    if long != words and known.places.name(long):
        words = long
    asked = _look(words, known, homes)
    if asked.anything or not words:
        return asked
    for reading in other_spellings(words, known):
        found = _look(reading, known, homes)
        if found.anything:
            return found
    suggestion = suggestion_for(words, known)
    # Words that lead somewhere may have no page behind them yet.
    if _look(words_of(suggestion), known, homes).anything:
        asked.suggestion = suggestion
    return asked


def _look(words: Words, known: Vocabulary, homes: Sequence[HomePage]) -> Found:
    found = Found(words)
    if not words or not homes:
        return found
    places = known.places.called(words)[:MOST_COMMUNES]
    rest = _without_places(words, places)
    wanted = tuple(word for word in rest if word not in COMMON) or rest
    pins, means, whole_offices = [], [], 0
    for start, length, rule in known.leading(rest):
        whole = not set(wanted) - set(rest[start : start + length])
        if rule.page:
            pins.append(rule.page)
        elif rule.means:
            means.append((start, length, rule.means))
        elif rule.door and whole:
            found.doors.append(rule.door)
        elif rule.office:
            found.offices.append(rule)
            whole_offices += whole
    found.readings = _readings(rest, wanted, means)
    _add_communes(found, places)
    _add_other_places(found, places, homes)
    # Of what is not ours no page is shown that only mentions it.
    least = MENTIONED if whole_offices else ALL_RANKS
    found.pages, found.nearest = _pages(found, known, homes[0], pins, least)
    # A guide may have such words in its title: "phòng cháy hộ kinh doanh".
    found.offices_first = bool(whole_offices) or not found.pages
    return found


def _without_places(words: Words, places: list[tuple[int, Place]]) -> Words:
    """What is asked about a commune that a sentence names; all words where only the name is said."""
    if not places or places[0][0] != IN_A_SENTENCE:
        return words
    place = places[0][1]
    for name in (f"{place.kind} {place.name}", place.name):
        before, named, after = f" {' '.join(words)} ".rpartition(f" {name} ")
        if named:
            before = before.removesuffix(" cong an")
            return tuple((before + " " + after).split()) or words
    return words


def _readings(rest: Words, wanted: Words, means: list[tuple[int, int, Words]]) -> list[Words]:
    """The words themselves, and with those in their place that they lead to."""
    if not means:
        return [wanted]
    replaced = list(rest)
    # From the last on, so that places of the others stay what they are.
    for start, length, others in sorted(means, reverse=True):
        replaced[start : start + length] = others
    reading = tuple(dict.fromkeys(word for word in replaced if word not in COMMON)) or tuple(replaced)
    return [wanted, reading] if reading != wanted else [wanted]


def _add_other_places(found: Found, places: list[tuple[int, Place]], homes: Sequence[HomePage]) -> None:
    todays = [place for _rank, place in places if not place.former]
    names = [name.replace(" ", "") for place in todays for name in (place.name, f"{place.kind} {place.name}")]
    found.former_communes = former_communes_called(found.words, homes, besides=names)
    found.villages = villages_called(found.words, homes)


def _add_communes(found: Found, places: list[tuple[int, Place]]) -> None:
    pages = CommunePage.objects.select_related("unit__parent").in_bulk(
        [place.page for _rank, place in places]
    )
    found.communes = [pages[place.page] for _rank, place in places if place.page in pages]
    ranks = [rank for rank, _place in places]
    if not ranks:
        return
    found.best_rank = ranks[0]
    # One commune is meant: guides and doors are shown as they are read there.
    if found.best_rank in (WHOLE_NAME, IN_A_SENTENCE) and ranks.count(found.best_rank) == 1:
        found.commune = found.communes[0]


def _score(entry: Entry, found: Found, known: Vocabulary) -> tuple[int, float]:
    """How well a guide or page fits: where its words stand (MENTIONED: some of them), and a score."""
    best = ALL_RANKS, 0.0
    for number, reading in enumerate(found.readings):
        all_weight = known.weight(reading)
        heading = set(entry.heading)
        in_title = known.weight(word for word in reading if word in heading)
        in_more = known.weight(word for word in reading if word in entry.more and word not in heading)
        covered = (in_title + in_more / 2) / all_weight
        told = known.weight(word for word in entry.heading if word not in COMMON)
        precise = in_title / told if told else 0
        pairs = set(zip(reading, reading[1:], strict=False))
        close = len(pairs & set(zip(entry.heading, entry.heading[1:], strict=False))) / max(1, len(pairs))
        missing = set(reading) - heading
        if not missing:
            level = TITLED
        elif not missing - entry.more and in_title:
            level = SUMMARISED
        else:
            level = MENTIONED if covered >= LEAST_COVERED else ALL_RANKS
        # Words that lead somewhere were chosen by somebody: they say more than the resident's own.
        best = min(best, (level, -(2 * covered + precise + close / 2 + number / 2)))
    return best


def _pages(
    found: Found, known: Vocabulary, home: HomePage, pins: list[int], least: int
) -> tuple[list[int], list[int]]:
    """The pages that rank before `least`, and others that have some of the words."""
    ranks: dict[int, tuple[Any, ...]] = {}
    for entry in known.entries:
        level, score = _score(entry, found, known)
        if level < ALL_RANKS:
            ranks[entry.page] = level, score - GUIDE_BONUS * entry.is_guide
    searched = [InfoPage, *searched_types()]
    # Posts by themselves: there are so many that they would push the others out.
    posts = [model for model in searched if model is NewsPage]
    others = [model for model in searched if model is not NewsPage]
    readings = _readings_of_the_index(found)
    hits: list[int] = []
    for models in filter(None, (posts, others)):
        hits += newest([mark(model, home.path) for model in models], readings, MOST_LOOKED_AT)
    rows = public(Page.objects.filter(pk__in={*ranks, *hits, *pins}).live())
    types = ContentType.objects.get_for_models(NewsPage, ProcedurePage)
    mentioned = set(hits)
    ranked = []
    for row in rows.values("pk", "title", "content_type", "path", "first_published_at"):
        rank = ranks.get(row["pk"])
        if row["pk"] in mentioned and (rank is None or rank[0] >= MENTIONED):
            is_news, is_guide = (
                row["content_type"] == types[model].pk for model in (NewsPage, ProcedurePage)
            )
            ranks[row["pk"]] = _rank_of_a_hit(row, found, is_news, is_guide)
        elif rank and rank[0] >= MENTIONED:
            continue
        ranked.append(row["pk"])
    ranks |= dict.fromkeys(set(pins) & set(ranked), (TITLED, -math.inf))
    nearest = [page for page in sorted(ranks, key=lambda page: ranks[page]) if page not in ranked]
    ranked.sort(key=lambda page: ranks[page])
    return [page for page in ranked if ranks[page][0] < least][:MOST_RESULTS], nearest[:NEAREST]


def _readings_of_the_index(found: Found) -> list[Words]:
    """Where a commune is named, its own pages need not say its name again."""
    if found.commune is None or found.words == found.readings[0]:
        return found.readings
    own = mark(Page, found.commune.path)
    return [*((*reading, own) for reading in found.readings), found.words]


def _rank_of_a_hit(row: dict[str, Any], found: Found, is_news: bool, is_guide: bool) -> tuple[Any, ...]:
    """Of a page that holds the words: in its title, of the commune that is named, kind, newest first."""
    heading = set(search_key(row["title"]).split())
    in_title = any(heading.issuperset(reading) for reading in found.readings)
    titled = POSTED if is_news else TITLED if is_guide else MENTIONED
    elsewhere = found.commune is not None and not row["path"].startswith(found.commune.path)
    kind = 0 if is_guide else 1 if is_news else 2
    published = row["first_published_at"]
    newer = -published.timestamp() if published else 0.0
    return titled if in_title else MENTIONED, 0, elsewhere, kind, newer, -row["pk"]


def suggestion_for(words: Words, known: Vocabulary) -> str:
    """What to ask whether it was meant; "" for nothing that is near enough."""
    better = corrected(words, known)
    title = nearest_title(better or words, known)
    if better and title and set(title.split()) >= set(better) - COMMON:
        return known.titles[title]
    if better:
        return " ".join(better)
    return known.titles[title] if title else ""


def as_specific(
    pages: Sequence[int], homes: Sequence[HomePage], commune: CommunePage | None = None
) -> list[Page]:
    """The pages in their own types and this order, each with its commune, `kind_name` and `language`."""
    languages = {home.locale_id: home.locale.language_code for home in homes}
    own: dict[int, Any] = {page.pk: page for page in Page.objects.filter(pk__in=pages).specific()}
    communes = communes_at(branch(page.path, COMMUNE_DEPTH) for page in own.values())
    for page in own.values():
        page.kind_name = page._meta.verbose_name
        page.language = languages.get(page.locale_id, "")
        vars(page)["commune"] = communes.get(branch(page.path, COMMUNE_DEPTH))
        # A guide for everybody is read in the pages of the commune that was named.
        if commune and isinstance(page, ProcedurePage) and page.commune is None:
            page.read_below = commune.doors.get("procedure")
    return [own[page] for page in pages if page in own]


def with_doors(communes: Sequence[CommunePage]) -> None:
    """Let each commune know the pages to which its doors lead, in one query for all."""
    below_them: dict[str, list[Page]] = {commune.path: [] for commune in communes}
    for page in Page.objects.live().filter(below(communes, levels=1)):
        below_them[branch(page.path, COMMUNE_DEPTH)].append(page)
    for commune in communes:
        commune.doors = by_door(below_them[commune.path])


def highlighted(found: Found) -> set[str]:
    return {word for reading in [found.words, *found.readings] for word in reading}
