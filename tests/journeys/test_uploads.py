"""Files of a form in the browser: made small, up in pieces, on from where a line broke, and nothing else held back."""

import os
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from .upload_stage import Server, choose, is_up, open_form, row, server, wait_until  # noqa: F401

OpenForm = Callable[..., Page]
PIECE = 256 * 1024
MEGABYTE = 1024 * 1024


@pytest.fixture
def big_photo(tmp_path: Path) -> Path:
    """4000 × 3000 pixels from a camera that lies on its side and notes where it was."""
    path = tmp_path / "IMG 2026.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: to be turned by 90°
    exif[0x010F] = "Bến đò cũ"
    image = Image.frombytes("RGB", (160, 120), os.urandom(160 * 120 * 3)).resize((4000, 3000))
    image.save(path, quality=95, exif=exif)
    return path


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """1.2 MB that begin as an MP4."""
    path = tmp_path / "phim.mp4"
    path.write_bytes(b"\0\0\0\x18ftypisom" + os.urandom(1_200_000))
    return path


def sized(path: Path, size: int) -> Path:
    with path.open("wb") as file:
        file.write(b"\0\0\0\x18ftypisom"[:size])
        file.truncate(size)
    return path


def test_a_photo_is_up_small_and_upright_before_the_form_is_sent(
    open_form: OpenForm, server: Server, big_photo: Path
) -> None:
    form = open_form()
    choose(form, big_photo)
    expect(is_up(form, "IMG 2026.jpg")).to_be_visible()
    (number, upload), *others = server.uploads.items()
    assert not others
    assert len(upload.data) == upload.length < big_photo.stat().st_size / 2
    picture = Image.open(BytesIO(upload.data))
    assert picture.size == (1920, 2560)
    assert not picture.getexif()

    assert re.fullmatch(r"[0-9a-f]{64}", upload.key)
    box = form.locator("input[name=upload]")
    assert box.input_value() == f"{number}.{upload.key}.IMG 2026.jpg"
    assert form.locator("input[type=file]").evaluate("input => input.files.length") == 0
    assert form.evaluate("localStorage.length + sessionStorage.length") == 0

    form.get_by_role("button", name="Gửi", exact=True).click()
    form.wait_for_load_state()
    assert box_name(server.forms[0]) == ["upload"]
    assert len(server.forms[0]) < 2000


def box_name(body: bytes) -> list[str]:
    """The fields of files in the sent form that hold something."""
    fields = re.findall(rb'name="(upload|attachments)"(?:; filename="(.*?)")?', body)
    return [name.decode() for name, filename in fields if name == b"upload" or filename]


def test_an_original_arrives_byte_for_byte(open_form: OpenForm, server: Server, big_photo: Path) -> None:
    form = open_form()
    form.get_by_label("Gửi ảnh gốc").check()
    choose(form, big_photo)
    expect(is_up(form, big_photo.name)).to_be_visible()
    assert [bytes(upload.data) for upload in server.uploads.values()] == [big_photo.read_bytes()]


def test_a_small_picture_is_never_made_larger(open_form: OpenForm, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "nho.png"
    Image.new("RGB", (40, 40), "red").save(path)
    form = open_form()
    choose(form, path)
    expect(is_up(form, "nho.png")).to_be_visible()
    assert server.received == path.stat().st_size


def test_a_line_that_breaks_twice_costs_no_byte_that_had_arrived(
    open_form: OpenForm, server: Server, film: Path
) -> None:
    server.cuts = [PIECE + 100_000, 3 * PIECE + 50_000]
    form = open_form()
    choose(form, film)
    expect(is_up(form, "phim.mp4")).to_be_visible()
    (upload,) = server.uploads.values()
    assert bytes(upload.data) == film.read_bytes()  # so each byte was taken once
    assert {PIECE + 100_000, 3 * PIECE + 50_000} <= set(upload.offsets)
    assert server.asked.count("POST") == 1


def test_a_phone_that_is_back_on_the_network_goes_on_at_once(
    open_form: OpenForm, server: Server, film: Path
) -> None:
    server.slowness = 0.05
    form = open_form()
    choose(form, film)
    wait_until(form, "document.querySelector('.file progress').value >= 20")
    form.context.set_offline(True)
    expect(row(form, "phim.mp4").get_by_text("mất kết nối")).to_be_visible()
    assert form.evaluate("uploads.busy()")
    server.slowness = 0.0
    form.context.set_offline(False)
    expect(is_up(form, "phim.mp4")).to_be_visible()
    assert [bytes(upload.data) for upload in server.uploads.values()] == [film.read_bytes()]


def test_what_cannot_go_is_named_at_once_and_the_others_go(
    open_form: OpenForm, server: Server, photo: Path, tmp_path: Path
) -> None:
    server.cuts = [1000, 2000]
    hundred = sized(tmp_path / "trăm.mp4", 100 * MEGABYTE)
    just_over = sized(tmp_path / "vừa quá.mp4", 25 * MEGABYTE + 1)
    empty = sized(tmp_path / "rỗng.jpg", 0)
    program = tmp_path / "ảnh.jpg"
    program.write_bytes(b"MZ" + os.urandom(5000))
    form = open_form()
    choose(form, hundred, just_over, empty, program, photo)
    for name in ("trăm.mp4", "vừa quá.mp4"):
        expect(row(form, name)).to_contain_text("lớn hơn 25 MB")
        expect(row(form, name)).to_have_class(re.compile("file--wrong"))
    expect(row(form, "rỗng.jpg")).to_contain_text("tệp rỗng")
    expect(row(form, "ảnh.jpg")).to_contain_text("không phải ảnh, video, ghi âm hay PDF")
    expect(is_up(form, photo.name)).to_be_visible()
    lengths = [upload.length for upload in server.uploads.values()]
    assert len(lengths) == 2 and max(lengths) <= photo.stat().st_size  # not one byte of the films
    named = form.locator("input[name=too-large]")
    assert named.evaluate_all("inputs => inputs.map(input => input.value)") == [hundred.name, just_over.name]


def test_a_sixth_file_is_left_out_by_name_until_there_is_room(
    open_form: OpenForm, server: Server, tmp_path: Path
) -> None:
    files = [sized(tmp_path / f"{number}.mp4", 100) for number in range(1, 7)]
    form = open_form()
    choose(form, *files)
    expect(row(form, "6.mp4")).to_contain_text("nhiều nhất 5 tệp")
    assert form.locator("input[name=too-many]").input_value() == "6.mp4"
    expect(is_up(form, "5.mp4")).to_be_visible()
    form.get_by_role("button", name="Bỏ tệp này: 2.mp4").click()
    expect(form.get_by_role("button", name="Bỏ tệp này: 3.mp4")).to_be_focused()
    choose(form, files[5])
    expect(is_up(form, "6.mp4")).to_be_visible()
    assert form.locator("input[name=too-many]").count() == 0
    assert len(server.uploads) == 5


def test_a_file_of_exactly_25_megabytes_goes(open_form: OpenForm, server: Server, tmp_path: Path) -> None:
    form = open_form()
    choose(form, sized(tmp_path / "vừa.mp4", 25 * MEGABYTE))
    expect(is_up(form, "vừa.mp4")).to_be_visible()
    assert server.received == 25 * MEGABYTE


@pytest.mark.parametrize("status", [404, 507])
def test_where_the_server_takes_no_uploads_the_form_carries_the_file(
    open_form: OpenForm, server: Server, film: Path, status: int
) -> None:
    server.answers = [(status, {})]
    form = open_form()
    choose(form, film)
    expect(row(form, "phim.mp4")).to_contain_text("sẽ gửi cùng tin khi bạn bấm Gửi")
    assert not form.evaluate("uploads.busy()")
    form.get_by_role("button", name="Gửi", exact=True).click()
    form.wait_for_load_state()
    assert box_name(server.forms[0]) == ["attachments"]
    assert film.read_bytes() in server.forms[0]


def test_a_crowded_network_waits_as_long_as_it_is_told(
    open_form: OpenForm, server: Server, film: Path
) -> None:
    server.answers = [(429, {"Retry-After": "1"}), (503, {})]
    form = open_form()
    choose(form, film)
    expect(row(form, "phim.mp4")).to_contain_text("1 giây nữa")
    expect(is_up(form, "phim.mp4")).to_be_visible()


def test_a_form_sent_before_everything_is_up_carries_the_rest(
    open_form: OpenForm, server: Server, film: Path, photo: Path
) -> None:
    form = open_form()
    choose(form, photo)
    expect(is_up(form, photo.name)).to_be_visible()
    server.slowness = 1.0
    choose(form, film)
    wait_until(form, "uploads.list()[1].handle")
    form.get_by_role("button", name="Gửi", exact=True).click()
    form.wait_for_load_state()
    assert box_name(server.forms[0]) == ["attachments", "upload"]


def test_what_was_chosen_before_the_script_came_goes_up(
    open_form: OpenForm, server: Server, film: Path
) -> None:
    form = open_form()
    form.route("**/uploads.js", lambda route: (form.wait_for_timeout(500), route.continue_()))
    form.goto("/", wait_until="commit")
    choose(form, film)
    expect(is_up(form, "phim.mp4")).to_be_visible()


def test_a_file_that_its_app_takes_back_is_named_and_holds_nothing_up(
    open_form: OpenForm, server: Server, film: Path, photo: Path
) -> None:
    server.slowness = 0.05
    form = open_form()
    choose(form, film, photo)
    wait_until(form, "uploads.list()[0].offset > 0")
    film.unlink()
    server.slowness = 0.0
    expect(row(form, "phim.mp4")).to_contain_text("chọn lại, hoặc chọn tệp khác")
    expect(is_up(form, photo.name)).to_be_visible()


def test_ready_waits_for_the_last_byte(open_form: OpenForm, server: Server, film: Path, photo: Path) -> None:
    server.slowness = 0.01
    form = open_form()
    choose(form, film, photo)
    assert form.evaluate("uploads.busy()")
    assert form.evaluate("uploads.ready().then(() => uploads.list().map(file => file.done))") == [True, True]
    assert not form.evaluate("uploads.busy()")


def test_after_a_reload_the_list_is_there_and_half_a_file_goes_on(
    open_form: OpenForm, server: Server, film: Path, big_photo: Path, tmp_path: Path
) -> None:
    form = open_form()
    lost = sized(tmp_path / "mất.mp4", 500)
    choose(form, lost, big_photo)
    expect(is_up(form, big_photo.name)).to_be_visible()
    del server.uploads[form.evaluate("uploads.list()[0].handle").split(".")[0]]
    server.slowness = 0.05
    choose(form, film)
    wait_until(form, "uploads.list()[2].offset > 300000")
    listed = form.evaluate("uploads.list()")

    form.reload()
    server.slowness = 0.0
    form.evaluate("list => uploads.restore(list)", listed)
    expect(is_up(form, big_photo.name)).to_be_visible()
    expect(row(form, "mất.mp4")).to_contain_text("không còn được giữ trên máy chủ")
    expect(row(form, "phim.mp4")).to_contain_text("chọn lại tệp này để tải tiếp")
    assert form.locator("input[name=upload]").count() == 1
    assert not form.evaluate("uploads.busy()")
    had = server.uploads[listed[2]["handle"].split(".")[0]]
    before = len(had.data)
    assert before > 0
    choose(form, film)
    expect(is_up(form, "phim.mp4")).to_be_visible()
    assert bytes(had.data) == film.read_bytes()
    assert before in had.offsets


def test_taking_a_file_out_and_discarding_leave_nothing_on_the_server(
    open_form: OpenForm, server: Server, film: Path, photo: Path, tmp_path: Path
) -> None:
    form = open_form()
    choose(form, photo)
    expect(is_up(form, photo.name)).to_be_visible()
    form.get_by_role("button", name=f"Bỏ tệp này: {photo.name}").click()
    expect(form.locator(".file")).to_have_count(0)
    expect(form.get_by_label("Ảnh, video, ghi âm")).to_be_focused()
    form.wait_for_timeout(300)
    assert not server.uploads
    server.slowness = 0.1
    choose(form, sized(tmp_path / "một.mp4", 50), film)
    wait_until(form, "uploads.list()[1].offset > 0")
    form.evaluate("uploads.discard()")
    form.wait_for_timeout(500)
    assert not server.uploads
    assert form.evaluate("uploads.list()") == []
    assert form.locator("input[type=file]").evaluate("input => input.files.length") == 0


def test_a_screen_reader_hears_the_start_each_quarter_and_the_end(
    open_form: OpenForm, server: Server, film: Path
) -> None:
    server.slowness = 0.02
    form = open_form()
    form.evaluate(
        """() => { window.heard = []; const said = document.querySelector("[data-said-of-files]");
        new MutationObserver(() => heard.push(said.textContent)).observe(said, {childList: true}); }"""
    )
    choose(form, film)
    expect(is_up(form, "phim.mp4")).to_be_visible()
    heard = form.evaluate("heard")
    assert len(heard) <= 6
    assert "đang tải lên: 0 %" in heard[0]
    assert "đã tải lên" in heard[-1]


def test_without_scripts_nothing_of_it_is_seen(open_form: OpenForm, film: Path, server: Server) -> None:
    form = open_form(scripts=False)
    for name in ("Gửi ảnh gốc", "Ghi âm lời nói", "Thêm vị trí của tôi"):
        expect(form.get_by_text(name)).to_be_hidden()
    choose(form, film)
    form.get_by_role("button", name="Gửi", exact=True).click()
    form.wait_for_load_state()
    assert box_name(server.forms[0]) == ["attachments"]
