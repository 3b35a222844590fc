"""What the browser sends up waits at the portal itself, goes on after a cut, ends when it is taken out."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Page, Response, expect

from tests.journeys import tip_form

from .upload_stage import choose, is_up, row


class Uploads:
    """What went up from a page, as whoever has the keys finds it at the portal."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.begun: list[tuple[str, str]] = []  # address and key
        page.on("response", self._note)

    def _note(self, response: Response) -> None:
        if response.request.method == "POST" and response.status == 201:
            key = response.request.headers["upload-key"]
            self.begun.append((response.headers["location"], key))

    def look(self, number: int = 0) -> APIResponse:
        address, key = self.begun[number]
        return self._page.request.head(address, headers={"Tus-Resumable": "1.0.0", "Upload-Key": key})


@pytest.fixture
def form(phone: Callable[..., Page]) -> Page:
    """The portal's tip form, at the step of the files."""
    form = phone()
    form.goto("/cam-loc/gui-tin-bao/")
    form.locator("[name=message]").fill("Có hai thuyền hút cát đêm qua.")
    for _step in range(3):
        tip_form.go_on(form)
    expect(form.locator("[data-add-files]")).to_be_visible()
    return form


def test_a_film_whose_line_breaks_waits_whole_and_is_gone_when_it_is_taken_out(
    form: Page, tmp_path: Path
) -> None:
    film = tmp_path / "phim.mp4"
    film.write_bytes(b"\0\0\0\x18ftypisom" + os.urandom(900_000))
    uploads, sent = Uploads(form), []

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
    assert len(uploads.begun) == 1
    there = uploads.look().headers
    assert there["upload-offset"] == there["upload-length"] == str(film.stat().st_size)
    handle = form.locator("input[name=upload]").input_value()
    uuid = uploads.begun[0][0].strip("/").split("/")[-1]
    assert handle.startswith(f"{uuid}.") and handle.endswith(".phim.mp4")

    form.get_by_role("button", name="Bỏ tệp này: phim.mp4").click()
    form.wait_for_timeout(500)
    assert uploads.look().status == 404


def test_a_program_called_a_picture_is_refused_by_its_content(form: Page, tmp_path: Path) -> None:
    program = tmp_path / "ảnh.jpg"
    program.write_bytes(b"MZ" + os.urandom(50_000))
    uploads = Uploads(form)
    choose(form, program)
    expect(row(form, "ảnh.jpg")).to_contain_text("không phải ảnh, video, ghi âm hay PDF")
    assert form.locator("input[type=file]").evaluate("input => input.files.length") == 0
    form.wait_for_timeout(500)
    assert uploads.look().status == 404
