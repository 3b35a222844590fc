"""What an editor should look at again before others read his page. Warnings: they never stop anybody.

Pure functions over a page, as it stands in memory: no query, nothing stored, nothing logged.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.blocks import (
    CharBlock,
    ChooserBlock,
    ListBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
    TextBlock,
)
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page

from .personal_data import account_numbers, children_with_address, citizen_numbers, phone_spans

LETTERS_OF_A_TITLE = 8
# A block of a text ends a sentence even where the editor set no full stop.
_BREAK = re.compile(r"</(?:p|li|h\d|td|th|tr)>|<br\s*/?>", re.IGNORECASE)
_LINK = re.compile(r"<a\b[^>]*>.*?</a>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
# Numbers that the pages of a unit publish on purpose stand in fields of their own.
_OWN_FIELDS = {"slug", "seo_title", "search_description", "duty_phone", "phone", "address", "author"}


@dataclass(frozen=True)
class Warning:  # noqa: A001 - the word for it; nothing here raises one
    """`where` names the field or the part of the text; `what` says what to do; `excerpt` is the place."""

    code: str
    where: str
    what: str
    excerpt: str = ""


@dataclass(frozen=True)
class Passage:
    """A text of the page, in plain words. `unlinked` is what of it is no link, None if it cannot hold any."""

    where: str
    text: str
    unlinked: str | None = None


def warnings_of(page: Page) -> list[Warning]:
    """The warnings for the page as it is in memory, in the order of its fields."""
    found: list[Warning] = []
    for field, value in _edited_fields(page):
        if isinstance(field, StreamField):
            for number, child in enumerate(value, start=1):
                where = _("%(block)s, part %(number)s") % {"block": child.block.label, "number": number}
                found += _in_block(child.block, child.value, where)
        elif field.name == "image":
            if value is not None and not page.image_alt.strip():
                found.append(no_alt_text(capfirst(str(field.verbose_name))))
        elif field.name == "date":
            found += in_date(page, capfirst(str(field.verbose_name)))
        elif value:
            where = capfirst(str(field.verbose_name))
            if field.name == "title":
                found += in_title(value, where)
            found += in_passage(_passage(where, value, rich=isinstance(field, RichTextField)))
    return found


def _edited_fields(page: Page) -> Iterator[tuple[Any, Any]]:
    """The title, and the texts, pictures and date of the page's own type, with their values."""
    specific = [field for field in page._meta.local_fields if field.editable]
    for field in [page._meta.get_field("title"), *specific]:
        is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
        if field.name in _OWN_FIELDS or isinstance(field, models.URLField):
            continue
        if is_text or isinstance(field, StreamField) or field.name in ("image", "date"):
            yield field, getattr(page, field.name)


def _in_block(block: Any, value: Any, where: str) -> Iterator[Warning]:
    if isinstance(block, ChooserBlock | ImageBlock) and value is None:
        yield Warning(
            "missing", where, _("What stood here is gone: the file has been deleted. Choose another.")
        )
    elif isinstance(block, ImageBlock):
        if not value.decorative and not (value.contextual_alt_text or "").strip():
            yield no_alt_text(where)
    elif isinstance(block, RichTextBlock):
        yield from in_passage(_passage(where, value.source, rich=True))
    elif isinstance(block, StructBlock):
        for name, part in value.items():
            yield from _in_block(block.child_blocks[name], part, where)
    elif isinstance(block, StreamBlock):
        for child in value:
            yield from _in_block(child.block, child.value, where)
    elif isinstance(block, ListBlock):
        for part in value:
            yield from _in_block(block.child_block, part, where)
    elif isinstance(block, CharBlock | TextBlock):
        yield from in_passage(Passage(where, str(value or "")))


def _passage(where: str, value: str, *, rich: bool) -> Passage:
    if not rich:
        return Passage(where, value)
    return Passage(where, _plain(value), unlinked=_plain(_LINK.sub(" ; ", value)))


def _plain(markup: str) -> str:
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", markup)))


def in_date(page: Any, where: str) -> Iterator[Warning]:
    """A day that is still to come when the page appears."""
    appears = max(page.go_live_at or timezone.now(), timezone.now())
    if page.date and page.date > timezone.localdate(appears):
        yield Warning(
            "future-date",
            where,
            _("The day under the title is still to come. Write the day of the event in the text."),
            date_format(page.date, "j/n/Y"),
        )


def in_title(title: str, where: str) -> Iterator[Warning]:
    letters = [char for char in title if char.isalpha()]
    capitals = [char for char in letters if char.isupper()]
    if len(letters) >= LETTERS_OF_A_TITLE and " " in title.strip() and len(capitals) > 0.8 * len(letters):
        yield Warning(
            "capitals",
            where,
            _("The title is all in capitals, which is hard to read. Write it plainly."),
            title,
        )


def in_passage(passage: Passage) -> Iterator[Warning]:
    """Phone numbers that cannot be tapped, and personal data."""
    where, text = passage.where, passage.text
    if passage.unlinked is not None:
        for start, end in phone_spans(passage.unlinked):
            yield Warning(
                "phone",
                where,
                _("This phone number is no link: on a phone it cannot be called with one tap."),
                passage.unlinked[start:end],
            )
    for number in citizen_numbers(text):
        yield Warning(
            "citizen-number",
            where,
            _("This looks like somebody's identity card number. Leave it out."),
            number,
        )
    for number in account_numbers(text):
        yield Warning(
            "bank-account", where, _("This looks like a bank account. Should everybody read it?"), number
        )
    for name in children_with_address(text):
        yield Warning(
            "child",
            where,
            _("A child's name with an address. Leave one of them out, or shorten the name."),
            name,
        )


def no_alt_text(where: str) -> Warning:
    """For the picture that stands at `where`."""
    return Warning(
        "alt-text", where, _("Say in a few words what the picture shows, for those who cannot see it.")
    )
