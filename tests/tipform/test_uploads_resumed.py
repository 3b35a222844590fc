"""Files ahead of their form on lines that break, two at one moment, and after a day."""

import io
import logging
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from home.jobs import registered
from tests.tipform.canaries import found_in
from tests.tipform.residents import Resident, named, stored_objects
from tests.tipform.thief import cells
from tests.tipform.uploading import FILM, STREAM, Phone, content_of, handles_on
from tipform.attachments import waiting
from tipform.models import Leftover, WaitingPiece, WaitingUpload

pytestmark = pytest.mark.django_db

EXPIRE = next(job for job in registered() if job.name == "expire_uploads")


# --- Lines that break ------------------------------------------------------------------------------------


class Breaking(io.BytesIO):
    """A body whose connection is gone after so many bytes."""

    def read(self, *size: Any) -> bytes:
        data = super().read(*size)
        if not data:
            raise ConnectionResetError
        return data


def broken(phone: Phone, start: int, whole: bytes, arrived: int, body: type[io.BytesIO]) -> None:
    """A piece of which only so many bytes arrive: the stream ends, or raises."""
    sent = {"Tus-Resumable": "1.0.0", "Upload-Key": phone.key, "Upload-Offset": str(start)}
    about: dict[str, Any] = {"wsgi.input": body(whole[:arrived]), "CONTENT_LENGTH": str(len(whole))}
    phone.client.generic("PATCH", phone.address, headers=sent, CONTENT_TYPE=STREAM, **about)


@pytest.mark.parametrize("body", [io.BytesIO, Breaking])
def test_what_arrived_of_a_piece_that_broke_off_is_kept(phone: Phone, body: type[io.BytesIO]) -> None:
    broken(phone, 0, FILM, 70_000, body)
    assert phone.offset() == 70_000
    broken(phone, 70_000, FILM[70_000:], 1, body)
    assert phone.offset() == 70_001
    assert phone.patch(70_001, FILM[70_001:]).status_code == 204
    assert content_of(phone.handle("phim.mp4")) == FILM


def test_a_piece_that_could_not_be_stored_is_sent_again(
    phone: Phone, sealed_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **kwargs: Any) -> Any:
        raise OSError(28, "No space left on device")

    phone.client.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr("home.storage._sync", full)
        assert phone.patch(0, FILM).status_code == 500
    assert stored_objects(sealed_folder) == [] and not WaitingPiece.objects.exists()
    assert phone.patch(0, FILM).status_code == 204


def test_of_two_pieces_at_one_place_one_counts(
    phone: Phone, sealed_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second request comes while the first one's bytes are being stored."""
    store, statuses = waiting.store, []

    def meanwhile(*args: Any) -> str:
        monkeypatch.setattr(waiting, "store", store)
        statuses.append(phone.patch(0, FILM[:50_000]).status_code)
        return store(*args)

    monkeypatch.setattr(waiting, "store", meanwhile)
    statuses.append(phone.patch(0, FILM).status_code)
    assert statuses == [204, 409]
    assert phone.offset() == 50_000
    assert len(stored_objects(sealed_folder)) == WaitingPiece.objects.count() == 1
    phone.patch(50_000, FILM[50_000:])
    assert content_of(phone.handle("phim.mp4")) == FILM


def test_a_file_deleted_while_a_piece_arrives_leaves_nothing(
    phone: Phone, sealed_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = waiting.store

    def meanwhile(*args: Any) -> str:
        assert phone.ask("DELETE").status_code == 204
        return store(*args)

    monkeypatch.setattr(waiting, "store", meanwhile)
    assert phone.patch(0, FILM).status_code == 409
    assert phone.ask("HEAD").status_code == 404
    assert stored_objects(sealed_folder) == [] and not WaitingPiece.objects.exists()


def test_a_file_of_more_pieces_than_a_line_breaks_is_refused(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MOST_PIECES", 2)
    assert [phone.patch(at, FILM[at : at + 9]).status_code for at in (0, 9, 18)] == [204, 204, 413]


# --- A day -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "there"),
    [(timedelta(hours=24) - timedelta(seconds=1), True), (timedelta(hours=24), False)],
)
def test_a_file_waits_for_24_hours(
    phone: Phone, sealed_folder: Path, monkeypatch: pytest.MonkeyPatch, age: timedelta, there: bool
) -> None:
    phone.patch(0, FILM)
    moment = WaitingUpload.objects.get().created + age
    monkeypatch.setattr(timezone, "now", lambda: moment)
    assert (phone.ask("HEAD").status_code == 200) == there
    EXPIRE.run()
    assert WaitingUpload.objects.exists() == bool(stored_objects(sealed_folder)) == there


def test_what_a_killed_process_left_of_a_piece_goes_with_the_file(
    phone: Phone, sealed_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had stored the bytes and not yet counted them."""
    phone.patch(0, FILM)
    WaitingPiece.objects.update(size=0)
    WaitingUpload.objects.update(received=0, created=timezone.now() - timedelta(hours=25))
    EXPIRE.run()
    assert stored_objects(sealed_folder) == [] and not Leftover.objects.exists()


def test_an_object_that_resists_is_erased_by_the_job(
    phone: Phone, sealed_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.patch(0, FILM)
    with monkeypatch.context() as patched:
        patched.setattr("home.storage.SyncedFiles.delete", lambda *args: 1 / 0)
        assert phone.ask("DELETE").status_code == 204
    assert len(stored_objects(sealed_folder)) == 1
    next(job for job in registered() if job.name == "erase_leftovers").run()
    assert stored_objects(sealed_folder) == []


# --- Nothing of it anywhere ------------------------------------------------------------------------------


def test_of_a_file_that_waits_neither_bytes_nor_name_nor_key_lie_anywhere(
    resident: Resident,
    sealed_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """With every statement in the log, and every temporary file kept."""

    def kept() -> Any:
        return tempfile.NamedTemporaryFile(dir=tmp_path, delete=False)  # noqa: SIM115

    monkeypatch.setattr(tempfile, "TemporaryFile", kept)
    for logger in ("", "django", "django.db.backends", "tipform", "portal"):
        caplog.set_level(logging.DEBUG, logger=logger)
    name, film = "hoang-yen-ben-do.mp4", FILM + b"HOANG-YEN-BYTES" * 9000
    phone = Phone()
    connection.force_debug_cursor = True
    phone.create(len(film))
    broken(phone, 0, film, 70_000, Breaking)
    phone.patch(70_000, film[70_000:])
    phone.patch(0, film)  # refused
    came_back = resident.send(
        contact="x", upload=[phone.handle(name)], attachments=[named(film, name), named(film[:50_000], name)]
    )
    connection.force_debug_cursor = False
    handles = handles_on(came_back.content.decode())
    assert len(handles) == 3
    taken = [*cells(), caplog.text.encode(), *(path.read_bytes() for path in stored_objects(sealed_folder))]
    taken += [path.read_bytes() for path in stored_objects(tmp_path)]
    assert len(stored_objects(sealed_folder)) == 4 and stored_objects(tmp_path)
    assert "tipform_waitingpiece" in caplog.text
    keys = [handle.split(".")[1] for handle in handles]
    planted = [name, b"HOANG-YEN-BYTES", FILM[1000:1200], *keys, *map(bytes.fromhex, keys)]
    assert found_in(b"\n".join(taken), planted) == []
