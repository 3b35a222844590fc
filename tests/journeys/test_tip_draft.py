"""Nothing typed is lost, and nothing is left on a phone that others use: what storage holds afterwards."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import tip_form

OpenPhone = Callable[..., Page]
FORM = "/cam-trung/gui-tin-bao/"
WORDS = "Có người lạ hỏi mua đất ở bến sông"


def stored(page: Page) -> str:
    """All that the browser keeps for this tab and this site."""
    return str(page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])"))


def is_stored(page: Page, words: str) -> None:
    """It is written down shortly after the last letter. (The page's policy forbids Playwright's waiting.)"""
    for _try in range(50):
        if words in stored(page):
            return
        page.wait_for_timeout(50)
    raise AssertionError(stored(page))


def begun(page: Page) -> None:
    """A form with words on its first step, and somebody at its second."""
    page.goto(FORM)
    page.locator("[name=message]").fill(WORDS)
    tip_form.go_on(page)
    page.locator("[name=category][value=theft]").check()
    is_stored(page, "theft")


def is_there(page: Page) -> None:
    expect(page.locator("[data-count]")).to_have_text("Bước 2/6")
    expect(page.locator("[data-told]")).to_have_text("Bản nháp của bạn vẫn còn nguyên như lúc bạn rời trang.")
    expect(page.locator("[name=message]")).to_have_value(WORDS)
    expect(page.locator("[name=category][value=theft]")).to_be_checked()


def is_empty(page: Page) -> None:
    expect(page.locator("[data-count]")).to_have_text("Bước 1/6")
    expect(page.locator("[name=message]")).to_have_value("")


# --- Still there -------------------------------------------------------------------------------------------


def reload(page: Page) -> None:
    page.reload()


def follow_a_link_and_come_back(page: Page) -> None:
    page.get_by_role("link", name="Xã Cẩm Trung", exact=True).click()
    page.wait_for_url("**/cam-trung/")
    page.goto(FORM)


def go_back_and_forth(page: Page) -> None:
    page.goto("/cam-trung/")
    page.go_back()
    page.wait_for_load_state()


def lose_the_line_while_reloading(page: Page) -> None:
    page.context.set_offline(True)
    try:
        page.reload()
    except Exception as error:  # noqa: BLE001 - the browser's own page of errors
        assert "ERR_" in str(error)
    page.context.set_offline(False)
    page.goto(FORM)


@pytest.mark.parametrize(
    "leave", [reload, follow_a_link_and_come_back, go_back_and_forth, lose_the_line_while_reloading]
)
def test_the_words_are_there_again(phone: OpenPhone, leave: Callable[[Page], None]) -> None:
    page = phone()
    begun(page)
    leave(page)
    is_there(page)


# --- Gone --------------------------------------------------------------------------------------------------


def send(page: Page) -> None:
    for _step in range(5):
        tip_form.go_on(page)
    tip_form.send(page)
    page.locator("[data-receipt]").wait_for()


def delete(page: Page) -> None:
    page.locator("[data-draft]").evaluate("details => { details.open = true; }")
    page.get_by_role("button", name="Xóa bản nháp").click()
    expect(page.locator("[data-told]")).to_have_text("Đã xóa bản nháp khỏi máy này.")
    is_empty(page)


def exit_quickly(page: Page) -> None:
    address = page.url
    page.route("https://**", lambda route: route.fulfill(body="elsewhere"))
    page.locator("[data-exit]").first.click()
    page.wait_for_url("https://**")
    page.goto(address.replace(FORM, "/robots.txt"))  # no script of ours tidies up there


@pytest.mark.parametrize("kept", [False, True], ids=["by-default", "kept-for-a-day"])
@pytest.mark.parametrize("leave", [send, delete, exit_quickly])
def test_no_word_is_left_on_the_phone(phone: OpenPhone, leave: Callable[[Page], None], kept: bool) -> None:
    page = phone()
    begun(page)
    if kept:
        page.locator("[data-draft] summary").click()
        page.locator("[data-keep]").check()
    leave(page)
    assert WORDS not in stored(page) and "theft" not in stored(page)
    page.goto("/cam-trung/")
    assert stored(page) == "[{},{}]"
    page.goto(FORM)
    is_empty(page)


def test_the_draft_ends_with_its_tab_unless_somebody_asked_to_keep_it(phone: OpenPhone) -> None:
    page = phone()
    context: BrowserContext = page.context
    begun(page)
    other = context.new_page()
    other.goto(FORM)
    is_empty(other)
    page.locator("[data-draft] summary").click()
    page.locator("[data-keep]").check()
    page.close()
    other.goto(FORM)
    is_there(other)
    assert json.loads(stored(other))[0] == {}


@pytest.mark.parametrize(
    ("kept", "after", "there"),
    [
        (False, "29:30", True),
        (False, "30:31", False),
        (True, "23:59:00", True),
        (True, "24:01:00", False),
    ],
)
def test_the_draft_ends_by_the_clock(phone: OpenPhone, kept: bool, after: str, there: bool) -> None:
    page = phone()
    page.clock.install(time="2026-12-31T23:50:00+07:00")
    begun(page)
    if kept:
        page.locator("[data-draft] summary").click()
        page.locator("[data-keep]").check()
        is_stored(page, "true")
    page.clock.fast_forward(after)
    # What is typed stays on the screen; what the browser kept of it is gone, also when another page looks.
    expect(page.locator("[name=message]")).to_have_value(WORDS)
    assert (WORDS in stored(page)) == there
    page.goto("/cam-trung/")
    assert (WORDS in stored(page)) == there


def test_a_form_that_nobody_wrote_in_keeps_nothing(phone: OpenPhone) -> None:
    page = phone()
    page.goto(FORM)
    page.reload()
    page.goto("/cam-trung/")
    assert stored(page) == "[{},{}]"


def test_another_question_is_another_draft(phone: OpenPhone) -> None:
    page = phone()
    begun(page)
    page.goto(f"{FORM}?kind=question")
    is_empty(page)
    expect(page.locator("[name=kind][value=question]")).to_be_checked()
    page.goto(FORM)
    is_there(page)


def test_what_shows_a_receipt_again_ends_with_the_page_that_showed_it(phone: OpenPhone) -> None:
    page = phone()
    begun(page)
    send(page)
    code = page.locator("[data-code]").input_value()
    page.reload()
    expect(page.locator("[data-code]")).to_have_value(code)
    page.goto("/cam-trung/")
    assert stored(page) == "[{},{}]"
    page.go_back()
    page.wait_for_load_state()
    expect(page.locator("[data-code]")).to_have_count(0)


def test_a_new_form_after_a_receipt_is_empty_and_shows_no_receipt_when_it_is_loaded_again(
    phone: OpenPhone,
) -> None:
    page = phone()
    begun(page)
    send(page)
    page.goto(FORM)
    is_empty(page)
    assert stored(page) == "[{},{}]"
    page.reload()
    is_empty(page)
    expect(page.locator("[data-code]")).to_have_count(0)


def test_quick_exit_from_a_receipt_leaves_nothing_that_would_show_it_again(phone: OpenPhone) -> None:
    page = phone()
    begun(page)
    send(page)
    assert "receipt" in stored(page)
    exit_quickly(page)
    assert stored(page) == "[{},{}]"


def test_the_draft_knows_nothing_but_what_the_form_asks(phone: OpenPhone) -> None:
    page = phone()
    begun(page)
    [kept] = json.loads(stored(page))[0].values()
    draft: dict[str, Any] = json.loads(kept)
    assert set(draft) == {"until", "kept", "step", "nonce", "sending", "values", "uploads"}
    assert "csrfmiddlewaretoken" not in kept
