"""What counts as a picture, a film, a sound; and display copies that show pixels and nothing else."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from tests.tipform.residents import photo
from tipform.box.files import display_copy, safe_name, type_of

CANARY = b"Chim-Hoang-Yen"


def brand(name: bytes, *compatible: bytes) -> bytes:
    boxes = name + bytes(4) + b"".join(compatible)
    return struct.pack(">I", 8 + len(boxes)) + b"ftyp" + boxes + bytes(64)


def picture(format_: str, **options: Any) -> bytes:
    content = io.BytesIO()
    Image.effect_noise((120, 80), 60).convert("RGB").save(content, format_, **options)
    return content.getvalue()


def copy_of(content: bytes) -> bytes | None:
    file = io.BytesIO(content)
    type_ = type_of(file)
    assert type_ is not None
    return display_copy(file, type_)


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (photo(), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("WEBP"), "image/webp"),
        (picture("GIF"), "image/gif"),
        (picture("HEIF"), "image/heic"),
        (brand(b"mif1", b"mif1", b"heic"), "image/heic"),
        (brand(b"isom", b"isom", b"mp42"), "video/mp4"),
        (brand(b"mp42", b"mp41"), "video/mp4"),
        (brand(b"M4V ", b"mp42"), "video/mp4"),
        (brand(b"qt  ", b"qt  "), "video/quicktime"),
        (brand(b"3gp5", b"isom"), "video/3gpp"),
        (brand(b"M4A ", b"mp42", b"isom"), "audio/mp4"),
        (b"ID3\x04" + bytes(100), "audio/mpeg"),
        (b"\xff\xfb\x90\x00" + bytes(100), "audio/mpeg"),
        (b"#!AMR\n" + bytes(100), "audio/amr"),
        (b"#!AMR-WB\n" + bytes(100), "audio/amr"),
        (b"OggS" + bytes(100), "audio/ogg"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(100), "audio/wav"),
        (b"%PDF-1.7\n" + bytes(100), "application/pdf"),
    ],
)
def test_the_types_that_are_taken(content: bytes, mime: str) -> None:
    type_ = type_of(io.BytesIO(content))
    assert type_ is not None and type_.mime == mime


@pytest.mark.parametrize(
    "content",
    [
        b"MZ" + bytes(500),
        b"\x7fELF" + bytes(500),
        b"PK\x03\x04" + bytes(500),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html><script>alert(1)</script>",
        b"#!/bin/sh\n",
        "chỉ là chữ".encode(),
        brand(b"avif", b"mif1"),
        b"\x00\x00\x00\x18ftyp",
        b"\x00",
        b"",
    ],
)
def test_everything_else_is_not(content: bytes) -> None:
    assert type_of(io.BytesIO(content)) is None


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("anh.jpg", "anh.jpg"),
        ("ANH.JPEG", "ANH.JPEG"),
        ("anh.exe", "anh.exe.jpg"),
        ("anh", "anh.jpg"),
        ("anh.\u202egpj.exe", "anh.gpj.exe.jpg"),
        ("Ảnh đêm 23.11.jpg", "Ảnh đêm 23.11.jpg"),
        ("x" * 300 + ".jpg", "x" * 116 + ".jpg"),
        (".jpg", ".jpg"),
        ("\x07", "tep.jpg"),
    ],
)
def test_a_name_ends_as_its_content_does(name: str, kept: str) -> None:
    type_ = type_of(io.BytesIO(photo()))
    assert type_ and safe_name(name, type_) == kept


def marked(format_: str) -> bytes:
    """A picture with everything that a phone or a program writes next to the pixels."""
    exif = Image.Exif()
    exif[0x010E] = exif[0x010F] = exif[0x9286] = CANARY.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (18.0, 20.0, 30.0), 29: CANARY.decode()})
    options: dict[str, Any] = {"exif": exif}
    if format_ == "JPEG":
        options |= {
            "comment": CANARY,
            "xmp": b"<x:xmpmeta>" + CANARY + b"</x:xmpmeta>",
            "icc_profile": CANARY * 20,
        }
    if format_ == "GIF":
        options = {"comment": CANARY}
    if format_ == "WEBP":
        options |= {"xmp": CANARY}
    return picture(format_, **options) + CANARY


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "GIF", "HEIF"])
def test_a_display_copy_holds_pixels_and_nothing_else(format_: str) -> None:
    content = marked(format_)
    assert CANARY in content
    copy = copy_of(content)
    assert copy is not None and CANARY not in copy
    with Image.open(io.BytesIO(copy)) as shown:
        assert (shown.format, shown.mode, shown.size) == ("JPEG", "RGB", (120, 80))
        assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not shown.getexif()


def test_a_picture_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    copy = copy_of(picture("JPEG", exif=exif))
    assert copy is not None
    with Image.open(io.BytesIO(copy)) as shown:
        assert shown.size == (80, 120)


def test_a_large_picture_becomes_two_thousand_pixels() -> None:
    copy = copy_of(photo(size=(6000, 3000)))
    assert copy is not None
    with Image.open(io.BytesIO(copy)) as shown:
        assert shown.size == (2000, 1000)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16", "CMYK"])
def test_every_way_to_write_pixels_is_shown(mode: str) -> None:
    content = io.BytesIO()
    Image.new(mode, (20, 10)).save(content, "JPEG" if mode == "CMYK" else "PNG")
    assert copy_of(content.getvalue()) is not None


def test_what_is_transparent_becomes_paper() -> None:
    content = io.BytesIO()
    Image.new("RGBA", (20, 10), (0, 0, 0, 0)).save(content, "PNG")
    copy = copy_of(content.getvalue())
    assert copy is not None
    with Image.open(io.BytesIO(copy)) as shown:
        assert shown.getpixel((5, 5)) == (255, 255, 255)


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it has this many pixels and holds none of them."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [7072, 9500, 60_000, 2_000_000])
def test_more_than_fifty_megapixels_are_never_decoded(side: int, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[str] = []
    monkeypatch.setattr("PIL.ImageOps.exif_transpose", lambda *args: decoded.append("turned"))
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda *args: decoded.append("loaded"))
    file = io.BytesIO(bomb(side, side))
    type_ = type_of(file)
    assert type_ and display_copy(file, type_) is None
    assert decoded == []


def test_fifty_megapixels_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("home.pictures.MAX_PIXELS", 100 * 100)
    assert copy_of(photo(size=(100, 100))) is not None
    assert copy_of(photo(size=(101, 100))) is None


@pytest.mark.parametrize(
    "content",
    [photo()[:200], picture("PNG")[:-40], b"GIF89a" + bytes(50), picture("WEBP")[:60], picture("HEIF")[:400]],
)
def test_a_broken_picture_has_no_copy_and_is_no_error(content: bytes) -> None:
    file = io.BytesIO(content)
    type_ = type_of(file)
    assert type_ is not None
    assert display_copy(file, type_) is None
    assert file.tell() == 0


def test_only_the_decoder_of_its_own_type_reads_a_picture() -> None:
    type_ = type_of(io.BytesIO(picture("GIF")))
    assert type_ and display_copy(io.BytesIO(picture("PNG")), type_) is None


def test_a_film_has_no_display_copy() -> None:
    assert copy_of(brand(b"isom", b"mp42")) is None
