"""Every interface string has a Vietnamese translation: ours, and those of the packages in use."""

from io import StringIO
from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command

from portal import messages
from portal.catalogues import key_of


@pytest.fixture(scope="module")
def catalogues() -> dict[str, messages.Catalogue]:
    return {catalogue.path.name: catalogue for catalogue in messages.catalogues()}


def _keys(entries) -> set:
    return {key_of(entry) for entry in entries}


def test_messages_are_found_in_code_and_templates() -> None:
    code = '_("commune page")\npgettext("x", "y")\nngettext("one", "more", n)'
    assert _keys(messages.python_messages(code)) == {
        (None, "commune page", False),
        ("x", "y", False),
        (None, "one", True),
    }
    template = (
        '{% load i18n %}{% translate "Search" %}{% translate "May" context "month" %}'
        '{{ x|default:_("None") }}'
        "{% blocktranslate %}Hi {{ x }}{% endblocktranslate %}"
        "{% blocktranslate count n=n %}{{ n }} tip{% plural %}{{ n }} tips{% endblocktranslate %}"
    )
    assert _keys(messages.template_messages(template)) == {
        (None, "Search", False),
        ("month", "May", False),
        (None, "None", False),
        (None, "Hi %(x)s", False),
        (None, "%(n)s tip", True),
    }
    assert len(messages.own_messages()) > 100


def test_every_message_has_a_vietnamese_translation(catalogues: dict[str, messages.Catalogue]) -> None:
    missing = {name: [entry.msgid for entry in part.missing] for name, part in catalogues.items()}
    assert {name: texts for name, texts in missing.items() if texts} == {}


def test_the_packages_that_staff_meet_are_all_there(catalogues: dict[str, messages.Catalogue]) -> None:
    assert {
        "django.po",
        "wagtail.admin.django.po",
        "wagtail.admin.djangojs.po",
        "wagtail.images.django.po",
        "wagtail_localize.djangojs.po",
        "allauth.django.po",
        "django.contrib.auth.django.po",
    } <= set(catalogues)
    assert len(catalogues["wagtail.admin.django.po"].wanted) > 800


def test_no_translation_is_fuzzy_and_none_of_a_package_is_left_over(
    catalogues: dict[str, messages.Catalogue],
) -> None:
    files = [messages.read(part.path) for part in catalogues.values()]
    assert [entry.msgid for file in files for entry in file.fuzzy_entries()] == []
    upstream = {name: part.leftover for name, part in catalogues.items() if part.path != messages.OWN}
    assert {name: [entry.msgid for entry in entries] for name, entries in upstream.items() if entries} == {}
    assert {path.name for path in messages.UPSTREAM.iterdir()} == set(upstream)


def test_what_a_new_release_brings_and_drops_is_named_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "UPSTREAM", tmp_path)
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="tag", msgstr="thẻ"))
    catalogue.append(polib.POEntry(msgid="Of an earlier release", msgstr="Của bản trước"))
    catalogue.save(str(tmp_path / "taggit.django.po"))

    said = StringIO()
    with pytest.raises(CommandError, match="no Vietnamese"):
        call_command("messages", stdout=said)
    assert "taggit.django.po: 16 strings, 15 missing" in said.getvalue()
    assert "  + 'tagged items'" in said.getvalue()
    assert "  - 'Of an earlier release'" in said.getvalue()
    assert len(polib.pofile(str(tmp_path / "taggit.django.po"))) == 2

    part = next(part for part in messages.catalogues() if part.path.name == "taggit.django.po")
    part.write()
    written = polib.pofile(str(tmp_path / "taggit.django.po"))
    assert len(written) == 16
    assert [entry.msgstr for entry in written.translated_entries()] == ["thẻ"]
