"""A page deleted while somebody has it open: each of its buttons says who did it, and the work goes on."""

import json
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from communes.models import CommunePage
from tests.communes.media import live_post
from tests.communes.posts import drawn_now, logged_in, news_of, review_url, submitted, text_of
from tests.communes.quickposts import BY_SCRIPT, WRITE, edit, only_post, sent, typed
from tests.communes.test_approval import post_data

pytestmark = pytest.mark.django_db

PAGE_BUTTONS = ["edit", "delete", "unpublish", "history", "view_draft", "copy", "usage", "lock"]


def page_url(name: str, post: Page) -> str:
    return reverse(f"wagtailadmin_pages:{name}", args=[post.pk])


def delete(post: Page, by: Any) -> None:
    assert logged_in(by).post(page_url("delete", post)).status_code == 302
    assert not Page.objects.filter(pk=post.pk).exists()


def told(by: Any) -> str:
    return f"không còn nữa: {by.username} đã xóa lúc {timezone.localtime():%H:}"


def test_a_correction_of_a_deleted_post_comes_back_and_the_queue_goes_on(
    editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    post, following = submitted(editor, commune, "Bài bị xóa"), submitted(editor, commune, "Bài sau đó")
    client, url = logged_in(unit_editor), page_url("edit", post)
    data = {**post_data("workflow-action", title="Bài đã sửa kỹ"), "workflow-action-name": "approve"}
    assert client.get(url).status_code == 200
    delete(post, editor)
    response = client.post(f"{url}?next={reverse('approval:next')}", data)
    assert response.status_code == 409
    page = text_of(response)
    assert told(editor) in page
    assert "Bài đã sửa kỹ" in page
    assert f'href="{reverse("approval:next")}"' in page
    assert client.get(reverse("approval:next")).url == review_url(following)


@pytest.mark.parametrize("name", PAGE_BUTTONS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_button_of_a_deleted_post_says_so_and_opens_the_next(
    method: str, name: str, editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    post, following = submitted(editor, commune, "Bài bị xóa"), submitted(editor, commune, "Bài sau đó")
    delete(post, editor)
    response = getattr(logged_in(unit_editor), method)(page_url(name, post), follow=True)
    assert response.status_code == 200
    assert told(editor) in text_of(response)
    assert response.redirect_chain[-1][0] == review_url(following)


@pytest.mark.parametrize(
    ("method", "name"), [("get", "edit"), ("get", "sent"), ("post", "withdraw"), ("get", "share")]
)
def test_every_button_of_a_quick_post_that_the_unit_deleted_says_so_to_its_author(
    method: str, name: str, editor: Any, superuser: Any
) -> None:
    client = logged_in(editor)
    client.post(WRITE, typed())
    post = only_post()
    delete(post, superuser)
    response = getattr(client, method)(reverse(f"quick_post:{name}", args=[post.pk]), follow=True)
    assert response.status_code == 200
    assert told(superuser) in text_of(response)


def test_what_was_typed_into_a_deleted_quick_post_comes_back(editor: Any, superuser: Any) -> None:
    client = logged_in(editor)
    client.post(WRITE, typed(act="draft"))
    post = only_post()
    delete(post, superuser)
    words = typed(title="Chữ mới", text="Câu vừa viết.\nCâu nữa.")
    response = client.post(edit(post), words)
    assert response.status_code == 409
    page = text_of(response)
    assert told(superuser) in page
    assert "Chữ mới" in page
    assert "Câu vừa viết.<br>" in page
    answer = client.post(edit(post), words, **BY_SCRIPT)
    assert answer.status_code == 409
    assert told(superuser) in json.loads(answer.content)["message"]


def test_a_colleague_is_told_and_nobody_else(
    editor: Any, other_editor: Any, superuser: Any, commune: CommunePage
) -> None:
    colleague = type(editor).objects.create_user("dong-nghiep")
    colleague.memberships.create(unit=commune.unit, role="editor")
    logged_in(editor).post(WRITE, typed(act="draft", title="Bài nháp riêng"))
    post = only_post()
    delete(post, superuser)
    assert "Bài nháp riêng" in text_of(logged_in(colleague).get(page_url("edit", post), follow=True))
    refused = logged_in(other_editor).get(page_url("edit", post))
    assert refused.status_code == 404
    assert "Bài nháp riêng" not in text_of(refused)
    assert logged_in(other_editor).get(sent(post)).status_code == 404


@pytest.mark.parametrize("name", ["edit", "history"])
def test_an_address_of_nothing_is_not_found(name: str, editor: Any, unit_editor: Any) -> None:
    for pk in (999_999, 10**18):
        assert logged_in(unit_editor).get(reverse(f"wagtailadmin_pages:{name}", args=[pk])).status_code == 404


def test_sharing_a_post_that_was_taken_down_says_so(editor: Any, commune: CommunePage) -> None:
    post, client = live_post(commune), logged_in(editor)
    share = reverse("quick_post:share", args=[post.pk])
    assert client.get(share).status_code == 200
    post.unpublish()
    assert f"“{post.title}” không còn đăng nữa" in text_of(client.get(share, follow=True))


def moved(who: Any, *to: Any) -> None:
    """From this moment he works elsewhere, or nowhere."""
    who.memberships.all().delete()
    for unit in to:
        who.memberships.create(unit=unit, role="editor")


@pytest.mark.parametrize("works_elsewhere", [True, False], ids=["moved", "works nowhere"])
def test_what_somebody_typed_who_works_elsewhere_by_now_comes_back(
    works_elsewhere: bool, editor: Any, commune: CommunePage, other_commune: CommunePage
) -> None:
    client = logged_in(editor)
    client.post(WRITE, typed(act="draft"))
    post = only_post()
    full = {**post_data("submit", title="Chữ của bài dài"), **drawn_now(post)}
    words = typed(title="Chữ mới", text="Câu vừa viết.")
    moved(editor, *([other_commune.unit] if works_elsewhere else []))
    add = reverse("wagtailadmin_pages:add", args=["communes", "newspage", news_of(commune).pk])
    texts = {page_url("edit", post): full, add: full, edit(post): words}
    if not works_elsewhere:
        texts[WRITE] = words
    for url, data in texts.items():
        response = client.post(url, data)
        assert response.status_code == 409, url
        page = text_of(response)
        assert "Không lưu vào đây được nữa" in page
        assert data["title"] in page
        answer = client.post(url, data, **BY_SCRIPT) if data is words else None
        assert answer is None or "Không lưu" in json.loads(answer.content)["message"]
    assert only_post().latest_revision.content["title"] != "Chữ mới"


def test_a_press_that_is_taken_is_not_called_lost(editor: Any, commune: CommunePage) -> None:
    client = logged_in(editor)
    client.post(WRITE, typed(act="draft"))
    post = only_post()
    data = {**post_data("submit", title="Chữ mới"), **drawn_now(post)}
    home = reverse("wagtailadmin_home")
    response = client.post(f"{page_url('edit', post)}?next={home}", data)
    assert response.status_code == 302


def test_a_stranger_learns_nothing_by_sending_a_text(editor: Any, other_editor: Any) -> None:
    logged_in(editor).post(WRITE, typed(act="draft", title="Bài nháp riêng"))
    stranger, post = logged_in(other_editor), only_post()
    answers = [
        text_of(stranger.post(url, typed(title="Chữ của người lạ"))).replace(str(post.pk), "0")
        for url in (edit(post), reverse("quick_post:edit", args=[999_999]))
    ]
    assert all("Bài nháp riêng" not in answer for answer in answers)
    assert all("Không lưu vào đây được nữa" in answer for answer in answers)
