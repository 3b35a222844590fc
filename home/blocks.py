"""The blocks that an editor builds a page from, few enough to be learnt in a day."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

RICH_TEXT_FEATURES = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]

phone_validator = RegexValidator(
    r"^\+?[0-9][0-9 .]{1,17}[0-9]$", _("Write the number in digits, like 0239 386 1234.")
)


class HeadingBlock(blocks.CharBlock):
    class Meta:
        icon = "title"
        group = _("Text")
        label = _("Heading")
        description = _("A line that says what the next paragraphs are about")
        preview_value = "Bà con cần làm gì?"
        template = "blocks/heading.html"


class ParagraphBlock(blocks.RichTextBlock):
    class Meta:
        icon = "pilcrow"
        group = _("Text")
        label = _("Paragraphs")
        description = _("Text with bold, lists and links")
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


class PictureBlock(blocks.StructBlock):
    image = ImageBlock(
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
        ("picture", PictureBlock()),
        ("phone", PhoneBlock()),
        ("document", DocumentBlock()),
    ]
