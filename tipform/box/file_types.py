"""The one table of what residents may attach: what the form offers, what is taken, and the words for both.

A type is told by how the file begins, never by its name or by what the browser says. It decides how the file
is called and whether a decoder reads it; a wrong guess costs a wrong ending, so the patterns may be generous.
"""

import re
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

HEAD_BYTES = 8192
_NAME_LENGTH = 120


@dataclass(frozen=True)
class Type:
    mime: str
    suffixes: tuple[str, ...]  # the first one is given to a file that has none of them
    begins: bytes  # a regular expression; "." is any byte
    pillow: str = ""  # the only decoder that may read it; empty for what is kept and not shown

    @property
    def family(self) -> str:
        return self.mime.partition("/")[0]

    @property
    def is_picture(self) -> bool:
        return self.family == "image"


# The first row that fits tells the type. ISO media (MP4 and its kin) begin with the length of a box, `ftyp`,
# a brand, a version, and more brands. MPEG sound has no head: a frame begins with eleven bits that are set,
# then version, layer and whether there is a checksum; a bit rate of 1111 is none.
TYPES = (
    Type("image/jpeg", (".jpg", ".jpeg", ".jfif"), rb"\xff\xd8\xff", "JPEG"),
    Type("image/png", (".png",), rb"\x89PNG\r\n\x1a\n", "PNG"),
    Type("image/webp", (".webp",), rb"RIFF....WEBP", "WEBP"),
    Type("image/gif", (".gif",), rb"GIF8[79]a", "GIF"),
    Type("image/avif", (".avif",), rb"....ftyp(avi[fs]|(mif1|miaf|msf1).{4}(.{4}){0,8}avi[fs])", "AVIF"),
    Type("image/heic", (".heic", ".heif"), rb"....ftyp(he[iv][cxms]|mif1|miaf|msf1)", "HEIF"),
    Type("image/tiff", (".tif", ".tiff", ".dng"), rb"II\*\0|MM\0\*"),
    Type("image/bmp", (".bmp",), rb"BM.{4}\0\0\0\0"),
    Type("image/jxl", (".jxl",), rb"\0\0\0\x0cJXL \r\n\x87\n|\xff\x0a"),
    Type("video/3gpp", (".3gp", ".3g2", ".3ga"), rb"....ftyp(3g|kddi)"),
    Type("audio/mp4", (".m4a", ".m4b"), rb"....ftyp(M4[ABP] |F4[AB] )"),
    # The second: as it was before there were brands.
    Type("video/quicktime", (".mov",), rb"....ftypqt  |[\0\x01]...(moov|mdat|wide|free|skip|pnot)"),
    Type("video/mp4", (".mp4", ".m4v"), rb"....ftyp[ -~]{4}"),
    Type("video/webm", (".webm", ".weba"), rb"\x1aE\xdf\xa3.{0,60}webm"),
    Type("video/x-matroska", (".mkv", ".mka"), rb"\x1aE\xdf\xa3"),
    Type("video/x-msvideo", (".avi",), rb"RIFF....AVI "),
    Type("video/x-ms-wmv", (".wmv", ".wma", ".asf"), rb"0&\xb2u\x8ef\xcf\x11"),
    Type("video/x-flv", (".flv",), rb"FLV\x01"),
    Type("video/mpeg", (".mpg", ".mpeg", ".vob"), rb"\0\0\x01[\xb3\xba]"),
    # Packets of 188 bytes, in camcorders' files with a time of four bytes before each.
    Type("video/mp2t", (".ts", ".mts", ".m2ts"), rb"(.{4})?G.{187}(.{4})?G.{187}(.{4})?G"),
    Type("audio/aac", (".aac",), rb"\xff[\xf0\xf1\xf8\xf9]|ADIF"),
    Type("audio/mpeg", (".mp3", ".mp2"), rb"ID3|\xff[\xe2\xe3\xf2-\xf5\xfa-\xfd][^\xf0-\xff]"),
    Type("audio/amr", (".amr", ".awb"), rb"#!AMR"),
    Type("audio/ogg", (".ogg", ".oga", ".opus", ".ogv"), rb"OggS"),
    Type("audio/wav", (".wav",), rb"(RIFF|RIFX|RF64)....WAVE"),
    Type("audio/flac", (".flac",), rb"fLaC"),
    Type("audio/aiff", (".aiff", ".aif"), rb"FORM....AIF[CF]"),
    Type("audio/x-caf", (".caf",), rb"caff\0\x01"),
    # Readers look for it within the first 1024 bytes, and scanners put a line before it.
    Type("application/pdf", (".pdf",), rb".{0,1019}%PDF-"),
)
TAKEN = _("At most 5 files, each up to 25 MB. Pictures, video, sound recordings or PDF.")
NOT_TAKEN = _("“%(name)s” is not a picture, video, sound recording or PDF and cannot be taken.")


def accept() -> str:
    """The attribute of the form's field: whole families, for which alone a phone offers camera and recorder.

    The endings help where a system does not count a type to its family. Old browsers inside other apps look
    at the first one only: it is the picture.
    """
    wholes = [f"{type_.family}/*" if type_.family != "application" else type_.mime for type_ in TYPES]
    suffixes = [suffix for type_ in TYPES for suffix in type_.suffixes]
    return ",".join(dict.fromkeys([*wholes, *suffixes]))


def type_of(file: BinaryIO) -> Type | None:
    """The file's type by its content, whatever its name says; None if it is not one that is taken."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    return next((type_ for type_ in TYPES if re.match(type_.begins, head, re.DOTALL)), None)


def safe_name(name: str, type_: Type) -> str:
    """The file's name, short, ending as its content does: "anh.exe" that is a JPEG becomes "anh.exe.jpg"."""
    name = "".join(char for char in name if char.isprintable()).strip() or "tep"
    stem, dot, suffix = name.rpartition(".")
    if not dot or f".{suffix.lower()}" not in type_.suffixes:
        stem, suffix = name, type_.suffixes[0][1:]
    return f"{stem[: _NAME_LENGTH - len(suffix) - 1]}.{suffix}"
