"""What staff press is large enough to hit: 24 px at a desk (WCAG 2.2, 2.5.8), a finger's 44 px on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

OpenPhone = Callable[..., Page]
LogIn = Callable[[Page, str], None]

SCREENS = {
    "huyen": ["/admin/", "/admin/pages/3/", "/admin/alerts/", "/admin/tip-categories/", "/admin/images/"],
    "cam-due-bientap": ["/admin/", "/admin/alerts/", "/admin/urgent/", "/admin/approval/mine/"],
}
FURNITURE = ".w-breadcrumbs a, .page-status-tag, a.w-status, .listing .title a, .listing th a, .pagination a"
# Links in a line of text are as high as the line; a box to tick is pressed by its label.
TOO_LOW = """([all, least]) => [...document.querySelectorAll(all)]
  .filter((e) => !(e.closest("p") && getComputedStyle(e).display === "inline"))
  .filter((e) => !(e.matches("[type=checkbox], [type=radio]") && e.closest("label")))
  .map((e) => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.width > 2 && box.height > 2 && box.height < least)
  .map(([e, box]) => `${e.innerText || e.ariaLabel} (${e.className}): ${box.height}`)"""


@pytest.mark.parametrize("username", SCREENS)
@pytest.mark.parametrize(
    ("width", "all_", "least"),
    [
        pytest.param(1280, f"a, button, select, summary, [role=tab], {FURNITURE}", 24, id="at a desk"),
        pytest.param(360, f"a, button, select, summary, [role=tab], {FURNITURE}", 24, id="on a phone"),
        pytest.param(360, FURNITURE, 44, id="on a phone, what stands on every screen"),
    ],
)
def test_what_is_pressed_is_high_enough(
    username: str, width: int, all_: str, least: int, phone: OpenPhone, log_in: LogIn
) -> None:
    page: Any = phone(viewport={"width": width, "height": 800})
    log_in(page, username)
    low = {}
    for address in SCREENS[username]:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        if found := page.evaluate(TOO_LOW, [all_, least]):
            low[address] = found
    assert low == {}
