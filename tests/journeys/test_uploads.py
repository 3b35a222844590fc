"""Files of a form in the browser: made small, up before the form, and none holds another back."""

import os
import re
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from .upload_stage import (
    MEGABYTE,
    OpenForm,
    Server,
    choose,
    fields_of_files,
    film_of,
    is_up,
    row,
    wait_until,
)


def test_a_photo_is_up_small_and_upright_before_the_form_is_sent(
    open_form: OpenForm, tus_server: Server, big_photo: Path
) -> None:
    form = open_form()
    choose(form, big_photo)
    expect(is_up(form, "IMG 2026.jpg")).to_be_visible()
    (number, upload), *others = tus_server.uploads.items()
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
    assert fields_of_files(tus_server.forms[0]) == ["upload"]
    assert len(tus_server.forms[0]) < 2000


def test_an_original_arrives_byte_for_byte(open_form: OpenForm, tus_server: Server, big_photo: Path) -> None:
    form = open_form()
    form.get_by_label("Gửi ảnh gốc").check()
    choose(form, big_photo)
    expect(is_up(form, big_photo.name)).to_be_visible()
    assert [bytes(upload.data) for upload in tus_server.uploads.values()] == [big_photo.read_bytes()]


def test_a_small_picture_is_never_made_larger(
    open_form: OpenForm, tus_server: Server, tmp_path: Path
) -> None:
    path = tmp_path / "nho.png"
    Image.new("RGB", (40, 40), "red").save(path)
    form = open_form()
    choose(form, path)
    expect(is_up(form, "nho.png")).to_be_visible()
    assert tus_server.received == path.stat().st_size


def test_what_cannot_go_is_named_at_once_and_the_others_go(
    open_form: OpenForm, tus_server: Server, photo: Path, tmp_path: Path
) -> None:
    tus_server.cuts = [1000, 2000]
    hundred = film_of(tmp_path / "trăm.mp4", 100 * MEGABYTE)
    just_over = film_of(tmp_path / "vừa quá.mp4", 25 * MEGABYTE + 1)
    empty = film_of(tmp_path / "rỗng.jpg", 0)
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
    # Not one byte of the films, and the program is not kept.
    assert tus_server.asked.count("POST") == 2
    assert [upload.length <= photo.stat().st_size for upload in tus_server.uploads.values()] == [True]
    named = form.locator("input[name=too-large]")
    assert named.evaluate_all("inputs => inputs.map(input => input.value)") == [hundred.name, just_over.name]


def test_a_film_too_large_is_told_while_a_picture_is_still_made_smaller(
    open_form: OpenForm, big_photo: Path, tmp_path: Path
) -> None:
    form = open_form()
    form.route("**/photos.js", lambda route: None)  # never answered
    choose(form, big_photo, film_of(tmp_path / "phim.mp4", 26 * MEGABYTE))
    expect(row(form, "phim.mp4")).to_contain_text("lớn hơn 25 MB")
    expect(row(form, big_photo.name)).to_contain_text("đang thu nhỏ")


def test_a_sixth_file_is_left_out_by_name_until_there_is_room(
    open_form: OpenForm, tus_server: Server, tmp_path: Path
) -> None:
    files = [film_of(tmp_path / f"{number}.mp4", 100) for number in range(1, 7)]
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
    assert len(tus_server.uploads) == 5


def test_a_file_of_exactly_25_megabytes_goes(open_form: OpenForm, tus_server: Server, tmp_path: Path) -> None:
    form = open_form()
    choose(form, film_of(tmp_path / "vừa.mp4", 25 * MEGABYTE))
    expect(is_up(form, "vừa.mp4")).to_be_visible()
    assert tus_server.received == 25 * MEGABYTE


def test_what_was_chosen_before_the_script_came_goes_up(
    open_form: OpenForm, tus_server: Server, film: Path
) -> None:
    form = open_form()
    form.route("**/uploads.js", lambda route: (form.wait_for_timeout(500), route.continue_()))
    form.goto("/", wait_until="commit")
    choose(form, film)
    expect(is_up(form, "phim.mp4")).to_be_visible()


def test_ready_waits_for_the_last_byte(
    open_form: OpenForm, tus_server: Server, film: Path, photo: Path
) -> None:
    tus_server.slowness = 0.01
    form = open_form()
    choose(form, film, photo)
    assert form.evaluate("uploads.busy()")
    assert form.evaluate("uploads.ready().then(() => uploads.list().map(file => file.done))") == [True, True]
    assert not form.evaluate("uploads.busy()")


def test_taking_a_file_out_and_discarding_leave_nothing_on_the_server(
    open_form: OpenForm, tus_server: Server, film: Path, photo: Path, tmp_path: Path
) -> None:
    form = open_form()
    choose(form, photo)
    expect(is_up(form, photo.name)).to_be_visible()
    form.get_by_role("button", name=f"Bỏ tệp này: {photo.name}").click()
    expect(form.locator(".file")).to_have_count(0)
    expect(form.get_by_label("Ảnh, video, ghi âm")).to_be_focused()
    form.wait_for_timeout(300)
    assert not tus_server.uploads
    tus_server.slowness = 0.1
    choose(form, film_of(tmp_path / "một.mp4", 50), film)
    wait_until(form, "uploads.list()[1].offset > 0")
    form.evaluate("uploads.discard()")
    form.wait_for_timeout(500)
    assert not tus_server.uploads
    assert form.evaluate("uploads.list()") == []
    assert form.locator("input[type=file]").evaluate("input => input.files.length") == 0


def test_a_screen_reader_hears_the_start_each_quarter_and_the_end(
    open_form: OpenForm, tus_server: Server, film: Path
) -> None:
    tus_server.slowness = 0.02
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


def test_without_scripts_nothing_of_it_is_seen(open_form: OpenForm, film: Path, tus_server: Server) -> None:
    form = open_form(scripts=False)
    for name in ("Gửi ảnh gốc", "Ghi âm lời nói", "Thêm vị trí của tôi"):
        expect(form.get_by_text(name)).to_be_hidden()
    choose(form, film)
    form.get_by_role("button", name="Gửi", exact=True).click()
    form.wait_for_load_state()
    assert fields_of_files(tus_server.forms[0]) == ["attachments"]
