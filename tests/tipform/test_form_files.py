"""Files on the form: what it offers it takes, and no file ever holds the words back."""

import struct
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from tests.pictures import bomb, halves, saved
from tests.tipform.officers import content, file_of, read
from tests.tipform.residents import MESSAGE, Resident, code_on, named, photo, stored_objects
from tests.tipform.test_form import TYPED, broken_disk, gives_the_words_back, text
from tests.tipform.thief import cells
from tipform import uploads
from tipform.models import Part, Tip

pytestmark = pytest.mark.django_db

Log = Callable[[Any], Client]

BIG = bytes(uploads.MAX_FILE_BYTES + 1)
NOT_EVERY_FILE = "Lời bạn viết đã tới, nhưng có tệp không nhận được"


def noise(size: tuple[int, int] = (600, 600)) -> Image.Image:
    return Image.effect_noise(size, 90).convert("RGB")


@pytest.fixture
def box(resident: Resident, officer: Any, as_user: Log) -> Callable[[], str]:
    """What the officer reads of the only tip."""
    return lambda: read(as_user(officer), Tip.objects.get())


def originals() -> list[Part]:
    return list(Part.objects.filter(label=Part.Label.FILE))


# --- What it offers it takes ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("ghi-am.aac", b"\xff\xf1\x50\x80" + bytes(200)),
        ("ghi-am.mp3", b"\xff\xfa\x90\x64" + bytes(400)),
        ("cu.mp3", b"\xff\xe3\x90\x64" + bytes(400)),
        ("phim.avi", b"RIFF\x24\0\0\0AVI LIST" + bytes(200)),
        ("phim.mkv", b"\x1aE\xdf\xa3\x8b\x42\x82\x88matroska" + bytes(200)),
        ("cu.mov", struct.pack(">I", 8) + b"wide" + struct.pack(">I", 72) + b"mdat" + bytes(64)),
        ("anh.avif", saved(halves(), "AVIF")),
        ("anh.tif", saved(halves(), "TIFF")),
        ("giay.pdf", b"\r\n%PDF-1.4\n" + bytes(200)),
    ],
)
def test_what_the_field_offers_is_taken_under_its_name(
    resident: Resident, officer: Any, as_user: Log, name: str, sent: bytes
) -> None:
    response = resident.send(attachments=[named(sent, name)])
    assert code_on(response) and NOT_EVERY_FILE not in text(response)
    tip = Tip.objects.get()
    original = as_user(officer).get(file_of(tip, Part.Label.FILE))
    assert original["Content-Disposition"] == f'attachment; filename="{name}"'
    assert content(original) == sent


def test_the_field_offers_pictures_first_and_the_table_after_them(resident: Resident) -> None:
    page = text(resident.client.get(resident.url))
    assert 'accept="image/*,video/*,audio/*,application/pdf,.jpg,' in page


# --- A file that is not kept holds nothing back --------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sent", "why"),
    [
        ("rong.jpg", b"", "Tệp “rong.jpg” rỗng"),
        ("a.svg", b"<svg/>", "Tệp “a.svg” không phải là ảnh"),
        ("anh.jpg", b"MZ" + bytes(500), "Tệp “anh.jpg” không phải là ảnh"),
        ("don.docx", b"PK\x03\x04" + bytes(500), "Tệp “don.docx” không phải là ảnh"),
        ("phim.mp4", BIG, "Tệp “phim.mp4” lớn hơn 25 MB"),
    ],
)
def test_the_words_and_the_other_files_are_kept_and_the_receipt_names_the_one_that_is_not(
    resident: Resident, box: Callable[[], str], name: str, sent: bytes, why: str
) -> None:
    response = resident.send(attachments=[named(sent, name), named(photo(), "kem.jpg")])
    page = text(response)
    assert code_on(response)
    assert NOT_EVERY_FILE in page and why in page and "tra cứu tin bằng mã rồi gửi thêm" in page
    assert len(originals()) == 1
    told = box()
    assert MESSAGE in told and "kem.jpg" in told
    assert "còn chọn tệp mà cổng không nhận được" in told and why in told


@pytest.mark.parametrize(("count", "named_on_it"), [(5, 0), (6, 1), (120, 20)])
def test_the_first_five_files_are_kept_and_the_others_are_counted(
    resident: Resident, count: int, named_on_it: int
) -> None:
    response = resident.send(attachments=[named(photo(), f"{n}.jpg") for n in range(1, count + 1)])
    page = text(response)
    assert code_on(response) and len(originals()) == 5
    assert page.count("bị thừa") == named_on_it
    assert ("Tệp “6.jpg” bị thừa" in page) == (count > 5)
    assert ("Và 95 tệp nữa" in page) == (count == 120)


def test_what_is_refused_takes_no_place_of_the_five(resident: Resident) -> None:
    files = [named(b"MZ" + bytes(500), "a.exe"), *[named(photo(), f"{n}.jpg") for n in range(5)]]
    page = text(resident.send(attachments=files))
    assert len(originals()) == 5 and "bị thừa" not in page


def test_no_room_for_one_file_does_not_cost_the_words(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.TemporaryFile", broken_disk)
    response = resident.send(attachments=[named(photo() + bytes(100_000), "to.jpg")])
    assert code_on(response)
    assert "Tệp “to.jpg” không lưu được vì máy chủ đang hết chỗ" in text(response)
    assert Tip.objects.exists() and originals() == []


@pytest.mark.parametrize(("reason", "why"), [("too-large", "lớn hơn 25 MB"), ("too-many", "bị thừa")])
def test_what_the_pages_script_held_back_is_named_too(
    resident: Resident, box: Callable[[], str], reason: str, why: str
) -> None:
    response = resident.send(**{reason: ["<phim>.mp4", "hai.mp4"]})
    assert code_on(response)
    assert f"Tệp “&lt;phim&gt;.mp4” {why}" in text(response)
    assert f"Tệp “hai.mp4” {why}" in box()


def test_a_form_full_of_such_names_is_cut_short(resident: Resident) -> None:
    page = text(resident.send(**{"too-large": ["x" * 500] * 300}))
    assert page.count("lớn hơn 25 MB") == 20 and "x" * 121 not in page and "Và 280 tệp nữa" in page


def test_sent_again_without_the_file_it_is_the_same_tip(resident: Resident) -> None:
    hidden = resident.open()
    first = resident.send(hidden=hidden, attachments=[named(b"MZ" + bytes(500), "a.exe")])
    again = resident.send(hidden=hidden)
    assert code_on(first) == code_on(again) != ""
    assert Tip.objects.count() == 1


def test_a_second_click_is_told_the_same(resident: Resident) -> None:
    hidden = resident.open()
    for _click in range(2):
        files = [named(b"MZ" + bytes(500), "a.exe"), named(saved(halves(), "BMP"), "b.bmp")]
        page = text(resident.send(hidden=hidden, attachments=files))
        assert "Tệp “a.exe” không phải là ảnh" in page and "“b.bmp”: đã được giữ nguyên" in page
    assert Tip.objects.count() == 1


def test_where_the_form_comes_back_for_another_reason_the_file_is_named_on_it(resident: Resident) -> None:
    response = resident.send(
        **TYPED, kind="", attachments=[named(BIG, "phim.mp4"), named(photo(), "anh.jpg")]
    )
    assert "Tệp “phim.mp4” lớn hơn 25 MB" in text(response)
    assert "anh.jpg" in text(response) and "Xin chọn lại các tệp" not in text(response)
    assert gives_the_words_back(response)
    assert not Tip.objects.exists()


def test_no_name_of_a_file_that_was_not_kept_lies_open(resident: Resident, sealed_folder: Any) -> None:
    resident.send(attachments=[named(b"MZ" + bytes(500), "Chim-Hoang-Yen.exe")])
    assert b"Chim-Hoang-Yen" not in b"".join(cells())
    assert stored_objects(sealed_folder) == []


# --- A picture that is kept and cannot be shown --------------------------------------------------------


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    ("name", "sent", "resident_reads", "officer_reads", "shown"),
    [
        ("to.png", bomb(12_000, 9000), "Ảnh rất lớn", "lớn hơn 50 megapixel", False),
        (
            "cat.png",
            saved(noise(), "PNG")[:5000],
            "không đầy đủ hoặc bị hỏng",
            "không hiện được trọn ảnh",
            False,
        ),
        ("cat.jpg", saved(noise(), "JPEG")[:-20_000], "không đầy đủ", "không hiện được trọn ảnh", True),
        ("quet.tif", saved(halves(), "TIFF"), "phải tải về mới xem được", "Loại ảnh này không hiện", False),
    ],
)
def test_both_sides_read_that_the_original_is_kept_and_why_it_is_not_to_be_seen(
    resident: Resident,
    officer: Any,
    as_user: Log,
    name: str,
    sent: bytes,
    resident_reads: str,
    officer_reads: str,
    shown: bool,
) -> None:
    response = resident.send(attachments=[named(sent, name)])
    page = text(response)
    assert code_on(response)
    assert f"“{name}”: đã được giữ nguyên" in page and resident_reads in page and NOT_EVERY_FILE not in page
    tip = Tip.objects.get()
    told = read(as_user(officer), tip)
    assert officer_reads in told and name in told
    assert tip.parts.filter(label=Part.Label.VIEW).exists() == shown
    assert content(as_user(officer).get(file_of(tip, Part.Label.FILE))) == sent


def test_of_what_is_shown_nothing_of_the_kind_is_said(resident: Resident, box: Callable[[], str]) -> None:
    page = text(resident.send(attachments=[named(photo(), "anh.jpg"), named(b"%PDF-1.7\n", "giay.pdf")]))
    assert "đã được giữ nguyên" not in page and NOT_EVERY_FILE not in page
    told = box()
    assert "không hiện" not in told and "không nhận được" not in told
