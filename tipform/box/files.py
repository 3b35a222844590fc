"""What residents attach: which types are taken, told by content, and the display copies of pictures.

The original is evidence and stays as it came. What officers look at is rebuilt from its pixels alone, so
that no place, device or comment hidden in the file is shown, and no malformed file reaches a browser.
"""

import re
from dataclasses import dataclass
from typing import BinaryIO

import filetype

from home.pictures import jpeg_of_pixels

_LONGEST_SIDE = 2000
_JPEG_QUALITY = 80
_HEAD_BYTES = 8192
_NAME_LENGTH = 120


@dataclass(frozen=True)
class Type:
    mime: str
    suffixes: tuple[str, ...]
    pillow: str = ""  # the only decoder that may read it; empty for what is no picture

    @property
    def is_picture(self) -> bool:
        return bool(self.pillow)


_TYPES = [
    Type("image/jpeg", (".jpg", ".jpeg"), "JPEG"),
    Type("image/png", (".png",), "PNG"),
    Type("image/webp", (".webp",), "WEBP"),
    Type("image/heic", (".heic", ".heif"), "HEIF"),
    Type("image/gif", (".gif",), "GIF"),
    Type("video/mp4", (".mp4", ".m4v")),
    Type("video/quicktime", (".mov",)),
    Type("video/3gpp", (".3gp", ".3g2")),
    Type("audio/mp4", (".m4a",)),
    Type("audio/mpeg", (".mp3",)),
    Type("audio/amr", (".amr",)),
    Type("audio/ogg", (".ogg", ".oga", ".opus")),
    Type("audio/wav", (".wav",)),
    Type("application/pdf", (".pdf",)),
]
_BY_MIME = {type_.mime: type_ for type_ in _TYPES}
_ALIASES = {"image/apng": "image/png", "audio/x-wav": "audio/wav", "video/x-m4v": "video/mp4"}
# The first brand of an ISO media file, where `filetype` does not tell sound, 3GP and film apart.
_BRANDS = [
    (rb"M4[AB] ", "audio/mp4"),
    (rb"3g[a-z0-9]{2}", "video/3gpp"),
    (rb"(heic|heix|heim|heis)", "image/heic"),
    (rb"qt  ", "video/quicktime"),
    (rb"(avc1|iso[0-9a-z]|mp4[0-9]|mmp4|dash|MSNV|M4V[ HP]|f4v )", "video/mp4"),
]


def type_of(file: BinaryIO) -> Type | None:
    """The file's type by its content, whatever its name says; None if it is not one that is taken."""
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    mime = ""
    if head[4:8] == b"ftyp":
        mime = next((mime for brand, mime in _BRANDS if re.fullmatch(brand, head[8:12])), "")
    elif head.startswith(b"#!AMR"):
        mime = "audio/amr"
    if not mime:
        guessed = filetype.guess(head)
        mime = guessed.mime if guessed else ""
    return _BY_MIME.get(_ALIASES.get(mime, mime))


def safe_name(name: str, type_: Type) -> str:
    """The file's name, short, ending as its content does: "anh.exe" that is a JPEG becomes "anh.exe.jpg"."""
    name = "".join(char for char in name if char.isprintable()).strip() or "tep"
    stem, dot, suffix = name.rpartition(".")
    if not dot or f".{suffix.lower()}" not in type_.suffixes:
        stem, suffix = name, type_.suffixes[0][1:]
    return f"{stem[: _NAME_LENGTH - len(suffix) - 1]}.{suffix}"


def display_copy(file: BinaryIO, type_: Type) -> bytes | None:
    """A JPEG of at most 2000 pixels a side, re-encoded from the pixels, without metadata of any kind.

    None for what is no picture, cannot be decoded or has more than fifty megapixels: never an error.
    """
    if not type_.is_picture:
        return None
    try:
        return jpeg_of_pixels(file, [type_.pillow], longest_side=_LONGEST_SIDE, quality=_JPEG_QUALITY)
    except Exception:  # noqa: BLE001 - decoders raise anything at a malformed file, which is still evidence
        return None
    finally:
        file.seek(0)
