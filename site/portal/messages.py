"""Which interface strings there are, ours and those of the packages in use, and which lack a translation."""

import ast
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import polib  # type: ignore[import-untyped]
from django.apps import apps
from django.utils.translation.template import templatize

from .catalogues import DOMAINS, LOCALE_DIR, Key, key_of

ROOT = LOCALE_DIR.parents[1]
VIETNAMESE = LOCALE_DIR / "vi"
OWN = VIETNAMESE / "LC_MESSAGES" / "django.po"
UPSTREAM = VIETNAMESE / "upstream"
HEADER = {
    "Language": "vi",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
# Their code runs without being an installed app, so Django loads no catalogue of theirs by itself.
UNINSTALLED = ("django.conf", "django.contrib.humanize", "django_filters", "wagtail.locales")
# Programs read the API's answers, not people.
NOT_FOR_PEOPLE = {"rest_framework"}
NO_SOURCES = {"tests", "test", "migrations", "management", "test_utils", "project_template"}
# Where a function's context, message and plural stand among its arguments.
FUNCTIONS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
STRING = r"""u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*\""""
TEMPLATE_CALL = re.compile(rf"\b({'|'.join(FUNCTIONS)})\(((?:(?:{STRING})(?:\s*,\s*)?)+)")


@dataclass
class Catalogue:
    """One .po file beside the messages that it has to translate."""

    path: Path
    wanted: dict[Key, polib.POEntry]
    leftover: list[polib.POEntry]

    @property
    def missing(self) -> list[polib.POEntry]:
        translated = {key_of(entry) for entry in read(self.path).translated_entries()}
        return [entry for key, entry in self.wanted.items() if key not in translated]

    def write(self) -> None:
        """Add what is missing, untranslated, and take out what nothing uses any more."""
        catalogue = read(self.path)
        present = {key_of(entry) for entry in catalogue}
        catalogue.extend(entry for key, entry in self.wanted.items() if key not in present)
        leftover = {key_of(entry) for entry in self.leftover}
        catalogue[:] = [entry for entry in catalogue if key_of(entry) not in leftover]
        catalogue.save(str(self.path))


def catalogues() -> list[Catalogue]:
    """Ours and one for each package in use that has messages, whether its file exists or not."""
    upstream = list(_upstream())
    return [_own(upstream), *upstream]


def read(path: Path) -> polib.POFile:
    if path.exists():
        return polib.pofile(str(path), wrapwidth=100)
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = {"Project-Id-Version": path.name.rsplit(".", 2)[0], **HEADER}
    return catalogue


def _upstream() -> Iterator[Catalogue]:
    installed = {app.name for app in apps.get_app_configs()} - NOT_FOR_PEOPLE
    for package in sorted(installed | set(UNINSTALLED)):
        spec = find_spec(package)
        folder = Path(spec.origin).parent if spec and spec.origin else None
        if folder and (folder / "locale").is_dir():
            for domain in DOMAINS:
                wanted = {key_of(entry): entry for entry in _messages_of(package, folder, domain)}
                path = UPSTREAM / f"{package}.{domain}.po"
                if wanted:
                    yield Catalogue(path, wanted, [e for e in read(path) if key_of(e) not in wanted])


def _messages_of(package: str, folder: Path, domain: str) -> Iterator[polib.POEntry]:
    # Django's English catalogues are complete; other packages forget a message in some releases.
    if domain == "django" and not package.startswith("django."):
        yield from source_messages(folder)
    english = folder / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
    if english.exists():
        yield from (_untranslated(entry) for entry in polib.pofile(str(english)) if not entry.obsolete)


def _own(upstream: list[Catalogue]) -> Catalogue:
    """A message that a package brings need not be translated again, but may be: our word then wins."""
    wanted = own_messages()
    theirs = {key_of(entry): entry for part in upstream for entry in read(part.path).translated_entries()}
    leftover = [
        entry
        for entry in read(OWN)
        if key_of(entry) not in wanted
        and (key_of(entry) not in theirs or _text(theirs[key_of(entry)]) == _text(entry))
    ]
    return Catalogue(OWN, {key: entry for key, entry in wanted.items() if key not in theirs}, leftover)


def own_messages() -> dict[Key, polib.POEntry]:
    folders = ("home", "communes", "tipform", "site/portal", "templates")
    return {key_of(entry): entry for folder in folders for entry in source_messages(ROOT / folder)}


@cache
def source_messages(folder: Path) -> list[polib.POEntry]:
    """The messages in a folder's Python and templates, without apps inside that speak for themselves."""
    installed = {Path(app.path) for app in apps.get_app_configs()}
    found: list[polib.POEntry] = []
    for parent, folders, files in os.walk(folder):
        here = Path(parent)
        folders[:] = [
            name
            for name in folders
            if name not in NO_SOURCES
            and not (here / name / "locale").is_dir()
            and not ((here / name / "apps.py").exists() and here / name not in installed)
        ]
        for file in files:
            path = here / file
            if path.suffix == ".py":
                found.extend(python_messages(path.read_text(encoding="utf-8")))
            elif path.suffix in {".html", ".txt"}:
                found.extend(template_messages(path.read_text(encoding="utf-8")))
    return found


def python_messages(source: str) -> Iterator[polib.POEntry]:
    if "gettext" not in source:
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            arguments = [node.value if isinstance(node, ast.Constant) else None for node in node.args]
            yield from _entry(node.func.id, arguments)


def template_messages(source: str) -> Iterator[polib.POEntry]:
    if "trans" not in source and "_(" not in source:
        return
    for match in TEMPLATE_CALL.finditer(templatize(source)):
        yield from _entry(match[1], [ast.literal_eval(text) for text in re.findall(STRING, match[2])])


def _entry(function: str, arguments: Sequence[object]) -> Iterator[polib.POEntry]:
    context, message, plural = (
        arguments[place] if place is not None and place < len(arguments) else None
        for place in FUNCTIONS[function]
    )
    if isinstance(message, str):
        yield _untranslated(polib.POEntry(msgctxt=context, msgid=message, msgid_plural=plural or ""))


def _untranslated(entry: polib.POEntry) -> polib.POEntry:
    return polib.POEntry(
        msgctxt=entry.msgctxt,
        msgid=entry.msgid,
        msgid_plural=entry.msgid_plural,
        msgstr_plural={0: ""} if entry.msgid_plural else {},
        comment=entry.comment,
        flags=[flag for flag in entry.flags if flag != "fuzzy"],
    )


def _text(entry: polib.POEntry) -> str:
    text: str = entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr
    return text
