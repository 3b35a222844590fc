"""A tip reaches the officers of its commune, and nobody else."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

OpenPhone = Callable[..., Page]
LogIn = Callable[[Page, str], None]
# Of the demo's first tip.
WORDS = "thuyền hút cát ở khúc sông sau xóm"


def _open_tip(page: Page) -> None:
    """From the officer's first page to the tip that has WORDS."""
    page.get_by_role("link", name=re.compile("Tất cả tin báo")).click()
    page.wait_for_url("**/admin/tips/")
    addresses = [link.get_attribute("href") for link in page.locator("table a[href*='/admin/tips/']").all()]
    for address in dict.fromkeys(addresses):
        page.goto(address or "")
        if WORDS in page.content():
            return
    raise AssertionError(f"none of {len(addresses)} tips has the words")


def test_an_officer_reads_a_tip_with_its_picture_and_sets_its_status(phone: OpenPhone, log_in: LogIn) -> None:
    page = phone()
    log_in(page, "cam-trung-truc1")
    _open_tip(page)
    picture = page.locator("main img").first
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 100
    page.locator("[name=status]").select_option("in-progress")
    page.locator("[name=outcome]").select_option("")
    page.get_by_role("button", name="Lưu trạng thái").click()
    expect(page.locator("[name=status]")).to_have_value("in-progress")


@pytest.mark.parametrize("username", ["cam-due-truc1", "cam-trung-bientap", "huyen", "quantri"])
def test_nobody_else_finds_a_word_of_it(phone: OpenPhone, log_in: LogIn, username: str) -> None:
    officer = phone()
    log_in(officer, "cam-trung-truc2")
    _open_tip(officer)
    stranger = phone()
    log_in(stranger, username)
    for address in (officer.url, "/admin/tips/", "/admin/", "/admin/reports/site-history/"):
        response = stranger.goto(address)
        assert response is not None
        assert WORDS not in stranger.content()
        if address == officer.url:
            assert response.status in (403, 404)
