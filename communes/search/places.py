"""Places that are no commune of today: villages, and what communes were called before.

A name that stands for one commune finds it. One that was split, or that several share, is asked about.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from home.models import HomePage
from home.text import fold, same_key, sort_key
from home.tree import live_descendants

from ..models import CommunePage, FormerName, Hamlet, Unit
from ..models.villages import full_kind

MOST_PLACES = 20
# "tổ dân phố", and a name of five syllables.
LONGEST_NAME = 8  # words


@dataclass
class FormerCommune:
    """One commune of before and the communes that it is today, each with the row that says so."""

    row: FormerName
    now: list[tuple[CommunePage, FormerName]] = field(default_factory=list)


@dataclass(frozen=True)
class FoundVillage:
    village: Hamlet
    commune: CommunePage


def former_communes_called(
    words: Sequence[str], homes: Iterable[HomePage], besides: Iterable[str] = ()
) -> list[FormerCommune]:
    """The communes of before whose name stands in the words; where several do, those of the longest name.

    Each with the communes of today that are in service. `besides` are names of today, each as one word: no
    part of one counts as another ("Tân Tiến" in "Tân Tiến Đông"). Four queries, however many names.
    """
    phrases = _phrases(words)
    rows = list(
        FormerName.objects.filter(Q(search_key__in=phrases) | Q(bare_key__in=phrases)).select_related("unit")
    )
    present = phrases.intersection(besides)
    rows = [row for row in rows if not any(_is_within(row, name) for name in present)]
    # "phường Tân Tiến" is no xã Tân Tiến, if there was one of either.
    rows = [row for row in rows if row.search_key in phrases] or rows
    longest = max((len(row.name_key) for row in rows), default=0)
    rows = [row for row in rows if len(row.name_key) == longest]
    if not rows:
        return []
    ends = _where_they_lead({row.unit for row in rows})
    pages = _pages_of({unit for units in ends.values() for unit in units}, homes)
    found: dict[Any, FormerCommune] = {}
    for row in rows:
        before = found.setdefault((row.kind, row.name_key, same_key(row.district)), FormerCommune(row))
        known = [page for page, _row in before.now]
        before.now += [
            (pages[unit], row) for unit in ends[row.unit_id] if unit in pages and pages[unit] not in known
        ]
    for before in found.values():
        before.now.sort(key=lambda each: sort_key(each[0].unit.name))
    ordered = sorted(found.values(), key=lambda each: (sort_key(each.row.name), sort_key(each.row.district)))
    return [before for before in ordered if before.now][:MOST_PLACES]


def villages_called(words: Sequence[str], homes: Iterable[HomePage]) -> list[FoundVillage]:
    """The villages whose name stands in the words; those of the commune that is named there, if one is.

    Without its kind a village is found only where nothing but it and its commune is asked for: many are
    called by ordinary words. Three queries, however many villages there are.
    """
    words = full_kind(" ".join(words)).split()
    phrases, whole = _phrases(words), "".join(words)
    villages = Hamlet.objects.in_force().filter(Q(name_key__in=phrases) | Q(bare_key__in=phrases))
    kinds = {kind.value: fold(kind.label).replace(" ", "") for kind in Unit.COMMUNE_KINDS}
    rows: list[Any] = []
    # "thôn 3" is in thousands of communes: what is done for each must cost next to nothing.
    for pk, name_key, bare_key, unit, kind, name_folded in villages.order_by("pk").values_list(
        "pk",
        "name_key",
        "bare_key",
        "place_list__unit",
        "place_list__unit__kind",
        "place_list__unit__name_folded",
    ):
        full = name_folded.replace(" ", "")
        bare = full.removeprefix(kinds[kind])
        if name_key in phrases or whole in (bare_key, bare_key + full, bare_key + bare):
            rows.append((pk, unit, full in phrases or bare in phrases))
    if any(in_named_commune for *_row, in_named_commune in rows):
        rows = [row for row in rows if row[-1]]
    rows = rows[:MOST_PLACES]
    if not rows:
        return []
    found = Hamlet.objects.in_bulk([pk for pk, *_row in rows])
    pages = _pages_of({unit for _pk, unit, *_row in rows}, homes)
    places = [FoundVillage(found[pk], pages[unit]) for pk, unit, *_row in rows if unit in pages]
    return sorted(places, key=lambda place: (sort_key(place.commune.unit.name), place.village.pk))


def _phrases(words: Sequence[str]) -> set[str]:
    """Each run of words that may be a name, as one word: where a name is parted, not everybody knows."""
    return {
        "".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(start + LONGEST_NAME, len(words)) + 1)
    }


def clear_former_names() -> Iterator[tuple[int, str, str]]:
    """Former names that stand for one commune in service: its number, kind and name of then. Two queries."""
    rows = list(FormerName.objects.select_related("unit"))
    ends = _where_they_lead({row.unit for row in rows})
    meant: dict[tuple[str, str], set[int]] = {}
    for row in rows:
        meant.setdefault((row.kind, row.name_key), set()).update(ends[row.unit_id])
    for row in rows:
        units = meant.pop((row.kind, row.name_key), set())
        if len(units) == 1:
            yield units.pop(), row.kind, row.name


def _is_within(row: FormerName, key: str) -> bool:
    """Whether the former name is no more than a part of this one."""
    return key not in (row.bare_key, row.search_key) and (row.bare_key or row.search_key) in key


def _where_they_lead(units: set[Unit]) -> dict[int, list[int]]:
    """For each of these units its own number or, of one that was closed, those of the units it became."""
    became: dict[int, list[int]] = {}
    if not all(unit.active for unit in units):
        closed = FormerName.objects.filter(closed__active=False).order_by("pk")
        for before, unit in closed.values_list("closed", "unit"):
            became.setdefault(before, []).append(unit)
    return {unit.pk: _ends(unit.pk, became) for unit in units}


def _ends(unit: int, became: dict[int, list[int]]) -> list[int]:
    """Where lines of mergers end. Each unit is visited once, should a line run in a circle."""
    ends, seen, waiting = [], {unit}, [unit]
    while waiting:
        here = waiting.pop(0)
        later = became.get(here, [])
        if not later:
            ends.append(here)
        waiting += [each for each in later if each not in seen]
        seen.update(later)
    return ends


def _pages_of(units: set[int], homes: Iterable[HomePage]) -> dict[int, CommunePage]:
    """The front page of each unit that is in service, in the first language it has one in."""
    pages: dict[int, CommunePage] = {}
    for home in homes:
        rows = live_descendants(CommunePage, home).filter(unit__in=units, unit__active=True)
        for page in rows.select_related("unit__parent"):
            pages.setdefault(page.unit_id, page)
    return pages
