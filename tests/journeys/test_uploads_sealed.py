"""What the browser sends up waits at the portal itself, goes on after a cut, ends when it is taken out."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tipform.models import WaitingUpload

from .upload_stage import ATTACH, choose, is_up, page, row


@pytest.fixture
def open_form(browser: Browser, live_server: Any) -> Iterator[Page]:
    """The form at the portal's own address."""
    context = browser.new_context(base_url=live_server.url, locale="vi-VN")
    form = context.new_page()
    form.route("**/thu/", lambda route: route.fulfill(body=page(), content_type="text/html; charset=utf-8"))
    form.route("**/attach.js", lambda route: route.fulfill(body=ATTACH, content_type="text/javascript"))
    form.goto("/thu/")
    yield form
    context.close()


@pytest.mark.django_db(transaction=True)
def test_a_film_whose_line_breaks_waits_whole_and_is_gone_when_it_is_taken_out(
    open_form: Page, tmp_path: Path
) -> None:
    film = tmp_path / "phim.mp4"
    film.write_bytes(b"\0\0\0\x18ftypisom" + os.urandom(900_000))
    form = open_form
    sent: list[int] = []

    def third_piece_breaks(route: Any) -> None:
        if route.request.method == "PATCH":
            sent.append(int(route.request.headers["upload-offset"]))
            if len(sent) == 3:
                route.abort("connectionreset")
                return
        route.continue_()

    form.route("**/tep/*/", third_piece_breaks)
    choose(form, film)
    expect(is_up(form, "phim.mp4")).to_be_visible()
    piece = 256 * 1024
    assert sent == [0, piece, 2 * piece, 2 * piece, 3 * piece]
    (upload,) = WaitingUpload.objects.all()
    assert upload.is_whole and upload.length == film.stat().st_size
    handle = form.locator("input[name=upload]").input_value()
    assert handle.startswith(f"{upload.uuid.hex}.") and handle.endswith(".phim.mp4")

    form.get_by_role("button", name="Bỏ tệp này: phim.mp4").click()
    form.wait_for_timeout(500)
    assert not WaitingUpload.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_program_called_a_picture_is_refused_by_its_content(open_form: Page, tmp_path: Path) -> None:
    program = tmp_path / "ảnh.jpg"
    program.write_bytes(b"MZ" + os.urandom(50_000))
    choose(open_form, program)
    expect(row(open_form, "ảnh.jpg")).to_contain_text("không phải ảnh, video, ghi âm hay PDF")
    assert open_form.locator("input[type=file]").evaluate("input => input.files.length") == 0
    open_form.wait_for_timeout(500)
    assert not WaitingUpload.objects.exists()
