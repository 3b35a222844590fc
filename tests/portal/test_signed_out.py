"""What an editor typed outlives the session: it comes back to him alone, and is taken after the log-in."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from communes.models import CommunePage, NewsPage
from tests.communes.posts import news_of, text_of
from tests.communes.quickposts import BY_SCRIPT, WRITE, typed
from tests.kept_forms import kept
from tests.matrix.world import post_data
from tests.tipform.officers import log_in

pytestmark = pytest.mark.django_db

TITLE = "Mưa lũ <về> nhanh"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
OTHER_SITE = {"headers": {"origin": "https://noi-khac.example"}}


def strictly(client: Client) -> Client:
    client.handler.enforce_csrf_checks = True
    return client


def editor_of(commune: CommunePage) -> str:
    return reverse("wagtailadmin_pages:add", args=["communes", "newspage", news_of(commune).pk])


def token(client: Client) -> str:
    return client.get("/admin/session/").json()["csrf"]


def as_sent(page: str) -> dict[str, str]:
    """What the button of the page sends."""
    found = TOKEN.search(page)
    assert found
    return kept(page) | {"csrfmiddlewaretoken": found[1]}


def write_and_lose_the_session(client: Client, commune: CommunePage) -> Any:
    """The answer to a post, sent from an editor whose session ended meanwhile."""
    address = editor_of(commune)
    words = post_data(title=TITLE) | {"csrfmiddlewaretoken": token(client)}
    Session.objects.all().delete()
    return client.post(address, words)


def log_in_again(client: Client, user: Any) -> None:
    client.handler.enforce_csrf_checks = False
    strictly(log_in(user, client=client))


def test_a_post_of_the_full_editor_is_saved_after_logging_in_again(commune: CommunePage, editor: Any) -> None:
    client = strictly(log_in(editor))
    answer = write_and_lose_the_session(client, commune)
    assert answer.status_code == 401
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Đăng nhập lại ở thẻ mới" in text_of(answer)
    # Pressed before the log-in it comes back once more.
    answer = client.post(editor_of(commune), as_sent(text_of(answer)))
    assert answer.status_code == 401

    log_in_again(client, editor)
    answer = client.post(editor_of(commune), as_sent(text_of(answer)))
    # The token was from before the log-in.
    assert answer.status_code == 403
    assert "Chữ đã viết vẫn còn đây" in text_of(answer)
    answer = client.post(editor_of(commune), as_sent(text_of(answer)))
    assert answer.status_code == 302
    assert NewsPage.objects.get().title == TITLE


def test_another_editor_who_logs_in_then_sees_nothing_and_saves_nothing(
    commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    client = strictly(log_in(editor))
    page = text_of(write_and_lose_the_session(client, commune))
    log_in_again(client, unit_editor)
    form = as_sent(page)
    for words in (form, form | {"csrfmiddlewaretoken": token(client)}):
        answer = client.post(editor_of(commune), words)
        assert answer.status_code == 403
        assert "Mưa lũ" not in text_of(answer)
        assert "đang đăng nhập bằng tài khoản khác" in text_of(answer)
    assert not NewsPage.objects.exists()


def test_a_forged_or_missing_owner_gives_nothing(commune: CommunePage, editor: Any) -> None:
    client = strictly(log_in(editor))
    form = as_sent(text_of(write_and_lose_the_session(client, commune)))
    log_in_again(client, editor)
    fresh = {"csrfmiddlewaretoken": token(client), "kept-for": f"{editor.pk}"}
    del client.cookies["last-account"]
    answer = client.post(editor_of(commune), form | fresh)
    assert answer.status_code == 403
    assert "Mưa lũ" not in text_of(answer)


def test_what_another_site_sends_is_not_shown(commune: CommunePage, editor: Any) -> None:
    client = strictly(log_in(editor))
    Session.objects.all().delete()
    for address, words in ((editor_of(commune), post_data(title=TITLE)), (WRITE, typed(title=TITLE))):
        for missing in ({}, {"csrfmiddlewaretoken": "x" * 32}):
            answer = client.post(address, words | missing, **OTHER_SITE)
            assert answer.status_code in (302, 403)
            assert "Mưa lũ" not in text_of(answer)


def test_without_the_cookie_the_way_is_the_usual_one(commune: CommunePage) -> None:
    answer = Client().post(editor_of(commune), post_data(title=TITLE))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_a_script_gets_no_page_for_its_answer(commune: CommunePage, editor: Any) -> None:
    client = log_in(editor)
    Session.objects.all().delete()
    answer = client.post(editor_of(commune), post_data(title=TITLE), **BY_SCRIPT)
    assert answer.status_code == 302


def test_the_cookie_is_the_admins_alone_and_ends_with_the_browser(editor: Any) -> None:
    cookie = log_in(editor).cookies["last-account"]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/admin/", "Lax", True)
    assert not cookie["max-age"]
    assert not cookie["expires"]


def test_the_script_asks_whose_session_it_is(editor: Any) -> None:
    client = log_in(editor)
    page = text_of(client.get("/admin/"))
    assert 'data-session="/admin/session/"' in page
    answer = client.get("/admin/session/")
    assert f'data-account="{answer.json()["account"]}"' in page
    assert "no-store" in answer.headers["Cache-Control"]
    # With this token a form is taken.
    sent = strictly(client).post(WRITE, typed(act="draft", csrfmiddlewaretoken=answer.json()["csrf"]))
    assert sent.status_code == 302
    assert Client().get("/admin/session/").status_code == 302
