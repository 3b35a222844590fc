"""A post from a phone: with and without scripts, with a log-in that expires and a connection that breaks."""

import os
import re
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

OpenPhone = Callable[..., Page]
LogIn = Callable[[Page, str], None]
EDITOR = "cam-trung-bientap"
SUBMIT = "Gửi duyệt"
SUBMITTED = "Đã gửi duyệt"
# How different neighbouring pixels of the first photo's middle are, as the browser shows it.
CONTRAST = """async () => {
    const picture = document.querySelector("[data-photos] img");
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = picture.naturalWidth;
    canvas.height = picture.naturalHeight;
    const context = canvas.getContext("2d");
    context.drawImage(picture, 0, 0);
    const pixels = context.getImageData(canvas.width / 2 - 40, canvas.height / 2 - 40, 80, 80).data;
    let sum = 0;
    for (let at = 0; at + 4 < pixels.length; at += 4) sum += Math.abs(pixels[at] - pixels[at + 4]);
    return sum / (pixels.length / 4);
}"""


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two photos as a phone makes them, 3000 × 2000 pixels, each pixel unlike the next, with their place."""
    folder = tmp_path_factory.mktemp("photos")
    paths = []
    for number in (1, 2):
        picture = Image.frombytes("RGB", (600, 400), os.urandom(600 * 400 * 3)).resize((3000, 2000))
        exif = picture.getexif()
        exif.get_ifd(0x8825).update({1: "N", 2: (18.0, 15.0, 30.0), 3: "E", 4: (106.0, 1.0, 2.0)})
        path = folder / f"IMG_{number}.jpg"
        picture.save(path, quality=85, exif=exif)
        paths.append(path)
    return paths


def _write(page: Page, title: str, text: str = "Bà con không đưa tiền cho người lạ.") -> None:
    page.get_by_label("Tiêu đề").fill(title)
    page.get_by_label("Nội dung").fill(text)


def _a_title() -> str:
    return f"Cảnh giác người lạ {secrets.token_hex(3)}"


def _choose(page: Page, photos: list[Path]) -> None:
    page.locator("input[type=file]").set_input_files(photos)
    expect(page.locator("[data-photos] li")).to_have_count(len(photos))


def test_a_post_with_two_photos_one_of_them_blurred(
    phone: OpenPhone, log_in: LogIn, photos: list[Path], record_property: Callable[[str, Any], None]
) -> None:
    page, title = phone(has_touch=True), _a_title()
    log_in(page, EDITOR)
    started, taps = time.monotonic(), 0

    page.get_by_role("link", name="Đăng bài nhanh").first.click()
    _write(page, title)
    _choose(page, photos)
    taps += 6  # the link, both fields, the photos' button, two photos in the gallery
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    sharp = page.evaluate(CONTRAST)
    page.get_by_role("button", name="Ảnh 1: Làm mờ mặt, biển số").click()
    canvas = page.locator("canvas")
    expect(canvas).to_be_focused()
    box = canvas.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("[data-state]")).to_have_text("Đã làm mờ 1 chỗ")
    page.get_by_role("button", name="Xong").click()
    expect(page.locator("[data-blur-dialog]")).to_be_hidden(timeout=15_000)
    expect(page.locator("[data-note]").first).to_have_text("Đã làm mờ 1 chỗ")
    assert page.evaluate(CONTRAST) < sharp / 10
    page.locator("[data-alt]").nth(0).fill("Người lạ ở cổng làng")
    page.locator("[data-alt]").nth(1).fill("Biên lai giả")
    page.get_by_label("Cảnh báo").check()
    page.get_by_role("button", name=SUBMIT, exact=True).click()
    taps += 7
    page.wait_for_url("**/sent/")
    expect(page.get_by_role("heading", level=1)).to_have_text(SUBMITTED)
    record_property("quick post: seconds from first page to submitted", round(time.monotonic() - started, 1))
    record_property("quick post: taps from first page to submitted", taps)

    expect(page.locator(".quickpost")).to_contain_text(title)
    page.get_by_role("link", name="Xem trước").click()
    expect(page.locator("main figure img")).to_have_count(2)
    page.go_back()
    page.get_by_role("link", name="Đăng bài khác").click()
    expect(page.get_by_label("Tiêu đề")).to_have_value("")
    expect(page.locator("[data-draft]")).to_be_hidden()


def test_blurring_by_keyboard_and_undoing_it(phone: OpenPhone, log_in: LogIn, photos: list[Path]) -> None:
    page = phone()
    log_in(page, EDITOR)
    page.goto("/admin/quick-post/")
    _choose(page, photos[:1])
    sharp = page.evaluate(CONTRAST)
    page.get_by_role("button", name="Ảnh 1: Làm mờ mặt, biển số").press("Enter")
    expect(page.locator("canvas")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("[data-state]")).to_have_text("Đã làm mờ 1 chỗ. cách trái 50 %, cách trên 50 %")
    page.get_by_role("button", name="Hoàn tác").click()
    page.get_by_role("button", name="Xong").click()
    assert page.evaluate(CONTRAST) > sharp * 0.9
    page.get_by_role("button", name="Ảnh 1: Làm mờ mặt, biển số").press("Enter")
    expect(page.locator("canvas")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("[data-blur-dialog]")).to_be_hidden(timeout=15_000)
    expect(page.locator("[data-note]").first).to_have_text("Đã làm mờ 1 chỗ")
    assert page.evaluate(CONTRAST) < sharp / 10
    page.get_by_role("button", name="Ảnh 1: Bỏ ảnh").click()
    expect(page.locator("[data-photos] li")).to_have_count(0)


def test_warnings_are_a_second_step_that_loses_nothing(
    phone: OpenPhone, log_in: LogIn, photos: list[Path]
) -> None:
    page, title = phone(), _a_title()
    log_in(page, EDITOR)
    page.goto("/admin/quick-post/")
    _write(page, title.upper(), "CCCD của anh ấy là 042090123456.")
    _choose(page, photos[:1])
    page.get_by_role("button", name=SUBMIT, exact=True).click()
    review = page.locator("[data-review]")
    expect(review).to_contain_text("042090123456")
    expect(review.locator("li")).to_have_count(3)
    review.get_by_role("button", name="Sửa").click()
    page.get_by_label("Nội dung").fill("Đã bỏ số căn cước.")
    page.get_by_role("button", name=SUBMIT, exact=True).click()
    expect(review.locator("li")).to_have_count(2)
    review.get_by_role("button", name="Vẫn gửi duyệt").click()
    page.wait_for_url("**/sent/")
    expect(page.get_by_role("heading", level=1)).to_have_text(SUBMITTED)


def test_without_scripts(phone: OpenPhone, log_in: LogIn, photos: list[Path]) -> None:
    page, title = phone(scripts=False), _a_title()
    log_in(page, EDITOR)
    page.get_by_role("link", name="Đăng bài nhanh").first.click()
    _write(page, title)
    page.locator("input[type=file]").set_input_files(photos)
    page.get_by_label("Ảnh đầu tiên chụp gì?").fill("Người lạ ở cổng làng")
    page.get_by_role("button", name=SUBMIT, exact=True).click()
    # The second photo has no words yet.
    expect(page.locator(".warnings").first).to_contain_text("Ảnh")
    page.get_by_label("Ảnh chụp gì?").nth(1).fill("Biên lai giả")
    page.get_by_role("button", name=SUBMIT, exact=True).click()
    page.wait_for_url("**/sent/")
    expect(page.get_by_role("heading", level=1)).to_have_text(SUBMITTED)


def _log_out_behind_his_back(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


def test_an_expired_log_in_loses_neither_words_nor_photos(
    phone: OpenPhone, log_in: LogIn, photos: list[Path]
) -> None:
    page, title = phone(), _a_title()
    log_in(page, EDITOR)
    page.goto("/admin/quick-post/")
    _write(page, title)
    page.get_by_label("Kết quả").check()
    _choose(page, photos)
    page.locator("[data-alt]").nth(0).fill("Một")
    page.locator("[data-alt]").nth(1).fill("Hai")
    _log_out_behind_his_back(page)
    page.get_by_role("button", name=SUBMIT, exact=True).click()
    page.get_by_role("link", name="Đăng nhập lại").click()
    page.fill("input[name=login]", EDITOR)
    page.fill("input[name=password]", "ket-noi-an-ninh")
    page.locator("form button[type=submit]").first.click()
    page.wait_for_url("**/admin/quick-post/")
    expect(page.locator("[data-draft]")).to_contain_text("bài chưa gửi")
    expect(page.get_by_label("Tiêu đề")).to_have_value(title)
    expect(page.get_by_label("Kết quả")).to_be_checked()
    expect(page.locator("[data-photos] li")).to_have_count(2)
    expect(page.locator("[data-alt]").nth(1)).to_have_value("Hai")
    page.get_by_role("button", name=SUBMIT, exact=True).click()
    page.wait_for_url("**/sent/")
    expect(page.get_by_role("heading", level=1)).to_have_text(SUBMITTED)


def test_an_expired_log_in_without_scripts_loses_no_word(phone: OpenPhone, log_in: LogIn) -> None:
    page, title = phone(scripts=False), _a_title()
    log_in(page, EDITOR)
    page.goto("/admin/quick-post/")
    _write(page, title)
    _log_out_behind_his_back(page)
    page.get_by_role("button", name=SUBMIT, exact=True).click()
    expect(page.locator("[name=title]")).to_have_value(title)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=re.compile("Đăng nhập lại")).click()
    tab = opened.value
    tab.fill("input[name=login]", EDITOR)
    tab.fill("input[name=password]", "ket-noi-an-ninh")
    tab.locator("form button[type=submit]").first.click()
    tab.wait_for_url("**/admin/")
    page.get_by_role("button", name="Gửi lại").click()
    # The token was from before the log-in.
    expect(page.get_by_label("Tiêu đề")).to_have_value(title)
    page.get_by_role("button", name=SUBMIT, exact=True).click()
    page.wait_for_url("**/sent/")
    expect(page.get_by_role("heading", level=1)).to_have_text(SUBMITTED)


def test_a_connection_that_breaks_and_comes_back(phone: OpenPhone, log_in: LogIn, photos: list[Path]) -> None:
    page, title = phone(), _a_title()
    log_in(page, EDITOR)
    page.goto("/admin/quick-post/")
    _write(page, title)
    _choose(page, photos[:1])
    page.locator("[data-alt]").fill("Cổng làng")
    page.context.set_offline(True)
    page.get_by_role("button", name=SUBMIT, exact=True).click()
    expect(page.locator("[data-trouble]")).to_contain_text("Mất mạng. Bài vẫn còn đây")
    page.context.set_offline(False)
    page.wait_for_url("**/sent/")
    expect(page.get_by_role("heading", level=1)).to_have_text(SUBMITTED)


def test_the_draft_on_the_device_is_deleted_by_hand_and_at_log_out(phone: OpenPhone, log_in: LogIn) -> None:
    page, title = phone(), _a_title()
    log_in(page, EDITOR)

    def write_and_come_back() -> None:
        page.goto("/admin/quick-post/")
        _write(page, title)
        page.wait_for_timeout(700)
        page.goto("/admin/quick-post/")
        expect(page.get_by_label("Tiêu đề")).to_have_value(title)

    write_and_come_back()
    page.get_by_role("button", name="Xóa bản nháp trên máy này").click()
    expect(page.get_by_label("Tiêu đề")).to_have_value("")
    write_and_come_back()
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/accounts/login/**")
    log_in(page, EDITOR)
    page.goto("/admin/quick-post/")
    page.wait_for_timeout(300)
    expect(page.get_by_label("Tiêu đề")).to_have_value("")
