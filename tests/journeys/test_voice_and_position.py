"""A voice message recorded in the page, and where the phone is: at a tap alone, seen before it goes."""

from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tipform.box.file_types import type_of

from .upload_stage import OpenForm, Server, at, choose, film_of, is_up, record, row, wait_until


def test_a_voice_message_is_recorded_listened_to_and_goes_up_like_a_file(
    open_form: OpenForm, with_microphone: Browser, tus_server: Server
) -> None:
    form = open_form(with_browser=with_microphone)
    record(form)
    expect(form.get_by_text("Đang ghi âm")).to_be_visible()
    expect(form.locator("[data-time]")).to_have_text("0:01 / 10:00")
    form.get_by_role("button", name="Dừng ghi âm").click()
    expect(is_up(form, "ghi-am-1.webm")).to_be_visible()
    expect(form.get_by_role("button", name="Ghi âm lời nói")).to_be_focused()
    (upload,) = tus_server.uploads.values()
    type_ = type_of(BytesIO(upload.data))
    assert type_ is not None and type_.mime == "video/webm"
    wait_until(form, "document.querySelector('.file audio').readyState > 0")  # it can be listened to

    record(form, 300)
    form.evaluate("void uploads.ready()")  # sending ends the recording and takes it along
    expect(is_up(form, "ghi-am-2.webm")).to_be_visible()
    form.get_by_role("button", name="Bỏ tệp này: ghi-am-1.webm").click()
    expect(form.locator("audio")).to_have_count(1)
    form.wait_for_timeout(300)
    assert len(tus_server.uploads) == 1


def test_a_recording_that_is_discarded_is_kept_nowhere(
    open_form: OpenForm, with_microphone: Browser, tus_server: Server
) -> None:
    form = open_form(with_browser=with_microphone)
    record(form, 300)
    assert form.evaluate("uploads.busy()")
    form.evaluate("uploads.discard()")
    expect(form.get_by_role("button", name="Ghi âm lời nói")).to_be_visible()
    expect(form.locator(".file")).to_have_count(0)
    assert not form.evaluate("uploads.busy()")
    assert tus_server.asked == []


def test_a_recording_ends_by_itself_before_it_is_too_large(
    open_form: OpenForm, with_microphone: Browser
) -> None:
    form = open_form(with_browser=with_microphone)
    form.clock.install()
    form.reload()
    form.get_by_role("button", name="Ghi âm lời nói").click()
    expect(form.get_by_role("button", name="Dừng ghi âm")).to_be_visible()
    form.clock.run_for(9 * 60 * 1000)
    expect(form.get_by_text("Còn một phút.")).to_be_visible()
    form.clock.run_for(59 * 1000)
    expect(form.get_by_role("button", name="Dừng ghi âm")).to_be_visible()
    form.clock.run_for(1000)
    expect(form.get_by_role("button", name="Dừng ghi âm")).to_be_hidden()
    expect(row(form, "ghi-am-1.webm")).to_be_visible()


def test_nobody_records_what_there_is_no_room_for(
    open_form: OpenForm, with_microphone: Browser, tmp_path: Path
) -> None:
    form = open_form(with_browser=with_microphone)
    choose(form, *[film_of(tmp_path / f"{number}.mp4", 100) for number in range(5)])
    expect(is_up(form, "4.mp4")).to_be_visible()
    form.get_by_role("button", name="Ghi âm lời nói").click()
    expect(form.get_by_text("Đã có đủ 5 tệp")).to_be_visible()
    form.get_by_role("button", name="Bỏ tệp này: 0.mp4").click()
    record(form, 300)
    form.get_by_role("button", name="Dừng ghi âm").click()
    expect(is_up(form, "ghi-am-1.webm")).to_be_visible()


def test_a_phone_that_lends_no_microphone_is_told_what_else_there_is(open_form: OpenForm) -> None:
    form = open_form()  # a headless browser has none, and asks nobody
    form.get_by_role("button", name="Ghi âm lời nói").click()
    expect(form.locator("[data-recorder] [role=status]")).to_contain_text("viết bằng chữ")
    expect(form.get_by_role("button", name="Ghi âm lời nói")).to_be_enabled()


def test_where_nothing_can_record_the_button_is_not_there(open_form: OpenForm) -> None:
    form = open_form()
    form.add_init_script("delete window.MediaRecorder; delete Navigator.prototype.geolocation")
    form.reload()
    expect(form.get_by_text("Gửi ảnh gốc")).to_be_visible()
    expect(form.get_by_role("button", name="Ghi âm lời nói")).to_be_hidden()
    expect(form.get_by_role("button", name="Thêm vị trí của tôi")).to_be_hidden()


WORDS = "Vị trí: 18,24512; 105,99873 (sai số khoảng {})"


@pytest.mark.parametrize(
    ("accuracy", "within", "told"),
    [
        (14, "20 m", "ghi vào ô"),
        (999, "1000 m", "ghi vào ô"),
        (1000, "1 km", "ghi vào ô"),
        (1001, "2 km", "tên thôn, xóm"),
    ],
)
def test_the_position_is_written_where_it_can_be_read(
    open_form: OpenForm, accuracy: float, within: str, told: str
) -> None:
    form = open_form(**at(accuracy))
    place = form.get_by_label("Ở đâu?")
    expect(place).to_have_value("")
    form.get_by_role("button", name="Thêm vị trí của tôi").click()
    expect(place).to_have_value(WORDS.format(within))
    expect(form.locator(".position [role=status]")).to_contain_text(told)


def test_the_position_stands_beside_what_was_typed_and_can_be_taken_out(open_form: OpenForm) -> None:
    form = open_form(**at(20))
    place = form.get_by_label("Ở đâu?")
    place.fill("Bến đò cũ")
    locate = form.get_by_role("button", name="Thêm vị trí của tôi")
    locate.click()
    expect(place).to_have_value(f"Bến đò cũ – {WORDS.format('20 m')}")
    locate.click()  # a second time replaces the first
    expect(form.locator(".position [role=status]")).to_contain_text("ghi vào ô")
    expect(place).to_have_value(f"Bến đò cũ – {WORDS.format('20 m')}")
    form.get_by_role("button", name="Bỏ vị trí").click()
    expect(place).to_have_value("Bến đò cũ")
    expect(locate).to_be_focused()


def test_a_phone_that_does_not_tell_where_it_is_is_taken_at_its_word(open_form: OpenForm) -> None:
    form = open_form(permissions=[])
    form.get_by_role("button", name="Thêm vị trí của tôi").click()
    expect(form.locator(".position [role=status]")).to_contain_text("không cho trang này biết vị trí")
    expect(form.get_by_label("Ở đâu?")).to_have_value("")


def test_nothing_is_asked_of_the_phone_before_a_tap(open_form: OpenForm) -> None:
    form = open_form()
    form.add_init_script(
        "window.asked = 0; navigator.geolocation.getCurrentPosition = () => { window.asked += 1 };"
        "navigator.mediaDevices.getUserMedia = () => { window.asked += 1; return new Promise(() => 0) }"
    )
    form.reload()
    form.get_by_label("Ở đâu?").fill("Bến đò cũ")
    assert form.evaluate("asked") == 0
    form.get_by_role("button", name="Thêm vị trí của tôi").click()
    form.get_by_role("button", name="Ghi âm lời nói").click()
    assert form.evaluate("asked") == 2
