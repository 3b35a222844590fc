"""Telling English from Vietnamese in what a screen shows and a screen reader says."""

import re
import unicodedata
from functools import cache
from pathlib import Path

import polib
import wagtail
from django.apps import apps

ROOT = Path(__file__).parents[2]
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

# What may stand on a Vietnamese screen as it is, each with its reason.
ALLOWED = {
    "english": "the name of the language in the choice of languages",
    "wagtail": "the name of the software",
    "zalo": "the messenger's name",
    "qr": "the name of the code",
    "pdf": "the name of the format",
    "csv": "the name of the format",
    "xlsx": "the name of the format",
    "jpg": "the name of the format",
    "jpeg": "the name of the format",
    "png": "the name of the format",
    "gif": "the name of the format",
    "webp": "the name of the format",
    "avif": "the name of the format",
    "heic": "the name of the format",
    "url": "stands for an address in Vietnamese offices too",
    "email": "the Vietnamese word as well",
    "video": "the Vietnamese word as well",
    "mb": "the unit",
    "gb": "the unit",
    "javascript": "the name of the language",
    "cookie": "the Vietnamese word as well",
    "cam": "part of a commune's address",
    "trung": "part of a commune's address",
    "word": "the name of the program",
    "excel": "the name of the program",
}


# How a Vietnamese syllable without its marks is built: "post" and "edit" are not, "in" may be either.
SYLLABLE = re.compile(
    r"(ngh?|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?"
    r"(a[iouy]?|e[o]?|i[aeu]?|ie[u]?|o[aei]?|oa[iy]?|u[aeioy]?|uo[iu]?|uye?|ye?u?|y)(ch|nh|ng|[cmnpt])?"
)


@cache
def english_words() -> frozenset[str]:
    """Words of the messages of Wagtail, Django and the other packages, and of ours."""
    found: set[str] = set()
    folders = [Path(app.path) for app in apps.get_app_configs()] + [Path(wagtail.__file__).parent]
    catalogues = {path for folder in folders for path in folder.rglob("locale/en/LC_MESSAGES/*.po")}
    catalogues |= set((ROOT / "site" / "locale").rglob("*.po"))
    for path in catalogues:
        for entry in polib.pofile(str(path)):
            text = re.sub(r"%\(\w+\)\w|\{\w*\}|<[^>]+>", " ", f"{entry.msgid} {entry.msgid_plural}")
            found |= {word.lower() for word in WORD.findall(text)}
    return frozenset(word for word in found if len(word) > 1 and word.isascii())


def english_in(text: str) -> list[str]:
    """The words that make `text` English; none when it may as well be Vietnamese or is allowed.

    A word of the packages' messages that no Vietnamese syllable is built like is English. Words that are
    built so are English where the whole text has no Vietnamese mark and every word is one of a message.
    """
    words = [word.lower() for word in WORD.findall(unicodedata.normalize("NFC", text))]
    words = [word for word in words if word not in ALLOWED]
    certain = [word for word in words if word in english_words() and not SYLLABLE.fullmatch(word)]
    if certain:
        return certain
    doubtful = bool(words) and text.isascii() and all(word in english_words() for word in words)
    return words if doubtful and any(len(word) > 2 for word in words) else []
