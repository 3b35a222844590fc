"""What is indexed and what is asked for are folded alike; no query breaks the database."""

import unicodedata
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from modelsearch.query import MATCH_ALL, And, Not, Or, Phrase, PlainText
from wagtail.models import Page

from home.models import InfoPage
from home.search_backend.folding import MOST_WORDS, fold_query, search_words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_open", "no_starter_pages")]

WEIRD = [
    '"',
    "'",
    "\\",
    '"cam',
    "cam*",
    "cam OR",
    "NOT cam",
    "NEAR(cam trung, 2)",
    "title:cam",
    "{title} : cam",
    "cam & | ! <-> :*",
    "-cam",
    "^cam",
    "%s %d {0}",
    "_",
    "🚓 🚨",
    "   ",
    "\x00cam\x00",
    "(" * 50,
    "a " * 5000,
    "ẩ" * 10_000,
    "１２３",
    "²",
]


@pytest.fixture
def page(unit: Any) -> InfoPage:
    """An information page whose title and text have every kind of mark."""
    from home.models import HomePage

    page = InfoPage(
        title="Đăng ký tạm trú ở Cẩm Trung",
        slug="thu",
        intro="Quyết định hòa giải, uỷ ban; làm giấy tờ.",
    )
    HomePage.objects.get().add_child(instance=page)
    return page


FINDING = [
    "Cẩm Trung",
    "cam trung",
    "CAM TRUNG",
    "đăng ký",
    "dang ky",
    "Dang Ký",
    "quyết định",
    "quyet dinh",
    unicodedata.normalize("NFD", "Quyết định Cẩm Trung"),
    "hoà giải",
    "hòa giải",
    "hoa giai",
    "ủy ban",
    "uỷ ban",
    "uy ban",
    "“Cẩm Trung”, đăng-ký!",
]


def test_a_page_is_found_with_and_without_marks(page: InfoPage) -> None:
    for query in FINDING:
        assert [found.pk for found in Page.objects.search(query)] == [page.pk], query


def test_the_editors_search_box_finds_beginnings_of_words(page: InfoPage) -> None:
    for query in ("ca", "cam tr", "Cẩm Tr", "dang ky t", "đ"):
        assert page.pk in [found.pk for found in Page.objects.autocomplete(query)], query


def test_a_page_written_in_decomposed_letters_is_found(unit: Any) -> None:
    from home.models import HomePage

    page = InfoPage(title=unicodedata.normalize("NFD", "Cẩm Lĩnh"), slug="nfd")
    HomePage.objects.get().add_child(instance=page)
    assert Page.objects.search("Cẩm Lĩnh").count() == 1
    assert Page.objects.autocomplete("cam li").count() == 1


def test_syllables_that_are_english_stop_words_are_found(unit: Any) -> None:
    from home.models import HomePage

    HomePage.objects.get().add_child(instance=InfoPage(title="An do to in", slug="an"))
    assert all(InfoPage.objects.search(word).count() == 1 for word in ("an", "do", "to", "in"))


def test_weird_queries_find_something_or_nothing_and_never_fail(page: InfoPage) -> None:
    for query in WEIRD:
        for backend in (Page.objects.search, Page.objects.autocomplete):
            found = list(backend(query))
            assert backend(query).count() == len(found) == len(set(found)), query


def test_only_so_many_words_reach_the_database() -> None:
    assert len(str(fold_query("a " * 5000)).split()) == MOST_WORDS


def test_words_hold_no_operator() -> None:
    assert search_words('"Đăng-ký" OR title:cẩm*') == ["dang", "ky", "or", "title", "cam"]


def test_the_admins_parsed_queries_are_folded_and_emptied_parts_dropped() -> None:
    def shape(query: Any) -> str:
        return repr(fold_query(query))

    assert fold_query("🚓") == ""
    assert "cam trung" in shape(PlainText("Cẩm Trung"))
    assert "cam trung" in shape(And([Phrase("Cẩm Trung"), PlainText("")]))
    assert fold_query(Or([PlainText("!"), Phrase("?")])) == ""
    assert fold_query(Not(PlainText("!"))) == ""
    assert fold_query(MATCH_ALL) is MATCH_ALL


def test_the_admins_page_search_finds_without_marks(page: InfoPage, client: Any, superuser: Any) -> None:
    client.force_login(superuser)
    for query in ("dang ky tam", '"đăng ký" tam', "published:no"):
        response = client.get("/admin/pages/search/", {"q": query})
        assert response.status_code == 200
    response = client.get("/admin/pages/search/", {"q": '"dang ky" tam tr'})
    assert page.title in response.content.decode()


def test_sqlite_does_not_rank_each_hit_against_all_others(page: InfoPage) -> None:
    """modelsearch's own ranking takes minutes when a word is common."""
    with CaptureQueriesContext(connection) as queries:
        list(Page.objects.search("cam")[:10])
        list(Page.objects.autocomplete("cam")[:10])
    assert len(queries) == 2
    assert "bm25" not in "".join(query["sql"] for query in queries.captured_queries)
