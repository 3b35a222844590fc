"""Taps and seconds of approving forty posts on a telephone, three of which change under the approver's eyes.

One is withdrawn while its review is open, one is withdrawn, changed and sent again, one is deleted. Seconds
are the machine's, from a tap until the next page is drawn; nobody's reading is in them. `make bench`.
"""

import re
import secrets
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.communes.test_approval import post_data
from tests.journeys.conftest import browser, demo, log_in, phone  # noqa: F401 - fixtures
from tests.journeys.test_approval import queue_of, submit

OpenPhone = Callable[..., Page]
LogIn = Callable[[Page, str], None]
POSTS = 40
TROUBLES = {10: "withdrawn", 20: "changed", 30: "deleted"}
APPROVE = "Duyệt"


def send(author: Page, address: str, fields: dict[str, Any] | None = None) -> None:
    """As the author's browser sends a form of this page, or of the post's last screen."""
    text = author.request.get("/admin/quick-post/").text()
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', text)
    assert token
    origin = author.evaluate("location.origin")
    form = {name: str(value) for name, value in {**(fields or {}), "csrfmiddlewaretoken": token[1]}.items()}
    answer = author.request.post(address, form=form, headers={"Referer": f"{origin}/admin/"})
    assert answer.ok, f"{answer.status} at {address}"


def happens(trouble: str, author: Page, post: str, title: str) -> None:
    if trouble == "deleted":
        send(author, f"/admin/pages/{post}/delete/")
        return
    send(author, f"/admin/quick-post/{post}/withdraw/")
    if trouble == "changed":
        author.goto(f"/admin/pages/{post}/edit/")
        hidden = author.locator("#page-edit-form input[type=hidden]")
        fields = {each.get_attribute("name"): each.input_value() for each in hidden.all()}
        typed = post_data("submit", title=title, summary="Số máy mới của trực ban.")
        fields |= {name: str(value) for name, value in typed.items()}
        send(author, f"/admin/pages/{post}/edit/", {name: value for name, value in fields.items() if name})


def test_forty_posts_with_three_troubles(phone: OpenPhone, log_in: LogIn) -> None:  # noqa: F811
    mark = secrets.token_hex(3)
    author, approver = phone(), phone()
    log_in(author, "cam-due-bientap")
    for number in range(POSTS):
        submit(author, f"Bài {number:02} {mark}")
    log_in(approver, "huyen")
    queue_of(approver, "Cẩm Duệ")
    taps = approved = 0
    told, seconds = [], []
    approver.get_by_role("link", name="Duyệt lần lượt từng bài").click()
    taps += 1
    while approver.locator(".review__head h2").count():
        heading = approver.locator(".review__head h2").inner_text()
        expect(approver.frame_locator("iframe").locator("h1")).to_be_visible()
        number = int(re.findall(r"Bài (\d\d)", heading)[0]) if mark in heading else -1
        post = re.findall(r"/approval/(\d+)/", approver.url)[0]
        if trouble := TROUBLES.pop(number, ""):
            happens(trouble, author, post, f"Bài {number:02} {mark}")
        started = time.monotonic()
        with approver.expect_navigation():
            approver.get_by_role("button", name=APPROVE, exact=True).click()
        taps += 1
        approver.wait_for_load_state()
        seconds.append(time.monotonic() - started)
        messages = approver.locator(".messages").inner_text()
        approved += "Đã duyệt" in messages
        if trouble:
            told.append((trouble, " ".join(messages.split())))
    assert len(told) == 3, told
    say = sys.stdout.write
    say(f"\n{approved} approved with {taps} taps; {sum(seconds):.1f} s of pages, ")
    say(f"a post {statistics.median(seconds):.2f} s, the slowest {max(seconds):.2f} s\n")
    for trouble, words in told:
        say(f"{trouble}: {words}\n")
