"""The card of a quick post as readers will see it, and one tap on what must stay in its picture."""

import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

LINES = """async () => {
    const picture = document.querySelector("[data-card-picture] img");
    await picture.decode();
    return getComputedStyle(picture).objectPosition;
}"""


@pytest.fixture(scope="module")
def upright(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A phone's photo that lies on its side and says so: upright, its upper half is red."""
    picture = Image.new("RGB", (1600, 1200), "blue")
    picture.paste("red", (0, 0, 800, 1200))
    exif = picture.getexif()
    exif[0x0112] = 6
    path = tmp_path_factory.mktemp("photos") / "IMG_9.jpg"
    picture.save(path, exif=exif)
    return path


def test_the_card_is_seen_before_sending_and_a_tap_moves_its_picture(
    phone: Callable[..., Page], log_in: Callable[[Page, str], None], upright: Path
) -> None:
    page, title = phone(has_touch=True), f"Cảnh giác người lạ {secrets.token_hex(3)}"
    log_in(page, "cam-trung-bientap")
    page.goto("/admin/quick-post/")
    card = page.locator("[data-preview]")
    expect(card).to_be_hidden()
    page.get_by_label("Tiêu đề").fill(title)
    page.get_by_label("Nội dung").fill("Công an TP. Hà Tĩnh báo có người lạ thu tiền. Gọi trực ban.")
    page.get_by_label("Cảnh báo").check()
    expect(card.locator("[data-card-title]")).to_have_text(title)
    expect(card.locator("[data-card-kind]")).to_have_text("Cảnh báo")
    expect(card.locator("[data-card-summary]")).to_have_text("Công an TP. Hà Tĩnh báo có người lạ thu tiền.")
    page.locator("input[type=file]").set_input_files(upright)
    expect(card.locator("[data-card-picture] img")).to_be_visible()
    assert page.evaluate(LINES) == "50% 0%"
    whole = card.get_by_role("button", name="Chỗ phải thấy rõ trên ảnh")
    whole.scroll_into_view_if_needed()
    box = whole.locator("img").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] - 4)
    expect(card.locator("[data-mark]")).to_be_visible()
    assert page.evaluate(LINES).endswith(" 100%")
    for _press in range(20):
        whole.press("ArrowUp")
    assert page.evaluate(LINES) == "50% 0%"
    whole.press("ArrowDown")
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] - 4)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.get_by_role("button", name="Lưu nháp").click()
    page.wait_for_url("**/sent/")
    page.goto(page.url.replace("/sent/", "/"))
    # The stored photo has its point, and the card of who has no scripts is cut there by the server.
    assert page.evaluate(LINES).endswith(" 100%")
    page.locator(".quickpost__drop input").check()
    expect(card.locator("[data-card-picture] img")).to_have_count(0)
