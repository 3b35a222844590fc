"""What machines ask for at the root: robots.txt, the sitemap, the icon, the manifest."""

import json
import re
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale, Page, PageViewRestriction

from communes.lifecycle.opening import open_unit
from communes.models import CommunePage, NewsIndexPage, NewsPage, ProcedureIndexPage
from home.models import HomePage, InfoPage
from home.tree import live_children
from portal import sitemaps

pytestmark = pytest.mark.django_db


def addresses(client: Client) -> list[str]:
    """The addresses that the sitemap names, through its index."""
    index = client.get("/sitemap.xml").content.decode()
    assert index.startswith("<?xml")
    found: list[str] = []
    for part in re.findall(r"<loc>http://testserver([^<]+)</loc>", index):
        response = client.get(part)
        assert response.headers["Content-Type"] == "application/xml"
        found += re.findall(r"<loc>([^<]+)</loc>", response.content.decode())
    return found


def test_robots_are_told_of_the_sitemap_and_of_no_secret(client: Client, commune: CommunePage) -> None:
    response = client.get("/robots.txt")
    text = response.content.decode()
    assert response.headers["Content-Type"].startswith("text/plain")
    assert "Sitemap: http://testserver/sitemap.xml" in text
    spared = re.findall(r"Disallow: (\S+)", text)
    assert spared == ["/admin/", "/accounts/", "/api/", "/tim-kiem/?", "/en/tim-kiem/?"]
    # Invitations are given on paper; nobody need know of their address.
    assert "/moi" not in text
    # A resident who lost the address of the look-up finds it, and the tip form, by a search engine.
    assert not any("/tra-cuu/".startswith(path) or "/cam-trung/".startswith(path) for path in spared)


def test_the_sitemap_names_what_everybody_may_read_and_nothing_else(
    client: Client, commune: CommunePage
) -> None:
    index = live_children(NewsIndexPage, commune).get()
    posts = {
        name: index.add_child(instance=NewsPage(title=name, summary="Một câu.", live=name != "Nháp"))
        for name in ("Đã đăng", "Nháp", "Riêng", "Hết hạn")
    }
    restriction = PageViewRestriction.objects.create(page=posts["Riêng"], restriction_type="groups")
    restriction.groups.add(Group.objects.first())
    NewsPage.objects.filter(pk=posts["Hết hạn"].pk).update(expire_at=timezone.now())
    found = addresses(client)
    assert "http://localhost/" in found and commune.full_url in found
    assert posts["Đã đăng"].full_url in found
    assert not {posts[name].full_url for name in ("Nháp", "Riêng", "Hết hạn")} & set(found)
    assert len(found) == len(set(found))


def test_every_address_of_the_sitemap_answers(client: Client, commune: CommunePage) -> None:
    for address in addresses(client):
        assert client.get(address.removeprefix("http://localhost")).status_code == 200, address


def test_pages_of_another_unit_stand_in_its_own_sitemap(
    client: Client, commune: CommunePage, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    open_unit(kind="huyen", name="Kỳ Anh", phone="0239 000 0200", hostname="ky-anh.example")
    theirs = client.get("/sitemap.xml", headers={"host": "ky-anh.example"}).content.decode()
    assert "http://ky-anh.example/sitemap-" in theirs
    assert not any("ky-anh" in address for address in addresses(client))


def test_english_pages_stand_in_it_at_their_own_addresses(client: Client, unit: Any) -> None:
    home = HomePage.objects.get(translation_key=unit.page_key)
    english = home.copy_for_translation(Locale.objects.get_or_create(language_code="en")[0])
    assert english.full_url not in addresses(client)
    english.save_revision().publish()
    assert "http://localhost/en/" in addresses(client)


def alternates(client: Client) -> dict[str, dict[str, str]]:
    """The languages of each page that has several, by the page's address."""
    names = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9", "xhtml": "http://www.w3.org/1999/xhtml"}
    found: dict[str, dict[str, str]] = {}
    index = client.get("/sitemap.xml").content.decode()
    for part in re.findall(r"<loc>http://testserver([^<]+)</loc>", index):
        urls = ElementTree.fromstring(client.get(part).content)
        for url in urls.findall("map:url", names):
            links = {
                link.attrib["hreflang"]: link.attrib["href"]
                for link in url.findall("xhtml:link[@rel='alternate']", names)
            }
            if links:
                found[url.findtext("map:loc", "", names)] = links
    return found


def in_english(page: Page, *, live: bool = True) -> Page:
    """The page's translation. The page above it must have one."""
    english = page.copy_for_translation(Locale.objects.get_or_create(language_code="en")[0])
    if live:
        english.save_revision().publish()
        english.refresh_from_db()
    return english


@pytest.mark.parametrize("pages_in_a_part", [1, 3, 5_000])
def test_a_page_in_two_languages_names_both_in_the_sitemap_and_no_other_names_any(
    client: Client, unit: Any, monkeypatch: Any, pages_in_a_part: int
) -> None:
    monkeypatch.setattr(sitemaps, "PAGES_IN_A_PART", pages_in_a_part)
    home = HomePage.objects.get(translation_key=unit.page_key)
    news = live_children(NewsIndexPage, home).get()
    guides = live_children(ProcedureIndexPage, home).get()
    assert alternates(client) == {}
    english = {page: in_english(page, live=page != guides) for page in (home, news, guides)}
    homes = {"vi": "http://localhost/", "en": "http://localhost/en/"}
    lists = {"vi": news.full_url, "en": english[news].full_url}
    both = {address: each for each in (homes, lists) for address in each.values()}
    assert alternates(client) == both
    # Who has no right to a translation is not sent to it.
    PageViewRestriction.objects.create(page=english[news], restriction_type="login")
    assert alternates(client) == dict.fromkeys(homes.values(), homes)
    # A draft in English alone is as if there were none.
    english[home].unpublish()
    assert alternates(client) == {}


def test_an_address_with_signs_of_xml_stands_in_the_sitemap_as_it_is(client: Client, unit: Any) -> None:
    home = HomePage.objects.get(translation_key=unit.page_key)
    page = home.add_child(instance=InfoPage(title="Hỏi & đáp", slug="hoi-dap"))
    Page.objects.filter(pk=page.pk).update(url_path=f"{home.url_path}hoi-&-dap/")
    in_english(home)
    in_english(page)
    assert "http://localhost/hoi-&-dap/" in alternates(client)
    assert alternates(client)["http://localhost/hoi-&-dap/"]["vi"] == "http://localhost/hoi-&-dap/"


def test_many_translations_ask_as_much_as_few(client: Client, unit: Any) -> None:
    home = HomePage.objects.get(translation_key=unit.page_key)
    news = live_children(NewsIndexPage, home).get()
    in_english(home)
    in_english(news)

    def count() -> int:
        part = f"/sitemap-{news.pk // sitemaps.PAGES_IN_A_PART}.xml"
        client.get(part)
        with CaptureQueriesContext(connection) as queries:
            client.get(part)
        return len(queries)

    few = count()
    for number in range(5):
        in_english(news.add_child(instance=NewsPage(title=f"Bài {number}", summary="Một câu.")))
    assert count() == few <= 6


def test_a_search_engine_is_told_when_a_page_and_a_part_last_changed(
    client: Client, commune: CommunePage
) -> None:
    def moment(day: int) -> datetime:
        return timezone.make_aware(datetime(2026, 11, day, 12))

    Page.objects.update(last_published_at=moment(1))
    Page.objects.filter(pk=commune.pk).update(last_published_at=moment(20))
    index = client.get("/sitemap.xml").content.decode()
    assert re.findall(r"<lastmod>(.*?)</lastmod>", index) == ["2026-11-20"]
    part = client.get(re.findall(r"<loc>http://testserver([^<]+)</loc>", index)[0]).content.decode()
    assert f"<loc>{commune.full_url}</loc><lastmod>2026-11-20</lastmod>" in part
    assert "<loc>http://localhost/</loc><lastmod>2026-11-01</lastmod>" in part


def test_the_sitemap_comes_in_parts(client: Client, commune: CommunePage, monkeypatch: Any) -> None:
    whole = set(addresses(client))
    monkeypatch.setattr(sitemaps, "PAGES_IN_A_PART", 3)
    index = client.get("/sitemap.xml").content.decode()
    parts = re.findall(r"<loc>http://testserver([^<]+)</loc>", index)
    assert len(parts) > 2
    assert all(len(re.findall("<url>", client.get(part).content.decode())) in (1, 2, 3) for part in parts)
    assert set(addresses(client)) == whole
    beyond = Page.objects.order_by("-pk").first().pk // 3 + 1  # type: ignore[union-attr]
    assert client.get(f"/sitemap-{beyond}.xml").status_code == 404


def test_an_index_of_many_pages_asks_as_much_as_one_of_few(
    client: Client, commune: CommunePage, django_assert_max_num_queries: Any
) -> None:
    client.get("/sitemap.xml")
    with django_assert_max_num_queries(5):
        client.get("/sitemap.xml")


def test_the_icon_is_found_at_the_root(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == 302 and "icons/favicon" in response.headers["Location"]


def test_the_manifest_names_the_unit_and_is_named_by_every_page(client: Client, commune: CommunePage) -> None:
    response = client.get("/site.webmanifest")
    assert response.headers["Content-Type"] == "application/manifest+json"
    manifest = json.loads(response.content)
    assert manifest["name"] == "Công an huyện Cẩm Xuyên"
    assert manifest["start_url"] == "/"
    assert manifest["theme_color"] in client.get("/").content.decode()
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    # Without the address bar a false page looks like the true one.
    assert manifest["display"] in ("browser", "minimal-ui")
    assert '<link rel="manifest" href="/site.webmanifest">' in client.get("/cam-trung/").content.decode()


@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml", "/site.webmanifest"])
def test_they_are_kept_for_everybody_and_set_no_cookie(
    client: Client, commune: CommunePage, path: str
) -> None:
    response = client.get(path)
    assert "public" in response.headers["Cache-Control"]
    assert not response.cookies and "Cookie" not in response.headers.get("Vary", "")
    assert client.post(path).status_code in (403, 405)
