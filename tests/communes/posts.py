"""What an editor and an approver do, as their browsers send it."""

import re
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, TaskState

from communes.models import NewsIndexPage, NewsPage
from home.submission import seen_mark
from home.tree import live_children


def logged_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def news_of(page: Page) -> NewsIndexPage:
    return live_children(NewsIndexPage, page).get()


def submitted(user: Any, under: Page, title: str, **values: Any) -> NewsPage:
    """A post that this user has written under a commune (or the unit) and submitted."""
    post = NewsPage(title=title, owner=user, live=False, **{"summary": "Một câu tóm tắt.", **values})
    news_of(under).add_child(instance=post)
    post.save_revision(user=user)
    post.get_workflow().start(post, user)
    return post


def review_url(page: Page, query: str = "") -> str:
    return reverse("approval:review", args=[page.pk]) + query


def drawn_now(page: Page) -> dict[str, str]:
    """What a form says of the text with which it was drawn, if it was drawn at this moment."""
    return seen_mark(page)


def send_editor(client: Client, page: Page, data: dict[str, Any], **extra: Any) -> Any:
    """Open the full editor and press one of its buttons."""
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return client.post(url, data | drawn_now(page), **extra)


def text_of(response: Any) -> str:
    return response.content.decode()


def seen_in(response: Any) -> str:
    """Which text the screen shows, as its form says it again."""
    found = re.search(r'name="seen" value="([^"]+)"', text_of(response))
    assert found, response.status_code
    return found[1]


def decide(client: Client, page: Page, act: str = "approve", query: str = "", **values: Any) -> Any:
    """Open the review screen and press one of its buttons."""
    seen = values.pop("seen", None) or seen_in(client.get(review_url(page)))
    return client.post(review_url(page, query), {"act": act, "seen": seen, **values})


def is_live(page: Page) -> bool:
    return Page.objects.get(pk=page.pk).live


def state_of(page: Page) -> TaskState:
    return TaskState.objects.for_instance(page).latest("pk")


def queries_of(client: Client, url: str) -> int:
    client.get(url)  # caches of content types and of the site fill up
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
