"""The list of a form's files, the recorder and the position: readable by day and night, in large letters."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from .upload_stage import OpenForm, Server, at, choose, film_of, is_up, record, row

STATES = {
    "nhỏ.mp4": "đã tải lên",
    "lớn.mp4": "lớn hơn 25 MB",
    "cũ.mp4": "chọn lại tệp này để tải tiếp",
    "gửi kèm.mp4": "sẽ gửi cùng tin",
    "đang đi.mp4": "đang tải lên",
    "đợi.mp4": "chờ đến lượt",
}


def in_every_state(form: Page, tus_server: Server, folder: Path) -> None:
    """A list with a file in each state, a running recording, and a position."""
    old = {"handle": "", "name": "cũ.mp4", "size": 70_000, "offset": 0, "done": False}
    form.evaluate("list => uploads.restore(list)", [old])
    choose(form, film_of(folder / "nhỏ.mp4", 900), film_of(folder / "lớn.mp4", 26 * 1024 * 1024))
    expect(is_up(form, "nhỏ.mp4")).to_be_visible()
    tus_server.answers = [(507, {})]
    choose(form, film_of(folder / "gửi kèm.mp4", 900))
    expect(row(form, "gửi kèm.mp4")).to_contain_text("sẽ gửi cùng tin")
    form.get_by_role("button", name="Thêm vị trí của tôi").click()
    record(form, 100)
    tus_server.slowness = 2.0
    choose(form, film_of(folder / "đang đi.mp4", 900_000), film_of(folder / "đợi.mp4", 900))


def violations(form: Page) -> list[str]:
    found = Axe().run(form).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def test_every_state_can_be_read_by_everybody(
    open_form: OpenForm,
    with_microphone: Browser,
    tus_server: Server,
    tmp_path: Path,
) -> None:
    permissions = at(3000) | {"permissions": ["geolocation", "microphone"]}
    form = open_form(with_browser=with_microphone, **permissions)
    in_every_state(form, tus_server, tmp_path)
    for letters in ("", "225%"):  # of the browser's 16 px; the page's own size is 112.5 %
        form.evaluate("size => { document.documentElement.style.fontSize = size }", letters)
        for colours in ("light", "dark"):
            form.emulate_media(color_scheme=colours)
            assert violations(form) == [], (letters, colours)
            assert form.evaluate("document.documentElement.scrollWidth") <= 360, letters
        for button in form.get_by_role("button").all():
            size = button.bounding_box()
            assert size is not None and size["height"] >= 44, button
    for name, told in STATES.items():
        expect(row(form, name)).to_contain_text(told)
    form.evaluate("document.documentElement.style.fontSize = ''")
    form.set_viewport_size({"width": 1280, "height": 900})
    assert violations(form) == []
