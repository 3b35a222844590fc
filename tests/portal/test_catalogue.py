"""Every interface string has a Vietnamese translation, and the catalogue keeps its rules."""

import ast
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[2]
CATALOGUE = polib.pofile(str(ROOT / "site" / "locale" / "vi" / "LC_MESSAGES" / "django.po"))
FUNCTIONS = {
    "_": 0,
    "gettext": 0,
    "gettext_lazy": 0,
    "ngettext": 0,
    "ngettext_lazy": 0,
    "pgettext": 1,
    "pgettext_lazy": 1,
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def _python_messages(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            argument = node.args[FUNCTIONS[node.func.id]]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def _template_messages(source: str) -> Iterator[str]:
    code = templatize(source)
    for match in re.finditer(
        r"""\bn?gettext\((u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*"|u?'''.*?''')""", code, re.DOTALL
    ):
        yield ast.literal_eval(match[1])
    for match in re.finditer(r"""\b_\((u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")""", code):
        yield ast.literal_eval(match[1])


def messages() -> set[str]:
    found: set[str] = set()
    for folder in ("home", "communes", "tipform", "site/portal"):
        for path in (ROOT / folder).rglob("*.py"):
            if "migrations" not in path.parts:
                found |= set(_python_messages(path.read_text(encoding="utf-8")))
    for path in (ROOT / "templates").rglob("*.html"):
        found |= set(_template_messages(path.read_text(encoding="utf-8")))
    return found


def test_messages_are_found_in_code_and_templates() -> None:
    assert "commune page" in set(_python_messages('_("commune page")\npgettext("x", "y")'))
    assert set(
        _template_messages(
            '{% load i18n %}{% translate "Search" %}{% blocktranslate %}Hi {{ x }}{% endblocktranslate %}'
        )
    ) == {
        "Search",
        "Hi %(x)s",
    }
    assert len(messages()) > 100


def test_every_message_has_a_vietnamese_translation() -> None:
    translated = {entry.msgid for entry in CATALOGUE if entry.translated()}
    assert messages() - translated == set()


def test_no_translation_is_fuzzy_or_left_over() -> None:
    assert [entry.msgid for entry in CATALOGUE.fuzzy_entries()] == []


def test_translations_keep_their_placeholders_and_spelling() -> None:
    wrong = [
        (entry.msgid, text)
        for entry in CATALOGUE
        for text in [entry.msgstr, *entry.msgstr_plural.values()]
        if text
        and (
            set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(entry.msgid))
            or not unicodedata.is_normalized("NFC", text)
            or "  " in text
        )
    ]
    assert wrong == []
