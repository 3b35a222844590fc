"""The picture that messengers show beside a link: drawn at publishing, gone when the page is taken down."""

import datetime
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageFont

from communes import link_pictures
from communes.link_pictures import draw
from communes.models import CommunePage, LinkPicture, NewsIndexPage, NewsPage
from home.text import BOTH_CASES
from home.tree import live_children

pytestmark = pytest.mark.django_db


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Any:
    """What happens inside is committed: pictures are drawn after that."""

    @contextmanager
    def inside() -> Iterator[None]:
        with django_capture_on_commit_callbacks(execute=True):
            yield

    return inside


@pytest.fixture
def post(commune: CommunePage) -> NewsPage:
    index = live_children(NewsIndexPage, commune).get()
    return index.add_child(instance=NewsPage(title="Bài cũ", summary="Một câu.", live=False))


def shown(client: Client, url: str) -> str:
    """The address of the picture that a link to this page is sent with."""
    found = re.search(
        r'property="og:image" content="http://testserver([^"]+)"', client.get(url).content.decode()
    )
    assert found
    return found[1]


def test_a_published_page_is_sent_with_its_own_picture(
    client: Client, post: NewsPage, committed: Any
) -> None:
    with committed():
        post.save_revision().publish()
    address = shown(client, post.url)
    # The shape of name that the web server in front hands out, and that nobody can guess.
    assert re.fullmatch(r"/media/images/[0-9a-f]{32}\.png", address)
    with default_storage.open(address.removeprefix("/media/")) as file, Image.open(file) as picture:
        assert picture.size == (1200, 630)
    page = client.get(post.url).content.decode()
    assert 'og:image:width" content="1200"' in page and 'og:image:height" content="630"' in page


def test_it_leaves_the_portal_as_pictures_do(client: Client, post: NewsPage, committed: Any) -> None:
    with committed():
        post.save_revision().publish()
    if settings.SERVE_MEDIA:
        assert client.get(shown(client, post.url)).headers["Content-Type"] == "image/png"


def test_a_draft_has_none_and_a_page_without_one_has_the_icon(
    client: Client, commune: CommunePage, post: NewsPage, committed: Any
) -> None:
    with committed():
        post.save_revision()
    assert not LinkPicture.objects.filter(page=post).exists()
    assert "icons/icon-512" in shown(client, "/tra-cuu/")
    LinkPicture.objects.all().delete()
    assert "icons/icon-512" in shown(client, commune.url)


def test_a_post_that_waits_for_its_hour_has_none_yet(post: NewsPage, committed: Any) -> None:
    post.go_live_at = timezone.now() + datetime.timedelta(hours=1)
    with committed():
        post.save_revision().publish()
    post.refresh_from_db()
    assert not post.live and not LinkPicture.objects.filter(page=post).exists()


def test_a_new_title_makes_a_new_picture_and_the_old_one_is_gone(
    client: Client, post: NewsPage, committed: Any
) -> None:
    with committed():
        post.save_revision().publish()
    old = LinkPicture.objects.get(page=post).file
    post.refresh_from_db()
    post.title = "Bài mới"
    with committed():
        post.save_revision().publish()
    new = LinkPicture.objects.get(page=post).file
    assert new != old and default_storage.exists(new) and not default_storage.exists(old)


@pytest.mark.parametrize("act", ["unpublish", "delete"])
def test_a_page_that_is_taken_down_takes_its_picture_with_it(
    post: NewsPage, committed: Any, act: str
) -> None:
    with committed():
        post.save_revision().publish()
    file = LinkPicture.objects.get(page=post).file
    post.refresh_from_db()
    with committed():
        getattr(post, act)()
    assert not LinkPicture.objects.filter(file=file).exists()
    assert not default_storage.exists(file)


def test_a_picture_that_cannot_be_drawn_keeps_no_post_back(
    client: Client, post: NewsPage, committed: Any, monkeypatch: Any
) -> None:
    def broken(*words: str) -> bytes:
        raise OSError

    monkeypatch.setattr(link_pictures, "draw", broken)
    with committed():
        post.save_revision().publish()
    assert client.get(post.url).status_code == 200
    assert "icons/icon-512" in shown(client, post.url)


def test_the_words_on_it_are_the_title_and_whose_page_it_is(commune: CommunePage, post: NewsPage) -> None:
    home = commune.get_parent().specific
    assert link_pictures._words_on(post) == ("Bài cũ", "Công an xã Cẩm Trung")
    assert link_pictures._words_on(commune) == ("Công an xã Cẩm Trung", "Công an huyện Cẩm Xuyên")
    assert link_pictures._words_on(home) == ("Công an huyện Cẩm Xuyên", "Kết nối An ninh")
    units = live_children(NewsIndexPage, home).get()
    assert link_pictures._words_on(units) == ("Tin tức", "Công an huyện Cẩm Xuyên")


@pytest.mark.parametrize(
    "title", ["", "Ơ", "Nghiêng " * 60, "khôngcódấucách" * 20, "Thẻ căn cước 🪪 ệ\u0323"]
)
def test_any_title_makes_a_small_picture(title: str) -> None:
    content = draw(title, "Công an xã Cẩm Trung")
    assert len(content) < 40_000
    assert Image.open(io.BytesIO(content)).size == (1200, 630)


@pytest.mark.parametrize("words", [3, 12, 20, 40, 300])
def test_a_title_stays_inside_the_picture_and_above_the_name_below_it(words: int) -> None:
    content = draw(" ".join(["Nghiêng"] * words), "Công an xã Cẩm Trung")
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    width, height = picture.size
    free = {
        "right": (width - link_pictures.MARGIN // 2, 0, width, height),  # “…” may stand in the margin
        "between": (0, height - 175, width, height - 161),
    }
    ground = picture.getpixel((0, 0))
    for name, box in free.items():
        assert set(picture.crop(box).getdata()) == {ground}, name


def test_the_font_has_every_vietnamese_letter() -> None:
    """What it lacks would be drawn as an empty box, the same for all."""
    font = ImageFont.truetype(link_pictures.FONT, 40)
    box = bytes(font.getmask("\u0f00"))
    drawn = {bytes(font.getmask(letter)) for letter in BOTH_CASES}
    assert len(drawn) == len(set(BOTH_CASES)) and box not in drawn
