"""A post goes from a commune's editor over the unit's editor to the public."""

import re
import secrets
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from home.text import plain_slug

OpenPhone = Callable[..., Page]
LogIn = Callable[[Page, str], None]


def _press(page: Page, selector: str) -> None:
    """A button of the editor's footer, which on a phone lies in its menu."""
    button = page.locator(selector).first
    if not button.is_visible():
        page.locator("footer [data-w-dropdown-target=toggle]").first.click()
    button.click()


def test_a_post_is_written_submitted_approved_and_live(phone: OpenPhone, log_in: LogIn, photo: Path) -> None:
    title = f"Thông báo thử {secrets.token_hex(3)}"
    address = f"/cam-trung/tin-tuc/{plain_slug(title)}/"
    editor = phone()
    log_in(editor, "cam-trung-bientap")
    editor.get_by_role("link", name="Đăng bài", exact=True).first.click()
    editor.locator("#id_title").fill(title)
    editor.locator("#id_summary").fill("Một câu tóm tắt.")
    editor.locator("#id_image-chooser [data-chooser-action-choose]").first.click()
    editor.locator("#tab-label-upload").click()
    editor.locator("#id_image-chooser-upload-title").fill("Ảnh thử")
    editor.locator("#id_image-chooser-upload-file").set_input_files(photo)
    editor.locator(".modal form[action*=create] [type=submit]").click()
    expect(editor.locator("#id_image-chooser img")).to_be_visible()
    editor.locator("#id_image_alt").fill("Cổng làng")
    expect(editor.locator("[name=action-publish]")).to_have_count(0)
    _press(editor, "[name=action-submit]")
    editor.wait_for_url(re.compile(r"/admin/pages/\d+/"))
    visitor = phone()
    assert visitor.goto(address).status == 404  # type: ignore[union-attr]

    unit_editor = phone()
    log_in(unit_editor, "huyen")
    unit_editor.get_by_role("link", name=title).first.click()
    _press(unit_editor, "[data-workflow-action-name=approve]")
    unit_editor.wait_for_load_state("networkidle")
    visitor.goto(address)
    expect(visitor.get_by_role("heading", level=1)).to_have_text(title)
    expect(visitor.locator("main img").first).to_be_visible()
