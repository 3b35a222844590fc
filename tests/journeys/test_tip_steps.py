"""The tip form with scripts, a step each: its titles, its words before anything travels, and its price."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys import tip_form
from tests.journeys.test_first_screen import SMALL
from tests.journeys.test_first_view import LONGEST_OF_THE_FORM

OpenPhone = Callable[..., Page]
FORM = "/cam-trung/gui-tin-bao/"
# Where tips are sent: from the sixteenth of one network on, a commune's form asks a question first.
ANOTHER_FORM = "/cam-due/gui-tin-bao/"
WORDS = "Có hai thuyền hút cát đêm qua."
STEPS = ["Kể lại", "Loại việc", "Ở đâu, khi nào", "Ảnh và ghi âm", "Tên của bạn", "Xem lại và gửi"]
# A line of 3G and a phone of its time.
SLOW_LINE = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
SLOWER_PROCESSOR = 4


def slowed(page: Page) -> Any:
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW_LINE)
    network.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
    return network


def test_each_step_says_which_it_is_and_keeps_113_in_sight(phone: OpenPhone) -> None:
    page = phone(**SMALL)
    page.goto(FORM)
    for number, name in enumerate(STEPS, start=1):
        expect(page).to_have_title(f"Bước {number}/6: {name} – Công an xã Cẩm Trung – Gửi tin báo")
        expect(page.locator("[data-count]")).to_have_text(f"Bước {number}/6")
        expect(page.locator(".danger-line a[href='tel:113']")).to_be_in_viewport()
        if number > 1:
            expect(page.get_by_role("heading", level=2, name=name)).to_be_focused()
        if number == 1:
            page.locator("[name=message]").fill(WORDS)
        tip_form.go_on(page)
    expect(page.locator("[data-review]")).to_contain_text(WORDS)
    expect(page.locator("[data-review]")).to_contain_text("Không rõ")


def test_the_phones_own_way_back_goes_a_step_back_and_loses_nothing(phone: OpenPhone) -> None:
    page = phone()
    page.goto("/cam-trung/")
    page.goto(FORM)
    tip_form.fill_in(page, WORDS, category="theft", answers={"place": "Bến đò cũ"})
    page.get_by_role("button", name="Sửa: Kể lại").click()
    expect(page.locator("[name=message]")).to_have_value(WORDS)
    page.go_back()
    expect(page.locator("[data-count]")).to_have_text("Bước 6/6")
    for number in (5, 4, 3):
        page.go_back()
        expect(page.locator("[data-count]")).to_have_text(f"Bước {number}/6")
    expect(page.locator("[name=place]")).to_have_value("Bến đò cũ")
    page.get_by_role("button", name="Quay lại").click()
    expect(page.locator("[name=category][value=theft]")).to_be_checked()


def test_what_is_needed_is_said_at_its_own_step_before_anything_travels(phone: OpenPhone) -> None:
    page = phone()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto(FORM)
    expect(page.locator("label[for=id_message]")).to_contain_text("(cần viết)")
    page.locator("[name=message]").fill("   ")
    tip_form.go_on(page)
    expect(page.locator("[name=message]")).to_be_focused()
    expect(page.locator("#id_message_error")).to_have_text("Xin viết vài chữ về việc đó, một dòng cũng được.")
    tip_form.fill_in(page, WORDS, phone="")
    page.get_by_role("button", name="Quay lại").click()
    page.locator("[name=contact][value=callback]").check()
    tip_form.go_on(page)
    expect(page.locator("[name=phone]")).to_be_focused()
    expect(page.locator("[data-count]")).to_have_text("Bước 5/6")
    assert sent == []


def test_what_the_portal_finds_wrong_opens_at_its_step_with_all_words(phone: OpenPhone) -> None:
    page = phone()
    page.goto(FORM)
    tip_form.fill_in(page, WORDS, answers={"place": "Bến đò cũ"}, phone="12")
    tip_form.send(page)
    expect(page.locator("[data-count]")).to_have_text("Bước 5/6")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.locator("[name=phone]")).to_be_focused()
    page.locator("[name=phone]").fill("0900 000 555")
    tip_form.go_on(page)
    expect(page.locator("[data-review]")).to_contain_text("Bến đò cũ")
    tip_form.send(page)
    expect(page.locator("[data-receipt]")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_step_breaks_a_rule_that_a_program_can_check(phone: OpenPhone, scheme: str) -> None:
    page = phone(color_scheme=scheme, **SMALL)
    page.goto(FORM)
    for number in range(len(STEPS)):
        # As large as a phone's own setting makes it.
        for size in ("100%", "200%"):
            page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, (number, size)
            assert not Axe().run(page).response["violations"], (number, size)
        if number == 0:
            tip_form.go_on(page)  # with its error
            assert not Axe().run(page).response["violations"]
            page.locator("[name=message]").fill(WORDS)
        tip_form.go_on(page)


def test_without_storage_downloads_or_service_workers_it_still_sends(phone: OpenPhone) -> None:
    page = phone(service_workers="block", accept_downloads=False)
    page.add_init_script(
        """for (const name of ["localStorage", "sessionStorage"])
             Object.defineProperty(window, name, { get() { throw new DOMException("no"); } });
           delete window.caches;"""
    )
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto(FORM)
    tip_form.fill_in(page, WORDS, category="theft")
    tip_form.send(page)
    expect(page.locator("[data-receipt]")).to_be_visible()
    assert failed == []


def test_the_form_with_all_its_steps_is_small(
    phone: OpenPhone, record_property: Callable[[str, Any], None]
) -> None:
    page = phone(service_workers="block", is_mobile=True, **SMALL)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda done: sizes.append(done["encodedDataLength"]))
    page.goto(FORM)
    tip_form.fill_in(page, WORDS, category="theft")
    expect(page.locator("[data-review]")).to_contain_text(WORDS)
    page.wait_for_load_state("networkidle")
    record_property("the form up to its button: bytes", round(sum(sizes)))
    assert sum(sizes) <= LONGEST_OF_THE_FORM


def test_the_position_is_asked_for_at_a_tap_alone_and_read_again_before_it_goes(phone: OpenPhone) -> None:
    place = {"latitude": 18.25, "longitude": 106.0, "accuracy": 12}
    page = phone(geolocation=place, permissions=["geolocation"], service_workers="block")
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(FORM)
    page.locator("[name=message]").fill(WORDS)
    for _step in range(2):
        tip_form.go_on(page)
    expect(page.locator("[name=place]")).to_have_value("")
    assert not [address for address in fetched if "/position." in address]
    page.get_by_role("button", name="Thêm vị trí của tôi").click()
    expect(page.locator("[name=place]")).to_have_value(re.compile("^Vị trí: 18,25000; 106,00000"))
    for _step in range(3):
        tip_form.go_on(page)
    expect(page.locator("[data-review]")).to_contain_text("18,25000; 106,00000")


def test_a_script_that_does_not_come_is_said_where_it_was_tapped_and_comes_at_the_next_tap(
    phone: OpenPhone,
) -> None:
    place = {"latitude": 18.25, "longitude": 106.0}
    page = phone(geolocation=place, permissions=["geolocation"], service_workers="block")
    page.goto(FORM)
    page.locator("[name=message]").fill(WORDS)
    for _step in range(2):
        tip_form.go_on(page)
    page.route("**/js/position.*", lambda route: route.abort())
    button = page.get_by_role("button", name="Thêm vị trí của tôi")
    button.click()
    expect(page.locator(".position [role=status]")).to_contain_text("chưa tìm được vị trí")
    page.unroute("**/js/position.*")
    button.click()
    expect(page.locator("[name=place]")).to_have_value(re.compile("18,25000"))


def test_a_line_that_broke_before_the_sending_came_is_waited_for(phone: OpenPhone) -> None:
    page = phone(service_workers="block")
    page.route("**/js/tip-sending.*", lambda route: route.abort())
    page.goto(ANOTHER_FORM)
    tip_form.fill_in(page, WORDS, category="theft")
    tip_form.send(page)
    expect(page.locator("[data-told]")).to_contain_text("Đang gửi lại")
    page.unroute("**/js/tip-sending.*")
    expect(page.locator("[data-receipt]")).to_be_visible(timeout=20_000)


def test_from_the_communes_page_to_the_receipt_with_a_photo_on_a_slow_line(
    phone: OpenPhone, photo: Path, record_property: Callable[[str, Any], None]
) -> None:
    page = phone(service_workers="block", is_mobile=True, **SMALL)
    page.goto("/cam-due/")
    network = slowed(page)
    bytes_down: list[float] = []
    network.on("Network.loadingFinished", lambda done: bytes_down.append(done["encodedDataLength"]))
    began = time.monotonic()
    page.get_by_role("link", name="Gửi tin báo").first.click()
    taps = 1 + tip_form.fill_in(page, WORDS, category="illegal-sand-mining", files=photo)
    tip_form.send(page)
    expect(page.locator("[data-receipt]")).to_be_visible(timeout=60_000)
    seconds = time.monotonic() - began
    record_property("tip with a photo on 3G: seconds", round(seconds, 1))
    record_property("tip with a photo on 3G: taps", taps + 1)
    record_property("tip with a photo on 3G: bytes fetched", round(sum(bytes_down)))
    assert taps + 1 <= 12
    assert seconds <= 60
