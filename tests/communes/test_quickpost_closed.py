"""A quick post that cannot be changed now says why, stores nothing over it, and gives back what was typed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Page, Revision

from communes.models import NewsPage
from tests.communes.posts import decide, drawn_now, logged_in, send_editor, text_of
from tests.communes.quickposts import BY_SCRIPT, TITLE, WRITE, edit, only_post, sent, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def when() -> datetime:
    return timezone.localtime(timezone.now() + timedelta(days=2))


@pytest.fixture
def approved_for_later(editor: Any, unit_editor: Any, second_unit_editor: Any, when: datetime) -> NewsPage:
    """The unit gave the post an hour while correcting it, and approved it."""
    logged_in(editor).post(WRITE, typed(confirmed="1"))
    post = only_post().get_latest_revision_as_object()
    post.go_live_at = when
    post.save_revision(user=second_unit_editor)
    decide(logged_in(unit_editor), post)
    return only_post()


def locked(post: NewsPage, by: Any) -> None:
    Page.objects.filter(pk=post.pk).update(locked=True, locked_by=by, locked_at=timezone.now())


def test_a_post_approved_for_later_is_no_draft(
    approved_for_later: NewsPage, editor: Any, when: datetime
) -> None:
    author = logged_in(editor)
    page = text_of(author.get(sent(approved_for_later)))
    assert f"Bài đã duyệt, sẽ hiện ra lúc {when:%H:%M %d/%m/%Y}." in page
    assert "Đã lưu nháp" not in page
    assert edit(approved_for_later) not in page
    assert author.get(edit(approved_for_later)).url == sent(approved_for_later)


@pytest.mark.parametrize("by_script", [True, False])
def test_a_correction_of_what_is_approved_for_later_is_told_and_kept_and_not_stored(
    by_script: bool, approved_for_later: NewsPage, editor: Any, when: datetime
) -> None:
    revisions = Revision.objects.count()
    data = typed(title="Số máy mới của trực ban")
    response = logged_in(editor).post(edit(approved_for_later), data, **(BY_SCRIPT if by_script else {}))
    assert response.status_code == 409
    told = response.json()["message"] if by_script else text_of(response)
    assert f"sẽ hiện ra lúc {when:%H:%M %d/%m/%Y}. Phần vừa sửa chưa được lưu" in told
    assert by_script or "Số máy mới của trực ban" in told
    assert Revision.objects.count() == revisions


def test_a_draft_that_a_colleague_locked_is_not_written_over(editor: Any, unit_editor: Any) -> None:
    author = logged_in(editor)
    author.post(WRITE, typed(act="draft"))
    post = only_post()
    locked(post, unit_editor)
    assert author.get(edit(post)).url == sent(post)
    page = text_of(author.get(sent(post)))
    assert "huyen đã khóa bài này." in page
    assert edit(post) not in page
    response = author.post(edit(post), typed(title="Tựa khác"))
    assert response.status_code == 409
    assert "huyen đã khóa bài này. Phần vừa sửa chưa được lưu" in text_of(response)
    assert "Tựa khác" in text_of(response)
    assert only_post().get_latest_revision_as_object().title == TITLE


def test_who_locked_it_himself_goes_on_writing(editor: Any) -> None:
    author = logged_in(editor)
    author.post(WRITE, typed(act="draft"))
    locked(only_post(), editor)
    assert (
        author.post(
            edit(only_post()), typed(title="Tựa khác", act="draft") | drawn_now(only_post())
        ).status_code
        == 302
    )
    assert only_post().get_latest_revision_as_object().title == "Tựa khác"


def test_what_was_changed_while_the_post_waits_is_given_back(editor: Any) -> None:
    author = logged_in(editor)
    author.post(WRITE, typed(confirmed="1"))
    response = author.post(edit(only_post()), typed(title="Tựa khác"))
    assert response.status_code == 409
    assert "Bài đang chờ duyệt. Phần vừa sửa chưa được lưu" in text_of(response)
    assert author.post(edit(only_post()), typed()).headers["Location"] == sent(only_post())


def test_the_full_editor_calls_a_lock_a_lock(editor: Any, unit_editor: Any) -> None:
    author = logged_in(editor)
    author.post(WRITE, typed(act="draft"))
    post = only_post()
    locked(post, unit_editor)
    from tests.communes.test_approval import post_data

    page = text_of(send_editor(author, post, post_data(title="Khác")))
    assert "huyen đã khóa bài này." in page
    assert "đang chờ duyệt nên bị khóa" not in page
