"""A page type is told once: whatever is registered as a door is opened, drawn, found and redirected."""

from dataclasses import replace

import pytest
from django.test import Client
from django.utils.translation import gettext_lazy as _

from communes import doors as registry
from communes.checks import doors_stand_in_the_tree
from communes.doors import OWN_DOORS, Door, door_of, doors, register
from communes.lifecycle.closing import close_commune
from communes.lifecycle.opening import open_commune, open_unit
from communes.models import CommunePage, ContactPage, NewsIndexPage, NewsPage, Unit
from tipform.doors import TIP_FORM
from tipform.models import TipFormPage

pytestmark = pytest.mark.django_db

# A list of posts under another name, at another address, with other words.
SAMPLE = Door(
    name="sample",
    model="communes.NewsIndexPage",
    slug="so-tay",
    title="Sổ tay",
    icon="calendar",
    label=_("Search"),
    tile=_("Office hours"),
    line=_("On duty"),
    shelters=("communes.NewsPage",),
    searched=("communes.NewsPage",),
)


@pytest.fixture
def only_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one door there is."""
    monkeypatch.setattr(registry, "_doors", {})
    register(SAMPLE)


@pytest.fixture
def opened(only_sample: None, unit: Unit) -> CommunePage:
    """A commune that was opened while there was that one door."""
    report = open_commune(parent=unit, kind="xã", name="Cẩm Mỹ", phone="0239 000 0113")
    return CommunePage.objects.get(unit=report.unit)


@pytest.fixture
def post(opened: CommunePage) -> NewsPage:
    index = opened.get_children().get().specific
    return index.add_child(instance=NewsPage(title="Mùa nước lên", slug="mua-nuoc", summary="x"))


def test_a_commune_opens_with_the_pages_of_its_doors_and_no_other(opened: CommunePage) -> None:
    page = opened.get_children().get()
    assert (page.specific_class, page.slug, page.title) == (NewsIndexPage, "so-tay", "Sổ tay")
    assert page.live


def test_a_door_of_communes_alone_is_not_opened_for_a_unit(only_sample: None) -> None:
    _unit, home = open_unit(kind="huyen", name="Kỳ Anh", phone="0239 000 0200", hostname="ky-anh.example")
    assert not home.get_children().filter(slug="so-tay").exists()
    register(replace(SAMPLE, under=("unit",)))
    open_unit(kind="huyen", name="Kỳ Anh", phone="0239 000 0200", hostname="ky-anh.example")
    assert home.get_children().filter(slug="so-tay").exists()


def test_its_tile_has_the_words_the_line_and_the_icon_of_the_door(
    client: Client, opened: CommunePage
) -> None:
    html = client.get("/cam-my/").content.decode()
    assert html.count('class="door door--') == 1
    tile = html.split('class="door door--sample" href="/cam-my/so-tay/">')[1].split("</a>")[0]
    assert "Giờ làm việc" in tile
    assert "Trực ban" in tile
    assert "calendar" in tile


def test_the_menu_marks_the_door_to_the_page_and_the_one_above_it(client: Client, post: NewsPage) -> None:
    def current(address: str) -> str:
        link = client.get(address).content.decode().split("nav__link--sample")[1].split("</a>")[0]
        assert "Tìm kiếm" in link
        return link.split(">")[0]

    assert 'aria-current="page"' in current("/cam-my/so-tay/")
    assert 'aria-current="true"' in current("/cam-my/so-tay/mua-nuoc/")


def test_the_menu_of_a_unit_has_the_doors_under_it(client: Client, only_sample: None, unit: Unit) -> None:
    def menu() -> str:
        return client.get("/thu-tuc/").content.decode().split('class="wrap nav__list')[-1].split("</nav>")[0]

    assert "nav__link--sample" not in menu()
    register(replace(SAMPLE, under=("unit",)))
    assert 'nav__link--sample" href="/tin-tuc/"' in menu()


def test_what_a_door_says_is_searched_is_found_and_nothing_else(
    client: Client, post: NewsPage, commune: CommunePage
) -> None:
    def found() -> list[str]:
        response = client.get("/tim-kiem/", {"q": "mùa nước"})
        return [page.title for page in response.context["results"].object_list]

    ContactPage.objects.descendant_of(commune).update(title="Mùa nước")
    assert found() == ["Mùa nước lên"]
    register(replace(SAMPLE, searched=()))
    assert found() == []


def test_a_closed_communes_addresses_lead_to_the_successors_page_of_the_same_door(
    client: Client, post: NewsPage, opened: CommunePage, unit: Unit
) -> None:
    successor = open_commune(parent=unit, kind="xã", name="Cẩm Lạc", phone="0239 000 0114").unit
    close_commune(opened.unit, successor)
    assert client.get("/cam-my/so-tay/")["Location"].endswith("/cam-lac/so-tay/?tu=cam-my")
    assert client.get("/cam-my/so-tay/mua-nuoc/")["Location"].endswith("/cam-lac/so-tay/?tu=cam-my")


def test_without_a_like_door_they_lead_to_the_successors_first_page(
    client: Client, post: NewsPage, opened: CommunePage, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_doors", {})
    successor = open_commune(parent=unit, kind="xã", name="Cẩm Lạc", phone="0239 000 0114").unit
    register(SAMPLE)
    close_commune(opened.unit, successor)
    assert client.get("/cam-my/so-tay/mua-nuoc/")["Location"].endswith("/cam-lac/?tu=cam-my")


def test_doors_come_in_their_order_whichever_floor_registered_first(only_sample: None) -> None:
    register(TIP_FORM, *OWN_DOORS)
    assert [door.name for door in doors("commune")] == ["news", "procedure", "contact", "tip", "sample"]
    assert [door.name for door in doors("unit")] == ["news", "procedure"]


def test_a_page_knows_its_door_and_the_door_above_it() -> None:
    assert door_of(TipFormPage) == TIP_FORM
    assert door_of(NewsPage) == door_of(NewsIndexPage) == OWN_DOORS[0]
    assert door_of(CommunePage) is None


def test_the_portals_own_doors_stand_in_the_tree() -> None:
    assert doors_stand_in_the_tree() == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (replace(SAMPLE, model="home.InfoPage"), ["do not name each other", "not structural"]),
        (replace(SAMPLE, under=("unit",)), ["so-tay is not reserved"]),
        (replace(SAMPLE, under=("unit",), slug="tra-cuu"), ["tra-cuu is not reserved"]),
        (
            replace(SAMPLE, model="communes.ContactPage", under=("unit",), slug="tin-tuc"),
            ["each other", "tin-tuc"],
        ),
    ],
)
def test_a_check_says_what_a_new_page_type_still_lacks(
    only_sample: None, wrong: Door, told: list[str]
) -> None:
    register(wrong)
    messages = [error.msg for error in doors_stand_in_the_tree()]
    assert len(messages) == len(told)
    for message, words in zip(messages, told, strict=True):
        assert words in message
