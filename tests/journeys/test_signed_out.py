"""The session ends while somebody writes: the words stay in the page, and go out after a log-in beside it."""

import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PASSWORD
from tests.journeys.test_narrow import FAULTS, MEANT
from tests.journeys.test_staff_accessibility import violations

OpenPhone = Callable[..., Page]
LogIn = Callable[[Page, str], None]

EDITOR, OFFICER = "cam-trung-bientap", "cam-trung-truc1"


def end_session(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


def dialog_of(page: Page, words: str) -> None:
    """The form was not sent, and the page says why, to everybody on every telephone."""
    dialog = page.locator("dialog#signed-out")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text(words)
    assert not violations(page)
    assert not page.evaluate(FAULTS, ", ".join(MEANT))


def log_in_beside(page: Page, username: str) -> None:
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Đăng nhập lại ở thẻ mới").click()
    tab = opened.value
    tab.fill("input[name=login]", username)
    tab.fill("input[name=password]", PASSWORD)
    tab.locator("form button[type=submit]").first.click()
    tab.wait_for_url("**/admin/")
    tab.close()
    page.get_by_role("button", name="Quay lại trang").click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_post_of_the_full_editor(scheme: str, phone: OpenPhone, log_in: LogIn) -> None:
    page, title = phone(color_scheme=scheme), f"Phiên đã hết {secrets.token_hex(3)}"
    log_in(page, EDITOR)
    page.get_by_role("link", name="Đăng bài", exact=True).first.click()
    page.wait_for_load_state("networkidle")
    end_session(page)
    page.locator("#id_title").fill(title)
    page.locator("#id_summary").fill("Một câu tóm tắt.")

    def send() -> None:
        button = page.locator("[name=action-submit]").first
        if not button.is_visible():
            page.locator("footer [data-w-dropdown-target=toggle]").first.click()
        button.click()

    send()
    dialog_of(page, "Phiên đăng nhập đã hết")
    log_in_beside(page, EDITOR)
    expect(page.locator("#id_title")).to_have_value(title)
    send()
    page.wait_for_url(re.compile(r"/admin/pages/\d+/$"))
    page.goto("/admin/")
    expect(page.locator("#my-posts")).to_contain_text(title)


def test_an_officers_answer(phone: OpenPhone, log_in: LogIn) -> None:
    page, words = phone(), f"Tối nay có người đến. {secrets.token_hex(3)}"
    log_in(page, OFFICER)
    page.goto("/admin/tips/")
    page.locator("table a[href*='/admin/tips/']").first.click()
    page.locator("[name=text]").fill(words)
    end_session(page)
    press(page, "Gửi trả lời")
    dialog_of(page, "Phiên đăng nhập đã hết")
    assert words not in page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    log_in_beside(page, OFFICER)
    expect(page.locator("[name=text]")).to_have_value(words)
    press(page, "Gửi trả lời")
    expect(page.locator(".tip__entry--ours").last).to_contain_text(words)


def test_an_alert_that_another_account_must_not_send(phone: OpenPhone, log_in: LogIn) -> None:
    page, words = phone(), f"Cầu tràn bị ngập {secrets.token_hex(3)}"
    log_in(page, EDITOR)
    page.goto("/admin/alerts/")
    page.locator("main a[href^='/admin/alerts/new/']").first.click()
    page.locator("[name=text]").fill(words)
    page.locator("[name=ends_at]").fill(f"{datetime.now() + timedelta(days=1):%Y-%m-%dT%H:%M}")
    end_session(page)
    press(page, "Lưu")
    dialog_of(page, "Phiên đăng nhập đã hết")
    log_in_beside(page, OFFICER)
    press(page, "Lưu")
    dialog_of(page, "tài khoản khác")
    page.get_by_role("button", name="Quay lại trang").click()
    end_session(page)
    press(page, "Lưu")
    log_in_beside(page, EDITOR)
    expect(page.locator("[name=text]")).to_have_value(words)
    page.context.set_offline(True)
    press(page, "Lưu")
    dialog_of(page, "Đang mất mạng")
    page.get_by_role("button", name="Quay lại trang").click()
    page.context.set_offline(False)
    press(page, "Lưu")
    expect(page.get_by_text("Đã gửi duyệt").first).to_be_visible()
    expect(page.get_by_text(words).first).to_be_visible()


def test_where_the_script_did_not_ask_the_words_come_back_from_the_server(
    phone: OpenPhone, log_in: LogIn
) -> None:
    page, words = phone(scripts=False), f"Cầu tràn bị ngập {secrets.token_hex(3)}"
    log_in(page, EDITOR)
    page.goto("/admin/alerts/")
    page.locator("main a[href^='/admin/alerts/new/']").first.click()
    page.locator("[name=text]").fill(words)
    page.locator("[name=ends_at]").fill(f"{datetime.now() + timedelta(days=1):%Y-%m-%dT%H:%M}")
    end_session(page)
    press(page, "Lưu")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Chữ đã viết vẫn còn đây")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Đăng nhập lại ở thẻ mới").click()
    tab = opened.value
    tab.fill("input[name=login]", EDITOR)
    tab.fill("input[name=password]", PASSWORD)
    tab.locator("form button[type=submit]").first.click()
    tab.wait_for_url("**/admin/")
    press(page, "Gửi lại")
    # The token was from before the log-in.
    expect(page.locator("[name=text]")).to_have_value(words)
    press(page, "Lưu")
    expect(page.get_by_text("Đã gửi duyệt").first).to_be_visible()
    expect(page.get_by_text(words).first).to_be_visible()
