"""A picture re-encoded from its pixels: upright, no larger than it need be, with nothing hidden in the file.

A photo carries where and with what it was taken. A plain re-save would keep comments and profiles.
"""

import io
from collections.abc import Sequence
from threading import Lock
from typing import BinaryIO

from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

register_heif_opener()

MAX_PIXELS = 50_000_000  # above it nothing is decoded: that takes the memory of all its pixels
_one_at_a_time = Lock()  # then a rush costs time, not 150 MB for each thread


def jpeg_of_pixels(
    file: BinaryIO, formats: Sequence[str], *, longest_side: int, quality: int
) -> bytes | None:
    """A JPEG of at most `longest_side` pixels; only the decoders named in `formats` read the file.

    None for a picture of more than MAX_PIXELS. Decoders raise anything at a malformed file.
    """
    fresh = _fresh(file, formats, longest_side, transparent=False)
    return None if fresh is None else _saved(fresh, "JPEG", quality=quality)


def same_format_of_pixels(file: BinaryIO, format_: str, *, longest_side: int) -> bytes | None:
    """The picture in its own format, PNG or WEBP, with its transparency; otherwise as `jpeg_of_pixels`."""
    fresh = _fresh(file, [format_], longest_side, transparent=True)
    return None if fresh is None else _saved(fresh, format_)


def _fresh(file: BinaryIO, formats: Sequence[str], side: int, *, transparent: bool) -> Image.Image | None:
    with _one_at_a_time:
        file.seek(0)
        with Image.open(file, formats=list(formats)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return None
            picture.draft("RGB", (side, side))  # JPEG: decode small at once
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((side, side))
            if not upright.has_transparency_data:
                fresh = Image.new("RGB", upright.size)
                fresh.paste(upright.convert("RGB"))
                return fresh
            with_alpha = upright.convert("RGBA")
            if transparent:
                fresh = Image.new("RGBA", upright.size)
                fresh.paste(with_alpha)
                return fresh
            fresh = Image.new("RGB", upright.size, "white")
            fresh.paste(with_alpha, mask=with_alpha)
            return fresh


def _saved(picture: Image.Image, format_: str, **options: int) -> bytes:
    content = io.BytesIO()
    picture.save(content, format_, **options)
    return content.getvalue()
