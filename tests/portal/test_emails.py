"""What staff are told by mail is Vietnamese: subject, text and HTML."""

import re
from typing import Any

import pytest
from django.core import mail
from wagtail.models import Comment, Page

from communes.models import User
from tests.communes.posts import drawn_now
from tests.communes.test_approval import decide, logged_in, news_of, post_data, write
from tests.journeys.crawl.english import english_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def reachable(editor: User, unit_editor: User) -> None:
    for user in (editor, unit_editor):
        user.email = f"{user.username}@portal.example"
        user.set_full_name("Nguyễn Thị Lan")
        user.save()


def _mailed() -> list[str]:
    """Every line of the mails since the last call; of HTML the text alone."""
    texts = []
    for message in mail.outbox:
        bodies = [
            message.subject,
            message.body,
            *(body for body, _type in getattr(message, "alternatives", [])),
        ]
        for body in bodies:
            plain = re.sub(r"<style.*?</style>|<[^>]+>", "\n", str(body), flags=re.DOTALL)
            texts += [line.strip() for line in plain.splitlines() if line.strip()]
    mail.outbox.clear()
    return texts


def _all_vietnamese(texts: list[str]) -> None:
    assert texts
    assert [text for text in texts if english_in(text)] == []


def test_wagtails_own_mails_about_approval_are_not_sent(
    editor: User, unit_editor: User, commune: Any, reachable: None, django_capture_on_commit_callbacks: Any
) -> None:
    """They would name post and commune; notices say only that something is new."""
    author, approver = logged_in(editor), logged_in(unit_editor)
    for action, title in (("approve", "Bài được duyệt"), ("reject", "Bài bị trả lại")):
        with django_capture_on_commit_callbacks(execute=True):
            page = write(author, news_of(commune), "submit", title=title)
            decide(approver, page, action)
        assert _mailed() == []


def test_mail_about_a_comment(
    editor: User, unit_editor: User, commune: Any, reachable: None, django_capture_on_commit_callbacks: Any
) -> None:
    page = write(logged_in(editor), news_of(commune), "", title="Bài có ý kiến")
    page.subscribers.create(user=unit_editor, comment_notifications=True)
    data = {
        "comments-TOTAL_FORMS": 1,
        "comments-0-text": "Xem lại câu này",
        "comments-0-contentpath": "title",
        "comments-0-position": "",
        "comments-0-resolved": "",
        "comments-0-id": "",
        "comments-0-replies-TOTAL_FORMS": 0,
        "comments-0-replies-INITIAL_FORMS": 0,
        "comment_notifications": "on",
    }
    with django_capture_on_commit_callbacks(execute=True):
        sent = post_data(title="Bài có ý kiến") | data | drawn_now(page)
        logged_in(editor).post(f"/admin/pages/{page.pk}/edit/", sent)
    assert Comment.objects.filter(page=Page.objects.get(pk=page.pk)).exists()
    _all_vietnamese(_mailed())
