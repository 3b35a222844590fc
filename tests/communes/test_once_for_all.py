"""A unit's post in every commune's news: written once, read in each, one address for search engines."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from communes.models import CommunePage, NewsIndexPage, NewsPage
from communes.models.news import latest_posts
from home.models import HomePage
from home.tree import live_children

pytestmark = pytest.mark.django_db

TITLE = "Cảnh báo trang mạng giả mạo"


def news_of(page: Page) -> NewsIndexPage:
    return live_children(NewsIndexPage, page).get()


def post_under(page: Page, title: str, day: int = 20, **values: Any) -> NewsPage:
    went_live = datetime.datetime(2026, 3, day, 5, tzinfo=datetime.UTC)
    dates = {"date": went_live.date(), "first_published_at": went_live}
    post = NewsPage(title=title, summary="Tóm tắt", **dates, **values)
    return news_of(page).add_child(instance=post)


def html(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


@pytest.fixture
def home(unit: Any) -> HomePage:
    return HomePage.objects.get(translation_key=unit.page_key)


@pytest.fixture
def shared(home: HomePage) -> NewsPage:
    return post_under(home, TITLE, slug="trang-gia", everywhere=True)


def test_it_is_read_in_each_commune_with_its_name_and_phone_and_is_still_the_units(
    client: Client, shared: NewsPage, commune: CommunePage, other_commune: CommunePage
) -> None:
    for page in (commune, other_commune):
        text = html(client, f"{page.url}tin-tuc/trang-gia/")
        assert f"<title>{page.unit.full_name} – {TITLE}" in text
        assert f'<link rel="canonical" href="{shared.full_url}">' in text
        assert '<span class="post__author">Công an huyện Cẩm Xuyên</span>' in text
        assert f'href="{page.url}gui-tin-bao/"' in text
        address = f'href="{page.url}tin-tuc/trang-gia/"'
        assert address in html(client, f"{page.url}tin-tuc/")
        assert address in html(client, page.url)
    assert TITLE in html(client, "/tin-tuc/trang-gia/")
    assert 'href="/tin-tuc/trang-gia/"' in html(client, "/")


def test_it_stands_among_the_communes_own_by_the_moment_it_went_live(
    client: Client, shared: NewsPage, commune: CommunePage
) -> None:
    newer, older = post_under(commune, "Bài mới hơn", 21), post_under(commune, "Bài cũ hơn", 19)
    text = html(client, f"{commune.url}tin-tuc/")
    assert text.index(newer.title) < text.index(TITLE) < text.index(older.title)
    assert TITLE in html(client, newer.url), "more posts below"


def test_pages_of_the_list_hold_each_post_once(
    client: Client, shared: NewsPage, commune: CommunePage
) -> None:
    for number in range(14):
        post_under(commune, f"Bài {number:02}", number + 1)
    first, second = (html(client, f"{commune.url}tin-tuc/?page={number}") for number in (1, 2))
    assert "Trang 1/2" in first
    assert (first.count('class="card '), second.count('class="card ')) == (12, 3)
    assert TITLE in first and TITLE not in second


def test_a_communes_own_post_of_the_same_title_hides_none_of_the_units(
    client: Client, home: HomePage, commune: CommunePage, other_commune: CommunePage
) -> None:
    own = post_under(commune, "Thông báo khẩn")
    storm = post_under(home, "Thông báo khẩn", everywhere=True)
    assert own.slug == storm.slug
    news, numbered = f"{commune.url}tin-tuc/", f"{storm.slug}-{storm.pk}/"
    for page in (html(client, news), html(client, commune.url)):
        assert f'href="{news}{own.slug}/"' in page
        assert f'href="{news}{numbered}"' in page
    assert 'post__author">Công an xã Cẩm Trung<' in html(client, f"{news}{own.slug}/")
    assert f'href="{news}{numbered}"' in html(client, own.url), "more posts below"
    page = html(client, f"{news}{numbered}")
    assert 'post__author">Công an huyện Cẩm Xuyên<' in page
    assert f'<link rel="canonical" href="{storm.full_url}">' in page
    assert f'href="{other_commune.url}tin-tuc/{storm.slug}/"' in html(client, other_commune.url)


def test_the_numbered_address_leads_to_the_post_when_nothing_stands_in_its_way_any_more(
    client: Client, home: HomePage, commune: CommunePage
) -> None:
    own = post_under(commune, "Thông báo khẩn")
    storm = post_under(home, "Thông báo khẩn", everywhere=True)
    own.unpublish()
    news = f"{commune.url}tin-tuc/"
    for address in (storm.slug, f"{storm.slug}-{storm.pk}"):
        assert "Công an huyện Cẩm Xuyên<" in html(client, f"{news}{address}/")
    assert f'href="{news}{storm.slug}/"' in html(client, news)
    assert client.get(f"{news}{storm.slug}-{own.pk}/").status_code == 404
    assert client.get(f"{news_of(home).url}{storm.slug}-{storm.pk}/").status_code == 404


def test_a_new_post_of_a_commune_takes_no_address_at_which_the_units_is_read(
    client: Client, home: HomePage, commune: CommunePage
) -> None:
    storm = post_under(home, "Thông báo khẩn", everywhere=True)
    own = post_under(commune, "Thông báo khẩn")
    assert (storm.slug, own.slug) == ("thong-bao-khan", "thong-bao-khan-2")
    assert "Công an huyện Cẩm Xuyên<" in html(client, f"{commune.url}tin-tuc/thong-bao-khan/")
    assert "Công an xã Cẩm Trung<" in html(client, own.url)


@pytest.mark.parametrize("values", [{}, {"everywhere": True, "live": False}])
def test_what_is_not_marked_or_not_live_stays_out(
    values: dict[str, Any], client: Client, home: HomePage, commune: CommunePage
) -> None:
    post_under(home, "Bài chỉ của huyện", slug="chi-cua-huyen", **values)
    assert client.get(f"{commune.url}tin-tuc/chi-cua-huyen/").status_code == 404
    assert "Bài chỉ của huyện" not in html(client, f"{commune.url}tin-tuc/")


def test_a_mark_on_a_communes_post_means_nothing(
    client: Client, commune: CommunePage, other_commune: CommunePage
) -> None:
    post_under(commune, "Bài của Cẩm Trung", slug="cua-cam-trung", everywhere=True)
    assert "Bài của Cẩm Trung" not in html(client, f"{other_commune.url}tin-tuc/")
    assert client.get(f"{other_commune.url}tin-tuc/cua-cam-trung/").status_code == 404
    assert "Bài của Cẩm Trung" not in html(client, "/tin-tuc/")


def test_the_post_of_another_unit_stays_there(client: Client, commune: CommunePage) -> None:
    from communes.lifecycle.opening import open_unit

    _unit, other = open_unit(kind="huyen", name="Kỳ Anh", phone="0239 000 0200", hostname="ky-anh.test")
    post_under(other, "Bài của Kỳ Anh", slug="cua-ky-anh", everywhere=True)
    assert "Bài của Kỳ Anh" not in html(client, f"{commune.url}tin-tuc/")
    assert client.get(f"{commune.url}tin-tuc/cua-ky-anh/").status_code == 404


def test_search_and_api_have_it_once(
    client: Client, shared: NewsPage, commune: CommunePage, other_commune: CommunePage
) -> None:
    found = html(client, "/tim-kiem/?q=giả mạo")
    assert found.count("/trang-gia/") == 1
    listed = client.get("/api/v2/pages/?type=communes.NewsPage").json()["items"]
    assert [item["id"] for item in listed] == [shared.pk]


def test_only_who_writes_for_the_unit_finds_the_mark(
    client: Client, home: HomePage, commune: CommunePage, unit_editor: Any, editor: Any
) -> None:
    def form(user: Any, index: NewsIndexPage) -> str:
        client.force_login(user)
        return html(client, reverse("wagtailadmin_pages:add", args=["communes", "newspage", index.pk]))

    assert 'name="everywhere"' in form(unit_editor, news_of(home))
    assert 'name="everywhere"' not in form(unit_editor, news_of(commune))
    assert 'name="everywhere"' not in form(editor, news_of(commune))


def test_queries_do_not_grow_with_shared_posts(client: Client, home: HomePage, commune: CommunePage) -> None:
    own = post_under(commune, "Bài của xã")

    def queries(url: str) -> int:
        html(client, url)
        with CaptureQueriesContext(connection) as captured:
            html(client, url)
        return len(captured)

    urls = [commune.url, f"{commune.url}tin-tuc/", own.url]
    none = [queries(url) for url in urls]
    for number in range(4):
        post_under(home, f"Bài chung {number}", slug=f"chung-{number}", everywhere=True)
    # The front page asks which pictures the cards have only when there are cards with pictures.
    assert [queries(url) for url in urls] == none
    assert queries(f"{commune.url}tin-tuc/chung-1/") <= queries(own.url) + 2


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans otherwise for so few pages")
def test_a_list_of_posts_is_found_by_indexes_and_its_slugs_are_read_once(commune: CommunePage) -> None:
    plan = latest_posts(news_of(commune)).explain()
    assert "SCAN wagtailcore_page" not in plan
    # For each post, among the pages of its slug in all communes.
    assert "CORRELATED" not in plan
    # PostgreSQL reads all pages there are for "in these or in those".
    assert "MULTI-INDEX OR" not in plan
