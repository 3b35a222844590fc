"""Warnings in Wagtail's own editor: shown before submitting, with the draft kept; never a wall."""

from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import Page

from communes.models import CommunePage, NewsPage
from tests.communes.posts import drawn_now, send_editor
from tests.communes.test_approval import decide, logged_in, news_of, post_data, write

pytestmark = pytest.mark.django_db

CAPITALS = "CẢNH GIÁC KẺ GIẢ DANH"


def waits(page: Page) -> bool:
    return Page.objects.get(pk=page.pk).workflow_in_progress


def review_of(page: Page) -> str:
    return reverse("page_warnings", args=[page.pk])


def add(client: Any, commune: CommunePage, **values: Any) -> Any:
    url = reverse("wagtailadmin_pages:add", args=["communes", "newspage", news_of(commune).pk])
    return client.post(url, post_data("submit", **values))


def test_a_new_post_with_warnings_is_kept_shown_them_and_submitted_all_the_same(
    commune: CommunePage, editor: Any
) -> None:
    client = logged_in(editor)
    response = add(client, commune, title=CAPITALS)
    post = NewsPage.objects.get()
    assert response.headers["Location"] == review_of(post)
    assert not waits(post)
    assert post.title == CAPITALS
    page = client.get(review_of(post)).content.decode()
    assert "viết hoa toàn bộ" in page and "Vẫn gửi duyệt" in page
    client.post(review_of(post), drawn_now(post))
    assert waits(post)


def test_a_post_without_warnings_goes_straight_on(commune: CommunePage, editor: Any) -> None:
    post = write(logged_in(editor), news_of(commune), "submit")
    assert waits(post)


def test_a_changed_post_is_looked_at_again_and_its_draft_is_saved(
    commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    client = logged_in(editor)
    post = write(client, news_of(commune), "submit")
    decide(logged_in(unit_editor), post, "reject")
    edit = reverse("wagtailadmin_pages:edit", args=[post.pk])
    response = client.post(edit, post_data("submit", title=CAPITALS) | drawn_now(post))
    assert response.headers["Location"] == review_of(post)
    assert not waits(post)
    assert NewsPage.objects.get().get_latest_revision_as_object().title == CAPITALS
    client.post(review_of(post), drawn_now(post))
    assert waits(post)
    assert Page.objects.get(pk=post.pk).workflow_states.count() == 1  # taken up again, not started anew


def test_a_form_with_mistakes_shows_the_mistakes(commune: CommunePage, editor: Any) -> None:
    response = add(logged_in(editor), commune, title=CAPITALS, summary="")
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"summary"}
    assert not NewsPage.objects.exists()


def test_an_unfinished_draft_is_not_submitted_past_the_form(commune: CommunePage, editor: Any) -> None:
    client = logged_in(editor)
    add(client, commune, title=CAPITALS)
    post = NewsPage.objects.get()
    send_editor(client, post, post_data(title=CAPITALS, summary=""))
    response = client.post(review_of(post), drawn_now(post))
    assert response.headers["Location"] == reverse("wagtailadmin_pages:edit", args=[post.pk])
    assert not waits(post)


@pytest.mark.parametrize("who", ["other_editor", "officer", "client"])
def test_others_see_nothing_of_it(
    who: str, request: pytest.FixtureRequest, commune: CommunePage, editor: Any
) -> None:
    add(logged_in(editor), commune, title=CAPITALS)
    post = NewsPage.objects.get()
    user = request.getfixturevalue(who)
    client = user if who == "client" else logged_in(user)
    for answer in (client.get(review_of(post)), client.post(review_of(post))):
        assert answer.status_code in (302, 404)
        assert CAPITALS not in answer.content.decode()
    assert not waits(post)


def test_a_post_that_waits_has_nothing_to_review(commune: CommunePage, editor: Any) -> None:
    client = logged_in(editor)
    post = write(client, news_of(commune), "submit")
    assert client.get(review_of(post)).status_code == 404
    assert client.post(review_of(post)).status_code == 404
