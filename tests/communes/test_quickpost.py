"""A quick post from a phone: what it makes, that it is made once, that nothing typed is lost, who may not."""

import datetime
import io
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.client import encode_multipart
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from wagtail.images import get_image_model
from wagtail.models import Collection

from communes.groups import SHARED_COLLECTION
from communes.models import CommunePage, Membership, NewsPage
from tests.communes.posts import drawn_now, queries_of
from tests.communes.quickposts import (
    BY_SCRIPT,
    TITLE,
    WRITE,
    edit,
    only_post,
    photo,
    posts,
    sent,
    typed,
    waits,
)
from tests.communes.test_approval import decide, logged_in, news_of
from tests.kept_forms import kept
from tests.tipform.officers import log_in

pytestmark = pytest.mark.django_db


def test_a_post_with_photos_is_submitted_and_approved_by_somebody_else(
    client: Client, commune: CommunePage, editor: Any, unit_editor: Any, other_editor: Any
) -> None:
    data = typed(photos=[photo(), photo("2.jpg")], alt=["Người lạ ở cổng", "Biên lai giả"], urgent="on")
    response = logged_in(editor).post(WRITE, data)
    post = only_post()
    assert response.headers["Location"] == sent(post)
    assert waits(post) and not post.live
    assert (post.owner, post.kind, post.urgent) == (editor, "warning", True)
    assert post.get_parent().pk == news_of(commune).pk
    assert post.summary == "Không đưa tiền cho người lạ."
    assert post.image_alt == "Người lạ ở cổng"
    assert [block.block_type for block in post.body] == ["paragraph", "picture"]
    assert '<a href="tel:02390000113">0239 000 0113</a>' in post.body[0].value.source
    assert "<ul><li>Ghi lại biển số</li><li>Báo trực ban</li></ul>" in post.body[0].value.source
    assert post.body[1].value["image"].contextual_alt_text == "Biên lai giả"
    own = Collection.objects.get(name=commune.unit.qualified_name)
    assert {image.collection for image in get_image_model().objects.all()} == {own}

    assert client.get(post.get_url()).status_code == 404
    decide(logged_in(other_editor), post)
    assert not only_post().live
    decide(logged_in(unit_editor), post)
    page = client.get(post.get_url()).content.decode()
    assert TITLE in page and "Biên lai giả" in page


def test_the_stored_photo_is_upright_and_knows_nothing_of_where_it_was_taken(editor: Any) -> None:
    logged_in(editor).post(WRITE, typed(photos=[photo(turned=True)], alt=["Cổng làng"]))
    image = get_image_model().objects.get()
    stored = Path(image.file.path).read_bytes()
    assert b"Hang-May-Anh" not in stored and b"Loi-Ghi-Kin" not in stored and b"Exif" not in stored
    picture = Image.open(io.BytesIO(stored))
    assert not picture.getexif() and picture.size == (40, 60)
    red, _green, blue = picture.getpixel((20, 5))  # what was on the left is now at the top
    assert red > 150 > blue
    assert "IMG_1" not in image.file.name
    assert (image.width, image.height) == (40, 60)


def test_the_librarys_own_upload_keeps_no_place_either(commune: CommunePage, editor: Any) -> None:
    collection = Collection.objects.get(name=commune.unit.qualified_name)
    url = reverse("wagtailimages:add")
    logged_in(editor).post(url, {"title": "Ảnh", "file": photo(turned=True), "collection": collection.pk})
    image = get_image_model().objects.get()
    stored = Path(image.file.path).read_bytes()
    assert b"Hang-May-Anh" not in stored and b"Exif" not in stored
    assert (image.width, image.height) == (40, 60)
    assert image.file_size == len(stored)


@pytest.mark.parametrize("format_", ["PNG", "WEBP", "GIF", "HEIF", "AVIF"])
def test_other_formats_become_jpegs(editor: Any, format_: str) -> None:
    content = io.BytesIO()
    Image.new("RGB", (3000, 30), "green").save(content, format_)
    upload = SimpleUploadedFile(f"a.{format_.lower()}", content.getvalue())
    logged_in(editor).post(WRITE, typed(photos=[upload], alt=["Lá cờ"]))
    image = get_image_model().objects.get()
    assert Image.open(image.file.path).format == "JPEG"
    assert image.width == 2560


@pytest.mark.parametrize("content", [b"", b"khong phai anh", b"\x89PNG\r\n\x1a\n" + bytes(50)])
def test_what_is_no_photo_is_said_in_words_and_the_text_stays(editor: Any, content: bytes) -> None:
    upload = SimpleUploadedFile("thu.docx", content)
    response = logged_in(editor).post(WRITE, typed(photos=[photo(), upload]))
    page = response.content.decode()
    assert response.status_code == 422
    assert "thu.docx" in page or not content
    assert TITLE in page and "Báo trực ban" in page and "Xin chọn lại ảnh" in page
    assert not posts().exists() and not get_image_model().objects.exists()


def test_ten_photos_are_taken_and_an_eleventh_is_refused_in_words(editor: Any) -> None:
    client = logged_in(editor)
    client.post(WRITE, typed(photos=[photo() for _ in range(10)], alt=["Ảnh"] * 10))
    assert get_image_model().objects.count() == 10
    response = client.post(WRITE, typed(photos=[photo() for _ in range(11)]))
    assert response.status_code in (413, 422)
    assert TITLE in response.content.decode()
    assert posts().count() == 1


def test_a_second_click_makes_no_second_post(editor: Any) -> None:
    client, data = logged_in(editor), typed(alt=["Cổng"])
    first = client.post(WRITE, {**data, "photos": [photo()]})
    second = client.post(WRITE, {**data, "photos": [photo()]})
    assert first.headers["Location"] == second.headers["Location"]
    assert posts().count() == 1 and get_image_model().objects.count() == 1


def test_words_changed_after_a_lost_answer_are_given_back_not_dropped(editor: Any) -> None:
    client, data = logged_in(editor), typed()
    client.post(WRITE, data)
    response = client.post(WRITE, {**data, "text": "Chữ sửa sau khi mất mạng"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "Chữ sửa sau khi mất mạng" in page and sent(only_post()) in page
    answer = client.post(WRITE, {**data, "text": "Chữ sửa"}, **BY_SCRIPT)
    assert (answer.status_code, answer.json()["link"]) == (409, sent(only_post()))


@pytest.mark.parametrize("changed", ["another photo", "one more", "none", "other words for it"])
def test_photos_changed_after_a_lost_answer_are_told_apart_from_a_second_click(
    changed: str, editor: Any
) -> None:
    client, data = logged_in(editor), typed(alt=["Cổng"])
    client.post(WRITE, {**data, "photos": [photo()]})
    more: dict[str, Any] = {
        "another photo": {"photos": [photo(size=(61, 40))]},
        "one more": {"photos": [photo(), photo("2.jpg", (61, 40))]},
        "none": {},
        "other words for it": {"photos": [photo()], "alt": ["Cổng chợ"]},
    }[changed]
    response = client.post(WRITE, {**data, **more})
    assert response.status_code == 409
    assert TITLE in response.content.decode() and sent(only_post()) in response.content.decode()


def test_the_same_words_for_another_commune_are_not_taken_for_a_second_click(
    editor: Any, other_commune: CommunePage
) -> None:
    Membership.objects.create(user=editor, unit=other_commune.unit, role="editor")
    here = Membership.objects.exclude(unit=other_commune.unit).get(user=editor).unit
    client, data = logged_in(editor), typed(place=str(here.pk))
    client.post(WRITE, data)
    response = client.post(WRITE, {**data, "place": str(other_commune.unit.pk)})
    assert response.status_code == 409
    assert TITLE in response.content.decode()


def test_the_same_nonce_of_another_user_is_another_post(editor: Any, other_editor: Any) -> None:
    data = typed()
    logged_in(editor).post(WRITE, data)
    logged_in(other_editor).post(WRITE, data)
    assert {post.owner for post in posts()} == {editor, other_editor}


def test_a_failure_leaves_neither_post_nor_photo_nor_file(
    editor: Any, monkeypatch: pytest.MonkeyPatch, own_files: Path
) -> None:
    stored: list[Path] = []

    def broken(*args: Any, **kwargs: Any) -> None:
        stored.extend(path for path in own_files.rglob("*") if path.is_file())
        raise OSError("disk full")

    monkeypatch.setattr(NewsPage, "save_revision", broken)
    with pytest.raises(OSError, match="disk full"):
        logged_in(editor).post(WRITE, typed(photos=[photo()], alt=["Cổng"]))
    assert not posts().exists() and not get_image_model().objects.exists()
    assert stored
    assert not [path for path in own_files.rglob("*") if path.is_file()]


def test_a_draft_is_kept_changed_and_submitted(
    editor: Any, unit_editor: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = logged_in(editor)
    client.post(WRITE, typed(act="draft", photos=[photo(), photo()], alt=["Một", "Hai"]))
    post = only_post()
    assert not waits(post)
    assert "Đã lưu nháp" in client.get(sent(post)).content.decode()
    page = client.get(edit(post)).content.decode()
    assert TITLE in page and "- Ghi lại biển số" in page
    first, second = get_image_model().objects.order_by("pk")
    data = typed(title="Tiêu đề mới", photos=[photo()], alt=["Ba"])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            edit(post), {**data, **drawn_now(post), f"drop-{first.pk}": "on", f"alt-{second.pk}": "Hai sửa"}
        )
    post.refresh_from_db()
    assert (post.title, post.image, post.image_alt) == ("Tiêu đề mới", second, "Hai sửa")
    assert waits(post)
    # Taken out of the post, not out of the library.
    assert Path(get_image_model().objects.get(pk=first.pk).file.path).exists()

    decide(logged_in(unit_editor), post, "reject")
    assert "Bà con cần biết số máy." in client.get(sent(post)).content.decode()
    client.post(edit(post), typed(title="Đã thêm số máy") | drawn_now(post))
    assert waits(post)


def test_a_post_that_waits_is_taken_back_and_changed(editor: Any, other_editor: Any) -> None:
    client = logged_in(editor)
    client.post(WRITE, typed())
    post = only_post()
    assert client.get(edit(post)).headers["Location"] == sent(post)
    withdraw = reverse("quick_post:withdraw", args=[post.pk])
    assert client.get(withdraw).status_code == 405
    assert logged_in(other_editor).post(withdraw).status_code == 404
    assert waits(post)
    assert client.post(withdraw).headers["Location"] == edit(post)
    assert not waits(post)
    assert client.post(withdraw).headers["Location"] == sent(post)


def test_a_post_with_more_than_lines_opens_in_the_full_editor(editor: Any) -> None:
    client = logged_in(editor)
    client.post(WRITE, typed(act="draft"))
    post = only_post()
    post.body.append(("heading", "Tiêu đề nhỏ"))
    post.save_revision()
    assert client.get(edit(post)).headers["Location"] == reverse("wagtailadmin_pages:edit", args=[post.pk])


def test_a_post_whose_summary_was_written_by_hand_opens_in_the_full_editor(editor: Any) -> None:
    client = logged_in(editor)
    client.post(WRITE, typed(act="draft"))
    post = only_post()
    post.summary = "Thu tiền tận nhà là lừa đảo."
    post.save_revision()
    assert client.get(edit(post)).headers["Location"] == reverse("wagtailadmin_pages:edit", args=[post.pk])
    client.post(edit(post), typed() | drawn_now(post))
    assert only_post().get_latest_revision_as_object().summary == "Thu tiền tận nhà là lừa đảo."


def test_a_post_that_was_sent_back_opens_on_the_screen_it_was_written_on_and_says_why(
    editor: Any, unit_editor: Any
) -> None:
    client = logged_in(editor)
    client.post(WRITE, typed())
    post = only_post()
    assert f'href="{edit(post)}"' in _first_page(client)  # leads on to how it stands
    decide(logged_in(unit_editor), post, "reject")
    assert f'href="{edit(post)}"' in _first_page(client)
    page = client.get(edit(post)).content.decode()
    assert "Bà con cần biết số máy." in page and TITLE in page
    client.post(edit(post), typed(text="Gọi 0239 000 0113.") | drawn_now(post))
    assert waits(post)


def test_a_draft_opens_on_the_screen_it_was_written_on_and_a_live_post_in_the_full_editor(
    editor: Any, unit_editor: Any
) -> None:
    client = logged_in(editor)
    client.post(WRITE, typed(act="draft"))
    post = only_post()
    assert f'href="{edit(post)}"' in _first_page(client)
    client.post(edit(post), typed() | drawn_now(post))
    decide(logged_in(unit_editor), post)
    page = _first_page(client)
    assert f'href="{edit(post)}"' not in page
    assert f'href="{reverse("wagtailadmin_pages:edit", args=[post.pk])}"' in page


def test_a_colleagues_post_that_was_sent_back_opens_in_the_full_editor(
    editor: Any, commune: CommunePage, unit_editor: Any, superuser: Any
) -> None:
    logged_in(editor).post(WRITE, typed())
    post = only_post()
    decide(logged_in(unit_editor), post, "reject")
    Membership.objects.create(user=superuser, unit=commune.unit, role="editor")
    assert f'href="{reverse("wagtailadmin_pages:edit", args=[post.pk])}"' in _first_page(logged_in(superuser))


def test_the_first_page_takes_as_many_queries_for_two_drafts_with_photos_as_for_one(editor: Any) -> None:
    client, first_page = logged_in(editor), reverse("wagtailadmin_home")

    def another_draft() -> int:
        client.post(WRITE, typed(act="draft", photos=[photo(), photo()]))
        return queries_of(client, first_page)

    assert another_draft() == another_draft()


def _first_page(client: Client) -> str:
    return client.get(reverse("wagtailadmin_home")).content.decode()


# --- The summary ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Không đưa tiền cho người lạ. Gọi trực ban.",
        "Không đưa tiền cho người lạ.",
        "- Không đưa tiền cho người lạ\n- Gọi trực ban",
        "Gọi 0239 000 0113 ngay. Không đưa tiền.",
        "Người lạ < 30 tuổi & đi xe máy. Gọi trực ban.",
        "từ ngữ " * 200,
    ],
)
def test_the_page_says_the_first_sentence_once(
    client: Client, editor: Any, unit_editor: Any, text: str
) -> None:
    logged_in(editor).post(WRITE, typed(text=text))
    decide(logged_in(unit_editor), only_post())
    post = only_post()
    page = client.get(post.get_url()).content.decode()
    assert '<p class="lead">' not in page
    assert post.summary


def test_a_summary_in_words_of_its_own_stands_above_the_text(
    client: Client, editor: Any, unit_editor: Any
) -> None:
    logged_in(editor).post(WRITE, typed())
    decide(logged_in(unit_editor), only_post())
    post = only_post()
    post.summary = "Thu tiền tận nhà là lừa đảo."
    post.save_revision().publish()
    assert f'<p class="lead">{post.summary}</p>' in client.get(post.get_url()).content.decode()


# --- Warnings ---------------------------------------------------------------------------------------------


def test_without_scripts_a_post_with_warnings_is_kept_and_shown_them(editor: Any) -> None:
    client = logged_in(editor)
    data = typed(text="Gửi CCCD 042090123456 cho kẻ lạ.", photos=[photo()])
    response = client.post(WRITE, data)
    post = only_post()
    assert not waits(post)
    assert response.headers["Location"] == f"{edit(post)}?review=1"
    page = client.get(response.headers["Location"]).content.decode()
    assert "Xem lại trước khi gửi duyệt" in page and "042090123456" in page
    assert "người không nhìn được" in page  # the photo has no words
    client.post(edit(post), {**data, **drawn_now(post), "confirmed": "1", "photos": []})
    assert waits(post)
    assert get_image_model().objects.count() == 1


def test_a_second_click_on_a_post_with_warnings_shows_them_too(editor: Any) -> None:
    client, data = logged_in(editor), typed(title="THÔNG BÁO KHẨN CẤP")
    first, second = client.post(WRITE, data), client.post(WRITE, data)
    assert first.headers["Location"] == second.headers["Location"] == f"{edit(only_post())}?review=1"


def test_the_script_asks_for_warnings_with_words_alone(editor: Any, officer: Any) -> None:
    check = reverse("quick_post:check")
    data = {"title": "THÔNG BÁO KHẨN CẤP", "text": "STK 0123456789012", "alt": ["", "Cổng làng"]}
    found = logged_in(editor).post(check, data).json()["warnings"]
    assert [(warning["code"], warning["where"]) for warning in found] == [
        ("capitals", "Tiêu đề"),
        ("bank-account", "Nội dung"),
        ("alt-text", "Ảnh 1"),
    ]
    assert not posts().exists()
    assert logged_in(officer).post(check, data).status_code == 404


# --- Nothing typed is lost --------------------------------------------------------------------------------


def test_an_expired_log_in_gives_the_words_back(editor: Any) -> None:
    data = typed(photos=[photo()])
    client = log_in(editor)
    Session.objects.all().delete()
    response = client.post(WRITE, data)
    page = response.content.decode()
    assert response.status_code == 401
    assert kept(page).items() >= {name: data[name] for name in ("title", "text", "nonce", "act")}.items()
    assert "Đăng nhập lại ở thẻ mới" in page and "Xin chọn lại ảnh" in page
    assert not posts().exists()
    answer = Client().post(WRITE, typed(), **BY_SCRIPT)
    assert (answer.status_code, answer.json()["log_in"]) == (401, "/accounts/login/?next=/admin/quick-post/")
    assert Client().get(WRITE).headers["Location"] == "/accounts/login/?next=/admin/quick-post/"


def test_a_stale_form_gives_the_words_back_and_a_new_token(editor: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    response = client.post(WRITE, typed(csrfmiddlewaretoken="x" * 64))
    assert response.status_code == 403
    assert TITLE in response.content.decode()
    token = client.post(WRITE, typed(), **BY_SCRIPT).json()["csrf"]
    client.post(WRITE, typed(csrfmiddlewaretoken=token))
    assert waits(only_post())


def test_a_body_that_breaks_off_gives_the_words_back(editor: Any) -> None:
    client, kind = logged_in(editor), "multipart/form-data; boundary=ranh"
    whole = encode_multipart("ranh", typed(photos=[photo(size=(900, 900))]))
    response = client.generic("POST", WRITE, whole[:-200], content_type=kind)
    assert response.status_code == 400
    assert TITLE in response.content.decode()
    assert not posts().exists()


@pytest.mark.parametrize(
    "values",
    [
        {"title": ""},
        {"title": "x" * 151},
        {"title": "Có ký tự\x00lạ"},
        {"text": "x" * 10_001},
        {"kind": "khac"},
        {"nonce": "khong-phai-ma"},
        {"place": "999999"},
    ],
)
def test_bad_input_is_answered_with_the_form(editor: Any, values: dict[str, Any]) -> None:
    response = logged_in(editor).post(WRITE, typed(**values))
    assert response.status_code == 422
    assert "Báo trực ban" in response.content.decode() or "text" in values
    assert not posts().exists()


# --- Who may ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["officer", "superuser"])
def test_who_edits_for_no_unit_finds_no_entry(who: str, request: pytest.FixtureRequest) -> None:
    client = logged_in(request.getfixturevalue(who))
    assert client.get(WRITE).status_code == 404
    assert client.post(WRITE, typed()).status_code == 409  # what he typed comes back
    assert "quick-post" not in client.get(reverse("wagtailadmin_home")).content.decode()
    assert not posts().exists()


def test_an_editor_whose_time_is_over_stores_nothing(editor: Any) -> None:
    Membership.objects.filter(user=editor).update(until=datetime.date(2020, 1, 1))
    assert logged_in(editor).get(WRITE).status_code in (302, 404)
    assert logged_in(editor).post(WRITE, typed()).status_code == 409  # what he typed comes back
    assert not posts().exists()


@pytest.mark.parametrize("who", ["other_editor", "officer", "unit_editor", "second_unit_editor"])
def test_nobody_else_sees_or_changes_a_post(who: str, request: pytest.FixtureRequest, editor: Any) -> None:
    logged_in(editor).post(WRITE, typed(act="draft"))
    post = only_post()
    client = logged_in(request.getfixturevalue(who))
    answers = [
        client.get(edit(post)),
        client.get(sent(post)),
        client.get(reverse("quick_post:share", args=[post.pk])),
        client.post(reverse("quick_post:withdraw", args=[post.pk])),
        client.post(edit(post), typed(title="Sửa trộm")),
    ]
    # To the last one what he typed himself comes back.
    assert [answer.status_code for answer in answers] == [404, 404, 404, 404, 409]
    for answer in answers:
        assert TITLE not in answer.content.decode()
    assert only_post().title == TITLE


def test_a_colleague_of_the_commune_changes_a_post_in_the_full_editor_only(
    commune: CommunePage, editor: Any, superuser: Any
) -> None:
    logged_in(editor).post(WRITE, typed(act="draft"))
    post = only_post()
    Membership.objects.create(user=superuser, unit=commune.unit, role="editor")
    colleague = logged_in(superuser)
    assert colleague.get(edit(post)).status_code == 404
    assert colleague.post(edit(post), typed(title="Sửa hộ")).status_code == 409
    assert only_post().title == TITLE


def test_another_communes_ids_change_nothing(editor: Any, other_editor: Any, other_commune: Any) -> None:
    logged_in(other_editor).post(WRITE, typed(photos=[photo()], alt=["Của xã khác"], act="draft"))
    foreign = get_image_model().objects.get()
    client = logged_in(editor)
    refused = client.post(WRITE, typed(title="Bài của tôi", place=str(other_commune.unit.pk)))
    assert refused.status_code == 422
    assert "Bài của tôi" in refused.content.decode() and "Cẩm Duệ" not in refused.content.decode()
    client.post(WRITE, typed(title="Bài của tôi", act="draft"))
    own = posts().get(owner=editor)
    client.post(edit(own), typed(**{f"alt-{foreign.pk}": "Lấy trộm", f"drop-{foreign.pk}": "on"}))
    own.refresh_from_db()
    assert own.image is None
    assert get_image_model().objects.filter(pk=foreign.pk).exists()


def test_an_editor_of_two_communes_chooses(editor: Any, commune: CommunePage, other_commune: Any) -> None:
    Membership.objects.create(user=editor, unit=other_commune.unit, role="editor")
    client = logged_in(editor)
    assert "Công an xã Cẩm Duệ" in client.get(WRITE).content.decode()
    assert client.post(WRITE, typed()).status_code == 422
    client.post(WRITE, typed(place=str(other_commune.unit.pk)))
    assert only_post().path.startswith(other_commune.path)


def test_a_unit_editor_posts_to_the_units_own_news(unit_editor: Any, second_unit_editor: Any) -> None:
    client = logged_in(unit_editor)
    client.post(WRITE, typed(photos=[photo()], alt=["Trụ sở"]))
    post = only_post()
    assert post.url_path.count("/") == 4 and waits(post)
    assert get_image_model().objects.get().collection.name == SHARED_COLLECTION
    assert "Một người duyệt bài khác" in client.get(sent(post)).content.decode()
    decide(client, post)
    assert not only_post().live
    decide(logged_in(second_unit_editor), post)
    assert only_post().live


def test_the_screen_takes_as_many_queries_for_one_commune_as_for_two(editor: Any, other_commune: Any) -> None:
    client = logged_in(editor)
    client.get(WRITE)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(WRITE).status_code == 200
        return len(captured)

    with_one = queries()
    Membership.objects.create(user=editor, unit=other_commune.unit, role="editor")
    client.get(WRITE)
    assert queries() <= with_one


# --- Sharing ----------------------------------------------------------------------------------------------


def test_a_live_post_is_shared_by_link_picture_and_words(
    editor: Any, unit_editor: Any, other_editor: Any, officer: Any
) -> None:
    client = logged_in(editor)
    client.post(WRITE, typed(photos=[photo()], alt=["Cổng làng"]))
    post = only_post()
    share = reverse("quick_post:share", args=[post.pk])
    assert client.get(share).status_code == 404
    decide(logged_in(unit_editor), post)
    page = client.get(share).content.decode()
    assert TITLE in page and post.summary in page and only_post().full_url in page
    assert '<img class="quickpost__picture"' in page
    assert share in client.get(reverse("wagtailadmin_home")).content.decode()
    assert share in client.get(sent(post)).content.decode()
    for stranger in (other_editor, officer, unit_editor):
        answer = logged_in(stranger).get(share)
        assert answer.status_code == 404
        assert TITLE not in answer.content.decode()
    assert logged_in(editor).get(reverse("quick_post:share", args=[10**9])).status_code == 404
