"""What counts as a picture, a film, a sound; and display copies that show pixels and nothing else."""

import io
import struct
from typing import Any

import pytest
from PIL import Image

from home.pictures import Problem
from tests.pictures import bomb, exif, gif_with_comment, halves, long_text, near, orientation, png_with, saved
from tests.tipform.residents import photo
from tipform.box.file_types import TYPES, accept, safe_name, type_of
from tipform.box.files import KEPT_UNSEEN, NOT_SHOWN, View, view_of

CANARY = b"Chim-Hoang-Yen"


def brand(name: bytes, *compatible: bytes) -> bytes:
    boxes = name + bytes(4) + b"".join(compatible)
    return struct.pack(">I", 8 + len(boxes)) + b"ftyp" + boxes + bytes(64)


def picture(format_: str, **options: Any) -> bytes:
    content = io.BytesIO()
    Image.effect_noise((120, 80), 60).convert("RGB").save(content, format_, **options)
    return content.getvalue()


def seen(content: bytes) -> View:
    file = io.BytesIO(content)
    type_ = type_of(file)
    assert type_ is not None
    view = view_of(file, type_)
    assert file.tell() == 0
    return view


def copy_of(content: bytes) -> bytes | None:
    return seen(content).jpeg


def ebml(kind: bytes) -> bytes:
    """The head of a Matroska file; WebM is the same with another name."""
    head = (
        b"\x42\x86\x81\1\x42\xf7\x81\1\x42\xf2\x81\4\x42\xf3\x81\x08\x42\x82"
        + bytes([0x80 | len(kind)])
        + kind
    )
    return b"\x1aE\xdf\xa3" + bytes([0x80 | len(head)]) + head + bytes(100)


def old_film(first: bytes) -> bytes:
    """QuickTime from before there were brands: it begins with any of its boxes."""
    return struct.pack(">I", 8) + first + struct.pack(">I", 72) + b"mdat" + bytes(64)


def packets(head: bytes) -> bytes:
    """MPEG as cameras write it, in packets of 188 bytes with `head` before each."""
    return (head + b"G" + bytes(187)) * 5


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (photo(), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("WEBP"), "image/webp"),
        (picture("GIF"), "image/gif"),
        (picture("HEIF"), "image/heic"),
        (picture("AVIF"), "image/avif"),
        (picture("TIFF"), "image/tiff"),
        (picture("BMP"), "image/bmp"),
        (brand(b"mif1", b"mif1", b"heic"), "image/heic"),
        (brand(b"mif1", b"mif1", b"avif"), "image/avif"),
        (brand(b"hevc", b"mif1"), "image/heic"),
        (brand(b"avis", b"avif"), "image/avif"),
        (brand(b"isom", b"isom", b"mp42"), "video/mp4"),
        (brand(b"mp42", b"mp41"), "video/mp4"),
        (brand(b"M4V ", b"mp42"), "video/mp4"),
        (brand(b"XAVC", b"mp42"), "video/mp4"),
        # A voice message as Safari records it in the page; Chromium's is WebM.
        (brand(b"iso5", b"iso5", b"hlsf"), "video/mp4"),
        (brand(b"qt  ", b"qt  "), "video/quicktime"),
        *(
            (old_film(box), "video/quicktime")
            for box in (b"wide", b"moov", b"mdat", b"free", b"skip", b"pnot")
        ),
        (brand(b"3gp5", b"isom"), "video/3gpp"),
        (brand(b"3g2a", b"isom"), "video/3gpp"),
        (brand(b"M4A ", b"mp42", b"isom"), "audio/mp4"),
        (ebml(b"webm"), "video/webm"),
        (ebml(b"matroska"), "video/x-matroska"),
        (b"RIFF\x24\x00\x00\x00AVI LIST" + bytes(100), "video/x-msvideo"),
        (b"0&\xb2u\x8ef\xcf\x11" + bytes(100), "video/x-ms-wmv"),
        (b"FLV\1\5" + bytes(100), "video/x-flv"),
        (b"\0\0\1\xba" + bytes(100), "video/mpeg"),
        (packets(b""), "video/mp2t"),
        (packets(b"time"), "video/mp2t"),
        (b"ID3\x04" + bytes(100), "audio/mpeg"),
        # MPEG 1, 2 and 2.5, with a checksum and without; and Layer II.
        *(
            (bytes([0xFF, second, 0x90, 0x64]) + bytes(100), "audio/mpeg")
            for second in (0xFA, 0xFB, 0xF2, 0xF3, 0xE2, 0xE3, 0xFC, 0xFD)
        ),
        *(
            (bytes([0xFF, second, 0x50, 0x80]) + bytes(100), "audio/aac")
            for second in (0xF0, 0xF1, 0xF8, 0xF9)
        ),
        (b"#!AMR\n" + bytes(100), "audio/amr"),
        (b"#!AMR-WB\n" + bytes(100), "audio/amr"),
        (b"OggS" + bytes(100), "audio/ogg"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(100), "audio/wav"),
        (b"RF64\xff\xff\xff\xffWAVEds64" + bytes(100), "audio/wav"),
        (b"fLaC" + bytes(100), "audio/flac"),
        (b"FORM\0\0\0\x20AIFF" + bytes(100), "audio/aiff"),
        (b"caff\0\1" + bytes(100), "audio/x-caf"),
        (b"%PDF-1.7\n" + bytes(100), "application/pdf"),
        (b"\r\n%PDF-1.4\n" + bytes(100), "application/pdf"),
        (b"\xef\xbb\xbf%PDF-1.4\n" + bytes(100), "application/pdf"),
        (b"@PJL SET\n" + bytes(1010) + b"%PDF-1.4\n", "application/pdf"),
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
        "chỉ là chữ".encode("utf-16"),
        b"the free market",
        b"\xff\xfb\xf0\x00" + bytes(100),
        bytes(1020) + b"%PDF-1.4\n",
        b"\x00\x00\x00\x18ftyp",
        b"\x00",
        b"",
    ],
)
def test_everything_else_is_not(content: bytes) -> None:
    assert type_of(io.BytesIO(content)) is None


def test_what_the_form_offers_is_the_table() -> None:
    offered = accept().split(",")
    assert offered[:4] == ["image/*", "video/*", "audio/*", "application/pdf"]
    assert set(offered[4:]) == {suffix for type_ in TYPES for suffix in type_.suffixes}
    assert len(set(offered)) == len(offered)
    assert {type_.family for type_ in TYPES} == {"image", "video", "audio", "application"}


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


@pytest.mark.parametrize(
    "content",
    [
        saved(halves(), "MPO", save_all=True, append_images=[Image.new("RGB", (30, 20), "green")]),
        gif_with_comment(frames=3),
        png_with(long_text()),
        saved(halves(), "AVIF"),
    ],
)
def test_what_lies_beside_the_pixels_keeps_no_officer_from_seeing_them(content: bytes) -> None:
    copy = copy_of(content)
    assert copy is not None
    with Image.open(io.BytesIO(copy)) as shown:
        assert near(shown.getpixel((3, 20)), (255, 0, 0)) and near(shown.getpixel((56, 20)), (0, 0, 255))


def test_a_malformed_tag_turns_no_picture_on_its_side() -> None:
    broken = 0x011A, 2, 3, b"72\0"
    copy = copy_of(saved(halves(), "JPEG", exif=exif(orientation(6), broken)))
    assert copy is not None
    with Image.open(io.BytesIO(copy)) as shown:
        assert near(shown.getpixel((20, 3)), (255, 0, 0)) and near(shown.getpixel((20, 56)), (0, 0, 255))


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


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_too_large_to_show_has_no_copy_and_says_so() -> None:
    assert seen(bomb(12_000, 9000)) == View(None, Problem.TOO_MANY_PIXELS)


def test_fifty_megapixels_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("home.pictures.MAX_PIXELS", 100 * 100)
    assert copy_of(photo(size=(100, 100))) is not None
    assert copy_of(photo(size=(101, 100))) is None


def test_of_a_photo_that_was_cut_off_the_officer_sees_what_there_is() -> None:
    content = saved(Image.effect_noise((600, 600), 1).convert("RGB"), "JPEG", quality=90)
    view = seen(content[: len(content) * 2 // 3])
    assert view.problem == Problem.INCOMPLETE and view.jpeg is not None
    with Image.open(io.BytesIO(view.jpeg)) as shown:
        assert shown.size == (600, 600)


@pytest.mark.parametrize(
    "content",
    [photo()[:200], picture("PNG")[:-40], b"GIF89a" + bytes(50), picture("WEBP")[:60], picture("HEIF")[:400]],
)
def test_a_broken_picture_has_no_copy_and_is_no_error(content: bytes) -> None:
    assert seen(content) == View(None, Problem.INCOMPLETE)


@pytest.mark.parametrize("format_", ["TIFF", "BMP"])
def test_a_picture_without_a_decoder_is_kept_and_says_that_it_is_not_shown(format_: str) -> None:
    assert seen(saved(halves(), format_)) == View(None, Problem.UNREADABLE)


def test_there_are_words_for_whatever_keeps_a_picture_from_being_seen() -> None:
    assert set(NOT_SHOWN) == set(KEPT_UNSEEN) == set(Problem)


def test_only_the_decoder_of_its_own_type_reads_a_picture() -> None:
    type_ = type_of(io.BytesIO(picture("GIF")))
    assert type_ and view_of(io.BytesIO(picture("PNG")), type_).jpeg is None


def test_a_film_has_no_display_copy() -> None:
    assert seen(brand(b"isom", b"mp42")) == View(None)
