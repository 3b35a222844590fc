"""Who is spoken to, and how: staff without a pronoun, a resident at the tip box as “bạn”, elsewhere “bà con”.

docs/translations.md says which texts are whose.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

from portal import messages
from portal.catalogues import LOCALE_DIR, Key, key_of
from portal.handbook import parts

# What only residents meet. A text that stands anywhere else too, or that a package brings, is for staff.
TIP_BOX = [
    "templates/tipform/*.html",
    "templates/tipform/intake/*.html",
    "templates/tipform/lookup/*.html",
    "tipform/intake/*.py",
    "tipform/kinds.py",
    "tipform/questions.py",
]
TIP_BOX += ["tipform/lookup/*.py", "home/stale.py", "home/form_fields.py"]
PUBLIC_PAGES = ["templates/home/*.html", "templates/components/*.html", "templates/blocks/*.html"]
PUBLIC_PAGES += ["templates/base.html", "templates/communes/*_page.html", "templates/communes/search.html"]
# A commune may be a phường, a thị trấn or a đặc khu: “xã” alone stands only for all of them together, or for
# one that is not there yet.
ALL_COMMUNES = {
    "%(police)s and its communes: duty phones, news, procedures, tip forms.",
    "Communes and pages (%(count)s communes)",
    "Find your commune, a procedure, a guide or news by a word. Typing without diacritics works too.",
    "Find a commune, a procedure, news",
    "Keys of the communes",
    "Open a commune",
    "Open slips of the unit and its communes",
    "Staff of the unit and its communes",
}
ANY_KIND = re.compile(r"cấp xã|xã, phường|Ví dụ:.*", re.IGNORECASE)
FRIEND = r"bạn"
ELDER = r"ông/bà|ông bà"
OTHER = r"đ/c|đồng chí|anh/chị|anh chị|quý vị|cô/chú"


def saying(*pronouns: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(pronouns)})(?!\w)", re.IGNORECASE)


def sources() -> Iterator[Path]:
    for folder in ("home", "communes", "tipform", "site/portal", "templates"):
        for path in (messages.ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".html", ".txt"}:
                yield path


def keys_in(path: Path) -> set[Key]:
    read = messages.python_messages if path.suffix == ".py" else messages.template_messages
    return {key_of(entry) for entry in read(path.read_text(encoding="utf-8"))}


def texts_of(entries: Iterator[polib.POEntry]) -> list[str]:
    return [entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr for entry in entries]


@pytest.fixture(scope="module")
def texts() -> dict[str, list[str]]:
    """Every translation under "tip box", "public pages" or "staff", by where its message stands."""
    places: dict[Key, set[str]] = defaultdict(set)
    for path in sources():
        relative = path.relative_to(messages.ROOT)
        place = "staff"
        if any(relative.match(pattern) for pattern in TIP_BOX):
            place = "tip box"
        elif any(relative.match(pattern) for pattern in PUBLIC_PAGES):
            place = "public pages"
        for key in keys_in(path):
            places[key].add(place)
    # In no source of ours: a package's message, which the portal says in its own way.
    own = [(places.get(key_of(entry), {"staff"}), entry) for entry in messages.read(messages.OWN)]
    found = {
        place: texts_of(entry for where, entry in own if place in where)
        for place in ("tip box", "public pages", "staff")
    }
    for path in messages.UPSTREAM.glob("*.po"):
        found["staff"] += texts_of(iter(messages.read(path)))
    return found


def test_every_place_has_texts(texts: dict[str, list[str]]) -> None:
    assert len(texts["tip box"]) > 100
    assert len(texts["public pages"]) > 50
    assert len(texts["staff"]) > 2000


def test_staff_are_addressed_without_a_pronoun(texts: dict[str, list[str]]) -> None:
    pronoun = saying(FRIEND, ELDER, OTHER)
    assert [text for text in texts["staff"] if pronoun.search(text)] == []
    assert [part.slug for part in parts() if pronoun.search(part.title + part.text)] == []


def test_a_resident_at_the_tip_box_is_a_friend(texts: dict[str, list[str]]) -> None:
    pronoun = saying(ELDER, OTHER, "bà con")
    assert [text for text in texts["tip box"] if pronoun.search(text)] == []
    assert any(saying(FRIEND).search(text) for text in texts["tip box"])
    demo = tomllib.loads((messages.ROOT / "demo" / "demo.toml").read_text(encoding="utf-8"))
    assert not pronoun.search(demo["shared"]["form_intro"])


def test_the_public_pages_speak_to_neighbours_and_elders(texts: dict[str, list[str]]) -> None:
    pronoun = saying(FRIEND, OTHER)
    assert [text for text in texts["public pages"] if pronoun.search(text)] == []


def test_the_demos_guides_speak_to_elders_and_give_no_orders() -> None:
    other = saying(FRIEND, OTHER, "bà con", "hãy", "vui lòng")
    guides = {
        path.stem: path.read_text(encoding="utf-8") for path in (messages.ROOT / "demo/guides").iterdir()
    }
    assert [(slug, found[0]) for slug, text in guides.items() if (found := other.search(text))] == []
    assert any(saying(ELDER).search(text) for text in guides.values())


def test_a_request_is_no_order(texts: dict[str, list[str]]) -> None:
    """ "Xin" and "Mời", not "Hãy" of a superior nor "Vui lòng" of a ticket machine."""
    order = saying("hãy", "vui lòng")
    assert [text for place in texts.values() for text in place if order.search(text)] == []


def test_no_text_calls_a_ward_or_a_township_a_xa() -> None:
    catalogue = polib.pofile(str(LOCALE_DIR / "vi" / "LC_MESSAGES" / "django.po"))
    texts = {entry.msgid: entry.msgstr or " ".join(entry.msgstr_plural.values()) for entry in catalogue}
    calling = {msgid for msgid, text in texts.items() if saying("xã").search(ANY_KIND.sub("", text))}
    assert calling == ALL_COMMUNES
