"""What a resident sees on the unit's own pages, and on those of errors."""

import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from wagtail.models import Locale

from communes.models import CommunePage, Unit
from communes.templatetags.communes_tags import LIST_AT_ONCE, communes_by_kind
from home.models import HomePage
from home.phones import tel

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_open")]

HOME_QUERIES = 18


def add_commune(home: Any, name: str, kind: str = "xa") -> CommunePage:
    unit = Unit.objects.create(kind=kind, name=name, parent=Unit.objects.get(page_key=home.translation_key))
    return home.add_child(instance=CommunePage(title=unit.full_name, unit=unit, duty_phone="0239 000 0113"))


@pytest.fixture
def home(unit: Any) -> HomePage:
    return HomePage.objects.get(translation_key=unit.page_key)


def test_a_resident_searches_his_commune_by_typing_its_name(client: Client, commune: CommunePage) -> None:
    page = client.get("/").content.decode()
    assert re.search(r'<form[^>]*action="/tim-kiem/" method="get"', page)
    assert 'name="q"' in page
    assert "Tìm xã, thủ tục, tin tức" in page and "ví dụ: cam trung" in page
    assert f'<a href="{commune.url}">Cẩm Trung</a>' in page


def test_communes_stand_in_vietnamese_order_towns_first(home: HomePage) -> None:
    for name, kind in [
        ("Yên Hòa", "xa"),
        ("Cẩm Trung", "xa"),
        ("Cam Đường", "xa"),
        ("Thiên Cầm", "thi-tran"),
    ]:
        add_commune(home, name, kind)
    groups = communes_by_kind(home)
    assert groups is not None
    assert [group.kind for group in groups] == ["Thị trấn", "Xã"]
    assert [commune.unit.name for commune in groups[1].communes] == ["Cam Đường", "Cẩm Trung", "Yên Hòa"]


def test_a_unit_of_very_many_communes_shows_the_search_first(client: Client, home: HomePage) -> None:
    for number in range(LIST_AT_ONCE + 1 - CommunePage.objects.count()):
        add_commune(home, f"Mẫu {number}")
    page = client.get("/").content.decode()
    assert "Mẫu 7<" not in page and "Xem tất cả các xã" in page
    assert "Mẫu 7<" in client.get("/?xa=tat-ca").content.decode()


def test_as_many_communes_as_fit_are_listed_at_once(client: Client, home: HomePage) -> None:
    for number in range(LIST_AT_ONCE - CommunePage.objects.count()):
        add_commune(home, f"Mẫu {number}")
    assert CommunePage.objects.child_of(home).count() == LIST_AT_ONCE
    assert "Mẫu 7<" in client.get("/").content.decode()


def test_the_home_page_asks_the_same_number_of_queries_for_two_communes_and_for_forty(
    client: Client, home: HomePage, django_assert_max_num_queries: Any
) -> None:
    for number in range(40):
        add_commune(home, f"Mẫu {number}")
    client.get("/")
    with django_assert_max_num_queries(HOME_QUERIES):
        client.get("/")


def test_home_names_the_unit_and_the_three_emergency_numbers(client: Client, home: HomePage) -> None:
    page = client.get("/").content.decode()
    assert "<title>Công an huyện Cẩm Xuyên</title>" in page
    assert '<html lang="vi">' in page
    assert f'<link rel="canonical" href="{home.full_url}">' in page
    for number in ("113", "114", "115"):
        assert f'href="tel:{number}"' in page


def test_every_footer_leads_to_look_up_search_and_information(client: Client, home: HomePage) -> None:
    page = client.get("/tin-tuc/").content.decode()
    foot = page.split('<footer class="foot">')[1]
    for address in ("/tra-cuu/", "/tim-kiem/", "/quyen-rieng-tu/"):
        assert f'href="{address}"' in foot


def test_the_banner_of_the_demo_is_on_every_page_of_the_demo_only(client: Client, home: HomePage) -> None:
    words = "Trang mẫu, không phải trang của Công an. Không gửi tin thật. Khẩn cấp gọi 113."
    assert words not in client.get("/").content.decode()
    with override_settings(DEMO=True):
        for address in ("/", "/tin-tuc/", "/khong-co/"):
            assert words in client.get(address).content.decode()


def test_a_wrong_address_answers_404_and_offers_the_search(client: Client, home: HomePage) -> None:
    response = client.get("/khong-co/")
    assert response.status_code == 404
    assert 'action="/tim-kiem/"' in response.content.decode()


def test_the_page_of_a_broken_server_needs_nothing(client: Client) -> None:
    page = render_to_string("500.html")
    assert 'href="tel:113"' in page


@pytest.mark.parametrize("template", ["403.html", "429.html"])
def test_refusals_are_in_the_portals_own_look(home: HomePage, template: str) -> None:
    page = render_to_string(template, request=RequestFactory().get("/"))
    assert "Công an huyện Cẩm Xuyên" in page and "<h1>" in page


def test_staff_log_in_in_vietnamese_on_a_page_without_the_residents_menu(
    client: Client, home: HomePage
) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "Cán bộ đăng nhập" in page and "Tên đăng nhập" in page
    assert "<nav" not in page
    wrong = client.post("/accounts/login/", {"login": "ai-do", "password": "sai"})
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in wrong.content.decode()


@pytest.mark.parametrize(
    ("number", "address"),
    [("0239 386 1113", "tel:02393861113"), ("+84 239.386", "tel:+84239386"), ("113", "tel:113")],
)
def test_a_phone_link_is_digits(number: str, address: str) -> None:
    assert tel(number) == address


def test_the_english_home_page_answers_and_leads_to_the_communes(client: Any, commune: Any) -> None:
    home = HomePage.objects.get()
    english = home.copy_for_translation(Locale.objects.create(language_code="en"))
    english.title = english.unit_name = "Cẩm Xuyên District Police"
    english.save_revision().publish()
    response = client.get("/en/")
    html = response.content.decode()
    assert '<html lang="en">' in html
    assert "Cẩm Xuyên District Police" in html
    assert 'href="/cam-trung/"' in html
    assert client.get("/", headers={"Accept-Language": "en"}).content.decode().count(' lang="vi"') == 1
