"""A second approver, on phones of 360 px: invited by one, told to wait, confirmed by another."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import PASSWORD
from tests.journeys.test_narrow import FAULTS, MEANT
from tests.journeys.test_staff_accessibility import RULES

OpenPhone = Callable[..., Page]
LogIn = Callable[[Page, str], None]

NAME = "Lê Thị Thử Duyệt"


def fits(page: Page) -> Page:
    """Nothing is cut off on this screen, and it breaks no rule of accessibility."""
    page.wait_for_load_state()
    # A message of the admin's slides in: half-way its colours are not yet its own.
    page.evaluate("() => Promise.allSettled(document.getAnimations().map((each) => each.finished))")
    assert page.evaluate(FAULTS, ", ".join(MEANT)) == [], page.url
    broken = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(found["id"], found["nodes"][0]["html"][:160]) for found in broken] == [], page.url
    return page


def text(page: Page) -> str:
    return fits(page).inner_text("main")


@pytest.fixture
def at(phone: OpenPhone, log_in: LogIn) -> Iterator[Callable[[str], Page]]:
    """A phone on which this account of the demo is logged in; at the end nobody new is left in the demo."""
    phones: dict[str, Page] = {}

    def opened(username: str) -> Page:
        if username not in phones:
            phones[username] = phone()
            log_in(phones[username], username)
        return phones[username]

    yield opened
    page = opened("huyen2")
    page.goto(f"/admin/staff/?q={NAME}")
    page.click(f".staff-list a:has-text('{NAME}')")
    page.click("text=Khóa tài khoản")
    with page.expect_navigation():
        page.click("button:has-text('Khóa tài khoản')")


def test_a_second_approver_waits_for_somebody_else_than_who_invited_him(
    at: Callable[[str], Page], phone: OpenPhone
) -> None:
    inviting = at("huyen")
    inviting.goto("/admin/staff/")
    inviting.click("main a:has-text('Mời người mới')")
    inviting.fill("input[name=full_name]", NAME)
    inviting.check("input[name=roles][value=editor]")
    # The form leaves a moment after the click: once it is known that the session lives.
    with inviting.expect_navigation():
        inviting.click("main form[method=post] button[type=submit]")
    assert "còn chờ quản trị viên hoặc huyen2 xác nhận" in text(inviting)
    code = "".join(inviting.locator(".slip span").all_inner_texts()[:4])

    invited = phone()
    invited.goto(f"/moi/#{code}")
    invited.get_by_role("button", name="Tiếp tục").click()
    invited.wait_for_selector("input[name=password1]")
    username = invited.input_value("#id_username")
    for field in ("password1", "password2"):
        invited.fill(f"input[name={field}]", PASSWORD)
    invited.get_by_role("button", name="Lưu mật khẩu này").click()
    invited.wait_for_url("**/accounts/login/")
    assert invited.input_value("input[name=login]") == username
    invited.fill("input[name=password]", PASSWORD)
    invited.get_by_role("button", name="Đăng nhập").click()
    invited.wait_for_url("**/accounts/login/?next=/admin/")
    assert "còn chờ quản trị viên hoặc huyen2 xác nhận" in text(invited)

    inviting.goto("/admin/")
    fits(inviting).click(f"main a:has-text('{NAME}')")
    assert "Ai đã mời, in phiếu hoặc giao việc thì không được xác nhận." in text(inviting)
    assert not inviting.locator("text=Xác nhận người này").count()

    witness = at("huyen2")
    witness.goto("/admin/staff/")
    fits(witness).click("main a:has-text('Xem xét')")
    with fits(witness).expect_navigation():
        witness.click("text=Xác nhận người này")
    witness.wait_for_url("**/admin/staff/units/*/")
    assert f"Từ bây giờ {NAME} duyệt bài" in fits(witness).inner_text("body")

    invited.click("text=Xem lại")
    invited.wait_for_url("**/admin/")
    assert "Bài chờ duyệt" in invited.inner_text("main")
