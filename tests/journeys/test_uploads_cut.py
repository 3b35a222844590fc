"""Files of a form over lines that break, at servers that refuse, and after the page was loaded again."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tipform.attachments.brought import Kept

from .upload_stage import OpenForm, Server, Upload, choose, fields_of_files, film_of, is_up, row, wait_until

PIECE = 256 * 1024


def test_a_line_that_breaks_twice_costs_no_byte_that_had_arrived(
    open_form: OpenForm, tus_server: Server, film: Path
) -> None:
    tus_server.cuts = [PIECE + 100_000, 3 * PIECE + 50_000]
    form = open_form()
    choose(form, film)
    expect(is_up(form, "phim.mp4")).to_be_visible()
    (upload,) = tus_server.uploads.values()
    assert bytes(upload.data) == film.read_bytes()  # so each byte was taken once
    assert {PIECE + 100_000, 3 * PIECE + 50_000} <= set(upload.offsets)
    assert tus_server.asked.count("POST") == 1


def test_a_phone_that_is_back_on_the_network_goes_on_at_once(
    open_form: OpenForm, tus_server: Server, film: Path
) -> None:
    tus_server.slowness = 0.05
    form = open_form()
    # Whoever waits does so until the network is back, however long the pause was to be.
    form.add_init_script(
        "const real = setTimeout; window.setTimeout = (act, wait) => wait < 1000 ? real(act, wait) : 0"
    )
    form.reload()
    choose(form, film)
    wait_until(form, "document.querySelector('.file progress').value >= 20")
    form.context.set_offline(True)
    expect(row(form, "phim.mp4").get_by_text("mất kết nối")).to_be_visible()
    assert form.evaluate("uploads.busy()")
    tus_server.slowness = 0.0
    form.context.set_offline(False)
    expect(is_up(form, "phim.mp4")).to_be_visible()
    assert [bytes(upload.data) for upload in tus_server.uploads.values()] == [film.read_bytes()]


@pytest.mark.parametrize("status", [404, 507])
def test_where_the_server_takes_no_uploads_the_form_carries_the_file(
    open_form: OpenForm, tus_server: Server, film: Path, status: int
) -> None:
    tus_server.answers = [(status, {})]
    form = open_form()
    choose(form, film)
    expect(row(form, "phim.mp4")).to_contain_text("sẽ gửi cùng tin khi bạn bấm Gửi")
    assert not form.evaluate("uploads.busy()")
    form.get_by_role("button", name="Gửi", exact=True).click()
    form.wait_for_load_state()
    assert fields_of_files(tus_server.forms[0]) == ["attachments"]
    assert film.read_bytes() in tus_server.forms[0]


def test_where_the_client_does_not_come_the_form_carries_the_file(
    open_form: OpenForm, tus_server: Server, film: Path
) -> None:
    form = open_form()
    form.route("**/tus.min.js", lambda route: route.abort())
    choose(form, film)
    expect(row(form, "phim.mp4")).to_contain_text("sẽ gửi cùng tin khi bạn bấm Gửi")
    form.get_by_role("button", name="Gửi", exact=True).click()
    form.wait_for_load_state()
    assert fields_of_files(tus_server.forms[0]) == ["attachments"]


def test_a_browser_inside_an_app_that_has_no_storage_sends_all_the_same(
    open_form: OpenForm, film: Path
) -> None:
    form = open_form()
    form.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, {get() { throw new DOMException('', 'SecurityError') }})"
    )
    form.reload()
    choose(form, film)
    expect(is_up(form, "phim.mp4")).to_be_visible()


def test_a_crowded_network_waits_as_long_as_it_is_told(
    open_form: OpenForm, tus_server: Server, film: Path
) -> None:
    tus_server.answers = [(429, {"Retry-After": "1"}), (503, {})]
    form = open_form()
    choose(form, film)
    expect(row(form, "phim.mp4")).to_contain_text("1 giây nữa")
    expect(is_up(form, "phim.mp4")).to_be_visible()


def test_a_form_sent_before_everything_is_up_carries_the_rest(
    open_form: OpenForm, tus_server: Server, film: Path, photo: Path
) -> None:
    form = open_form()
    choose(form, photo)
    expect(is_up(form, photo.name)).to_be_visible()
    tus_server.slowness = 1.0
    choose(form, film)
    wait_until(form, "uploads.list()[1].handle")
    form.get_by_role("button", name="Gửi", exact=True).click()
    form.wait_for_load_state()
    assert fields_of_files(tus_server.forms[0]) == ["attachments", "upload"]


def test_a_file_that_its_app_takes_back_is_named_and_holds_nothing_up(
    open_form: OpenForm, tus_server: Server, film: Path, photo: Path
) -> None:
    tus_server.slowness = 0.05
    form = open_form()
    choose(form, film, photo)
    wait_until(form, "uploads.list()[0].offset > 0")
    film.unlink()
    tus_server.slowness = 0.0
    expect(row(form, "phim.mp4")).to_contain_text("chọn lại, hoặc chọn tệp khác")
    expect(is_up(form, photo.name)).to_be_visible()


def test_after_a_reload_the_list_is_there_and_half_a_file_goes_on(
    open_form: OpenForm, tus_server: Server, film: Path, big_photo: Path, tmp_path: Path
) -> None:
    form = open_form()
    lost = film_of(tmp_path / "mất.mp4", 500)
    choose(form, lost, big_photo)
    expect(is_up(form, big_photo.name)).to_be_visible()
    del tus_server.uploads[form.evaluate("uploads.list()[0].handle").split(".")[0]]
    tus_server.slowness = 0.05
    choose(form, film)
    wait_until(form, "uploads.list()[2].offset > 300000")
    listed = form.evaluate("uploads.list()")

    form.reload()
    tus_server.slowness = 0.0
    form.evaluate("list => uploads.restore(list)", listed)
    expect(is_up(form, big_photo.name)).to_be_visible()
    expect(row(form, "mất.mp4")).to_contain_text("không còn được giữ trên máy chủ")
    expect(row(form, "phim.mp4")).to_contain_text("chọn lại tệp này để tải tiếp")
    assert form.locator("input[name=upload]").count() == 1
    assert not form.evaluate("uploads.busy()")
    had = tus_server.uploads[listed[2]["handle"].split(".")[0]]
    before = len(had.data)
    assert before > 0
    choose(form, film)
    expect(is_up(form, "phim.mp4")).to_be_visible()
    assert bytes(had.data) == film.read_bytes()
    assert before in had.offsets


def test_what_a_form_given_back_lists_is_taken_over(
    open_form: OpenForm, tus_server: Server, photo: Path
) -> None:
    key, number = "ab" * 32, "cd" * 16
    tus_server.uploads[number] = Upload(key, 4, bytearray(b"1234"))
    lost = f"{'ef' * 16}.{key}.mất.jpg"
    tus_server.kept = [Kept(f"{number}.{key}.ảnh.nhà.jpg", "ảnh.nhà.jpg", 4), Kept(lost, "mất.jpg", 4)]
    form = open_form()
    expect(is_up(form, "ảnh.nhà.jpg")).to_be_visible()
    expect(row(form, "mất.jpg")).to_contain_text("không còn được giữ trên máy chủ")
    form.evaluate("uploads.restore(uploads.list())")  # a draft that knows of them as well
    choose(form, photo)
    expect(is_up(form, photo.name)).to_be_visible()
    assert [file["name"] for file in form.evaluate("uploads.list()")] == ["ảnh.nhà.jpg", photo.name]
    assert form.locator("input[name=upload]").count() == 2
    form.get_by_role("button", name="Bỏ tệp này: ảnh.nhà.jpg").click()
    form.wait_for_timeout(300)
    assert number not in tus_server.uploads
