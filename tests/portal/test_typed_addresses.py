"""An address as people type it leads to the page."""

import unicodedata
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from wagtail.models import Locale

from communes.models import CommunePage, NewsIndexPage, NewsPage
from home.models import HomePage
from home.tree import live_children
from portal.typed_addresses import plain_path

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/Cam-Trung/", "/cam-trung/"),
        ("/CAM-TRUNG", "/cam-trung/"),
        ("/cam-trung", "/cam-trung/"),
        ("/Cẩm-Trung/", "/cam-trung/"),
        ("/Cẩm Trung", "/cam-trung/"),
        (unicodedata.normalize("NFD", "/Cẩm Trung/"), "/cam-trung/"),
        ("/cẩm trung/Tin tức", "/cam-trung/tin-tuc/"),
        ("/cam_trung/", None),
        ("/cam-trung//tin-tuc/", "/cam-trung/tin-tuc/"),
        ("/Quyền riêng tư", "/quyen-rieng-tu/"),
        ("/Tra Cứu", "/tra-cuu/"),
        ("/TÌM-KIẾM/?q=Cẩm+Trung", "/tim-kiem/?q=C%E1%BA%A9m+Trung"),
        ("/Không có/", None),
        ("/khong-co/", None),
        ("/cam-trung//evil.example/", None),
        ("/%5Cevil.example/Cam-Trung", None),
        ("/Documents/1/Mẫu.pdf", None),
        ("/ADMIN/", None),
        ("/..../", None),
    ],
)
def test_an_address_as_it_is_typed(
    client: Client, commune: CommunePage, typed: str, meant: str | None
) -> None:
    response = client.get(quote(typed, safe="/%?=+"))
    if meant is None:
        assert response.status_code == 404
    else:
        assert response.headers["Location"] == meant
        assert client.get(meant).status_code == 200


def test_what_is_meant_of_what_was_meant_is_the_same() -> None:
    for typed in ("/Cẩm Trung", "//a//B/", "", "/", "/Đ/ð", "/a/../b", "/\\evil.example"):
        path = plain_path(typed)
        assert plain_path(path) == path
        assert path.startswith("/") and not path.startswith("//") and "\\" not in path


def test_a_page_that_is_there_is_never_asked_about(
    client: Client, commune: CommunePage, monkeypatch: Any
) -> None:
    def asked(path: str) -> str:
        raise AssertionError(path)

    monkeypatch.setattr("portal.typed_addresses.plain_path", asked)
    assert client.get("/cam-trung/").status_code == 200
    assert client.get("/moi/").status_code == 200


def test_what_a_form_sends_is_never_sent_elsewhere(client: Client, commune: CommunePage) -> None:
    assert client.post("/Cam-Trung/gui-tin-bao/", {"message": "Bí mật"}).status_code in (403, 404)
    assert client.head("/Cam-Trung/").status_code == 302


def test_a_draft_is_not_given_away(client: Client, commune: CommunePage) -> None:
    index = live_children(NewsIndexPage, commune).get()
    index.add_child(instance=NewsPage(title="Bài nháp", summary="Một câu.", live=False))
    assert client.get("/cam-trung/tin-tuc/Bài nháp".replace(" ", "%20")).status_code == 404


def test_the_old_address_of_a_renamed_page_leads_to_it_as_typed_too(
    client: Client, commune: CommunePage, django_capture_on_commit_callbacks: Any
) -> None:
    index = live_children(NewsIndexPage, commune).get()
    post = index.add_child(instance=NewsPage(title="Bài cũ", summary="Một câu."))
    post.slug = "bai-moi"
    with django_capture_on_commit_callbacks(execute=True):
        post.save_revision().publish()
    old = client.get("/cam-trung/tin-tuc/bai-cu/")
    assert old.headers["Location"] == "/cam-trung/tin-tuc/bai-moi/"
    typed = client.get("/cam-trung/tin-tuc/Bài-Cũ")
    assert typed.headers["Location"] == "/cam-trung/tin-tuc/bai-cu/"


def test_an_english_address_leads_to_the_english_page(client: Client, unit: Any) -> None:
    home = HomePage.objects.get(translation_key=unit.page_key)
    english = home.copy_for_translation(Locale.objects.get_or_create(language_code="en")[0])
    english.save_revision().publish()
    assert client.get("/EN").headers["Location"] == "/en/"
    assert client.get("/En/Search-None/").status_code == 404
    assert client.get("/EN/TRA-CUU/").headers["Location"] == "/en/tra-cuu/"


def test_a_wrong_address_costs_few_queries(
    client: Client, commune: CommunePage, django_assert_max_num_queries: Any
) -> None:
    client.get("/Không có/gì/ở đây/")
    with django_assert_max_num_queries(20):
        assert client.get("/Không có/gì/ở đây/").status_code == 404
