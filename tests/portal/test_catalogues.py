"""Translations are compiled without gettext, whole files only, and only when their source is newer."""

import gettext
import os
from pathlib import Path

from portal.catalogues import compile_catalogues

SOURCE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Search"
msgstr "Tìm kiếm"

#, fuzzy
msgid "Tip"
msgstr "Mách nước"
"""


def test_a_catalogue_is_compiled_once_and_again_when_it_changes(tmp_path: Path) -> None:
    source = tmp_path / "vi" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(SOURCE, encoding="utf-8")
    target = source.with_suffix(".mo")

    assert compile_catalogues(tmp_path) == [target]
    with target.open("rb") as file:
        translations = gettext.GNUTranslations(file)
    assert translations.gettext("Search") == "Tìm kiếm"
    assert translations.gettext("Tip") == "Tip"
    assert compile_catalogues(tmp_path) == []

    later = target.stat().st_mtime + 10
    os.utime(source, (later, later))
    assert compile_catalogues(tmp_path) == [target]
    assert sorted(path.name for path in source.parent.iterdir()) == ["django.mo", "django.po"]
