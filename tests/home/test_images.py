"""Pictures in the library and in posts: every way in is the same, and what comes in is pixels alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.images import get_image_model
from wagtail.models import Collection, UploadedFile

from communes.models import CommunePage
from tests.communes.quickposts import WRITE, typed
from tests.pictures import (
    BLUE,
    CANARY,
    RED,
    bomb,
    exif,
    gif_with_comment,
    halves,
    long_text,
    near,
    opened,
    orientation,
    png_with,
    saved,
    swapped_profile,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning"),
]

Sender = Callable[[bytes, str], str]
TURNED = exif(orientation(6), (0x011A, 2, 3, b"72\0"))


@pytest.fixture
def client(client: Client, commune: CommunePage, editor: Any) -> Client:
    client.force_login(editor)
    return client


def collection() -> str:
    return str(Collection.objects.get(name__contains="Cẩm Trung").pk)


def one(client: Client, content: bytes, name: str) -> str:
    sent = {"title": "Cầu", "file": SimpleUploadedFile(name, content), "collection": collection()}
    return client.post(reverse("wagtailimages:add"), sent).content.decode()


def many(client: Client, content: bytes, name: str) -> str:
    sent = {"title": "Cầu", "files[]": SimpleUploadedFile(name, content), "collection": collection()}
    by_script = {"x-requested-with": "XMLHttpRequest"}
    answer = client.post(reverse("wagtailimages:add_multiple"), sent, headers=by_script).json()
    return answer.get("error_message", "")


def chosen(client: Client, content: bytes, name: str) -> str:
    upload = SimpleUploadedFile(name, content)
    sent = {
        "image-chooser-upload-title": "Cầu",
        "image-chooser-upload-file": upload,
        "image-chooser-upload-collection": collection(),
    }
    return client.post(reverse("wagtailimages_chooser:create"), sent).json().get("htmlFragment", "")


def quick_post(client: Client, content: bytes, name: str) -> str:
    sent = typed(photos=[SimpleUploadedFile(name, content)], alt=["Cầu"])
    return client.post(WRITE, sent).content.decode()


@pytest.fixture(params=[one, many, chosen, quick_post], ids=["one", "many", "chooser", "quick post"])
def send(request: pytest.FixtureRequest, client: Client) -> Sender:
    """Send a picture by one of the ways in; what the page answers."""
    return lambda content, name: request.param(client, content, name)


def stored() -> bytes:
    with get_image_model().objects.get().file.open() as file:
        return bytes(file.read())


def colour_at(picture: Image.Image, x: float, y: float) -> Any:
    return picture.convert("RGB").getpixel((int(picture.width * x), int(picture.height * y)))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("two-frames.jpg", saved(halves(), "MPO", save_all=True, append_images=[Image.new("RGB", (9, 9))])),
        ("long-text.png", png_with(long_text())),
        ("comment.gif", gif_with_comment()),
        ("moves.gif", gif_with_comment(frames=3)),
        ("moves.webp", saved(halves(), "WEBP", save_all=True, append_images=[Image.new("RGB", (60, 40))])),
        ("phone.heic", saved(halves(), "HEIF")),
        ("phone.heif", saved(halves(), "HEIF")),
        ("phone.avif", saved(halves(), "AVIF")),
        # The name says one thing and the content another, as messengers leave it.
        ("sticker.jpg", saved(halves(), "WEBP")),
        ("screenshot.JPG", saved(halves(), "PNG")),
        ("from-browser.jfif", saved(halves(), "JPEG")),
        ("no-ending", saved(halves(), "JPEG")),
        ("trailing.jpg", saved(halves(), "JPEG") + CANARY),
    ],
)
def test_what_lies_beside_the_pixels_costs_no_picture(send: Sender, name: str, content: bytes) -> None:
    send(content, name)
    picture = opened(stored())
    assert near(colour_at(picture, 0.1, 0.5), RED) and near(colour_at(picture, 0.9, 0.5), BLUE)
    assert CANARY not in stored()
    assert not picture.getexif() and getattr(picture, "n_frames", 1) == 1
    image = get_image_model().objects.get()
    assert (image.width, image.height) == picture.size == (60, 40)
    assert image.file_size == len(stored())
    assert Path(image.file.name).suffix == {"JPEG": ".jpg"}.get(
        str(picture.format), f".{picture.format}".lower()
    )


def test_a_photo_with_a_malformed_tag_stands_upright(send: Sender) -> None:
    send(saved(halves(), "JPEG", exif=TURNED), "tau.jpg")
    picture = opened(stored())
    assert picture.size == (40, 60)
    assert near(colour_at(picture, 0.5, 0.1), RED) and near(colour_at(picture, 0.5, 0.9), BLUE)


def test_colours_are_those_of_the_photos_own_profile(send: Sender) -> None:
    send(saved(halves(), "JPEG", icc_profile=swapped_profile()), "tau.jpg")
    picture = opened(stored())
    assert near(colour_at(picture, 0.1, 0.5), BLUE) and near(colour_at(picture, 0.9, 0.5), RED)
    assert "icc_profile" not in picture.info


def test_a_scan_of_sixteen_bits_is_not_all_white(send: Sender) -> None:
    scan = Image.new("I;16", (256, 20))
    for x in range(256):
        for y in range(20):
            scan.putpixel((x, y), x * 257)
    send(saved(scan, "PNG"), "quet.png")
    picture = opened(stored())
    assert [colour_at(picture, x, 0.5)[0] // 32 for x in (0.02, 0.3, 0.55, 0.98)] == [0, 2, 4, 7]


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (
            saved(Image.effect_noise((600, 600), 90).convert("RGB"), "JPEG")[:-20_000],
            "tau.jpg",
            "không đầy đủ hoặc bị hỏng",
        ),
        (saved(Image.effect_noise((99, 99), 90), "PNG")[:3000], "tau.png", "không đầy đủ hoặc bị hỏng"),
        (bomb(12_000, 9000), "tau.png", "lớn hơn 50 megapixel"),
        (bomb(60_000, 60_000, long_text()), "tau.png", "50 megapixel"),
        ("chỉ là chữ".encode(), "tau.jpg", "Không đọc được ảnh"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "tau.svg", "Không đọc được ảnh"),
    ],
)
def test_what_cannot_be_shown_is_said_in_words(
    send: Sender, content: bytes, name: str, sentence: str
) -> None:
    assert sentence in send(content, name)
    assert not get_image_model().objects.exists()


def test_transparency_is_kept_in_the_library(client: Client) -> None:
    drawing = halves().convert("RGBA")
    drawing.paste((0, 0, 0, 0), (0, 0, 30, 40))
    one(client, saved(drawing, "PNG"), "con-dau.png")
    picture = opened(stored())
    assert picture.format == "PNG"
    assert picture.convert("RGBA").getpixel((5, 20))[3] == 0
    assert picture.convert("RGBA").getpixel((55, 20)) == (*BLUE, 255)


@pytest.mark.parametrize("wrong", [{"title": "x" * 300}, {"collection": "99999"}])
def test_a_picture_whose_form_is_wrong_is_put_aside_nowhere(
    client: Client, superuser: Any, wrong: dict[str, str], tmp_path: Path
) -> None:
    client.force_login(superuser)
    content = saved(halves(), "JPEG", exif=TURNED, comment=CANARY)
    sent = {"title": "Cầu", "files[]": SimpleUploadedFile("tau.jpg", content), "collection": "1", **wrong}
    by_script = {"x-requested-with": "XMLHttpRequest"}
    answer = client.post(reverse("wagtailimages:add_multiple"), sent, headers=by_script).json()
    assert not answer["success"] and "Xin chọn lại ảnh" in answer["error_message"]
    assert not UploadedFile.objects.exists() and not get_image_model().objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
