"""A review draws whatever has gone meanwhile, says what happened and by whom, and the queue goes on."""

import json
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from communes.lifecycle.closing import close_commune
from communes.models import CommunePage
from home.models import ShownPicture
from tests.communes.media import a_document, a_picture
from tests.communes.posts import (
    decide,
    drawn_now,
    is_live,
    logged_in,
    news_of,
    review_url,
    seen_in,
    submitted,
    text_of,
)
from tests.communes.quickposts import WRITE, edit, only_post, photo, typed
from tests.communes.test_approval import post_data

pytestmark = pytest.mark.django_db


def picture(image: Any) -> dict[str, Any]:
    shown = {"image": image.pk, "alt_text": "Sông", "decorative": False}
    return {"type": "picture", "id": "anh", "value": {"image": shown, "caption": "Chiều qua"}}


def document(file: Any) -> dict[str, Any]:
    return {"type": "document", "id": "tep", "value": {"document": file.pk}}


def lose(file: Any) -> None:
    """The row is gone although a page shows it: restored from a backup, or a fault elsewhere."""
    ShownPicture.objects.filter(image=file.pk).delete()
    type(file).objects.filter(pk=file.pk)._raw_delete("default")


def editor_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def changed(post: Page, by: Any, **values: Any) -> Page:
    """The post with another text, submitted again."""
    post = Page.objects.get(pk=post.pk).specific
    for name, value in values.items():
        setattr(post, name, post._meta.get_field(name).to_python(value))
    post.save_revision(user=by)
    state = post.current_workflow_state
    if state:
        state.resume(by)
    else:
        post.get_workflow().start(post, by)
    return post


def test_a_quick_post_whose_second_photo_was_replaced_after_it_came_back_is_reviewed(
    editor: Any, unit_editor: Any
) -> None:
    author, approver = logged_in(editor), logged_in(unit_editor)
    photos = [photo(), photo("2.jpg", (80, 40))]
    author.post(WRITE, typed(photos=photos, alt=["Cổng", "Biên lai"], confirmed="1"))
    post = only_post()
    decide(approver, post, "return", words="Đổi ảnh thứ hai.")
    second = only_post().get_latest_revision_as_object().body[1].value["image"]
    replaced = {f"drop-{second.pk}": "on", "photos": [photo("3.jpg", (90, 40))], "alt": ["Biên lai mới"]}
    author.post(edit(post), typed(**replaced, confirmed="1") | drawn_now(post))
    # It may have been deleted by whatever road.
    lose(second)
    page = approver.get(review_url(post))
    assert page.status_code == 200
    assert "(ảnh đã bị xóa)" in text_of(page)
    assert "Biên lai mới" in text_of(page)
    decide(approver, post)
    assert is_live(post)


@pytest.mark.parametrize("was_live", [True, False])
def test_what_a_waiting_text_lacks_is_said_before_it_is_approved(
    was_live: bool, editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    approver, image, file = logged_in(unit_editor), a_picture(commune), a_document(commune)
    body = json.dumps([picture(image), document(file)])
    post = submitted(editor, commune, "Bài có ảnh", body=body)
    decide(approver, post, "approve" if was_live else "return", words="Sửa câu đầu.")
    for gone in (image, file):
        lose(gone)
    post = changed(post, editor, summary="Câu khác.", body=body)
    page = text_of(approver.get(review_url(post)))
    assert page.count("Chỗ này thiếu tệp") == 2
    preview = reverse("wagtailadmin_pages:revisions_view", args=[post.pk, post.latest_revision_id])
    for url in (preview, editor_url(post), f"{reverse('approval:several')}?page={post.pk}"):
        assert approver.get(url).status_code == 200
    decide(approver, post)
    assert is_live(post)


def in_paragraph(markup: str) -> str:
    return json.dumps([{"type": "paragraph", "id": "doan", "value": markup}])


def test_of_a_text_that_was_sent_back_once_what_it_lacks_is_named_as_well(
    editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    approver, image = logged_in(unit_editor), a_picture(commune)
    body = in_paragraph(f'<embed embedtype="image" id="{image.pk}" format="fullwidth" alt="Sông"/>')
    post = submitted(editor, commune, "Bài có ảnh", body=body)
    decide(approver, post, "return", words="Sửa câu đầu.")
    post = changed(post, editor, summary="Câu khác.", body=body)
    lose(image)
    page = text_of(approver.get(review_url(post)))
    assert page.count("Thiếu một ảnh") == 1


def test_links_and_pictures_in_paragraphs_that_are_gone_are_named(
    editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    approver, above, inside, file = (
        logged_in(unit_editor),
        a_picture(commune),
        a_picture(commune, "red"),
        a_document(commune),
    )
    draft = submitted(editor, commune, "Trang được liên kết")
    body = in_paragraph(
        f'<embed embedtype="image" id="{inside.pk}" alt="Sông" format="fullwidth"/>'
        f'<p><a linktype="document" id="{file.pk}">mẫu đơn</a> <a linktype="page" id="{draft.pk}">bài</a></p>'
    )
    post = submitted(editor, commune, "Bài nhiều chỗ", image=above, image_alt="Sông", body=body)
    page = text_of(approver.get(review_url(post)))
    told = ["Thiếu một ảnh", "Thiếu một tệp đính kèm", "Có liên kết dẫn tới trang chưa đăng"]
    assert [page.count(words) for words in told] == [0, 0, 1]
    for gone in (above, inside, file):
        type(post).objects.filter(pk=post.pk).update(image=None)
        lose(gone)
    decide(approver, draft)
    page = text_of(approver.get(review_url(post)))
    assert [page.count(words) for words in told] == [2, 1, 0]
    decide(approver, post)
    assert is_live(post)


def test_posts_of_a_commune_that_closes_leave_the_queue_and_the_review_goes_on(
    editor: Any, unit_editor: Any, commune: CommunePage, other_commune: CommunePage, other_editor: Any
) -> None:
    post, following = (
        submitted(editor, commune, "Bài xã đóng"),
        submitted(other_editor, other_commune, "Bài sau"),
    )
    client = logged_in(unit_editor)
    seen = seen_in(client.get(review_url(post)))
    close_commune(commune.unit, other_commune.unit, by=unit_editor)
    told = client.post(review_url(post), {"act": "approve", "seen": seen}, follow=True)
    assert "“Bài xã đóng” không còn chờ duyệt nữa: huyen đã rút lại lúc " in text_of(told)
    assert told.redirect_chain[0][0].startswith(review_url(following))
    assert not is_live(post)


def test_a_post_that_was_moved_to_another_commune_is_reviewed_there(
    editor: Any, unit_editor: Any, commune: CommunePage, other_commune: CommunePage
) -> None:
    post = submitted(editor, commune, "Bài dời chỗ")
    Page.objects.get(pk=post.pk).move(news_of(other_commune), pos="last-child")
    client = logged_in(unit_editor)
    assert "xã Cẩm Duệ" in text_of(client.get(review_url(post)))
    decide(client, post)
    assert is_live(post)


@pytest.mark.parametrize("account", ["deactivated", "deleted"])
def test_a_post_of_somebody_who_has_left_is_reviewed_and_decided(
    account: str, editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    posts = [submitted(editor, commune, title) for title in ("Bài ở lại", "Bài trả lại")]
    if account == "deactivated":
        type(editor).objects.filter(pk=editor.pk).update(is_active=False)
    else:
        editor.memberships.all()._raw_delete("default")
        editor.delete()
    approver = logged_in(unit_editor)
    assert approver.get(reverse("approval:queue")).status_code == 200
    decide(approver, posts[0])
    decide(approver, posts[1], "return", words="Sửa câu đầu.")
    assert [is_live(post) for post in posts] == [True, False]


def overtaken_by(what: str, post: Page, author: Any, colleague: Any) -> str:
    """Let it happen; what the approver has to read of it."""
    if what == "withdrawn":
        post.current_workflow_state.cancel(user=author)
        return "bientap đã rút lại lúc "
    act, words = ("approve", "huyen2 đã duyệt") if what == "approved" else ("return", "huyen2 đã trả lại")
    decide(logged_in(colleague), post, act, words="Sửa câu đầu.")
    return f"{words} “Bài đang sửa” rồi, lúc "


@pytest.mark.parametrize("what", ["withdrawn", "approved", "returned"])
def test_a_correction_that_comes_too_late_is_shown_with_what_happened_and_not_stored(
    what: str, editor: Any, unit_editor: Any, second_unit_editor: Any, commune: CommunePage
) -> None:
    post = submitted(editor, commune, "Bài đang sửa")
    client = logged_in(unit_editor)
    assert client.get(editor_url(post)).status_code == 200
    told = overtaken_by(what, post, editor, second_unit_editor)
    before = Page.objects.get(pk=post.pk)
    data = {**post_data("workflow-action", title="Bài đã sửa kỹ"), "workflow-action-name": "approve"}
    response = client.post(editor_url(post), data)
    assert response.status_code == 409
    assert f"{told}{timezone.localtime():%H:}" in text_of(response)
    assert "đã sửa kỹ" in text_of(response).replace('<span class="addition">', "").replace("</span>", "")
    assert reverse("approval:next") in text_of(response)
    after = Page.objects.get(pk=post.pk)
    assert (after.latest_revision_id, after.live) == (before.latest_revision_id, before.live)


@pytest.mark.parametrize("what", ["withdrawn", "approved", "returned"])
def test_a_decision_that_comes_too_late_says_who_was_first_and_opens_the_next(
    what: str, editor: Any, unit_editor: Any, second_unit_editor: Any, commune: CommunePage
) -> None:
    post, following = submitted(editor, commune, "Bài đang sửa"), submitted(editor, commune, "Bài sau đó")
    client = logged_in(unit_editor)
    seen = seen_in(client.get(review_url(post)))
    told = overtaken_by(what, post, editor, second_unit_editor)
    response = client.post(review_url(post), {"act": "approve", "seen": seen}, follow=True)
    assert f"{told}{timezone.localtime():%H:}" in text_of(response)
    assert response.redirect_chain[0][0] == review_url(following, f"?skip={post.pk}")


@pytest.mark.parametrize("what", ["withdrawn", "approved", "returned", "deleted"])
def test_a_reason_that_comes_too_late_is_given_back_with_what_happened(
    what: str, editor: Any, unit_editor: Any, second_unit_editor: Any, commune: CommunePage
) -> None:
    post, _following = submitted(editor, commune, "Bài đang sửa"), submitted(editor, commune, "Bài sau đó")
    client = logged_in(unit_editor)
    seen = seen_in(client.get(review_url(post)))
    if what == "deleted":
        logged_in(editor).post(reverse("wagtailadmin_pages:delete", args=[post.pk]))
    else:
        overtaken_by(what, post, editor, second_unit_editor)
    form = {"act": "return", "seen": seen, "words": "Thiếu số máy trực ban."}
    page = text_of(client.post(review_url(post), form, follow=True))
    assert "Lý do vừa ghi chưa gửi cho ai: “Thiếu số máy trực ban.”" in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_of_a_deleted_post_its_approver_reads_who_deleted_it_and_the_next_opens(
    method: str, editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    post, following = submitted(editor, commune, "Bài bị xóa"), submitted(editor, commune, "Bài sau đó")
    assert logged_in(editor).post(reverse("wagtailadmin_pages:delete", args=[post.pk])).status_code == 302
    assert not Page.objects.filter(pk=post.pk).exists()
    client = logged_in(unit_editor)
    response = getattr(client, method)(review_url(post), {"act": "approve", "seen": "x"}, follow=True)
    assert "“Bài bị xóa” không còn nữa: bientap đã xóa lúc " in text_of(response)
    assert response.redirect_chain[0][0].startswith(review_url(following))


def test_of_a_draft_that_was_never_submitted_and_is_deleted_nothing_is_told(
    editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    logged_in(editor).post(WRITE, typed(act="draft", title="Bài nháp riêng"))
    post = only_post()
    logged_in(editor).post(reverse("wagtailadmin_pages:delete", args=[post.pk]))
    assert not Page.objects.filter(pk=post.pk).exists()
    assert logged_in(unit_editor).get(review_url(post)).status_code == 404
