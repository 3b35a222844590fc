"""A unit's editor works through a commune's posts on a phone: read, approve, the next one opens."""

import re
import secrets
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.communes.test_approval import post_data

OpenPhone = Callable[..., Page]
LogIn = Callable[[Page, str], None]


def submit(editor: Page, title: str, **values: Any) -> None:
    """Submit a post with the editor's session, as its form sends it."""
    editor.goto("/admin/")
    add = editor.locator("a[href*='/add/communes/newspage/']").first.get_attribute("href") or ""
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', editor.request.get(add).text())
    assert token
    form = {**post_data("submit", title=title, **values), "csrfmiddlewaretoken": token[1]}
    origin = editor.evaluate("location.origin")
    sent = editor.request.post(
        add, form={name: str(value) for name, value in form.items()}, headers={"Referer": f"{origin}{add}"}
    )
    assert sent.ok
    assert "/add/" not in sent.url


def queue_of(approver: Page, commune: str) -> None:
    approver.goto("/admin/approval/")
    filter_ = approver.locator("select[name=commune]")
    if filter_.count():
        value = filter_.locator("option", has_text=commune).get_attribute("value")
        approver.goto(f"/admin/approval/?commune={value}")


def _no_sideways_scrolling(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_posts_are_read_and_approved_one_after_the_other_on_a_phone(
    phone: OpenPhone, log_in: LogIn, record_property: Callable[[str, Any], None]
) -> None:
    mark = secrets.token_hex(3)
    usual = [f"Bài thường {number} {mark}" for number in range(3)]
    urgent, bad = f"Bài gấp {mark}", f"Bài thiếu {mark}"
    author = phone()
    log_in(author, "cam-due-bientap")
    for title in [*usual, bad]:
        submit(author, title)
    submit(author, urgent, urgent="on")

    approver, colleague = phone(), phone()
    log_in(approver, "huyen")
    log_in(colleague, "huyen2")
    queue_of(approver, "Cẩm Duệ")
    _no_sideways_scrolling(approver)
    approver.get_by_role("link", name="Duyệt lần lượt từng bài").click()
    expect(approver.locator(".review__head h2")).to_contain_text("Gấp")
    first = approver.url
    colleague.goto("/admin/approval/")
    expect(colleague.get_by_text("huyen đang duyệt").first).to_be_visible()
    colleague.goto("/admin/approval/next/")
    assert colleague.url.split("?")[0] != first.split("?")[0]
    colleague.goto("/admin/")

    open_titles = {*usual, urgent, bad}
    seconds = []
    while open_titles:
        heading = approver.locator(".review__head h2").inner_text()
        title = next((title for title in open_titles if title in heading), "")
        expect(approver.frame_locator("iframe").locator("h1")).to_be_visible()
        _no_sideways_scrolling(approver)
        before = approver.url
        started = time.monotonic()
        if title == bad:
            approver.locator("[data-opens]").click()
            approver.locator("input[name=reason]").nth(1).check()
            approver.locator("#send-back button").click()
        else:
            approver.get_by_role("button", name="Duyệt", exact=True).click()
        approver.wait_for_url(lambda url, before=before: url.split("#")[0] != before)
        assert "#" not in approver.url
        if title and title != bad:
            seconds.append(time.monotonic() - started)
        open_titles.discard(title)
    record_property("taps for one approval", 1)
    record_property("taps to send back with a reason of the list", 3)
    record_property("seconds from the tap to the next post", round(sorted(seconds)[len(seconds) // 2], 2))

    author.goto("/admin/")
    expect(author.locator("#to-do")).to_contain_text("Thiếu số điện thoại")
    expect(author.locator("#my-posts")).to_contain_text("Đã đăng")
    visitor = phone()
    visitor.goto("/cam-due/tin-tuc/")
    expect(visitor.get_by_text(urgent).first).to_be_visible()
    expect(visitor.get_by_text(bad)).to_have_count(0)


def test_without_scripts_a_post_is_sent_back_and_several_are_approved(
    phone: OpenPhone, log_in: LogIn
) -> None:
    mark = secrets.token_hex(3)
    titles = [f"Không kịch bản {number} {mark}" for number in range(3)]
    author = phone()
    log_in(author, "cam-due-bientap")
    for title in titles:
        submit(author, title)
    approver = phone(scripts=False)
    log_in(approver, "huyen2")
    approver.goto("/admin/approval/")
    approver.get_by_role("link", name=titles[0]).click()
    approver.locator("[data-opens]").click()
    approver.locator("#send-back summary").click()
    approver.locator("#send-back textarea").fill("Viết lại tiêu đề.")
    approver.locator("#send-back button").click()
    assert "#" not in approver.url
    queue_of(approver, "Cẩm Duệ")
    for title in titles[1:]:
        approver.get_by_label(f"Chọn “{title}”").check()
    approver.get_by_role("button", name="đã đánh dấu").click()
    approver.get_by_role("button", name="Duyệt các bài đã đánh dấu").click()
    visitor = phone(scripts=False)
    visitor.goto("/cam-due/tin-tuc/")
    for title in titles[1:]:
        expect(visitor.get_by_text(title).first).to_be_visible()
    author.goto("/admin/")
    expect(author.locator("#to-do")).to_contain_text("Viết lại tiêu đề.")
