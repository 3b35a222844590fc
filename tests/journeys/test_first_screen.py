"""What a resident came for lies whole on the first screen of a small phone, with demo line and alert."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

OpenPhone = Callable[..., Page]

SMALL = {"viewport": {"width": 360, "height": 640}}
# What must lie whole in the first screen, by the page's address.
FIRST = {
    "/": ["h1", "main [type=search]", "main .search button", ".communes__list a >> nth=0"],
    "/cam-trung/": ["h1", ".cover__calls .call >> nth=0", *[f".door >> nth={n}" for n in range(4)]],
    "/cam-trung/gui-tin-bao/": [".danger-line", "[name=reader] >> nth=1", "[data-readers]", "[name=message]"],
    "/cam-due/gui-tin-bao/": [".danger-line", "[data-readers]", "[name=message]"],
    "/tra-cuu/": ["h1", "[name=code]", "main form [type=submit]"],
    "/tim-kiem/?q=cam+trung": ["h1", "main [type=search]"],
}
FACTS = ["h1", "[data-fact=audience]", "[data-fact=fee]", "[data-fact=time]"]


def below_the_screen(page: Page, selectors: list[str]) -> dict[str, Any]:
    """Of these the ones that do not lie whole on the first screen, with where they end, in pixels."""
    found: dict[str, Any] = {}
    for selector in selectors:
        box = page.locator(selector).first.bounding_box()
        if box is None or box["y"] < 0 or box["y"] + box["height"] > SMALL["viewport"]["height"]:
            found[selector] = box and round(box["y"] + box["height"])
    return found


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_what_a_resident_came_for_is_on_the_first_screen(
    phone: OpenPhone, scripts: bool, record_property: Callable[[str, Any], None]
) -> None:
    page = phone(scripts=scripts, **SMALL)
    low = {}
    for address, selectors in FIRST.items():
        page.goto(address)
        expect(page.locator(".demo")).to_be_visible()
        expect(page.locator(".alert")).to_have_count(1)
        if found := below_the_screen(page, selectors):
            low[address] = found
        last = page.locator(selectors[-1]).first.bounding_box()
        record_property(f"first screen: {address} ends at", last and round(last["y"] + last["height"]))
    assert low == {}


def test_every_guide_says_for_whom_fee_and_time_on_the_first_screen(phone: OpenPhone) -> None:
    page = phone(**SMALL)
    page.goto("/cam-trung/thu-tuc/")
    guides = [link.get_attribute("href") or "" for link in page.locator(".guide__title a").all()]
    assert len(guides) >= 5
    low = {}
    for address in guides:
        page.goto(address)
        if found := below_the_screen(page, FACTS):
            low[address] = found
    assert low == {}


@pytest.mark.parametrize(
    "address", ["/", "/cam-trung/", "/cam-trung/tin-tuc/", "/cam-trung/gui-tin-bao/", "/tra-cuu/"]
)
def test_the_head_is_one_bar_under_one_line_and_over_one_line(phone: OpenPhone, address: str) -> None:
    page = phone(**SMALL)
    page.goto(address)

    def height(selector: str) -> float:
        box = page.locator(selector).first.bounding_box()
        assert box is not None, selector
        return box["height"]

    assert height(".masthead") <= 56
    assert height(".demo") <= 32
    assert height(".alert") <= 48
    # As an urgent one is drawn: two lines, never hidden.
    page.evaluate("document.querySelector('.alert').className = 'alert alert--urgent'")
    assert height(".alert") <= 72


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_the_menu_of_every_page_has_phone_look_up_and_search(phone: OpenPhone, scripts: bool) -> None:
    page = phone(scripts=scripts, **SMALL)
    for address in ("/", "/cam-trung/", "/cam-trung/lien-he/", "/tra-cuu/", "/khong-co-trang-nay/"):
        page.goto(address)
        page.locator("summary[aria-label='Mục lục']").click()
        menu = page.locator("nav.tool-box__panel")
        expect(menu.get_by_role("link", name="Tra cứu")).to_be_visible()
        expect(menu.get_by_role("link", name="Tìm kiếm")).to_be_visible()
        expect(menu.locator("a[href^='tel:0']")).to_be_visible()
        expect(menu.locator("a[href='tel:113']")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_the_box_in_the_head_searches_from_every_page(phone: OpenPhone, scripts: bool) -> None:
    page = phone(scripts=scripts, **SMALL)
    page.goto("/cam-trung/lien-he/")
    page.locator(".masthead summary[aria-label='Tìm kiếm']").click()
    box = page.locator(".masthead [type=search]")
    if scripts:
        expect(box).to_be_focused()
    box.fill("tam tru")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/tim-kiem/\?q=tam\+tru"))


@pytest.mark.parametrize("size", [100, 200], ids=["ordinary-text", "text-twice-as-large"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/", "/cam-trung/lien-he/"], ids=["in-the-page", "in-the-head"])
def test_suggestions_while_typing_are_accessible_and_fit_the_screen(
    phone: OpenPhone, address: str, scheme: str, size: int
) -> None:
    page = phone(**SMALL, color_scheme=scheme)
    page.goto(address)
    page.evaluate(f"document.documentElement.style.fontSize = '{size}%'")
    if address == "/":
        box = page.locator("main [type=search]")
    else:
        page.locator(".masthead summary[aria-label='Tìm kiếm']").click()
        box = page.locator(".masthead [type=search]")
    box.press_sequentially("tam tru")
    first = page.get_by_role("option").first
    expect(first).to_be_visible()
    assert not Axe().run(page).response["violations"]
    box.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "")
    assert not Axe().run(page).response["violations"]
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["viewport"]["width"]
    box.press("Escape")
    expect(first).to_be_hidden()
    expect(box).to_have_value("tam tru")


def test_an_announcement_opens_and_stays_hidden_on_this_phone(phone: OpenPhone) -> None:
    page = phone(**SMALL)
    page.goto("/cam-trung/")
    alert = page.locator(".alert")
    closed = alert.bounding_box()
    alert.locator("summary").click()
    opened = alert.bounding_box()
    assert closed and opened and opened["height"] > closed["height"] + 20
    expect(alert.get_by_role("link", name=re.compile("Xem thêm"))).to_be_visible()

    alert.locator("[data-close]").click()
    expect(alert).to_be_hidden()
    page.goto("/")
    expect(page.locator(".alert")).to_be_hidden()
    # Nothing but its number, and no cookie.
    assert page.evaluate("Object.keys(localStorage)") == ["hidden-alerts"]
    assert re.fullmatch(r'\["\d+"\]', page.evaluate("localStorage.getItem('hidden-alerts')"))
    assert page.context.cookies() == []

    other = phone(**SMALL)
    other.goto("/")
    expect(other.locator(".alert")).to_be_visible()


@pytest.mark.parametrize("address", ["/cam-trung/gui-tin-bao/", "/tra-cuu/"])
def test_the_quick_exit_leads_outside_and_says_what_it_does_not_do(phone: OpenPhone, address: str) -> None:
    page = phone(**SMALL)
    page.goto(address)
    first, last = page.locator("[data-exit]").first, page.locator("[data-exit]").last
    for link in (first, last):
        expect(link).to_have_attribute("href", "https://nchmf.gov.vn/")
        expect(link).to_have_attribute("rel", "noreferrer")
    expect(page.get_by_text("Không xóa lịch sử của trình duyệt")).to_be_visible()
    assert below_the_screen(page, ["[data-exit]"]) == {}
