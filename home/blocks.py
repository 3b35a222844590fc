"""The blocks that an editor builds a page from, few enough to be learnt in a day."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock

from .comparison import ComparedImageBlock
from .old_encodings import readable
from .phones import phone_validator
from .text import many_lines

# A link leads to a page, an https address, a telephone number or a mail address: Wagtail's own chooser.
RICH_TEXT_FEATURES = ["h3", "bold", "italic", "ol", "ul", "link", "document-link", "image"]
TABLE_ROWS, TABLE_COLUMNS = 60, 8


class HeadingBlock(blocks.CharBlock):
    class Meta:
        icon = "title"
        group = _("Text")
        label = _("Heading")
        description = _("A line that says what the next paragraphs are about")
        preview_value = "Bà con cần làm gì?"
        template = "blocks/heading.html"


class ParagraphBlock(blocks.RichTextBlock):
    """Drops tags that are not offered, on the server too."""

    class Meta:
        icon = "pilcrow"
        group = _("Text")
        label = _("Paragraphs")
        description = _("Text with bold, lists, links and pictures")
        preview_value = "<p>Công an xã <b>không gọi điện</b> yêu cầu chuyển tiền.</p>"
        template = "blocks/paragraph.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(
        label=_("Text"), max_length=600, help_text=_("For example: Không đọc mã OTP cho bất kỳ ai.")
    )

    class Meta:
        icon = "openquote"
        group = _("Text")
        label = _("Set apart")
        description = _("One or two sentences that must not be overlooked")
        preview_value = {"text": "Không đọc mã OTP cho bất kỳ ai."}
        template = "blocks/quote.html"


class NoticeTableBlock(TableBlock):
    """A small table: hours, names, prices. A cell is plain text, whatever is pasted or posted."""

    class Meta:
        icon = "table"
        group = _("Text")
        label = _("Table")
        description = _("Rows and columns, like a timetable; can be pasted from Word or Excel")
        preview_value = {
            "table_caption": "Lịch tiếp dân",
            "table_header_choice": "row",
            "first_row_is_table_header": True,
            "data": [["Ngày", "Giờ"], ["Thứ hai", "7:30–11:30"]],
        }
        template = "blocks/table.html"

    def value_from_form(self, value: str) -> dict[str, Any] | None:
        """Rows of text, the caption and which cells are headings; nothing else of what was sent."""
        try:
            sent = json.loads(value)
            rows = [[_plain(cell) for cell in row] for row in sent["data"]]
        except (ValueError, TypeError, KeyError):
            return None
        choice = sent.get("table_header_choice")
        return {
            "data": rows,
            "table_caption": _plain(sent.get("table_caption")),
            "table_header_choice": choice if choice in ("row", "column", "both", "neither") else "",
            "first_row_is_table_header": choice in ("row", "both"),
            "first_col_is_header": choice in ("column", "both"),
        }

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        rows = value["data"] if value else []
        texts = [value["table_caption"] or "", *(cell for row in rows for cell in row)] if value else []
        for text in texts:
            readable(text)
        if len(rows) > TABLE_ROWS or any(len(row) > TABLE_COLUMNS for row in rows):
            raise ValidationError(
                _(
                    "A table has at most %(rows)s rows and %(columns)s columns. "
                    "Make two of it, or attach a file."
                )
                % {"rows": TABLE_ROWS, "columns": TABLE_COLUMNS}
            )
        return value


def _plain(cell: Any) -> str:
    return many_lines(str(cell)) if cell is not None else ""


class PictureBlock(blocks.StructBlock):
    image = ComparedImageBlock(
        label=_("Picture"), help_text=_("Say below what it shows, for those who cannot see it.")
    )
    caption = blocks.CharBlock(
        label=_("Caption"),
        required=False,
        max_length=200,
        help_text=_("Where and when, whose photo. Empty: no line below it."),
    )

    class Meta:
        icon = "image"
        group = _("Pictures and files")
        label = _("Picture")
        description = _("A picture with a line below it")
        template = "blocks/picture.html"


# Wagtail calls the chooser in it by its name in the code, "Image".
PictureBlock.base_blocks["image"].child_blocks["image"].label = _("Picture")


class PhoneBlock(blocks.StructBlock):
    label = blocks.CharBlock(
        label=_("Whose number"), max_length=80, help_text=_("For example: Trực ban Công an xã")
    )
    number = blocks.CharBlock(
        label=_("Phone number"),
        max_length=20,
        validators=[phone_validator],
        help_text=_("Digits only. For example: 0239 386 1113"),
    )

    class Meta:
        icon = "mobile-alt"
        group = _("Contact")
        label = _("Phone number")
        description = _("A number that is called with one tap")
        preview_value = {"label": "Trực ban", "number": "0239 000 0113"}
        template = "blocks/phone.html"


class DocumentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(
        label=_("Document"), help_text=_("A file from the library; its title is what the reader sees.")
    )

    class Meta:
        icon = "doc-full"
        group = _("Pictures and files")
        label = _("Document")
        description = _("A file to download, with its type and size")
        template = "blocks/document.html"


def body_blocks() -> list[tuple[str, blocks.Block]]:
    """What the body of a post or an information page is made of."""
    return [
        ("heading", HeadingBlock()),
        ("paragraph", ParagraphBlock(features=RICH_TEXT_FEATURES)),
        ("quote", QuoteBlock()),
        ("table", NoticeTableBlock()),
        ("picture", PictureBlock()),
        ("phone", PhoneBlock()),
        ("document", DocumentBlock()),
    ]
