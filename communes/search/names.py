"""Communes found by name: the whole name before its beginning, the kind said or not."""

from collections.abc import Iterable

from home.models import HomePage
from home.text import fold, search_key, sort_key
from home.tree import live_descendants

from ..models import CommunePage, Unit

MOST_COMMUNES = 20


def name_rank(words: list[str], kind: str, name: str) -> int | None:
    """How well the words name a commune: 0 is just its name, None another. All three are folded.

    "Công an xã Cẩm Trung", "cam trung", "trung" and "số điện thoại xã Cẩm Trung" name one.
    """
    if words[:2] == ["cong", "an"]:
        words = words[2:]
    if not words:
        return None
    asked, full = " ".join(words), f"{kind} {name}"
    # Where a name is parted is not known to who has only heard it: "cu m gar" is Cư M'gar.
    if asked in (name, full) or "".join(words) in (name.replace(" ", ""), full.replace(" ", "")):
        return 0
    if name.startswith(asked) or full.startswith(asked):
        return 1
    parts = full.split()
    if all(any(part.startswith(word) for part in parts) for word in words):
        return 2
    # A name of one syllable is an ordinary word in somebody's sentence.
    named = name if " " in name else full
    return 3 if f" {named} " in f" {asked} " else None


def _rank(words: list[str], kind: str, folded: str) -> int | None:
    kind_words = fold(Unit.Kind(kind).label)
    return name_rank(words, kind_words, folded.removeprefix(kind_words).strip())


def communes_called(words: list[str], homes: Iterable[HomePage]) -> list[CommunePage]:
    """The communes with such a name, best match first, each in the first language it has a page in."""
    words = search_key(" ".join(words)).split()
    if not words:
        return []
    pages: dict[int, tuple[str, int]] = {}
    ranks: dict[int, int] = {}
    for home in homes:
        rows = live_descendants(CommunePage, home).filter(unit__active=True)
        for pk, unit, kind, name, folded in rows.values_list(
            "pk", "unit", "unit__kind", "unit__name", "unit__name_folded"
        ):
            pages.setdefault(unit, (sort_key(name), pk))
            rank = _rank(words, kind, folded)
            if rank is not None:
                ranks[unit] = rank
    best = sorted((rank, *pages[unit]) for unit, rank in ranks.items())[:MOST_COMMUNES]
    found = CommunePage.objects.select_related("unit__parent").in_bulk([pk for *_rank, pk in best])
    return [found[pk] for *_rank, pk in best]
