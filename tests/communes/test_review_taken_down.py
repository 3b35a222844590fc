"""A post that was taken down while its change waited: the queue says so, and what approving would do."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from communes.models import CommunePage
from tests.communes.posts import decide, is_live, logged_in, review_url, submitted, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(editor: Any, unit_editor: Any, commune: CommunePage) -> Page:
    """Live with one sentence, while another waits."""
    post = submitted(editor, commune, "Bài đã đăng", summary="Gọi 0239 000 0111.")
    decide(logged_in(unit_editor), post)
    post = Page.objects.get(pk=post.pk).specific
    post.summary = "Gọi 0239 000 0222."
    post.save_revision(user=editor)
    post.get_workflow().start(post, editor)
    return post


def test_a_post_that_somebody_took_down_is_no_new_one(
    post: Page, editor: Any, unit_editor: Any, second_unit_editor: Any
) -> None:
    unpublish = reverse("wagtailadmin_pages:unpublish", args=[post.pk])
    assert logged_in(second_unit_editor).post(unpublish).status_code == 302
    assert not is_live(post)
    approver = logged_in(unit_editor)
    told = f"huyen2 đã gỡ ngày {timezone.localdate():%d/%m/%Y}; duyệt sẽ đăng lại"
    for url in (reverse("approval:queue"), f"{reverse('approval:several')}?page={post.pk}", review_url(post)):
        page = text_of(approver.get(url))
        assert told.lower() in page.lower()
        assert "bài mới" not in page
    bar = page[page.index("approval-bar") :]
    assert told.lower() in bar.lower(), "it stands beside the button"
    assert "So với bản cuối cùng bà con đã đọc" in page
    assert '<span class="deletion">0111.</span>' in page
    assert '<span class="addition">0222.</span>' in page
    decide(approver, post)
    assert is_live(post)


def test_a_post_whose_time_was_over_says_so(post: Page, unit_editor: Any) -> None:
    Page.objects.filter(pk=post.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    call_command("publish_scheduled")
    assert not is_live(post)
    page = text_of(logged_in(unit_editor).get(review_url(post)))
    assert f"đã gỡ ngày {timezone.localdate():%d/%m/%Y} vì hết hạn; duyệt sẽ đăng lại" in page


def test_what_was_sent_back_after_it_was_taken_down_is_still_compared_with_what_the_public_read(
    post: Page, editor: Any, unit_editor: Any
) -> None:
    approver = logged_in(unit_editor)
    post.unpublish(user=unit_editor)
    decide(approver, post, "return", words="Kiểm tra lại số máy.")
    post = Page.objects.get(pk=post.pk).specific
    post.summary = "Gọi 0239 000 0333."
    post.save_revision(user=editor)
    post.current_workflow_state.resume(editor)
    page = text_of(approver.get(review_url(post)))
    assert '<span class="deletion">0111.</span>' in page
    assert "Kiểm tra lại số máy." in page


def test_a_post_that_was_never_public_stays_a_new_one(
    editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    page = text_of(logged_in(unit_editor).get(review_url(submitted(editor, commune, "Bài đầu"))))
    assert "bài mới" in page
    assert "đã gỡ" not in page
