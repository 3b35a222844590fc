"""What a tip is at rest: sealed parts for two readers, and not a word of it anywhere else."""

import base64
import io
import logging
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone
from PIL import Image

from communes.models import CommunePage
from tests.tipform.canaries import forms_of
from tests.tipform.officers import asked_by
from tests.tipform.residents import Resident, code_on, named, photo, stored_objects, working_day
from tests.tipform.thief import cells
from tipform.box import receiving as submissions
from tipform.box import sealing
from tipform.box.reporter import find
from tipform.keys import current_key, private_keys
from tipform.lookup.thread import read_thread
from tipform.models import AuditEntry, Part, PartKey, Tip

pytestmark = pytest.mark.django_db

WORDS = {
    "message": "Chim Hoàng Yến đậu ở bến đò số 9",
    "place": "Ngõ Hoàng Lan, cạnh giếng Mực",
    "occurred": "đêm trăng hạ huyền",
    "name": "Nguyễn Thị Hải Đường",
    "phone": "0987654321",
}
FILE_NAME = "nha-ong-Trum-Ca.jpg"
VISITOR = "203.0.113.77"
BROWSER = "Trinh-Duyet-La/9.9"


def opened(tip: Tip, keys: sealing.Keys) -> dict[str, list[sealing.OpenedPart]]:
    parts: dict[str, list[sealing.OpenedPart]] = {}
    for part in sealing.open_parts(tip, keys, tip.parts.prefetch_related("keys")):
        parts.setdefault(part.part.label, []).append(part)
    return parts


def as_officer(tip: Tip, officer: Any) -> dict[str, list[sealing.OpenedPart]]:
    return opened(tip, private_keys(asked_by(officer), tip.unit))


def content_of(part: sealing.OpenedPart) -> bytes:
    return b"".join(sealing.open_file(part))


# --- What the officer opens ------------------------------------------------------------------------------


def test_an_officer_opens_every_word_and_every_byte(resident: Resident, officer: Any) -> None:
    picture = photo()
    film = b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42" + bytes(200_000)
    resident.send(**WORDS, contact="callback", attachments=[named(picture, "a.jpg"), named(film, "b.mp4")])
    parts = as_officer(Tip.objects.get(), officer)
    [header], [message], [place], [identity] = (
        [part.content for part in parts[label]] for label in ("header", "message", "place", "identity")
    )
    assert header.pop("received")[:10] == timezone.localdate().isoformat()
    assert header == {"v": 1, "kind": "tip", "files": 2, "pictures": 1}
    assert message == {
        "v": 1,
        "message": WORDS["message"],
        "occurred": WORDS["occurred"],
        "preferred_day": "",
        "preferred_time": "",
    }
    assert place == {"v": 1, "place": WORDS["place"]}
    assert identity == {"v": 1, "name": WORDS["name"], "phone": WORDS["phone"]}
    first, second = parts["file"]
    [view] = parts["view"]
    assert first.content == {
        "v": 1,
        "name": "a.jpg",
        "type": "image/jpeg",
        "size": len(picture),
        "view": str(view.part.uuid),
    }
    assert (second.content["type"], second.content["view"]) == ("video/mp4", None)
    assert (content_of(first), content_of(second)) == (picture, film)
    assert view.content["size"] == len(content_of(view))


def test_an_appointment_keeps_the_day_and_drops_the_subject(resident: Resident, officer: Any) -> None:
    day = working_day().isoformat()
    resident.send(kind="appointment", preferred_day=day, preferred_time="afternoon")
    tip = Tip.objects.get()
    [message] = as_officer(tip, officer)["message"]
    assert (message.content["preferred_day"], message.content["preferred_time"]) == (day, "afternoon")
    assert tip.category.slug == "other"


def test_a_day_typed_for_an_appointment_is_not_part_of_a_tip(resident: Resident, officer: Any) -> None:
    resident.send(kind="tip", preferred_day="mai", preferred_time="morning")
    [message] = as_officer(Tip.objects.get(), officer)["message"]
    assert message.content["preferred_day"] == message.content["preferred_time"] == ""


def test_what_is_missing_cannot_be_seen_from_outside(resident: Resident) -> None:
    """A tip without name or place has the same parts, of the same size, as one with them."""
    resident.send(message="một")
    resident.send(message="hai", place="Chợ", contact="callback", name="An", phone="0912345678")
    first, second = (
        [(part.label, len(bytes(part.sealed))) for part in tip.parts.all()] for tip in Tip.objects.all()
    )
    assert first == second
    assert [label for label, _size in first] == ["header", "message", "place", "identity"]


def test_every_part_is_sealed_to_the_commune_and_the_reporter_and_to_nobody_else(
    resident: Resident, commune: CommunePage
) -> None:
    resident.send(attachments=[named(photo(), "a.jpg")])
    key = current_key(commune.unit)
    parts = list(Part.objects.all())
    assert {part.label for part in parts} == {"header", "message", "place", "identity", "file", "view"}
    for part in parts:
        assert {row.unit_key for row in part.keys.all()} == {key, None}


def test_the_reporter_opens_it_with_the_code_and_another_code_does_not(resident: Resident) -> None:
    code = code_on(resident.send(**WORDS, contact="callback"))
    reporter = find(code)
    assert reporter and read_thread(reporter, "").message == WORDS["message"]
    assert find(f"{(int(code) + 1) % 10**16:016d}") is None


def test_the_display_copy_says_nothing_of_place_or_device(resident: Resident, officer: Any) -> None:
    exif = Image.Exif()
    exif[0x010E] = "CANARY"
    exif.get_ifd(0x8825).update({1: "N", 2: (18.0, 20.0, 30.0), 29: "CANARY"})
    content = io.BytesIO()
    Image.effect_noise((90, 60), 50).convert("RGB").save(content, "JPEG", exif=exif, comment=b"CANARY")
    resident.send(attachments=[named(content.getvalue(), "a.jpg")])
    parts = as_officer(Tip.objects.get(), officer)
    assert content_of(parts["file"][0]) == content.getvalue()  # the evidence is as it came
    shown = content_of(parts["view"][0])
    assert b"CANARY" not in shown
    with Image.open(io.BytesIO(shown)) as picture:
        assert not picture.getexif() and "comment" not in picture.info


def test_a_picture_that_cannot_be_decoded_is_kept_without_a_copy(resident: Resident, officer: Any) -> None:
    resident.send(attachments=[named(photo()[:300], "hong.jpg")])
    parts = as_officer(Tip.objects.get(), officer)
    assert parts["file"][0].content["view"] is None
    assert "view" not in parts


# --- Nothing of it anywhere else -------------------------------------------------------------------------


def test_no_word_name_number_or_byte_is_stored_logged_or_left_in_a_file(
    resident: Resident,
    sealed_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()

    def kept(*args: Any, **kwargs: Any) -> Any:
        return tempfile.NamedTemporaryFile(dir=temporary, delete=False)  # noqa: SIM115

    def breaks(*args: Any) -> Any:
        raise OSError(f"{WORDS['message']}: no space left")

    monkeypatch.setattr(tempfile, "TemporaryFile", kept)
    for logger in ("", "django", "tipform", "portal"):
        caplog.set_level(logging.DEBUG, logger=logger)
    connection.force_debug_cursor = True  # every statement goes to the log as well
    picture = photo(size=(600, 600)) + b"BYTES-OF-THE-EVIDENCE" * 10_000
    attachments = [named(picture, FILE_NAME), named(b"%PDF-1.7 BYTES-OF-THE-EVIDENCE", "nho.pdf")]
    resident.client.defaults |= {"REMOTE_ADDR": VISITOR, "HTTP_USER_AGENT": BROWSER}
    code = code_on(resident.send(**WORDS, contact="callback", attachments=attachments))
    assert code
    resident.look_up(code, message=f"{WORDS['message']} lần nữa")
    with monkeypatch.context() as patched:  # a failure must not tell either
        patched.setattr(storages["tips"], "_save", breaks)
        again = {**WORDS, "message": WORDS["message"] + "!", "attachments": [named(photo(), FILE_NAME)]}
        assert resident.send(**again, contact="callback").status_code == 503
    connection.force_debug_cursor = False

    places = {
        "database": b"\n".join(cells()),
        "log": caplog.text.encode(),
        "output": "".join(capsys.readouterr()).encode(),
        **{str(path): path.read_bytes() for path in stored_objects(sealed_folder)},
        **{str(path): path.read_bytes() for path in stored_objects(temporary)},
    }
    assert len(places["database"]) > 10_000 and len(places["log"]) > 10_000
    assert len(places) > 3 + 3 + 3  # the originals, the copy, and what waited in temporary files
    for words in [*WORDS.values(), FILE_NAME, b"BYTES-OF-THE-EVIDENCE", code, VISITOR, BROWSER]:
        for disguise in forms_of(words):
            for place, content in places.items():
                assert disguise not in content, f"{words!r} stands in {place}"


def test_the_search_for_words_would_find_them(resident: Resident) -> None:
    """The test above would be worth nothing if it could not see."""
    Tip.objects.all().delete()
    resident.send()
    Tip.objects.update(receipt_keyring_id=base64.b64encode(b"xx" + "bến đò".encode()).decode())
    database = b"\n".join(cells())
    assert any(disguise in database for disguise in forms_of("bến đò"))


# --- Once, or not at all ---------------------------------------------------------------------------------


def test_two_clicks_at_once_give_one_tip_and_one_receipt(
    resident: Resident, sealed_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second click looks before the first has written, and writes after it."""
    hidden = resident.open()
    first = resident.send(hidden=hidden, attachments=[named(photo(), "a.jpg")])
    looks = iter([False])
    really = submissions._is_stored
    monkeypatch.setattr(submissions, "_is_stored", lambda receipt: next(looks, really(receipt)))
    second = resident.send(hidden=hidden, attachments=[named(photo(), "a.jpg")])
    assert code_on(first) == code_on(second) != ""
    assert Tip.objects.count() == 1
    assert len(stored_objects(sealed_folder)) == 2
    assert AuditEntry.objects.count() == 1


def test_a_failure_at_the_last_file_leaves_none_of_the_others(
    resident: Resident, sealed_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saves = []
    really = storages["tips"]._save

    def fills_up(name: str, content: Any) -> str:
        saves.append(name)
        if len(saves) < 4:
            return str(really(name, content))
        (sealed_folder / name).parent.mkdir(parents=True, exist_ok=True)
        (sealed_folder / name).write_bytes(content.read(1000))  # what a full disk leaves behind
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storages["tips"], "_save", fills_up)
    response = resident.send(attachments=[named(photo(), f"{number}.jpg") for number in range(3)])
    assert response.status_code == 503
    assert len(saves) == 4 + 3  # the three were to wait for the form that came back
    assert stored_objects(sealed_folder) == []
    assert not Tip.objects.exists() and not Part.objects.exists() and not PartKey.objects.exists()


def test_stored_files_have_random_names_and_are_larger_than_what_they_hold(
    resident: Resident, sealed_folder: Path
) -> None:
    resident.send(attachments=[named(photo(), FILE_NAME)])
    names = {path.relative_to(sealed_folder).as_posix() for path in stored_objects(sealed_folder)}
    assert names == set(Part.objects.exclude(object_name="").values_list("object_name", flat=True))
    assert all(len(name) == 41 and FILE_NAME not in name for name in names)
