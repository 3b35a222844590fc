"""Files at the look-up: sealed with their entry, for its readers alone, and shown under it on both sides."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from communes.models import CommunePage
from tests.tipform.day import body
from tests.tipform.officers import INBOX, ensure_unit_key, hand, hand_on_page, page, press, read, unlocked
from tests.tipform.residents import Resident, code_on, hidden_fields, named, photo, stored_objects
from tests.tipform.test_lookup import entries, text
from tests.tipform.uploading import FILM, handles_on, uploaded
from tipform.models import AuditEntry, Part, PartKey, Tip, UnitKey, WaitingUpload

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(resident: Resident, officer: Any) -> Client:
    """The browser of the officer to whom the tips of these tests come."""
    return unlocked(officer)


@pytest.fixture
def code(reader: Client, resident: Resident) -> str:
    """Of a tip that brought a picture, before any entry."""
    return code_on(resident.send(message="Hai tàu hút cát", attachments=[named(photo(), "truoc.jpg")]))


def thread(resident: Resident, code: str) -> dict[str, str]:
    """The hidden fields of the form on an opened thread."""
    return {**hidden_fields(text(resident.look_up(code))), **resident.open("/tra-cuu/")}


def files() -> list[Part]:
    return list(Part.objects.filter(label=Part.Label.FILE))


def original(client: Client, part: Part) -> Any:
    return client.get(reverse("tips:file", args=[part.tip.uuid, part.uuid]))


# --- Both sides ------------------------------------------------------------------------------------------


def test_words_and_files_stand_under_their_entry_on_both_sides(
    resident: Resident, code: str, reader: Client
) -> None:
    response = resident.look_up(
        code,
        message="Thêm ảnh",
        attachments=[named(photo("red"), "sau.jpg")],
        upload=[uploaded(FILM, "phim.mp4")],
    )
    shown = text(response)
    assert "Đã gửi phần viết thêm" in shown and "không nhận được" not in shown
    assert shown.index("truoc.jpg") < shown.index("Thêm ảnh") < shown.index("phim.mp4, sau.jpg")
    told = read(reader, Tip.objects.get())
    assert told.index("truoc.jpg") < told.index("Thêm ảnh") < told.index("phim.mp4") < told.index("sau.jpg")
    assert told.count('loading="lazy"') == 2
    contents = [body(original(reader, part)) for part in files()]
    assert contents == [photo(), FILM, photo("red")]
    assert not WaitingUpload.objects.exists()


def test_a_file_alone_needs_no_words(resident: Resident, code: str, reader: Client) -> None:
    assert "Đã gửi phần viết thêm" in text(
        resident.look_up(code, message="", upload=[uploaded(FILM, "phim.mp4")])
    )
    assert entries() == 1 and len(files()) == 2
    assert "phim.mp4" in read(reader, Tip.objects.get())


def test_neither_words_nor_files_are_asked_for(resident: Resident, code: str) -> None:
    gone = f"{'0' * 32}.{'0' * 64}.mat.jpg"
    for more in ({}, {"upload": [gone]}, {"attachments": [named(b"MZ" + bytes(99), "a.exe")]}):
        page = text(resident.look_up(code, message=" ", **more))
        assert "Xin viết vài chữ hoặc chọn tệp rồi gửi" in page
    assert "Tệp “a.exe” không phải là ảnh" in page
    assert entries() == 0


def test_a_file_that_is_not_taken_is_named_to_both_sides(
    resident: Resident, code: str, reader: Client
) -> None:
    shown = text(resident.look_up(code, message="Kèm tệp", attachments=[named(b"MZ" + bytes(99), "a.exe")]))
    assert "Nhưng có tệp không nhận được" in shown and "Tệp “a.exe” không phải là ảnh" in shown
    assert "Tệp “a.exe” không phải là ảnh" in read(reader, Tip.objects.get())


def test_a_picture_that_is_not_to_be_seen_is_said_so(resident: Resident, code: str) -> None:
    broken = b"\xff\xd8\xff" + bytes(500)
    assert "“cat.jpg”: đã được giữ nguyên" in text(
        resident.look_up(code, message="Kèm ảnh", attachments=[named(broken, "cat.jpg")])
    )


def test_each_download_is_recorded_as_of_the_first_files(
    resident: Resident, code: str, reader: Client
) -> None:
    resident.look_up(code, message="", attachments=[named(photo("red"), "sau.jpg")])
    part = files()[-1]
    assert original(reader, part)["Content-Disposition"] == 'attachment; filename="sau.jpg"'
    assert AuditEntry.objects.filter(action="file-opened", detail=str(part.uuid)).count() == 1
    assert AuditEntry.objects.filter(action="reporter-wrote").count() == 1


# --- Once ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["Thêm ảnh", ""])
def test_a_second_click_stores_nothing_twice(
    resident: Resident, code: str, sealed_folder: Path, words: str
) -> None:
    """Also when what went up before the first click is gone by then."""
    form, handle = thread(resident, code), uploaded(FILM, "phim.mp4")
    for _click in range(2):
        response = resident.client.post(
            "/tra-cuu/",
            {**form, "message": words, "upload": [handle], "attachments": [named(photo(), "sau.jpg")]},
        )
        assert "Đã gửi phần viết thêm" in text(response) and "không nhận được" not in text(response)
    assert entries() == 1 and len(files()) == 3
    # Of each file of the tip an object, and a copy of the two pictures.
    assert len(stored_objects(sealed_folder)) == 5


@pytest.mark.parametrize("ahead", [True, False])
def test_other_files_under_the_same_words_are_another_entry(
    resident: Resident, code: str, ahead: bool
) -> None:
    form = thread(resident, code)
    for colour in ("red", "navy"):
        files = (
            {"upload": [uploaded(photo(colour), "sau.jpg")]}
            if ahead
            else {"attachments": [named(photo(colour), "sau.jpg")]}
        )
        resident.client.post("/tra-cuu/", {**form, "message": "", **files})
    assert entries() == 2


# --- Given back ------------------------------------------------------------------------------------------


BROKEN: dict[str, Callable[[Resident, str], dict[str, Any]]] = {
    "too long": lambda resident, code: {"code": code, "message": "a" * 20_001},
    "wrong code": lambda resident, code: {"code": "1" * 16},
    "no code": lambda resident, code: {"code": "12"},
    "stale token": lambda resident, code: {"code": code, "csrfmiddlewaretoken": "x" * 64},
    "other readers": lambda resident, code: {"code": code, "readers": "99"},
    "to take it back": lambda resident, code: {"code": code, "act": "withdraw"},
}


@pytest.mark.parametrize("reason", BROKEN)
def test_files_come_back_with_the_words_and_are_sent_with_the_next_press(
    resident: Resident, code: str, reason: str
) -> None:
    sent = {**thread(resident, code), "message": "Thêm ảnh", "upload": [uploaded(FILM, "phim.mp4")]}
    sent["attachments"] = [named(photo("red"), "sau.jpg")]
    page = text(resident.client.post("/tra-cuu/", {**sent, **BROKEN[reason](resident, code)}))
    handles = handles_on(page)
    assert [handle.rsplit(".", 2)[1:] for handle in handles] == [["phim", "mp4"], ["sau", "jpg"]]
    assert entries() == 0
    again = {**thread(resident, code), "message": "Thêm ảnh", "upload": handles}
    assert "phim.mp4, sau.jpg" in text(resident.client.post("/tra-cuu/", again))
    assert len(files()) == 3 and not WaitingUpload.objects.exists()


@pytest.mark.parametrize("broken", ["tipform.box.sealing.vault.seal_json", "tipform.audit.record"])
def test_an_entry_that_cannot_be_stored_comes_back_with_its_files_and_leaves_none(
    resident: Resident, code: str, sealed_folder: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fails(*args: Any, **kwargs: Any) -> Any:
        raise DatabaseError("x")

    form = thread(resident, code)
    attached = {"message": "Thêm ảnh", "attachments": [named(photo("red"), "sau.jpg")]}
    from tipform.box import entries as module

    with monkeypatch.context() as patched:
        if broken.endswith("record"):
            patched.setattr(module.audit, "record", _fails_for_writing)
        else:
            patched.setattr(broken, fails)
        response = resident.client.post("/tra-cuu/", {**form, **attached})
    assert response.status_code == 503
    [handle] = handles_on(text(response))
    assert len(files()) == 1 and len(stored_objects(sealed_folder)) == 2 + 1  # with the one that waits
    again = {**thread(resident, code), "message": "Thêm ảnh", "upload": [handle]}
    assert "sau.jpg" in text(resident.client.post("/tra-cuu/", again))


def _fails_for_writing(tip: Tip, action: Any, **more: Any) -> None:

    if action == AuditEntry.Action.REPORTER_WROTE:
        raise DatabaseError("x")


def test_half_chosen_files_are_erased_with_a_tip_that_is_taken_back(
    resident: Resident, code: str, sealed_folder: Path
) -> None:
    resident.look_up(code, message="", attachments=[named(photo("red"), "sau.jpg")])
    asked = resident.look_up(code, act="withdraw", message="", upload=[uploaded(FILM, "phim.mp4")])
    [handle] = handles_on(text(asked))
    gone = resident.look_up(code, act="erase", sure="on", message="", upload=[handle])
    assert "Đã rút lại tin" in text(gone)
    assert stored_objects(sealed_folder) == [] and not WaitingUpload.objects.exists()
    assert not Part.objects.exists() and not PartKey.objects.exists()


# --- From hand to hand -----------------------------------------------------------------------------------


def test_every_holder_gets_the_files_of_a_later_entry_and_who_handed_it_on_does_not(
    resident: Resident, code: str, reader: Client, commune: CommunePage, other_commune: CommunePage
) -> None:
    other = ensure_unit_key(other_commune.unit)
    tip = Tip.objects.get()
    assert hand(reader, tip, other_commune.unit, mode="joint", reason="Cùng làm").status_code == 302
    resident.look_up(code, message="", attachments=[named(photo("red"), "sau.jpg")])
    part = files()[-1]
    keys = {row.unit_key for row in part.keys.all()}
    assert keys == {ensure_unit_key(commune.unit), other, None}
    assert hand(reader, tip, other_commune.unit, reason="Chuyển", nonce="v" * 22).status_code == 302
    resident.look_up(code, message="", attachments=[named(photo("green"), "moi.jpg")])
    assert {row.unit_key for row in files()[-1].keys.all()} == {other, None}
    assert original(reader, part).status_code == 200
    assert original(reader, files()[-1]).status_code == 404
    assert "moi.jpg" not in read(reader, tip)


def test_an_officer_chooses_each_file_that_goes_along(
    resident: Resident, code: str, reader: Client, other_commune: CommunePage
) -> None:
    other = ensure_unit_key(other_commune.unit)
    tip = Tip.objects.get()
    for name in ("mot.jpg", "hai.jpg"):
        resident.look_up(code, message="", attachments=[named(photo("red"), name)])
    offered = text(reader.get(hand_on_page(tip)))
    assert all(name in offered for name in ("truoc.jpg", "mot.jpg", "hai.jpg"))
    chosen = files()[1]
    handed = hand(reader, tip, other_commune.unit, reason="Chuyển", parts=["message", f"file:{chosen.uuid}"])
    assert handed.status_code == 302
    given = {row.part for row in PartKey.objects.filter(unit_key=other)}
    assert {part.label for part in given} == {"header", "message", "file", "view", "entry"}  # the reason
    assert {part for part in given if part.label == "file"} == {chosen}


def test_sent_up_the_unit_above_gets_the_files_of_entries_too(
    resident: Resident, code: str, reader: Client, unit: Any, unit_officer: Any
) -> None:
    resident.look_up(code, message="", attachments=[named(photo("red"), "sau.jpg")])
    press(reader, Tip.objects.get(), "status", status="closed", outcome="no-basis")
    assert "Đã gửi lên" in text(resident.send_up(code, "Chưa đồng ý"))
    assert all(part.keys.filter(unit_key__unit=unit).exists() for part in files())


def test_after_a_new_key_the_files_of_entries_open_with_it(
    resident: Resident, code: str, reader: Client, colleague: Any, commune: CommunePage
) -> None:
    unlocked(colleague)
    resident.look_up(code, message="", attachments=[named(photo("red"), "sau.jpg")])
    colleague.memberships.get().delete()
    page(reader, INBOX)
    newest = UnitKey.objects.filter(unit=commune.unit).latest("generation")
    assert newest.generation > 1
    part = files()[-1]
    assert {row.unit_key for row in part.keys.all()} == {newest, None}
    assert body(original(reader, part)) == photo("red")
