"""The one loader of pictures that people send: out of it come pixels, upright and in sRGB, and nothing else.

A photo carries where and with what it was taken, in more places than a plain re-save forgets. And what is
wrong beside the pixels (a bad tag, a second picture, a long text) must not cost the picture.
"""

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import Any, BinaryIO

from PIL import ExifTags, Image, ImageCms
from pillow_heif import register_heif_opener

register_heif_opener()
# What a picture is like is nothing for the server's log: too many pixels are raised, odd tags passed over.
warnings.filterwarnings("ignore", category=UserWarning, module="PIL")
warnings.simplefilter("error", Image.DecompressionBombWarning)

MAX_PIXELS = 50_000_000  # above it nothing is decoded: that takes the memory of all its pixels
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF")
_one_at_a_time = Lock()  # then a rush costs time, not 150 MB for each thread

_PNG_START = b"\x89PNG\r\n\x1a\n"
_JPEG_START, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
_STARTS = rb"\xff\xd8\xff|\x89PNG|RIFF....WEBP|GIF8|....ftyp(avi[fs]|he[iv][cxms]|mif1|miaf|msf1)"
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Problem(StrEnum):
    """Why a picture is not, or not wholly, to be seen. Stored with tips: values stay as they are."""

    TOO_MANY_PIXELS = "too-many-pixels"
    INCOMPLETE = "incomplete"  # cut off on its way, or damaged
    UNREADABLE = "unreadable"  # no picture, or of a kind that no decoder here reads


class PictureError(Exception):
    """The picture cannot be re-encoded. Each door says in its own words why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class Picture:
    """`format` is that of the file it came from, in Pillow's words; `complete` is False if a part is grey."""

    pixels: Image.Image  # RGB, or RGBA where something is transparent
    format: str
    complete: bool

    def as_jpeg(self, quality: int) -> bytes:
        """A new file of the pixels alone; what is transparent becomes white paper."""
        pixels = self.pixels
        if pixels.mode == "RGBA":
            pixels = Image.new("RGB", pixels.size, "white")
            pixels.paste(self.pixels, mask=self.pixels)
        return _saved(pixels, "JPEG", quality=quality)

    def as_drawing(self, format_: str) -> bytes:
        """A new file of the pixels alone, in a format that keeps what is transparent: PNG or WEBP."""
        return _saved(self.pixels, format_)


def _saved(pixels: Image.Image, format_: str, **options: int) -> bytes:
    content = io.BytesIO()
    pixels.save(content, format_, **options)
    return content.getvalue()


def load(file: BinaryIO, *, longest_side: int, formats: Sequence[str] = FORMATS) -> Picture:
    """The first frame of the picture, re-encoded with at most `longest_side` pixels a side.

    Only the decoders named in `formats` read the file. Of a JPEG that was cut off comes what there is, not
    `complete`. Raises PictureError.
    """
    with _one_at_a_time:
        file.seek(0)
        content = file.read()
        for attempt, complete in _attempts(content):
            try:
                return _decoded(attempt, formats, longest_side, complete=complete)
            except PictureError:
                raise
            except Exception:  # noqa: BLE001, S112 - decoders raise anything at a malformed file
                continue
        raise PictureError(_told_apart(content))


def _attempts(content: bytes) -> Iterator[tuple[bytes, bool]]:
    """The file as it came, then mended as far as can be; with each, whether it has all of the picture."""
    yield content, True
    if content.startswith(_PNG_START):
        yield _png_without_extras(content), True
    if content.startswith(_JPEG_START):
        yield content + _JPEG_END, False


def _told_apart(content: bytes) -> Problem:
    """Whether what could not be decoded begins at least as a picture of one of FORMATS."""
    return Problem.INCOMPLETE if re.match(_STARTS, content, re.DOTALL) else Problem.UNREADABLE


def _decoded(content: bytes, formats: Sequence[str], side: int, *, complete: bool) -> Picture:
    """Raises PictureError for too many pixels, and whatever the decoder raises."""
    with _opened(content, formats) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise PictureError(Problem.TOO_MANY_PIXELS)
        picture.draft("RGB", (side, side))  # JPEG: decode small at once
        picture.load()
        pixels = _in_eight_bits(picture)
        pixels.thumbnail((side, side))
        turn = _TURNS.get(_orientation(picture))
        if turn is not None:
            pixels = pixels.transpose(turn)
        pixels = _in_srgb(pixels, picture.info.get("icc_profile"))
        return Picture(_fresh(pixels), str(picture.format), complete)


def _opened(content: bytes, formats: Sequence[str]) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=list(formats))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError(Problem.TOO_MANY_PIXELS) from error


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    """The picture as L, RGB, CMYK or RGBA."""
    if picture.mode.startswith("I;16"):
        # Pillow's own conversion cuts off at 255, which makes nearly everything white.
        return picture.point(lambda grey: grey * (1 / 256)).convert("L")
    if picture.has_transparency_data:
        return picture.convert("RGBA")
    return picture if picture.mode in ("L", "RGB", "CMYK") else picture.convert("RGB")


def _orientation(picture: Image.Image) -> int:
    """1 to 8, from Exif or where that tells nothing from XMP; 1 when neither does.

    Not Pillow's `exif_transpose`: it writes all of Exif anew, and fails at any other tag that is malformed.
    """
    try:
        written = _as_number(picture.getexif().get(ExifTags.Base.Orientation))
    except Exception:  # noqa: BLE001 - malformed Exif raises anything
        written = 0
    return written or _orientation_in_xmp(picture) or 1


def _orientation_in_xmp(picture: Image.Image) -> int:
    xmp = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    text = xmp.encode() if isinstance(xmp, str) else xmp
    found = re.search(rb'tiff:Orientation(?:="|>)\s*([1-8])', text)
    return int(found[1]) if found else 0


def _as_number(value: Any) -> int:
    """An orientation however its tag is typed: 6, (6, 0), "6", b"6" or b"\\x06". 0 for what is none."""
    if isinstance(value, tuple):
        value = value[0] if value else 0
    if isinstance(value, bytes) and value[:1].isdigit():
        value = value.decode("latin-1")
    if isinstance(value, bytes):
        value = int.from_bytes(value.strip(b"\0"), "big")
    if isinstance(value, str):
        value = value.strip("\0 ")
    try:
        number = int(value)
    except (TypeError, ValueError, ZeroDivisionError):
        return 0
    return number if 1 <= number <= 8 else 0


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB or RGBA in sRGB: colours mean what they meant under the file's own profile, which is dropped."""
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, source, target, outputMode=mode)
        except Exception:  # noqa: BLE001 - a profile that is none, or of other colours, is as good as none
            converted = None
        if converted is not None:
            return converted
    return picture.convert(mode)


def _fresh(picture: Image.Image) -> Image.Image:
    """The pixels in an image that knows nothing of any file."""
    fresh = Image.new(picture.mode, picture.size)
    fresh.paste(picture)
    return fresh


def _png_without_extras(content: bytes) -> bytes:
    """The PNG's critical chunks and its transparency. Pillow gives up at a text that is too long or broken.

    By https://www.w3.org/TR/png-3/#5Chunk-layout: length, type, data, checksum; the type of a critical one
    begins with a capital letter.
    """
    kept = [_PNG_START]
    position = len(_PNG_START)
    while position < len(content):
        length = int.from_bytes(content[position : position + 4], "big")
        type_ = content[position + 4 : position + 8]
        end = position + 12 + length
        if type_[:1].isupper() or type_ == b"tRNS":
            kept.append(content[position:end])
        position = end
    return b"".join(kept)
