"""From the home page to the answer, on a phone, with and without JavaScript."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import tip_form

OpenPhone = Callable[..., Page]


def _code(page: Page) -> str:
    text = page.locator(".receipt__code").input_value()
    assert re.fullmatch(r"(\d{4}\s+){3}\d{4}", text.strip()), text
    return " ".join(text.split())


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_a_resident_finds_his_commune_reads_reports_and_is_answered(
    phone: OpenPhone,
    log_in: Callable[[Page, str], None],
    photo: Path,
    scripts: bool,
    record_property: Callable[[str, Any], None],
) -> None:
    page = phone(scripts=scripts)
    started, taps = time.monotonic(), 0

    page.goto("/")
    page.locator("main [name=q]").fill("cam trung")
    page.locator("main [name=q]").press("Enter")
    page.get_by_role("link", name=re.compile("Cẩm Trung")).first.click()
    taps += 2
    expect(page.get_by_role("heading", level=1)).to_have_text("Công an xã Cẩm Trung")
    expect(page.locator('a[href="tel:02390000120"]').first).to_be_visible()

    page.get_by_role("link", name=re.compile("Gửi tin báo")).first.click()
    expect(page.get_by_label("Bạn thấy hoặc biết chuyện gì?")).to_be_visible()
    told = {"category": "illegal-sand-mining", "answers": {"place": "Bến đò cũ"}, "files": photo}
    taps += tip_form.fill_in(page, "Có hai thuyền hút cát đêm qua.", **told) + 2
    tip_form.send(page)
    code = _code(page)
    record_property("resident: seconds from home page to receipt", round(time.monotonic() - started, 1))
    record_property("resident: taps from home page to receipt", taps)

    officer = phone()
    log_in(officer, "cam-trung-truc1")
    officer.goto("/admin/tips/")
    officer.locator("table a").first.click()
    expect(officer.locator("body")).to_contain_text("Có hai thuyền hút cát đêm qua.")
    officer.locator("textarea").first.fill("Đã nhận, cảm ơn bà con.")
    officer.get_by_role("button", name=re.compile("Gửi")).first.click()
    expect(officer.locator("body")).to_contain_text("Đã nhận, cảm ơn bà con.")

    page.goto("/tra-cuu/")
    page.locator("[name=code]").fill(code.replace(" ", ""))
    page.get_by_role("button", name="Mở").click()
    expect(page.locator("body")).to_contain_text("Có hai thuyền hút cát đêm qua.")
    expect(page.locator("body")).to_contain_text("Đã nhận, cảm ơn bà con.")
    page.locator("[name=message]").fill("Đêm nay họ lại vào.")
    page.get_by_role("button", name="Gửi").click()
    expect(page.locator(".thread")).to_contain_text("Đêm nay họ lại vào.")
    assert code.replace(" ", "") not in page.url


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_a_resident_reads_a_post_a_guide_and_the_contact_page(phone: OpenPhone, scripts: bool) -> None:
    page = phone(scripts=scripts)
    page.goto("/cam-trung/")
    page.get_by_role("link", name="Tin tức").first.click()
    page.locator("main article a, main .card a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/cam-trung/thu-tuc/dang-ky-tam-tru/")
    expect(page.locator("body")).to_contain_text("Công an xã Cẩm Trung")
    expect(page.locator("body")).to_contain_text("Văn bản mẫu")
    page.goto("/cam-trung/lien-he/")
    assert page.locator('main a[href^="tel:"]').count() >= 3


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
@pytest.mark.parametrize("kind", ["question", "appointment"])
def test_a_resident_asks_or_makes_an_appointment(phone: OpenPhone, kind: str, scripts: bool) -> None:
    page = phone(scripts=scripts)
    page.goto("/cam-due/gui-tin-bao/")
    answers = {"preferred_time": "morning"} if kind == "appointment" else {}
    words = "Tôi mất thẻ căn cước, cần mang giấy tờ gì?"
    tip_form.fill_in(page, words, kind=kind, answers=answers, phone="0900 000 555")
    tip_form.send(page)
    assert _code(page)


def test_with_scripts_the_form_asks_only_what_concerns_the_chosen_kind(phone: OpenPhone) -> None:
    page = phone()
    page.goto("/cam-due/gui-tin-bao/")
    category = page.locator("[name=category]").first
    day, number = (page.locator(f"[name={name}]") for name in ("preferred_day", "phone"))
    page.locator("[name=message]").fill("Thẻ căn cước")
    tip_form.go_on(page)
    expect(category).to_be_visible()
    page.locator("[name=kind][value=appointment]").check()
    expect(category).to_be_hidden()
    expect(category).to_be_disabled()
    tip_form.go_on(page)
    expect(day).to_be_visible()
    expect(page.locator("[name=place]")).to_be_visible()
    tip_form.go_on(page)
    tip_form.go_on(page)
    expect(number).to_be_hidden()
    page.locator("[name=contact][value=callback]").check()
    expect(number).to_be_visible()
    page.get_by_role("button", name="Quay lại").click()
    page.get_by_role("button", name="Quay lại").click()
    page.get_by_role("button", name="Quay lại").click()
    page.locator("[name=kind][value=tip]").check()
    tip_form.go_on(page)
    expect(day).to_be_hidden()


def test_a_slip_of_the_finger_costs_no_word(phone: OpenPhone) -> None:
    page = phone(scripts=False)
    page.goto("/cam-trung/gui-tin-bao/")
    tip_form.fill_in(page, "Có người lạ hỏi mua đất.", phone="12")
    tip_form.send(page)
    expect(page.locator(".field--error").first).to_be_visible()
    expect(page.locator("[name=message]")).to_have_value("Có người lạ hỏi mua đất.")


def test_no_cookie_and_nothing_stored_on_the_phone_but_the_forms_token(phone: OpenPhone) -> None:
    page = phone()
    for path in ("/", "/cam-trung/", "/cam-trung/tin-tuc/", "/cam-trung/lien-he/"):
        page.goto(path)
        assert page.context.cookies() == []
    page.goto("/cam-trung/gui-tin-bao/")
    assert [cookie["name"] for cookie in page.context.cookies()] == ["csrftoken"]
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_reloading_the_receipt_of_a_tip_taken_back_brings_the_words_and_not_the_tip(
    phone: OpenPhone, scripts: bool
) -> None:
    words = "Có người lạ hỏi mua đất, tôi đổi ý không báo nữa."
    page = phone(scripts=scripts)
    page.goto("/cam-trung/gui-tin-bao/")
    tip_form.fill_in(page, words, category="fraud")
    tip_form.send(page)
    code = _code(page)

    other_tab = page.context.new_page()
    other_tab.goto("/tra-cuu/")
    other_tab.locator("[name=code]").fill(code)
    other_tab.get_by_role("button", name="Mở").click()
    other_tab.get_by_role("button", name="Rút lại tin").click()
    other_tab.locator("[name=sure]").check()
    other_tab.locator("button[value=erase]").click()
    expect(other_tab.get_by_role("heading", level=1)).to_have_text("Đã rút lại tin")

    if scripts:  # the words left the browser with the receipt: nothing is there to be sent once more
        page.reload()
        expect(page.locator("[data-count]")).to_have_text("Bước 1/6")
        expect(page.locator("[name=message]")).to_have_value("")
        return
    page.reload()  # sends the form once more
    alarm = page.get_by_role("alert")
    expect(alarm).to_contain_text("KHÔNG gửi lại: bạn đã rút lại tin này")
    expect(page.locator("[name=message]")).to_have_value(words)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    tip_form.send(page)  # on purpose
    assert _code(page) != code


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_a_film_too_large_does_not_hold_the_words_back(
    phone: OpenPhone, photo: Path, tmp_path: Path, scripts: bool
) -> None:
    photos = [tmp_path / f"anh-{number}.jpg" for number in range(6)]
    for number, copy in enumerate(photos):
        copy.write_bytes(photo.read_bytes() + bytes(number))
    film = tmp_path / "phim.mp4"
    film.write_bytes(b"\0\0\0\x18ftypisom" + bytes(26 * 1024 * 1024))
    page = phone(scripts=scripts)
    page.goto("/cam-trung/gui-tin-bao/")
    files = [film, *photos]
    tip_form.fill_in(page, "Có hai thuyền hút cát đêm qua.", category="illegal-sand-mining", files=files)
    with page.expect_request(
        lambda request: request.method == "POST" and "gui-tin-bao" in request.url
    ) as sent:
        tip_form.send(page)
    assert _code(page)
    travelled = int(sent.value.all_headers()["content-length"])
    assert (travelled < 25 * 1024 * 1024) == scripts  # with them, what is not kept stays on the phone
    told = page.locator(".notice--danger")
    expect(told).to_contain_text("Tệp “phim.mp4” lớn hơn 25 MB")
    expect(told).to_contain_text("bị thừa")
