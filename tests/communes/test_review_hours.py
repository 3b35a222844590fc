"""A review shows when a post goes live and goes down, and asks where such an hour is past."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communes.models import CommunePage
from home.models import BasePage
from tests.communes.posts import (
    decide,
    is_live,
    logged_in,
    review_url,
    seen_in,
    send_editor,
    submitted,
    text_of,
)
from tests.communes.test_approval import post_data

pytestmark = pytest.mark.django_db


def approve_unasked(client: Client, post: BasePage) -> Any:
    """As a screen that was opened before the hour was past."""
    seen = seen_in(client.get(review_url(post)))
    return client.post(review_url(post), {"act": "approve", "seen": seen})


def test_a_review_and_the_queue_show_when_a_post_goes_down(
    editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    when = timezone.localtime(timezone.now() + timedelta(minutes=5))
    post = submitted(editor, commune, "Bài có hạn", expire_at=when)
    client = logged_in(unit_editor)
    page = text_of(client.get(review_url(post)))
    assert f"Bài sẽ được gỡ lúc {when:%H:%M %d/%m/%Y}." in page
    assert "Vẫn duyệt" not in page
    assert f"sẽ được gỡ lúc {when:%H:%M %d/%m/%Y}" in text_of(client.get(reverse("approval:queue")))
    assert approve_unasked(client, post).status_code == 302
    assert is_live(post)


@pytest.mark.parametrize(
    ("name", "told"), [("expire_at", "Bài hẹn gỡ lúc {}"), ("go_live_at", "Bài hẹn đăng lúc {}")]
)
def test_an_hour_that_is_past_is_asked_about_once(
    name: str, told: str, editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    past = timezone.localtime(timezone.now() - timedelta(seconds=1))
    post = submitted(editor, commune, "Bài quá hạn", **{name: past})
    client = logged_in(unit_editor)
    asked = told.format(f"{past:%H:%M %d/%m/%Y}")
    for url in (review_url(post), reverse("approval:queue"), f"{reverse('approval:several')}?page={post.pk}"):
        assert f"{asked}, giờ đó đã qua" in text_of(client.get(url))
    response = approve_unasked(client, post)
    assert response.status_code == 409
    assert "Vẫn duyệt?" in text_of(response)
    assert not is_live(post)
    assert decide(client, post, asked="1").status_code == 302
    assert is_live(post)


def test_the_hour_at_which_a_live_post_appeared_is_not_asked_about(
    editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    past = timezone.now() - timedelta(days=9)
    post = submitted(editor, commune, "Bài đã hẹn giờ", go_live_at=past)
    decide(logged_in(unit_editor), post, asked="1")
    post.refresh_from_db()
    post.summary = "Câu khác."
    post.save_revision(user=editor)
    post.get_workflow().start(post, editor)
    assert "giờ đó đã qua" not in text_of(logged_in(unit_editor).get(review_url(post)))


@pytest.mark.parametrize("name", ["expire_at", "go_live_at"])
def test_the_full_editor_asks_about_an_hour_that_is_past_as_well(
    name: str, editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    past = timezone.localtime(timezone.now() - timedelta(seconds=1))
    post, client = submitted(editor, commune, "Bài quá hạn", **{name: past}), logged_in(unit_editor)
    data = {**post_data("workflow-action", title="Bài đã sửa"), "workflow-action-name": "approve"}
    response = send_editor(client, post, {**data, name: f"{past:%d/%m/%Y %H:%M}"})
    assert response.status_code == 409
    page = text_of(response)
    assert "giờ đó đã qua" in page and "Bài đã sửa" in page
    assert f'href="{review_url(post)}"' in page
    assert not is_live(post)
    # Who took the hour out has decided.
    assert send_editor(client, post, {**data, name: ""}).status_code == 302
    assert is_live(post)
