"""Forms as somebody's browser holds them: drawn at one moment, sent at another."""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Any

from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import rich_text, streamfield

from communes.models import NewsPage
from tests.communes.quickposts import edit as quick_edit
from tests.communes.quickposts import typed
from tests.communes.test_approval import post_data

from .world import World, html

INPUT = re.compile(r"<input[^>]*>")
# What a reader of a post reads.
READ = ("title", "summary", "body", "kind")

Content = tuple[str, ...]


def content_of(data: dict[str, Any]) -> Content:
    """What is read of a post, of a stored revision or of its row; without the ids of blocks."""
    blocks = [(block["type"], block["value"]) for block in json.loads(data["body"])]
    return tuple(repr(blocks) if name == "body" else str(data[name]) for name in READ)


def latest(page_id: int) -> dict[str, Any]:
    """As the last revision has it."""
    return dict(Page.objects.get(pk=page_id).latest_revision.content)


def hidden_fields(page: str, form: str = "") -> dict[str, str]:
    """Of the form that begins with `form`, or of the whole page."""
    fields = {}
    for tag in INPUT.findall(page[page.index(form) :] if form else page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") == "hidden" and "name" in attributes:
            fields[attributes["name"]] = unescape(attributes.get("value", ""))
    return fields


@dataclass
class Form:
    """`shown` is what the post said when the form was drawn; None of a form for a new post."""

    name: str
    url: str
    page: int | None = None
    shown: dict[str, Any] | None = None
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def is_quick(self) -> bool:
        return self.url.startswith(reverse("quick_post:write"))


def quick_form(world: World, name: str, post: NewsPage | None = None) -> Form | None:
    """None where the screen is not for this person, or not for this post now."""
    url = quick_edit(post) if post else reverse("quick_post:write")
    response = world.get(name, url)
    if response.status_code != 200:
        return None
    shown = latest(post.pk) if post else None
    return Form(name, url, post.pk if post else None, shown, hidden_fields(html(response), 'id="quickpost"'))


def quick_data(form: Form, word: str, act: str) -> dict[str, Any]:
    texts = {"title": f"Bài {word}", "text": f"Lời {word}. Gọi trực ban.", "kind": "notice"}
    return typed(**{**form.fields, **texts, "act": act, "confirmed": "1"})


def full_form(world: World, name: str, url: str, post: NewsPage | None = None) -> Form | None:
    """Wagtail's editor; None where it is not for this person."""
    response = world.get(name, url)
    if response.status_code != 200:
        return None
    page = html(response)
    shown = latest(post.pk) if post else None
    return Form(name, url, post.pk if post else None, shown, hidden_fields(page, 'id="page-edit-form"'))


def full_data(form: Form, word: str, action: str, **values: Any) -> dict[str, Any]:
    """`action` as Wagtail's buttons call it; "approve" is that of the task."""
    texts = {
        "title": f"Bài {word}",
        "summary": f"Tóm tắt {word}.",
        "body": streamfield([("paragraph", rich_text(f"<p>Lời {word}.</p>"))]),
    }
    button = "workflow-action" if action == "approve" else action
    asked = {"workflow-action-name": "approve"} if action == "approve" else {}
    return {**form.fields, **post_data(button, **texts, **values), **asked}


def in_form(moment: datetime | None) -> str:
    return moment.strftime("%d/%m/%Y %H:%M") if moment else ""
