"""Files that went up ahead of the tip form, and files of a form that is given back: chosen once."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from tests.tipform.officers import content, read
from tests.tipform.residents import MESSAGE, Resident, code_on, hidden_fields, named, photo, stored_objects
from tests.tipform.uploading import FILM, Phone, uploaded
from tipform import limits
from tipform.attachments import waiting
from tipform.models import Part, Tip, WaitingUpload

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(resident: Resident, officer: Any, as_user: Callable[[Any], Client]) -> Client:
    """The browser of the officer who reads what is sent."""
    return as_user(officer)


def text(response: Any) -> str:
    return str(response.content.decode())


def listed(response: Any) -> list[str]:
    """The handles of the files that the form lists, ticked."""
    lines = re.findall(r'<li class="file" data-upload="([^"]*)"><label><input ([^>]*)>', text(response))
    for handle, attributes in lines:
        assert attributes == f'type="checkbox" name="upload" value="{handle}" checked'
    return [handle for handle, _attributes in lines]


def names(handles: list[str]) -> list[str]:
    return [handle.split(".", 2)[2] for handle in handles]


# --- What went up before is sent with its form -----------------------------------------------------------


def test_it_is_sent_before_what_comes_with_the_form_and_opens_for_the_officer(
    resident: Resident, box: Client
) -> None:
    handles = [uploaded(FILM, "phim.mp4"), uploaded(photo(size=(400, 300)), "Cầu đêm.jpg", piece=900)]
    response = resident.send(upload=handles, attachments=[named(photo(), "kem.jpg")])
    assert code_on(response) and "không nhận được" not in text(response)
    tip = Tip.objects.get()
    told = read(box, tip)
    assert told.index("phim.mp4") < told.index("Cầu đêm.jpg") < told.index("kem.jpg")
    first = tip.parts.filter(label=Part.Label.FILE).earliest("pk")
    assert content(box.get(reverse("tips:file", args=[tip.uuid, first.uuid]))) == FILM
    assert tip.parts.filter(label=Part.Label.VIEW).count() == 2


def test_once_it_is_sent_nothing_of_it_waits_any_more(resident: Resident, sealed_folder: Path) -> None:
    resident.send(upload=[uploaded(FILM, "phim.mp4")])
    assert not WaitingUpload.objects.exists()
    assert len(stored_objects(sealed_folder)) == 1


def test_after_the_tip_is_taken_back_nothing_is_left(resident: Resident, sealed_folder: Path) -> None:
    code = code_on(resident.send(upload=[uploaded(FILM, "phim.mp4")]))
    resident.look_up(code, act="erase", sure="on")
    assert stored_objects(sealed_folder) == [] and not WaitingUpload.objects.exists()


def test_the_same_form_sent_again_gives_the_same_receipt(resident: Resident) -> None:
    """What went up ahead is gone by then, and nothing is said to be missing."""
    hidden, handle = resident.open(), uploaded(FILM, "phim.mp4")
    first, again = (resident.send(hidden=hidden, upload=[handle]) for _click in range(2))
    assert code_on(first) == code_on(again) != ""
    assert "không nhận được" not in text(again)
    assert Tip.objects.count() == 1


def test_what_is_not_ticked_is_not_sent(resident: Resident) -> None:
    handles = [uploaded(FILM, "phim.mp4"), uploaded(photo(), "anh.jpg")]
    resident.send(upload=handles[1:])
    assert Part.objects.filter(label=Part.Label.FILE).count() == 1


def test_more_than_five_in_all_are_named(resident: Resident) -> None:
    handles = [uploaded(photo(), f"{number}.jpg") for number in range(4)]
    response = resident.send(upload=handles, attachments=[named(photo(), f"{n}.jpg") for n in (4, 5)])
    assert code_on(response)
    assert "Tệp “5.jpg” bị thừa" in text(response)
    assert Part.objects.filter(label=Part.Label.FILE).count() == 5


def test_one_file_named_twice_is_one_file(resident: Resident) -> None:
    handle = uploaded(photo(), "anh.jpg")
    assert code_on(resident.send(upload=[handle, handle]))
    assert Part.objects.filter(label=Part.Label.FILE).count() == 1


def half(name: str) -> str:
    phone = Phone()
    phone.create(len(FILM))
    phone.patch(0, FILM[:50_000])
    return phone.handle(name)


def of_another_key(name: str) -> str:
    uuid, _key, _name = uploaded(photo(), name).split(".", 2)
    return f"{uuid}.{'0' * 64}.{name}"


@pytest.mark.parametrize("handle", [half, of_another_key, lambda name: f"{'0' * 32}.{'0' * 64}.{name}"])
def test_what_is_not_whole_gone_or_of_another_key_is_named_to_both_sides_and_holds_nothing_back(
    resident: Resident, box: Client, handle: Callable[[str], str]
) -> None:
    response = resident.send(upload=[handle("<một> nửa.mp4"), uploaded(photo(), "anh.jpg")])
    assert code_on(response)
    assert "Tệp “&lt;một&gt; nửa.mp4” chưa tới đủ" in text(response)
    told = read(box, Tip.objects.get())
    assert "Tệp “&lt;một&gt; nửa.mp4” chưa tới đủ" in told and "anh.jpg" in told


def test_what_the_store_has_lost_is_named_and_holds_nothing_back(
    resident: Resident, sealed_folder: Path
) -> None:
    handle = uploaded(photo(), "anh.jpg")
    for stored in stored_objects(sealed_folder):
        stored.unlink()
    response = resident.send(upload=[handle])
    assert code_on(response) and "Tệp “anh.jpg” chưa tới đủ" in text(response)


@pytest.mark.parametrize("handle", ["", "x", "..", "0" * 32, f"{'0' * 32}.{'g' * 64}.anh.jpg", "\x00" * 99])
def test_what_is_no_handle_is_passed_over(resident: Resident, handle: str) -> None:
    response = resident.send(upload=[handle])
    assert code_on(response) and "không nhận được" not in text(response)


def test_a_name_out_of_a_handle_is_as_harmless_as_any(resident: Resident, box: Client) -> None:
    resident.send(upload=[uploaded(photo(), "../../<b>\n.exe")])
    assert "&lt;b&gt;" in (told := read(box, Tip.objects.get())) and "../" not in told


# --- A form that is given back ---------------------------------------------------------------------------


def breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: Any, **kwargs: Any) -> Any:
        raise DatabaseError("x")

    monkeypatch.setattr("tipform.audit.record", fails)


def asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SUBMISSIONS_SOFT", "0/10m")


def is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SUBMISSIONS_HARD", "0/h")


GIVEN_BACK: dict[str, tuple[int, dict[str, Any], Callable[[pytest.MonkeyPatch], None] | None]] = {
    "a field": (200, {"contact": "x"}, None),
    "a stale token": (403, {"csrfmiddlewaretoken": "x" * 64}, None),
    "a question": (429, {}, asks),
    "a busy network": (429, {}, is_busy),
    "a broken server": (503, {}, breaks),
}


@pytest.mark.parametrize("reason", GIVEN_BACK)
def test_whatever_gives_the_form_back_its_files_are_chosen_once(
    resident: Resident, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    status, fields, broken = GIVEN_BACK[reason]
    attached = [named(photo(), "a.jpg"), named(FILM, "b.mp4")]
    with monkeypatch.context() as patched:
        if broken:
            broken(patched)
        response = resident.send(upload=[uploaded(photo("red"), "c.jpg")], attachments=attached, **fields)
    assert response.status_code == status and not Tip.objects.exists()
    assert names(listed(response)) == ["c.jpg", "a.jpg", "b.mp4"]
    assert "Xin chọn lại các tệp" not in text(response) and MESSAGE in text(response)
    assert response.headers["Cache-Control"] == "no-store"
    hidden = hidden_fields(text(response))
    assert code_on(resident.send(hidden=hidden, upload=listed(response)))
    assert Part.objects.filter(label=Part.Label.FILE).count() == 3
    assert not WaitingUpload.objects.exists()


def test_of_a_body_that_broke_off_the_whole_files_are_kept_and_the_other_is_named(
    resident: Resident,
) -> None:
    token = resident.open()["csrfmiddlewaretoken"]
    lines = [
        f'--xyz\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'.encode()
    ]
    for name in ("a.jpg", "b.jpg"):
        head = f'--xyz\r\nContent-Disposition: form-data; name="attachments"; filename="{name}"\r\n\r\n'
        lines.append(head.encode() + photo(size=(300, 300)) + b"\r\n")
    body = b"".join(lines)[:-300]
    cut = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body) + 5000)}
    kind = "multipart/form-data; boundary=xyz"
    response = resident.client.generic("POST", resident.url, CONTENT_TYPE=kind, **cut)
    assert response.status_code == 400
    assert names(listed(response)) == ["a.jpg"]
    assert "Tệp “b.jpg” chưa tới đủ" in text(response) and "Xin chọn lại các tệp" in text(response)


@pytest.mark.parametrize("full", ["a limit", "no room", "the disk"])
def test_what_cannot_be_kept_is_named_and_to_be_chosen_again(
    resident: Resident, settings: Any, monkeypatch: pytest.MonkeyPatch, full: str
) -> None:
    with monkeypatch.context() as patched:
        if full == "a limit":
            patched.setattr(limits, "UPLOADS_HARD", "0/h")
        elif full == "no room":
            settings.TIP_UPLOADS_MAX_BYTES = 10
        else:
            patched.setattr(waiting, "store", _full)
        response = resident.send(contact="x", attachments=[named(photo(), "anh.jpg")])
    assert listed(response) == []
    assert "Tệp “anh.jpg” không lưu được" in text(response) and "Xin chọn lại các tệp" in text(response)
    assert MESSAGE in text(response)


def test_while_the_store_hangs_what_is_up_stays_and_nothing_else_is_tried(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    up = uploaded(photo("red"), "c.jpg")
    tried: list[Any] = []
    with monkeypatch.context() as patched:
        patched.setattr("tipform.box.sealing.store", _full)
        patched.setattr("tipform.intake.views._LONGEST_FAILURE", 0)
        patched.setattr(waiting, "store", lambda *args: tried.append(args))
        response = resident.send(upload=[up], attachments=[named(photo(), "a.jpg")])
    assert response.status_code == 503 and MESSAGE in text(response)
    assert names(listed(response)) == ["c.jpg"] and tried == []
    assert "Tệp “a.jpg” không lưu được" in text(response) and "Xin chọn lại các tệp" in text(response)
    assert code_on(resident.send(hidden=hidden_fields(text(response)), upload=listed(response)))


def _full(*args: Any) -> str:
    raise OSError(28, "No space left on device")


def test_what_is_refused_is_named_and_not_to_be_chosen_again(resident: Resident) -> None:
    sent = [named(b"MZ" + bytes(500), "a.exe")]
    response = resident.send(csrfmiddlewaretoken="x" * 64, attachments=sent)
    assert "Tệp “a.exe” không phải là ảnh" in text(response)
    assert "Xin chọn lại các tệp" not in text(response)


def test_an_empty_form_lists_nothing(resident: Resident) -> None:
    assert listed(resident.client.get(resident.url)) == []


# --- A network, and all of them --------------------------------------------------------------------------


def test_a_village_behind_one_address_goes_on_and_one_file_more_waits(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert int(limits.UPLOADS_HARD.partition("/")[0]) >= 600
    monkeypatch.setattr(limits, "UPLOADS_HARD", "3/h")
    answers = [Phone().create(10) for _file in range(4)]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_full_store_says_so_to_the_phone_and_names_the_setting_in_the_log(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TIP_UPLOADS_MAX_BYTES = len(FILM) + 10
    first, second = Phone(), Phone()
    assert [first.create(len(FILM)).status_code, second.create(len(FILM)).status_code] == [201, 201]
    assert first.patch(0, FILM).status_code == 204
    assert second.patch(0, FILM).status_code == 507
    assert "TIP_UPLOADS_MAX_MB" in caplog.text
    assert Phone().create(11).status_code == 507
    assert Phone().create(10).status_code == 201
    first.ask("DELETE")
    assert second.patch(0, FILM).status_code == 204
