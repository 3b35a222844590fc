"""The content API gives out what is published and listed, and nothing else."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from communes.models import CommunePage, NewsIndexPage, NewsPage
from home.tree import live_children
from tipform.models import TipFormPage

pytestmark = pytest.mark.django_db

URL = "/api/v2/pages/"
META = {
    "type",
    "detail_url",
    "html_url",
    "slug",
    "show_in_menus",
    "seo_title",
    "first_published_at",
    "alias_of",
}
META |= {"parent", "locale"}


@pytest.fixture
def post(commune: CommunePage, editor: Any) -> NewsPage:
    page = NewsPage(title="Cảnh báo", summary="Tóm tắt", owner=editor, author="Tên người viết")
    live_children(NewsIndexPage, commune).get().add_child(instance=page)
    page.save_revision(user=editor).publish()
    return page


@pytest.fixture
def draft(commune: CommunePage, editor: Any) -> NewsPage:
    page = NewsPage(title="Bản nháp bí mật", summary="Tóm tắt", owner=editor, live=False)
    live_children(NewsIndexPage, commune).get().add_child(instance=page)
    page.save_revision(user=editor)
    return page


def test_the_list_and_one_page_are_json_for_everybody(client: Any, post: NewsPage) -> None:
    response = client.get(URL)
    assert response.headers["Content-Type"] == "application/json"
    assert post.pk in [item["id"] for item in response.json()["items"]]
    assert client.get(f"{URL}{post.pk}/").json()["title"] == "Cảnh báo"


def test_only_listed_fields_leave(client: Any, post: NewsPage) -> None:
    for query in ({}, {"fields": "*"}):
        page = client.get(f"{URL}{post.pk}/", query).json()
        assert set(page) <= {"id", "meta", "title", "kind", "date", "summary", "body"}
        assert set(page["meta"]) <= META
        text = json.dumps(page, ensure_ascii=False)
        assert "bientap" not in text
        assert "Tên người viết" not in text


NOT_TO_BE_ASKED = [
    {"fields": "owner"},
    {"fields": "latest_revision"},
    {"fields": "_,owner(username)"},
    {"owner": "1"},
    {"live": "false"},
    {"type": "communes.NewsPage", "author": "x"},
    {"type": "communes.Unit"},
    {"type": "tipform.Tip"},
    {"order": "owner"},
    {"limit": "100000"},
    {"limit": "-1"},
    {"search": "cam"},
]


def test_what_is_not_listed_cannot_be_asked_for(client: Any, post: NewsPage) -> None:
    for query in NOT_TO_BE_ASKED:
        response = client.get(URL, query)
        assert response.status_code == 400, query
        assert set(response.json()) == {"message"}


def test_a_draft_is_neither_listed_nor_shown(client: Any, post: NewsPage, draft: NewsPage) -> None:
    assert "bí mật" not in json.dumps(client.get(URL, {"limit": 50}).json(), ensure_ascii=False)
    assert client.get(f"{URL}{draft.pk}/").status_code == 404
    assert client.get(f"{URL}find/", {"id": draft.pk}).status_code == 404


def test_an_unpublished_change_is_not_shown(client: Any, post: NewsPage, editor: Any) -> None:
    post.title = "Tên mới chưa duyệt"
    post.save_revision(user=editor)
    assert client.get(f"{URL}{post.pk}/").json()["title"] == "Cảnh báo"


def test_pages_behind_a_log_in_are_not_shown_even_to_those_who_are_logged_in(
    client: Any, post: NewsPage, superuser: Any
) -> None:
    PageViewRestriction.objects.create(page=post, restriction_type="login")
    client.force_login(superuser)
    assert client.get(f"{URL}{post.pk}/").status_code == 404
    assert post.pk not in [item["id"] for item in client.get(URL, {"limit": 50}).json()["items"]]


def test_of_the_tip_form_only_its_place_is_known(client: Any, commune: CommunePage) -> None:
    form = live_children(TipFormPage, commune).get()
    page = client.get(f"{URL}{form.pk}/", {"fields": "*"}).json()
    assert set(page) <= {"id", "meta", "title"}


def test_nothing_can_be_written(client: Any, superuser: Any, post: NewsPage) -> None:
    client.force_login(superuser)
    for send in (client.post, client.put, client.patch, client.delete):
        for url in (URL, f"{URL}{post.pk}/"):
            assert send(url, {"title": "x"}, content_type="application/json").status_code == 405
    assert Page.objects.get(pk=post.pk).title == "Cảnh báo"


def test_no_html_is_rendered(client: Any, post: NewsPage) -> None:
    for renderer in ("html", "api", "admin", "xml"):
        response = client.get(URL, {"format": renderer}, headers={"accept": "text/html"})
        assert response.status_code == 404, renderer
        assert "html" not in response.headers["Content-Type"]
    assert "html" not in client.get(URL, headers={"accept": "text/html"}).headers["Content-Type"]


def test_there_is_no_other_endpoint(client: Any, commune: CommunePage) -> None:
    for path in ("", "images/", "documents/", "users/", "snippets/", "tips/", "redirects/", "../main/pages/"):
        assert client.get(f"/api/v2/{path}").status_code == 404, path


def test_a_proxy_may_keep_the_answer_and_no_cookie_comes_with_it(
    client: Any, post: NewsPage, superuser: Any
) -> None:
    anonymous = client.get(URL)
    client.force_login(superuser)
    for response in (anonymous, client.get(URL)):
        assert "s-maxage=1" in response.headers["Cache-Control"]
        assert response.headers.get("Vary") in (None, "Accept-Encoding")
        assert not response.cookies
    assert anonymous.content == client.get(URL).content


def test_the_number_of_queries_does_not_grow_with_the_list(client: Any, post: NewsPage) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(URL, {"type": "communes.NewsPage", "fields": "*"})
        return len(queries)

    count()
    few = count()
    for number in range(5):
        post.get_parent().add_child(instance=NewsPage(title=f"Bài {number}", summary="x"))
    assert count() == few


@pytest.mark.parametrize("path", ["?site=evil", "?site=127.0.0.1:x", "find/?id=x", "?limit=x", "?child_of=x"])
def test_a_parameter_without_sense_is_refused_not_a_failure(client: Any, commune: Any, path: str) -> None:
    assert client.get(f"/api/v2/pages/{path}").status_code == 400


HUGE = "9223372036854775808"
CANNOT_BE_USED = [
    {"type": "communes.NewsPage", "date": "25/11/2026"},
    {"type": "communes.NewsPage", "date": "2026-02-30"},
    {"type": "communes.NewsPage", "date": ""},
    {"offset": HUGE},
    {"offset": "-1"},
    {"offset": "x"},
    {"limit": HUGE},
    {"limit": "1.5"},
    {"locale": "\x00"},
    {"locale": "v\x00i"},
    {"slug": "\x00"},
    {"type": "\x00"},
    {"fields": "\x00"},
    {"child_of": HUGE},
    {"child_of": "-1"},
    {"child_of": "\x00"},
    {"ancestor_of": HUGE},
    {"descendant_of": HUGE},
    {"descendant_of": "x"},
    {"translation_of": HUGE},
    {"translation_of": "x"},
    {"show_in_menus": "perhaps"},
    {"site": "\x00"},
    {"order": "\x00"},
]


@pytest.mark.parametrize("query", CANNOT_BE_USED, ids=str)
def test_what_cannot_be_used_is_a_bad_request(query: dict[str, str], client: Any, post: NewsPage) -> None:
    response = client.get(URL, query)
    assert response.status_code == 400, response.content
    assert response.json()["message"]


@pytest.mark.parametrize(
    "address", [f"{HUGE}/", f"?id={HUGE * 3}", f"find/?id={HUGE}", "find/?html_path=%00", "find/?id=x", "0/"]
)
def test_a_page_that_cannot_be_is_none(address: str, client: Any, post: NewsPage) -> None:
    response = client.get(URL + address)
    assert response.status_code in (400, 404) or response.json()["items"] == []
