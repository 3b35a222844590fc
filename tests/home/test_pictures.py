"""The loader: whatever lies beside the pixels, they come out upright, in their colours, and alone."""

import io
import struct
from typing import Any

import pytest
from PIL import Image, ImageCms

from home import pictures
from home.pictures import PictureError, Problem
from tests.pictures import (
    BLUE,
    CANARY,
    GREY,
    RED,
    WHITE,
    bomb,
    exif,
    gif_with_comment,
    halves,
    long_text,
    near,
    opened,
    orientation,
    png_chunk,
    png_with,
    saved,
    swapped_profile,
    xmp,
)

# The portal raises or ignores what Pillow warns of; pytest has filters of its own.
pytestmark = [
    pytest.mark.filterwarnings("ignore::UserWarning:PIL"),
    pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning"),
]


def loaded(content: bytes, **options: Any) -> pictures.Picture:
    return pictures.load(io.BytesIO(content), **{"longest_side": 2000, **options})


def shown(content: bytes) -> Image.Image:
    """What is seen of it in the end, as a JPEG of its own."""
    return opened(loaded(content).as_jpeg(90))


def problem_of(content: bytes) -> Problem:
    with pytest.raises(PictureError) as refused:
        loaded(content)
    return refused.value.problem


def is_upright(picture: Image.Image) -> bool:
    """Of a picture that was taken with the telephone turned: what was at its left is at its top now."""
    width, height = picture.size
    top, bottom = picture.getpixel((width // 2, 3)), picture.getpixel((width // 2, height - 4))
    return height > width and near(top, RED) and near(bottom, BLUE)


def is_as_drawn(picture: Image.Image) -> bool:
    width, height = picture.size
    left, right = picture.getpixel((3, height // 2)), picture.getpixel((width - 4, height // 2))
    return width > height and near(left, RED) and near(right, BLUE)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF"])
def test_every_format_keeps_its_colours(format_: str) -> None:
    assert is_as_drawn(shown(saved(halves(), format_)))


def test_of_a_jpeg_with_two_pictures_the_first_is_shown() -> None:
    second = Image.new("RGB", (30, 20), "green")
    content = saved(halves(), "MPO", save_all=True, append_images=[second])
    picture = loaded(content)
    assert picture.format == "MPO" and picture.complete
    assert is_as_drawn(opened(picture.as_jpeg(90)))


@pytest.mark.parametrize("format_", ["PNG", "WEBP", "GIF"])
def test_of_what_moves_the_first_picture_is_shown(format_: str) -> None:
    more = [Image.new("RGB", (60, 40), colour) for colour in ("green", "black")]
    content = saved(halves(), format_, save_all=True, append_images=more, duration=100)
    assert opened(content).n_frames == 3
    assert is_as_drawn(shown(content))


# --- Upright --------------------------------------------------------------------------------------------


BROKEN_RESOLUTION = (0x011A, 2, 3, b"72\0")  # text where a fraction belongs
ENDLESS_TEXT = (0x010E, 2, 0xFFFFFF, struct.pack("<I", 0xFFFF))
UNKNOWN_TYPE = (0x0131, 99, 1, b"\0")
LOST_PLACE = (0x8825, 4, 1, struct.pack("<I", 0xFFFFFF))  # a directory of GPS that lies past the end


@pytest.mark.parametrize(
    "entries",
    [
        [orientation(6)],
        [orientation(6), BROKEN_RESOLUTION],
        [orientation(6), ENDLESS_TEXT],
        [orientation(6), UNKNOWN_TYPE],
        [orientation(6), LOST_PLACE],
        [(0x0112, 1, 1, b"\6")],
        [(0x0112, 2, 2, b"6\0")],
        [(0x0112, 3, 2, struct.pack("<HH", 6, 0))],
        [(0x0112, 4, 1, struct.pack("<I", 6))],
        [(0x0112, 7, 1, b"\6")],
        [(0x0112, 8, 1, struct.pack("<h", 6))],
    ],
)
@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_a_picture_taken_sideways_stands_upright_however_its_tags_are_written(
    entries: list[tuple[int, int, int, bytes]], format_: str
) -> None:
    assert is_upright(shown(saved(halves(), format_, exif=exif(*entries))))


@pytest.mark.parametrize("value", [0, 1, 9, 255])
def test_an_orientation_that_is_none_turns_nothing(value: int) -> None:
    assert is_as_drawn(shown(saved(halves(), "JPEG", exif=exif(orientation(value)))))


@pytest.mark.parametrize(
    "broken", [b"", b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\x7f", b"Exif\0\0nonsense", exif(orientation(0))]
)
@pytest.mark.parametrize("format_", ["JPEG", "WEBP"])
def test_where_exif_tells_nothing_xmp_does(broken: bytes, format_: str) -> None:
    assert is_upright(shown(saved(halves(), format_, exif=broken, xmp=xmp(6))))


def test_exif_outranks_xmp() -> None:
    assert is_as_drawn(shown(saved(halves(), "JPEG", exif=exif(orientation(1)), xmp=xmp(6))))


@pytest.mark.parametrize("turn", range(1, 9))
def test_every_turn_and_mirror_is_undone(turn: int) -> None:
    picture = Image.new("RGB", (64, 32), WHITE)
    picture.paste(RED, (0, 0, 32, 16))
    picture.paste(BLUE, (32, 0, 64, 16))
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    taken = picture.transpose(back[turn]) if turn > 1 else picture
    seen = shown(saved(taken, "JPEG", quality=95, subsampling=0, exif=exif(orientation(turn))))
    assert seen.size == (64, 32)
    assert near(seen.getpixel((8, 4)), RED)
    assert near(seen.getpixel((56, 4)), BLUE)
    assert near(seen.getpixel((8, 28)), WHITE)


# --- Colours --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_colours_are_those_of_the_files_own_profile(format_: str) -> None:
    content = saved(halves(), format_, icc_profile=swapped_profile())
    seen = shown(content)
    assert near(seen.getpixel((3, 20)), BLUE)
    assert near(seen.getpixel((56, 20)), RED)
    assert "icc_profile" not in seen.info


def test_a_palette_and_what_is_transparent_follow_the_profile_too() -> None:
    clear = halves().convert("RGBA")
    clear.putpixel((30, 20), (0, 0, 0, 0))
    for picture in (halves().quantize(4), clear):
        seen = loaded(saved(picture, "PNG", icc_profile=swapped_profile())).pixels
        assert near(seen.getpixel((3, 20)), BLUE)


@pytest.mark.parametrize("profile", [b"none", CANARY * 20, swapped_profile()[:200]])
def test_a_profile_that_is_none_costs_nothing(profile: bytes) -> None:
    assert is_as_drawn(shown(saved(halves(), "JPEG", icc_profile=profile)))


def test_a_profile_for_other_colours_costs_nothing() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert is_as_drawn(shown(saved(halves(), "JPEG", icc_profile=lab)))


def test_grey_of_sixteen_bits_goes_from_black_to_white() -> None:
    picture = Image.new("I;16", (256, 20))
    for x in range(256):
        for y in range(20):
            picture.putpixel((x, y), x * 257)
    seen = shown(saved(picture, "PNG"))
    assert [seen.getpixel((x, 10))[0] // 16 for x in (0, 64, 128, 192, 255)] == [0, 4, 8, 12, 15]


def test_printers_colours_are_shown_as_red_and_blue() -> None:
    seen = shown(saved(halves().convert("CMYK"), "JPEG", quality=95))
    assert near(seen.getpixel((3, 20)), RED) and near(seen.getpixel((56, 20)), BLUE)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "I;16", "CMYK"])
def test_grey_stays_grey_in_every_way_to_write_pixels(mode: str) -> None:
    grey = {
        "1": 1,
        "I;16": 128 * 257,
        "LA": (128, 255),
        "RGB": GREY,
        "RGBA": (*GREY, 255),
        "CMYK": (0, 0, 0, 127),
    }
    picture = Image.new(mode, (20, 10), grey.get(mode, 128))  # type: ignore[arg-type]
    if mode == "P":
        picture.putpalette([128] * 768)
    seen = shown(saved(picture, "JPEG" if mode == "CMYK" else "PNG"))
    assert near(seen.getpixel((10, 5)), WHITE if mode == "1" else GREY)


def test_what_is_transparent_becomes_paper_in_a_jpeg_and_stays_so_in_a_drawing() -> None:
    palette = Image.new("P", (20, 10), 1)
    palette.putpalette([255, 0, 0, 0, 0, 0])
    palette.paste(0, (0, 0, 10, 10))
    clear = Image.new("RGBA", (20, 10), (0, 0, 0, 0))
    clear.paste((*RED, 255), (0, 0, 10, 10))
    for content in (
        saved(palette, "PNG", transparency=1),
        saved(palette, "GIF", transparency=1),
        saved(clear, "PNG"),
    ):
        picture = loaded(content)
        paper = opened(picture.as_jpeg(95))
        assert near(paper.getpixel((2, 5)), RED) and near(paper.getpixel((17, 5)), WHITE)
        for format_ in ("PNG", "WEBP"):
            drawing = opened(picture.as_drawing(format_)).convert("RGBA")
            assert drawing.getpixel((17, 5))[3] == 0 and drawing.getpixel((2, 5))[3] == 255


# --- Nothing beside the pixels --------------------------------------------------------------------------


def marked(format_: str) -> bytes:
    """A picture with everything that a phone or a program writes next to the pixels."""
    block = Image.Exif()
    block[0x010E] = block[0x010F] = block[0x9286] = CANARY.decode()
    block.get_ifd(0x8825).update({1: "N", 2: (18.0, 20.0, 30.0), 29: CANARY.decode()})
    options: dict[str, Any] = {"exif": block, "xmp": b"<x:xmpmeta>" + CANARY + b"</x:xmpmeta>"}
    if format_ == "GIF":
        return gif_with_comment(frames=3)
    if format_ == "PNG":
        return png_with(png_chunk(b"tEXt", b"Comment\0" + CANARY), png_chunk(b"prVt", CANARY)) + CANARY
    if format_ == "JPEG":
        options |= {"comment": CANARY, "icc_profile": CANARY * 20}
    if format_ == "MPO":
        second = Image.new("RGB", (60, 40), "green")
        options = {"exif": block, "save_all": True, "append_images": [second]}
    return saved(halves(), format_, **options) + CANARY


@pytest.mark.parametrize("format_", ["JPEG", "MPO", "PNG", "WEBP", "GIF", "HEIF", "AVIF"])
def test_nothing_of_the_file_is_left_but_its_pixels(format_: str) -> None:
    content = marked(format_)
    assert CANARY in content
    picture = loaded(content)
    for made in (picture.as_jpeg(90), picture.as_drawing("PNG"), picture.as_drawing("WEBP")):
        assert CANARY not in made
        seen = opened(made)
        assert is_as_drawn(seen)
        beside = {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "loop",
            "background",
            "duration",
            "timestamp",
        }
        assert set(seen.info) <= beside and not seen.getexif()
        assert getattr(seen, "n_frames", 1) == 1


@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt", b"iTXt"])
@pytest.mark.parametrize("last", [False, True])
def test_a_long_text_beside_the_picture_costs_nothing(kind: bytes, last: bool) -> None:
    assert is_as_drawn(shown(png_with(long_text(kind), last=last)))


def test_seventy_megabytes_of_text_cost_nothing_either() -> None:
    assert is_as_drawn(shown(png_with(*[long_text(length=900_000)] * 80)))


def test_a_broken_chunk_beside_the_picture_costs_nothing() -> None:
    broken = png_chunk(b"zTXt", b"History\0\0nonsense"), png_chunk(b"iCCP", b"x\0\0nonsense")
    assert is_as_drawn(shown(png_with(*broken, png_chunk(b"eXIf", b"nonsense"), png_chunk(b"tIME", b"x"))))


def test_a_png_turned_by_exif_and_with_a_text_of_ordinary_length_stands_upright() -> None:
    turned = png_chunk(b"eXIf", exif(orientation(6))[6:])
    assert is_upright(shown(png_with(turned, png_chunk(b"tEXt", b"Comment\0x"))))


# --- What cannot be shown -------------------------------------------------------------------------------


def test_of_a_jpeg_cut_off_comes_what_there_is() -> None:
    content = saved(Image.effect_noise((200, 300), 1).convert("RGB"), "JPEG", quality=90)
    picture = loaded(content[: len(content) * 2 // 3])
    assert not picture.complete and picture.pixels.size == (200, 300)
    assert near(picture.pixels.getpixel((100, 20)), GREY)
    assert loaded(content).complete


@pytest.mark.parametrize(
    "content",
    [
        saved(halves((600, 400)), "JPEG")[:100],
        saved(Image.effect_noise((200, 200), 90).convert("RGB"), "PNG")[:5000],
        saved(Image.effect_noise((200, 200), 90).convert("RGB"), "HEIF")[:-2000],
        saved(Image.effect_noise((200, 200), 90).convert("RGB"), "AVIF")[:-2000],
    ],
)
def test_what_is_cut_off_is_called_incomplete(content: bytes) -> None:
    assert problem_of(content) == Problem.INCOMPLETE


@pytest.mark.parametrize(
    "content", [b"", b"\0", b"%PDF-1.7", b"<svg/>", saved(halves(), "TIFF"), saved(halves(), "BMP")]
)
def test_what_no_decoder_here_reads_is_called_unreadable(content: bytes) -> None:
    assert problem_of(content) == Problem.UNREADABLE


def test_only_the_decoders_that_are_named_read_a_file() -> None:
    with pytest.raises(PictureError):
        loaded(saved(halves(), "GIF"), formats=["JPEG", "WEBP"])


@pytest.mark.parametrize("side", [7072, 9500, 60_000, 2_000_000])
@pytest.mark.parametrize("text", [b"", long_text()])
def test_more_than_fifty_megapixels_are_never_decoded(
    side: int, text: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[str] = []
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda *args: decoded.append("loaded"))
    assert problem_of(bomb(side, side, text)) == Problem.TOO_MANY_PIXELS
    assert decoded == []


def test_fifty_megapixels_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_PIXELS", 60 * 40)
    assert is_as_drawn(shown(saved(halves((60, 40)), "JPEG")))
    assert problem_of(saved(halves((61, 40)), "JPEG")) == Problem.TOO_MANY_PIXELS
