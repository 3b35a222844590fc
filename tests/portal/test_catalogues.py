"""Translations are compiled without gettext, whole files only, and only when their source is newer."""

import gettext
import os
from pathlib import Path

import polib

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


def _catalogue(path: Path, **translations: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue = polib.POFile()
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    catalogue.extend(polib.POEntry(msgid=english, msgstr=text) for english, text in translations.items())
    catalogue.append(
        polib.POEntry(msgid="Send", msgid_plural="Send %(n)s", msgstr_plural={0: f"Gửi %(n)s {path.stem}"})
    )
    catalogue.save(str(path))


def _read(path: Path) -> gettext.GNUTranslations:
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)


def test_packages_and_our_own_go_into_one_file_and_our_own_word_wins(tmp_path: Path) -> None:
    ours = tmp_path / "vi" / "LC_MESSAGES" / "django.po"
    theirs = tmp_path / "vi" / "upstream" / "wagtail.admin.django.po"
    scripts = tmp_path / "vi" / "upstream" / "wagtail.admin.djangojs.po"
    _catalogue(ours, Send="Gửi", Dashboard="Công việc")
    _catalogue(theirs, Dashboard="Tổng quan", Page="Trang")
    _catalogue(scripts, Loading="Đang tải")

    assert compile_catalogues(tmp_path) == [ours.with_suffix(".mo"), ours.with_name("djangojs.mo")]
    vietnamese = _read(ours.with_suffix(".mo"))
    assert [vietnamese.gettext(word) for word in ("Send", "Dashboard", "Page")] == [
        "Gửi",
        "Công việc",
        "Trang",
    ]
    assert vietnamese.ngettext("Send", "Send %(n)s", 3) == "Gửi %(n)s django"
    assert vietnamese.gettext("Loading") == "Loading"
    assert _read(ours.with_name("djangojs.mo")).gettext("Loading") == "Đang tải"


def test_a_package_that_changes_or_goes_is_compiled_anew(tmp_path: Path) -> None:
    theirs = tmp_path / "vi" / "upstream" / "taggit.django.po"
    _catalogue(theirs, Tag="Thẻ")
    _catalogue(theirs.with_name("allauth.django.po"), Phone="Số điện thoại")
    target = tmp_path / "vi" / "LC_MESSAGES" / "django.mo"
    assert compile_catalogues(tmp_path) == [target]
    assert compile_catalogues(tmp_path) == []

    later = target.stat().st_mtime + 10
    os.utime(theirs, (later, later))
    assert compile_catalogues(tmp_path) == [target]

    past = target.stat().st_mtime - 10
    for path in (theirs, theirs.parent):
        os.utime(path, (past, past))
    assert compile_catalogues(tmp_path) == []
    theirs.unlink()
    os.utime(theirs.parent, (later + 10, later + 10))
    assert compile_catalogues(tmp_path) == [target]
    assert _read(target).gettext("Tag") == "Tag"
