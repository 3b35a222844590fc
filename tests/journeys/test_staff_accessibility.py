"""The portal's own screens in the admin keep what a program can check of WCAG 2.2 AA, by day and by night."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OpenPhone = Callable[..., Page]
LogIn = Callable[[Page, str], None]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# A word that ends in … stands for the first link of that kind on the screen before it.
SCREENS = {
    "cam-trung-bientap": [
        "/admin/",
        "/admin/quick-post/",
        "/admin/approval/mine/",
        "/admin/alerts/",
        "/admin/alerts/new/…",
        "/admin/urgent/",
        "/admin/urgent/write/…",
        "/admin/staff/",
        "/admin/bell/",
        "/admin/bell/choices/",
        "/admin/bell/news/",
        "/admin/help/",
        "/admin/help/dang-bai-nhanh/",
    ],
    "cam-trung-truc1": [
        "/admin/",
        "/admin/duty/…",
        "/admin/tips/",
        "/admin/tips/…",
        "/admin/keys/",
        "/admin/keys/…",
        "/admin/duty/away/",
        "/admin/account/",
        "/accounts/password/change/",
        "/accounts/2fa/",
    ],
    "huyen": [
        "/admin/",
        "/admin/approval/units/…",
        "/admin/approval/",
        "/admin/alerts/",
        "/admin/alerts/new/…",
        "/admin/urgent/",
        "/admin/urgent/templates/new/…",
        "/admin/staff/",
        "/admin/staff/people/…",
        "/admin/staff/open/",
        "/admin/bell/communes/",
        "/admin/keys/health/",
        "/admin/tip-categories/",
        "/admin/status/",
    ],
}


AT_REST = """() => Promise.allSettled(
  document.getAnimations()
    .filter((animation) => animation.effect.getComputedTiming().endTime !== Infinity)
    .map((animation) => animation.finished)
)"""


def violations(page: Page) -> list[str]:
    # A colour on its way from one to another is nobody's.
    page.evaluate(AT_REST)
    response: dict[str, Any] = Axe().run(page, options={"runOnly": RULES}).response
    return [
        f"{page.url}: {violation['id']}: {node['html'][:160]}"
        for violation in response["violations"]
        for node in violation["nodes"]
    ]


def address(page: Page, screen: str) -> str:
    if not screen.endswith("…"):
        return screen
    start = screen.removesuffix("…")
    return page.locator(f"main a[href^='{start}']:not([href='{start}'])").first.get_attribute("href") or ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("username", SCREENS)
def test_no_rule_is_broken(username: str, scheme: str, phone: OpenPhone, log_in: LogIn) -> None:
    page = phone(color_scheme=scheme)
    log_in(page, username)
    broken = []
    for screen in SCREENS[username]:
        answer = page.goto(address(page, screen))
        assert answer is not None
        assert answer.ok, screen
        page.wait_for_timeout(200)
        broken += violations(page)
    assert not broken, "\n".join(broken)
