"""A picture that is cut for a card keeps the heads, or what its author tapped on."""

import io
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.images import get_image_model

from communes.models import CommunePage
from tests.communes.media import a_picture, collection_of, live_post
from tests.communes.posts import drawn_now, logged_in, text_of
from tests.communes.quickposts import BY_SCRIPT, WRITE, edit, only_post, photo, typed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_cuts_of_other_tests() -> None:
    """The cache knows cut pictures by the number of their original."""
    caches["renditions"].clear()


def in_the_card(image: Any, filter_: str = "fill-36x27") -> set[str]:
    """The colours of the cut picture's first and last line."""
    with Image.open(image.get_rendition(filter_).file) as opened:
        cut = opened.convert("RGB")
    named = {True: "red", False: "blue"}
    middle = cut.width // 2
    return {named[cut.getpixel((middle, y))[0] > 128] for y in (0, cut.height - 1)}


def written(user: Any, **values: Any) -> Any:
    """The draft of a post with these photos, by a quick post."""
    logged_in(user).post(WRITE, typed(act="draft", **values), **BY_SCRIPT)
    return only_post()


def stored(user: Any, *photos: Any) -> Any:
    return written(user, photos=list(photos), alt=["Người"] * len(photos)).image


@pytest.mark.parametrize("filter_", ["fill-36x27", "fill-120x63"])
def test_an_upright_photo_is_cut_below_the_heads(filter_: str, editor: Any) -> None:
    # Turned as its Exif says, its upper half is red.
    image = stored(editor, photo(size=(90, 60), turned=True))
    assert (image.width, image.height) == (60, 90)
    assert in_the_card(image, filter_) == {"red"}


@pytest.mark.parametrize(
    ("size", "turned", "upright"),
    [
        ((60, 40), True, True),
        ((40, 60), False, True),
        ((40, 60), True, False),
        ((60, 40), False, False),
        ((60, 60), False, False),
        ((60, 61), False, True),
    ],
)
def test_whether_a_photo_is_upright_is_judged_after_turning(
    size: tuple[int, int], turned: bool, upright: bool, editor: Any
) -> None:
    assert stored(editor, photo(size=size, turned=turned)).has_focal_point() is upright


def test_the_librarys_own_upload_does_the_same(commune: CommunePage, editor: Any) -> None:
    data = {
        "title": "Người",
        "file": photo(size=(90, 60), turned=True),
        "collection": collection_of(commune).pk,
    }
    logged_in(editor).post(reverse("wagtailimages:add"), data)
    assert in_the_card(get_image_model().objects.get()) == {"red"}


def test_what_somebody_chose_in_the_library_is_kept(commune: CommunePage, editor: Any) -> None:
    data = {
        "title": "Người",
        "file": photo(size=(90, 60), turned=True),
        "collection": collection_of(commune).pk,
        "focal_point_x": 30,
        "focal_point_y": 80,
        "focal_point_width": 10,
        "focal_point_height": 10,
    }
    logged_in(editor).post(reverse("wagtailimages:add"), data)
    assert get_image_model().objects.get().focal_point_y == 80


def test_a_tap_says_what_stays_and_the_next_tap_cuts_it_anew(editor: Any) -> None:
    post = written(editor, photos=[photo(size=(90, 60), turned=True)], alt=["Người"], focus=["50 100"])
    assert in_the_card(post.image) == {"blue"}
    pk = post.image.pk
    change = typed(act="draft", **{f"alt-{pk}": "Người", f"focus-{pk}": "50 0"})
    assert logged_in(editor).post(edit(post), change | drawn_now(post)).status_code == 302
    assert in_the_card(only_post().image) == {"red"}


@pytest.mark.parametrize("focus", ["", "50", "a b", "-1 50", "1e1 5", "50 50 50", "٥٠"])
def test_a_tap_that_is_none_leaves_the_usual_cut(focus: str, editor: Any) -> None:
    post = written(editor, photos=[photo(size=(90, 60), turned=True)], alt=["Người"], focus=[focus])
    assert in_the_card(post.image) == {"red"}


def test_another_photo_in_its_place_is_cut_as_a_new_one(editor: Any) -> None:
    post = written(editor, photos=[photo(size=(90, 60), turned=True)], alt=["Người"], focus=["50 100"])
    old = post.image.pk
    change = typed(act="draft", photos=[photo(size=(96, 64), turned=True)], alt=["Người"])
    logged_in(editor).post(
        edit(post), change | drawn_now(post) | {f"drop-{old}": "on", f"focus-{old}": "50 100"}
    )
    image = only_post().image
    assert image.pk != old
    assert in_the_card(image) == {"red"}


def test_a_second_press_with_another_tap_is_no_second_press(editor: Any) -> None:
    values = typed(act="draft", alt=["Người"])
    client = logged_in(editor)
    statuses = []
    for focus in ("50 10", "50 10", "50 100"):
        sent = values | {"photos": [photo(size=(90, 60), turned=True)], "focus": [focus]}
        statuses.append(client.post(WRITE, sent, **BY_SCRIPT).status_code)
    assert statuses == [200, 200, 409]


def test_a_photo_that_another_post_shows_is_not_cut_anew_and_no_word_is_lost(
    commune: CommunePage, editor: Any
) -> None:
    post = written(editor, photos=[photo(size=(90, 60), turned=True)], alt=["Người"])
    image = post.image
    live_post(commune, image)
    change = typed(act="draft", title="Tiêu đề mới đây", **{f"focus-{image.pk}": "50 100"})
    page = logged_in(editor).post(edit(post), change | drawn_now(post))
    assert page.status_code == 409
    assert "không đổi được chỗ phải thấy rõ" in text_of(page)
    assert "Tiêu đề mới đây" in text_of(page)
    assert in_the_card(get_image_model().objects.get(pk=image.pk)) == {"red"}


def test_a_picture_of_somebody_else_is_cut_as_its_keepers_say(commune: CommunePage, editor: Any) -> None:
    post = written(editor)
    picture = a_picture(commune)
    post.image, post.image_alt = picture, "Sông"
    post.save_revision()
    page = text_of(logged_in(editor).get(edit(post)))
    assert f'data-saved="{picture.pk}"' not in page
    change = typed(act="draft", **{f"alt-{picture.pk}": "Sông", f"focus-{picture.pk}": "10 10"})
    assert logged_in(editor).post(edit(post), change | drawn_now(post)).status_code == 302
    assert not get_image_model().objects.get(pk=picture.pk).has_focal_point()


def test_the_screen_shows_the_card_as_it_is_stored_without_scripts(editor: Any) -> None:
    post = written(editor, photos=[photo()], alt=["Người"], text="Một câu đủ dài để đọc. Câu hai.")
    page = text_of(logged_in(editor).get(edit(post)))
    card = page.partition("data-preview")[2].partition("</section>")[0]
    assert not card.startswith(" hidden")
    assert post.title in card
    assert "Một câu đủ dài để đọc." in card
    assert "Câu hai" not in card
    assert post.image.get_rendition("fill-720x540|format-webp").url in card


def test_the_scripts_card_has_the_summary_that_will_be_stored(editor: Any) -> None:
    words = {"title": "Tin mới", "text": "Công an TP. Hà Tĩnh báo tin lũ về. Câu hai."}
    answer = logged_in(editor).post("/admin/quick-post/check/", words).json()
    assert answer["summary"] == "Công an TP. Hà Tĩnh báo tin lũ về."
    assert (
        logged_in(editor).post("/admin/quick-post/check/", words | {"text": ""}).json()["summary"]
        == "Tin mới"
    )


def test_a_picture_made_by_code_is_cut_below_the_heads_too(commune: CommunePage) -> None:
    content = io.BytesIO()
    Image.new("RGB", (30, 60), "red").save(content, "PNG")
    file = SimpleUploadedFile("a.png", content.getvalue(), "image/png")
    image = get_image_model().objects.create(title="Người", file=file, collection=collection_of(commune))
    assert (image.focal_point_x, image.focal_point_y) == (15, 10)
