"""All catalogues speak one Vietnamese: one word for one thing, in whole and correctly written sentences."""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

import polib
import pytest

from portal.catalogues import LOCALE_DIR

VIETNAMESE = LOCALE_DIR / "vi"
OWN = {"django": polib.pofile(str(VIETNAMESE / "LC_MESSAGES" / "django.po"))}
UPSTREAM = {path.stem: polib.pofile(str(path)) for path in sorted((VIETNAMESE / "upstream").glob("*.po"))}
ALL = {**OWN, **UPSTREAM}
PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%[sd]|\{\w*\}")
TAG = re.compile(r"<[^<>]+>")
ENDING = re.compile(r"(\.\.\.|[….!?:,])[\"'”’»)]*\s*$")
# The tone mark's old place: “xoá”, “khoá”, “thuỷ”. The interface writes “xóa”, “khóa”, “thủy”.
OLD_SPELLING = re.compile(r"(?:o[áàảãạéèẻẽẹ]|(?<!q)u[ýỳỷỹỵ])(?!\w)", re.IGNORECASE)
# The same in both languages: names of standards, units, and two words that Vietnamese took over.
SAME = {"Email", "Menu:", "WebAuthn", "IPv4", "IPv6", "%(size)d byte"} | {
    f"%s {unit}" for unit in ("KB", "MB", "GB", "TB", "PB")
}


def _rows(name: str) -> list[dict[str, str]]:
    with (VIETNAMESE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _texts(catalogues: dict[str, polib.POFile]) -> Iterator[tuple[str, polib.POEntry, str]]:
    for name, catalogue in catalogues.items():
        for entry in catalogue:
            if text := entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr:
                yield name, entry, text


def _sources(entry: polib.POEntry) -> list[str]:
    return [text for text in (entry.msgid, entry.msgid_plural) if text]


def _wrong(catalogues: dict[str, polib.POFile], is_right) -> list[tuple[str, str, str]]:
    return [
        (name, entry.msgid, text) for name, entry, text in _texts(catalogues) if not is_right(entry, text)
    ]


@pytest.mark.parametrize(
    "row",
    [row for row in _rows("glossary.csv") if row["catalogues"] != "advice"],
    ids=lambda row: row["english"],
)
def test_a_term_has_one_translation(row: dict[str, str]) -> None:
    english = "|".join(re.escape(term) for term in row["english"].split("|"))
    term = re.compile(rf"(?<![\w-])(?:{english})(?:s|es)?(?![\w-])", re.IGNORECASE)
    allowed = {
        exception["message"]
        for exception in _rows("glossary-exceptions.csv")
        if exception["english"] in row["english"].split("|")
    }

    def is_right(entry: polib.POEntry, text: str) -> bool:
        words = TAG.sub(" ", PLACEHOLDER.sub(" ", entry.msgid))
        return (
            not term.search(words)
            or entry.msgid in allowed
            or any(word in text.lower() for word in row["vietnamese"].lower().split("|"))
        )

    assert _wrong({"upstream": UPSTREAM, "all": ALL}[row["catalogues"]], is_right) == []


def test_every_exception_belongs_to_a_term_and_a_message() -> None:
    terms = {term for row in _rows("glossary.csv") for term in row["english"].split("|")}
    messages = {entry.msgid for _, entry, _ in _texts(ALL)}
    exceptions = _rows("glossary-exceptions.csv")
    assert [row for row in exceptions if row["english"] not in terms or row["message"] not in messages] == []
    assert all(row["why"] for row in exceptions)


def test_packages_that_say_the_same_get_the_same_translation() -> None:
    said = defaultdict(set)
    for _, entry, text in _texts(UPSTREAM):
        said[entry.msgctxt, entry.msgid].add(text)
    assert {message: texts for message, texts in said.items() if len(texts) > 1} == {}


def test_placeholders_are_kept() -> None:
    def is_right(entry: polib.POEntry, text: str) -> bool:
        names = [set(PLACEHOLDER.findall(source)) for source in _sources(entry)]
        return set.intersection(*names) <= set(PLACEHOLDER.findall(text)) <= set.union(*names)

    assert _wrong(ALL, is_right) == []


def test_tags_are_kept() -> None:
    def is_right(entry: polib.POEntry, text: str) -> bool:
        return sorted(TAG.findall(text)) in [sorted(TAG.findall(source)) for source in _sources(entry)]

    assert _wrong(UPSTREAM, is_right) == []


def test_a_sentence_ends_as_the_original_does() -> None:
    def ending(text: str) -> str:
        match = ENDING.search(text)
        return match[1].replace("...", "…") if match else ""

    def is_right(entry: polib.POEntry, text: str) -> bool:
        # A single word with a full stop is an abbreviation, which Vietnamese writes without.
        return " " not in entry.msgid or ending(text) in map(ending, _sources(entry))

    assert _wrong(UPSTREAM, is_right) == []


def test_spaces_are_single_and_stand_where_they_stood() -> None:
    def is_right(entry: polib.POEntry, text: str) -> bool:
        return "  " not in text and (
            (text[:1].isspace(), text[-1:].isspace())
            == (entry.msgid[:1].isspace(), entry.msgid[-1:].isspace())
        )

    assert _wrong(ALL, is_right) == []


def test_vietnamese_is_composed_and_spelled_one_way() -> None:
    def is_right(entry: polib.POEntry, text: str) -> bool:
        return unicodedata.is_normalized("NFC", text) and not OLD_SPELLING.search(text)

    assert _wrong(ALL, is_right) == []


def test_no_english_is_left() -> None:
    def is_right(entry: polib.POEntry, text: str) -> bool:
        return (
            text not in _sources(entry)
            or entry.msgid in SAME
            or not re.search(r"[a-z]", PLACEHOLDER.sub("", text), re.IGNORECASE)
        )

    assert _wrong(ALL, is_right) == []
