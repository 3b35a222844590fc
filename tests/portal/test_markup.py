"""What the Nu HTML checker once held against public pages stands in none of them."""

from collections import Counter

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from communes.models import CommunePage, NewsIndexPage, NewsPage, ProcedureIndexPage, ProcedurePage
from home.tree import live_children
from tests.tipform.officers import ensure_unit_key

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/tin-tuc/",
    "/thu-tuc/",
    "/quyen-rieng-tu/",
    "/cam-trung/",
    "/cam-trung/tin-tuc/",
    "/cam-trung/tin-tuc/bai-so-mot/",
    "/cam-trung/thu-tuc/",
    "/cam-trung/thu-tuc/dang-ky-tam-tru/",
    "/cam-trung/lien-he/",
    "/cam-trung/gui-tin-bao/",
    "/tra-cuu/",
    "/tim-kiem/",
    "/tim-kiem/?q=to+cao",
    "/khong-co-mang/",
    "/en/khong-co-mang/",
    "/khong-co/",
]
# What a browser may fill in for somebody is typed text, never a box that is ticked.
TICKED = ("checkbox", "radio", "file", "button", "submit")


@pytest.fixture
def content(commune: CommunePage) -> None:
    ensure_unit_key(commune.unit)
    news = live_children(NewsIndexPage, commune).get()
    news.add_child(instance=NewsPage(title="Bài số một", summary="Một câu."))
    guides = live_children(ProcedureIndexPage, commune.get_parent()).get()
    documents = [("document", {"name": "Tờ khai CT01", "note": "Có sẵn"})]
    guides.add_child(instance=ProcedurePage(title="Đăng ký tạm trú", summary="Một câu.", documents=documents))


@pytest.mark.usefixtures("content")
@pytest.mark.parametrize("address", PAGES)
def test_the_markup_of_a_page_holds(client: Client, address: str) -> None:
    page = BeautifulSoup(client.get(address).content.decode(), "html.parser")
    for box in page.select("input"):
        assert not (box.get("type") in TICKED and box.get("autocomplete")), box
    # A list that is a live region is no list any more.
    for element in page.select("ul[role], ol[role], li[role], dl[role]"):
        raise AssertionError(element)
    ids = Counter(element["id"] for element in page.select("[id]"))
    assert not [name for name, times in ids.items() if times > 1]
    named = {
        name for element in page.select("[aria-labelledby]") for name in element["aria-labelledby"].split()
    }
    assert named <= set(ids)
    described = {
        name for element in page.select("[aria-describedby]") for name in element["aria-describedby"].split()
    }
    assert described <= set(ids)
    for label in page.select("label[for]"):
        assert label["for"] in ids, label
