"""Telling English from Vietnamese in what a screen shows and a screen reader says.

Strict: a word that is not written like a Vietnamese syllable is English, unless `allowed.csv` names it.
"""

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path

import polib
import wagtail
from django.apps import apps

ROOT = Path(__file__).parents[3]
ALLOWED = Path(__file__).with_name("allowed.csv")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# Addresses, names of files, placeholders, tags, numbers of laws and tips, codes with digits, words cut short.
NO_WORDS = re.compile(
    r"https?://\S+|\S+@\S+|\w+(?:\.\w+)*\.vn\b|(?<!\S)/\S*|\S+\.(?:webp|jpe?g|png|gif|pdf|docx?|xlsx?|po)\b"
    r"|%\(\w+\)\w|%\w\b|\{\w*\}|</?\w[^>]*>|\d+/[\w/-]+|\b[\da-f]{4}(?:-[\da-f]{4})+\b|\w*\d\w*|\w+…"
)
# How a Vietnamese syllable without any mark is built. One that ends in a stop always bears a tone mark, and
# of the vowels with a hat or a hook none is left: neither "edit" nor "list", "view" or "page" is one.
SYLLABLE = re.compile(
    r"(ngh?|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnrstvx])?"
    r"(oa[iyo]?|oe[o]?|u[aeiy]?|uy[au]|a[iouy]?|eo?|i[au]?|o[i]?|y)(nh|ng|[mn])?"
)


@cache
def allowed() -> dict[str, str]:
    """What may stand on a Vietnamese screen as it is, words and whole texts, each with its reason."""
    with ALLOWED.open(encoding="utf-8", newline="") as file:
        return {row["text"].lower(): row["reason"] for row in csv.DictReader(file)}


@cache
def english_words() -> frozenset[str]:
    """Words of the messages of Wagtail, Django and the other packages, and of ours."""
    words = (word for message, _translation in _messages() for word in _words(message))
    return frozenset(word for word in words if word.isascii())


@cache
def vietnamese_texts() -> frozenset[tuple[str, ...]]:
    """Every translation, in the pieces that tags and names cut it into."""
    pieces = (piece for _message, translation in _messages() for piece in NO_WORDS.split(translation))
    return frozenset(_words(piece) for piece in pieces)


@cache
def _messages() -> list[tuple[str, str]]:
    """English and Vietnamese of every message: the packages' own catalogues, and ours."""
    folders = [Path(app.path) for app in apps.get_app_configs()] + [Path(wagtail.__file__).parent]
    paths = {path for folder in folders for path in folder.rglob("locale/en/LC_MESSAGES/*.po")}
    messages = []
    for path in [*paths, *(ROOT / "site" / "locale" / "vi").rglob("*.po")]:
        for entry in polib.pofile(str(path)):
            for translation in [entry.msgstr, *entry.msgstr_plural.values()]:
                messages.append((f"{entry.msgid} {entry.msgid_plural}", translation))
    return messages


def _words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFC", text).lower()
    return tuple(word for word in WORD.findall(NO_WORDS.sub(" ", plain)) if len(word) > 1)


def english_in(text: str) -> list[str]:
    """The words that make `text` English; none when it is Vietnamese or allowed.

    "Go to" is built of two Vietnamese syllables: a text of such words alone, without any mark, is English
    when each is a word of some English message, and the text itself is no translation.
    """
    plain = " ".join(unicodedata.normalize("NFC", text).split()).lower()
    for name in allowed():
        if not name.isalpha():
            plain = plain.replace(name, " ")
    words = [word for word in _words(plain) if word not in allowed()]
    foreign = [word for word in words if word.isascii() and not SYLLABLE.fullmatch(word)]
    if foreign:
        return foreign
    doubtful = all(word in english_words() for word in words) and _words(text) not in vietnamese_texts()
    return words if doubtful else []
