"""What the head of each public page tells search engines and messengers."""

import datetime
import json
import re
from html import unescape
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale

from communes.models import (
    CommunePage,
    ContactPage,
    NewsIndexPage,
    NewsPage,
    ProcedureIndexPage,
    ProcedurePage,
)
from home.models import HomePage
from home.tree import live_children
from tests.communes.media import a_picture

pytestmark = pytest.mark.django_db


def head_of(client: Client, url: str, **options: Any) -> BeautifulSoup:
    response = client.get(url, **options)
    assert response.status_code == 200, url
    head = BeautifulSoup(response.content.decode(), "html.parser").head
    assert head
    return head


def said(head: BeautifulSoup, name: str) -> str:
    """The content of the one `meta` of this name or property."""
    found = head.select(f'meta[name="{name}"], meta[property="{name}"]')
    assert len(found) == 1, name
    return unescape(found[0]["content"])


def facts(head: BeautifulSoup) -> dict[str, Any]:
    """The facts for search engines by their type."""
    script = head.find("script", type="application/ld+json")
    assert script
    data = json.loads(script.string)
    assert data["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in data["@graph"]}


def canonical(head: BeautifulSoup) -> str:
    (link,) = head.select("link[rel=canonical]")
    return link["href"]


def languages(head: BeautifulSoup) -> dict[str, str]:
    return {link["hreflang"]: link["href"] for link in head.select("link[rel=alternate]")}


@pytest.fixture
def post(commune: CommunePage) -> NewsPage:
    index = live_children(NewsIndexPage, commune).get()
    return index.add_child(
        instance=NewsPage(
            title="Gọi điện giả danh Công an", summary="Bà con cúp máy.", date=datetime.date(2026, 11, 20)
        )
    )


@pytest.fixture
def guide(commune: CommunePage) -> ProcedurePage:
    """A guide of the unit's, which every commune shows."""
    index = live_children(ProcedureIndexPage, commune.get_parent()).get()
    return index.add_child(instance=ProcedurePage(title="Đăng ký tạm trú", summary="Ở nơi khác từ 30 ngày."))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/tin-tuc/",
        "/thu-tuc/",
        "/quyen-rieng-tu/",
        "/tra-cuu/",
        "/tim-kiem/",
        "/cam-trung/",
        "/cam-trung/tin-tuc/",
        "/cam-trung/thu-tuc/",
        "/cam-trung/lien-he/",
        "/cam-trung/gui-tin-bao/",
        "/cam-trung/tin-tuc/goi-dien-gia-danh-cong-an/",
        "/cam-trung/thu-tuc/dang-ky-tam-tru/",
    ],
)
def test_every_public_page_describes_itself_and_shows_a_picture(
    client: Client, post: NewsPage, guide: ProcedurePage, path: str
) -> None:
    head = head_of(client, path)
    assert len(said(head, "description")) > 10
    assert said(head, "og:description") == said(head, "description")
    assert said(head, "og:url") == f"http://testserver{path}"
    # What stood behind a question mark is passed on to nobody.
    if path != "/tim-kiem/":
        assert said(head_of(client, f"{path}?tu=ai"), "og:url") == f"http://testserver{path}"
    assert said(head, "og:image").startswith("http://testserver/")
    assert said(head, "og:image:width").isdigit() and said(head, "og:image:height").isdigit()
    assert said(head, "og:locale") == "vi_VN" and said(head, "og:title")
    assert said(head, "og:site_name") == "Công an huyện Cẩm Xuyên"
    assert canonical(head)


def test_a_list_without_words_of_its_own_says_whose_it_is(client: Client, commune: CommunePage) -> None:
    head = head_of(client, "/cam-trung/tin-tuc/")
    assert "Công an xã Cẩm Trung" in said(head, "description")
    assert said(head, "og:title") == "Tin tức – Công an xã Cẩm Trung"


def test_what_the_unit_wrote_for_search_engines_goes_first(client: Client, post: NewsPage) -> None:
    NewsPage.objects.filter(pk=post.pk).update(search_description="Chiêu mới\ncủa kẻ gian")
    head = head_of(client, post.url)
    assert said(head, "description") == "Chiêu mới của kẻ gian"
    assert said(head, "og:type") == "article"


def test_results_of_a_search_say_nothing_to_machines(client: Client, commune: CommunePage) -> None:
    head = head_of(client, "/tim-kiem/?q=cam+trung")
    assert said(head, "robots") == "noindex"
    assert not head.select("link[rel=canonical], meta[property^=og]")
    assert not head_of(client, "/tim-kiem/").select("meta[name=robots]")


def test_a_page_that_is_not_there_says_nothing_to_machines(client: Client, commune: CommunePage) -> None:
    page = client.get("/khong-co/").content.decode()
    assert "canonical" not in page and "og:" not in page and "ld+json" not in page


def test_a_shared_guide_in_a_commune_names_the_shared_address(client: Client, guide: ProcedurePage) -> None:
    head = head_of(client, f"/cam-trung/thu-tuc/{guide.slug}/")
    assert canonical(head) == guide.full_url
    assert canonical(head_of(client, guide.url)) == guide.full_url


def test_a_further_part_of_a_list_has_its_own_address(client: Client, commune: CommunePage) -> None:
    index = live_children(NewsIndexPage, commune).get()
    for number in range(13):
        index.add_child(instance=NewsPage(title=f"Bài {number}", summary="Một câu."))
    assert canonical(head_of(client, f"{index.url}?page=2")) == f"{index.full_url}?page=2"
    assert canonical(head_of(client, f"{index.url}?page=1")) == index.full_url


def test_a_page_in_two_languages_names_both_and_so_does_the_other(client: Client, unit: Any) -> None:
    home = HomePage.objects.get(translation_key=unit.page_key)
    assert languages(head_of(client, "/")) == {}
    english = home.copy_for_translation(Locale.objects.get_or_create(language_code="en")[0])
    # As long as it is a draft nobody is sent to it.
    assert languages(head_of(client, "/")) == {}
    english.save_revision().publish()
    both = {"vi": home.full_url, "en": english.full_url}
    head = head_of(client, "/en/")
    assert both["en"].endswith("/en/")
    assert languages(head) == both == languages(head_of(client, "/"))
    assert said(head, "og:locale") == "en_GB"


def test_a_commune_is_a_police_station_with_phone_address_and_hours(
    client: Client, commune: CommunePage
) -> None:
    CommunePage.objects.filter(pk=commune.pk).update(address="Cạnh Ủy ban nhân dân xã")
    contact = live_children(ContactPage, commune).get()
    contact.hours = [("hours", {"first_day": "5", "last_day": "0", "opens": "07:30", "closes": "11:30"})]
    contact.save()
    for path in ("/cam-trung/", "/cam-trung/lien-he/", "/cam-trung/lien-he/?x=1"):
        station = facts(head_of(client, path))["PoliceStation"]
        assert station["name"] == "Công an xã Cẩm Trung"
        assert station["telephone"] == "02390000113"
        assert station["address"]["streetAddress"] == "Cạnh Ủy ban nhân dân xã"
        (hours,) = station["openingHoursSpecification"]
        # Over the end of the week.
        assert hours["dayOfWeek"] == ["Saturday", "Sunday", "Monday"]
        assert (hours["opens"], hours["closes"]) == ("07:30", "11:30")


def test_an_ordinary_week_ends_with_its_last_day(client: Client, commune: CommunePage) -> None:
    contact = live_children(ContactPage, commune).get()
    contact.hours = [
        ("hours", {"first_day": "0", "last_day": "4", "opens": "07:30", "closes": "17:00"}),
        ("hours", {"first_day": "5", "last_day": "5", "opens": "07:30", "closes": "11:30"}),
    ]
    contact.save()
    week, saturday = facts(head_of(client, "/cam-trung/"))["PoliceStation"]["openingHoursSpecification"]
    assert week["dayOfWeek"] == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    assert saturday["dayOfWeek"] == ["Saturday"] and saturday["closes"] == "11:30"


def test_the_units_first_page_is_the_authority_with_its_phone_and_address(client: Client, unit: Any) -> None:
    HomePage.objects.filter(translation_key=unit.page_key).update(address="Số 1 đường Thử")
    authority = facts(head_of(client, "/"))["GovernmentOrganization"]
    assert authority["name"] == "Công an huyện Cẩm Xuyên"
    assert authority["telephone"] == "02390000100"
    assert authority["address"]["streetAddress"] == "Số 1 đường Thử"


def test_a_post_says_who_wrote_it_and_when_it_was_last_changed(client: Client, post: NewsPage) -> None:
    moment = timezone.make_aware(datetime.datetime(2026, 11, 21, 0, 30))
    NewsPage.objects.filter(pk=post.pk).update(author="Đội An ninh", last_published_at=moment)
    article = facts(head_of(client, post.url))["NewsArticle"]
    assert article["author"]["name"] == "Đội An ninh"
    assert datetime.datetime.fromisoformat(article["dateModified"]) == moment


def test_a_commune_without_hours_claims_none(client: Client, commune: CommunePage) -> None:
    live_children(ContactPage, commune).update(hours="[]")
    assert "openingHoursSpecification" not in facts(head_of(client, "/cam-trung/"))["PoliceStation"]


def test_posts_and_guides_are_news_and_services_of_their_police(
    client: Client, post: NewsPage, guide: ProcedurePage
) -> None:
    article = facts(head_of(client, post.url))["NewsArticle"]
    assert article["headline"] == post.title
    assert article["datePublished"] == "2026-11-20"
    assert article["publisher"]["name"] == "Công an xã Cẩm Trung"
    service = facts(head_of(client, f"/cam-trung/thu-tuc/{guide.slug}/"))["GovernmentService"]
    assert service["name"] == guide.title and service["url"] == guide.full_url
    assert service["provider"]["name"] == "Công an xã Cẩm Trung"
    assert facts(head_of(client, guide.url))["GovernmentService"]["provider"]["name"].startswith(
        "Công an huyện"
    )
    trail = facts(head_of(client, post.url))["BreadcrumbList"]["itemListElement"]
    assert [place["name"] for place in trail][1:] == ["Công an xã Cẩm Trung", "Tin tức", post.title]
    assert [place["position"] for place in trail] == [1, 2, 3, 4]


def test_a_title_cannot_break_out_of_the_facts(client: Client, post: NewsPage) -> None:
    evil = "</script><script>alert(1)</script> & <!--"
    NewsPage.objects.filter(pk=post.pk).update(title=evil)
    page = client.get(post.url).content.decode()
    assert "<script>alert" not in page
    assert page.count("<!--") == 0
    head = head_of(client, post.url)
    assert facts(head)["NewsArticle"]["headline"] == evil
    assert said(head, "og:title") == evil


def test_the_security_policy_is_as_strict_as_before(client: Client, post: NewsPage) -> None:
    policy = client.get(post.url).headers["Content-Security-Policy"]
    assert re.search(r"script-src 'self'(;|$)", policy) and "unsafe" not in policy


def test_a_post_with_a_picture_is_sent_with_it(client: Client, commune: CommunePage, post: NewsPage) -> None:
    NewsPage.objects.filter(pk=post.pk).update(image=a_picture(commune))
    head = head_of(client, post.url)
    assert re.search(r"/media/images/[0-9a-f]{32}\.jpg$", said(head, "og:image"))
    assert facts(head)["NewsArticle"]["image"] == said(head, "og:image")
