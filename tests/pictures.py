"""Pictures with all that phones, scanners and messengers put beside the pixels, and what tells their colours.

Each shows the same: its left half red, its right half blue.
"""

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms

CANARY = b"Chim-Hoang-Yen"
RED, BLUE, WHITE, GREY = (255, 0, 0), (0, 0, 255), (255, 255, 255), (128, 128, 128)
PNG_START = 8 + 25  # the signature and the header chunk


def halves(size: tuple[int, int] = (60, 40)) -> Image.Image:
    picture = Image.new("RGB", size, BLUE)
    picture.paste(RED, (0, 0, size[0] // 2, size[1]))
    return picture


def saved(picture: Image.Image, format_: str, **options: Any) -> bytes:
    content = io.BytesIO()
    picture.save(content, format_, **options)
    return content.getvalue()


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def near(pixel: Any, colour: tuple[int, int, int]) -> bool:
    """Whether an eye would call them the same colour; JPEG and AVIF are never exact."""
    return all(abs(one - other) <= 12 for one, other in zip(pixel[:3], colour, strict=True))


def exif(*entries: tuple[int, int, int, bytes]) -> bytes:
    """An Exif block, as the `exif` option of Pillow takes it, of (tag, type, count, value of four bytes)."""
    rows = b"".join(struct.pack("<HHI", *entry[:3]) + entry[3].ljust(4, b"\0") for entry in sorted(entries))
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(entries)) + rows + bytes(4)


def orientation(value: int) -> tuple[int, int, int, bytes]:
    return 0x0112, 3, 1, struct.pack("<H", value)


def xmp(value: int) -> bytes:
    return b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><r tiff:Orientation="%d"/></x:xmpmeta>' % value


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_with(*chunks: bytes, last: bool = False) -> bytes:
    """The PNG with more chunks before its pixels, or after them."""
    plain = saved(halves(), "PNG")
    place = len(plain) - 12 if last else PNG_START
    return plain[:place] + b"".join(chunks) + plain[place:]


def long_text(kind: bytes = b"iTXt", length: int = 1_500_000) -> bytes:
    """A text chunk of this length once it is unpacked, as picture editors keep their history."""
    if kind == b"tEXt":
        return png_chunk(kind, b"History\0" + b" " * length)
    packed = zlib.compress(b" " * length, 9)
    head = b"History\0\0" if kind == b"zTXt" else b"History\0\1\0\0\0"
    return png_chunk(kind, head + packed)


def bomb(width: int, height: int, *chunks: bytes) -> bytes:
    """A PNG that says it has this many pixels and holds none of them."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = png_chunk(b"IDAT", zlib.compress(b""))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + pixels + png_chunk(b"IEND", b"")


def gif_with_comment(frames: int = 1) -> bytes:
    """A GIF with a comment, and with a place in XMP, before each frame."""
    more = [Image.new("RGB", (60, 40), colour) for colour in ("green", "black")[: frames - 1]]
    options: dict[str, Any] = {"save_all": True, "append_images": more, "duration": 100} if more else {}
    plain = saved(halves(), "GIF", **options)
    # Before the first extension or frame: after screen descriptor and colour table.
    start = 13 + 3 * 2 ** ((plain[10] & 7) + 1)
    comment = b"\x21\xfe" + bytes([len(CANARY)]) + CANARY + b"\0"
    magic = b"\x01" + bytes(range(255, -1, -1)) + b"\0"  # ends the XMP for a reader that knows none
    place = b"\x21\xff\x0bXMP DataXMP<exif:GPSLatitude>" + CANARY + magic
    return plain[:start] + comment + place + plain[start:-1] + comment + b";" + CANARY


def swapped_profile() -> bytes:
    """An ICC profile under which red means blue: its first primary is sRGB's third, and vice versa."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = bytearray(srgb)
    # The tag table: a count at 128, then signature, offset, size.
    for row in range(int.from_bytes(srgb[128:132], "big")):
        place = 132 + 12 * row
        signature = srgb[place : place + 4]
        if signature in (b"rXYZ", b"bXYZ"):
            swapped[place : place + 4] = b"bXYZ" if signature == b"rXYZ" else b"rXYZ"
    return bytes(swapped)
