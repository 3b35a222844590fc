"""A receipt cannot be lost: the answer is cut wherever it may be, and the phone gets there by itself."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.journeys import tip_form

OpenPhone = Callable[..., Page]
FORM = "/cam-ha/gui-tin-bao/"
WORDS = "Có hai thuyền hút cát đêm qua."
# One each: from the sixteenth tip of a network on a commune asks a question first.
COMMUNES = [
    "cam-binh",
    "cam-duong",
    "cam-hung",
    "cam-lac",
    "cam-linh",
    "cam-loc",
    "cam-minh",
    "cam-my",
    "cam-nhuong",
    "cam-quan",
    "cam-quang",
    "cam-son",
    "cam-thach",
    "cam-thanh",
    "cam-thinh",
    "cam-vinh",
    "nam-phuc-thang",
    "thi-tran-cam-xuyen",
    "thien-cam",
    "yen-hoa",
]


def code_in(answer: APIResponse) -> str:
    found = re.search(r'data-code [^>]*value="([\d ]{19})"', answer.text())
    return found[1] if found else ""


class CutLine:
    """Between phone and portal: of the first answers to what is sent only a part arrives, or nothing."""

    def __init__(self, page: Page, *parts: float | None) -> None:
        self.codes: list[str] = []
        self.whole = False
        self._parts = list(parts)
        page.route("**/gui-tin-bao/", self._pass)

    def _pass(self, route: Route) -> None:
        if route.request.method != "POST" or not self._parts:
            return route.continue_()
        part = self._parts.pop(0)
        answer = route.fetch()
        self.codes.append(code_in(answer))
        if part is None:
            return route.abort()
        body = answer.body()
        arrives = body[: int(len(body) * part)]
        self.whole = b"data-end" in arrives
        return route.fulfill(response=answer, body=arrives)


def fill(page: Page, address: str = FORM) -> None:
    page.goto(address)
    tip_form.fill_in(page, WORDS, category="theft")


def test_with_scripts_the_phone_asks_again_until_the_whole_receipt_is_there(phone: OpenPhone) -> None:
    page = phone()
    for number, commune in enumerate(COMMUNES):
        fill(page, f"/{commune}/gui-tin-bao/")
        line = CutLine(page, number / len(COMMUNES))
        tip_form.send(page)
        expect(page.locator("[data-code]")).to_be_visible()
        assert page.locator("[data-code]").input_value() == line.codes[0]
        # Of a foot that is missing nobody knows, and nothing need be asked again.
        state = "stored" if line.whole else "again"
        expect(page.locator("[data-receipt]")).to_have_attribute("data-receipt", state)
        page.unroute("**/gui-tin-bao/")


def test_a_line_that_breaks_three_times_costs_three_waits_and_no_word(phone: OpenPhone) -> None:
    page = phone()
    fill(page)
    line = CutLine(page, None, 0.3, None)
    tip_form.send(page)
    expect(page.locator("[data-code]")).to_be_visible(timeout=20_000)
    assert {page.locator("[data-code]").input_value()} == set(line.codes)
    expect(page.locator("[data-code]")).to_be_focused()


@pytest.mark.parametrize("part", [0.05, 0.3, 0.5, 0.7, 0.95])
def test_without_scripts_loading_the_page_again_shows_it(phone: OpenPhone, part: float) -> None:
    page = phone(scripts=False)
    fill(page)
    line = CutLine(page, part)
    tip_form.send(page)
    page.wait_for_load_state()
    shown = page.locator("[data-code]")
    # The whole code or none of it, and no heading that says it was sent without one.
    assert [box.input_value() for box in shown.all()] in ([], line.codes)
    assert shown.count() or "Đã gửi" not in page.locator("body").inner_text()
    page.reload()
    expect(page.locator("[data-code]")).to_have_value(line.codes[0])


def send_and_lose_the_answer(page: Page) -> str:
    """The code of the receipt that did not arrive. The phone is about to ask again."""
    fill(page)
    line = CutLine(page, None)
    tip_form.send(page)
    expect(page.locator("[data-told]")).to_contain_text("Đang gửi lại")
    page.unroute("**/gui-tin-bao/")
    return line.codes[0]


def test_a_tab_that_the_phone_closed_while_sending_goes_on_by_itself(phone: OpenPhone) -> None:
    page = phone()
    code = send_and_lose_the_answer(page)
    page.reload()  # as a browser restores a tab: the address, and what the tab had stored
    expect(page.locator("[data-code]")).to_have_value(code)


def test_words_changed_after_a_cut_are_offered_as_an_addition(phone: OpenPhone) -> None:
    page = phone()
    code = send_and_lose_the_answer(page)
    page.route("**/gui-tin-bao/", changed)
    expect(page.locator("[data-receipt]")).to_have_attribute("data-receipt", "changed", timeout=20_000)
    expect(page.locator("[data-code]")).to_have_value(code)
    page.get_by_role("button", name="Gửi thêm").click()
    expect(page.locator(".thread")).to_contain_text("Và một thuyền nữa")
    expect(page.locator(".thread")).to_contain_text(WORDS)


def changed(route: Route) -> None:
    """What a resident sends who had written more in the meantime."""
    body = route.request.post_data_buffer or b""
    more = body.replace(WORDS.encode(), f"{WORDS} Và một thuyền nữa.".encode())
    headers = {**route.request.headers, "content-length": str(len(more))}
    route.continue_(post_data=more, headers=headers)
