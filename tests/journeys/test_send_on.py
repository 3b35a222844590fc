"""Passing a page on by the phone's own sheet and by copying; a guide on paper."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

GUIDE = "/cam-trung/thu-tuc/dang-ky-tam-tru/"
STUB = "navigator.share = (data) => { window.sent = data; return Promise.resolve(); };"


def test_the_phones_own_sheet_gets_title_and_address(phone: Callable[..., Page]) -> None:
    page = phone()
    page.add_init_script(STUB)
    page.goto(f"{GUIDE}?x=1")
    page.get_by_role("button", name="Chia sẻ").click()
    sent = page.evaluate("window.sent")
    # As it is read here, in this commune, without what stood behind the question mark.
    assert sent["url"].endswith(GUIDE)
    assert "tạm trú" in sent["title"]


def test_the_address_is_copied(phone: Callable[..., Page]) -> None:
    page = phone(permissions=["clipboard-read", "clipboard-write"])
    page.goto(GUIDE)
    page.get_by_role("button", name="Sao chép địa chỉ").click()
    expect(page.locator("[data-send-on] [role=status]")).to_contain_text("Đã sao chép")
    assert page.evaluate("navigator.clipboard.readText()").endswith(GUIDE)


def test_without_scripts_the_address_stands_there_to_be_copied(phone: Callable[..., Page]) -> None:
    page = phone(scripts=False)
    for address in (GUIDE, "/cam-trung/tin-tuc/"):
        page.goto(address)
        if address.endswith("/tin-tuc/"):
            page.locator(".card__title a").first.click()
        expect(page.locator(".send-on__address")).to_have_text(page.url)
        expect(page.get_by_role("button", name="Sao chép địa chỉ")).to_be_hidden()


def test_nothing_is_asked_of_anybody_else(phone: Callable[..., Page], demo: str) -> None:
    page = phone()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(GUIDE)
    page.wait_for_load_state("networkidle")
    assert asked and all(url.startswith(demo) for url in asked)


@pytest.mark.parametrize("slug", ["dang-ky-tam-tru", "dang-ky-xe", "cap-lai-the-can-cuoc"])
def test_a_guide_fits_on_two_sheets_with_address_and_phone(phone: Callable[..., Page], slug: str) -> None:
    page = phone()
    page.goto(f"/cam-trung/thu-tuc/{slug}/")
    sheets = re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4"))
    assert 1 <= len(sheets) <= 2
    page.emulate_media(media="print")
    printed = page.locator("body")
    expect(printed).to_contain_text("Công an xã Cẩm Trung")
    expect(page.locator(".facts a[href^='tel:0']")).to_be_visible()
    expect(printed).to_contain_text("Cạnh Ủy ban nhân dân xã Cẩm Trung")
    for chrome in (".nav", ".crumbs", "[data-send-on]", "main a.button", "main form"):
        for part in page.locator(chrome).all():
            expect(part).to_be_hidden()
