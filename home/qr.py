"""QR codes, drawn into the page: none of them is a file with an address."""

import qrcode
from django.utils.safestring import SafeString, mark_safe
from qrcode.image.svg import SvgPathImage


def qr(text: str) -> SafeString:
    """The text as a QR code: inline SVG made of nothing but numbers."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=2, image_factory=SvgPathImage)
    code.add_data(text)
    svg = code.make_image().to_string(encoding="unicode")
    return mark_safe(svg)  # noqa: S308 - made here, from the modules of the code
