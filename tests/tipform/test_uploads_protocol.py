"""Files ahead of their form, as the protocol wants it: begun, gone on with, refused, deleted."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.tipform.residents import photo, stored_objects
from tests.tipform.uploading import FILM, STREAM, UPLOADS, Phone, content_of, uploaded
from tipform.attachments import tus, waiting
from tipform.models import Leftover, WaitingPiece, WaitingUpload
from tipform.uploads import MAX_FILE_BYTES

pytestmark = pytest.mark.django_db


# --- As the protocol wants it ----------------------------------------------------------------------------


def test_the_portal_says_what_it_speaks() -> None:
    for address in (UPLOADS, f"{UPLOADS}{'0' * 32}/"):
        response = Client().options(address)
        assert response.status_code == 204
        assert response.headers["Tus-Version"] == response.headers["Tus-Resumable"] == "1.0.0"
        assert response.headers["Tus-Extension"] == "creation,termination"
        assert response.headers["Tus-Max-Size"] == str(MAX_FILE_BYTES)


def test_a_file_goes_up_in_pieces_and_comes_out_as_it_was() -> None:
    phone = Phone()
    created = phone.create(len(FILM))
    assert created.status_code == 201 and created.headers["Upload-Offset"] == "0"
    for start in range(0, len(FILM), 40_000):
        response = phone.patch(start, FILM[start : start + 40_000])
        assert response.status_code == 204
        assert int(response.headers["Upload-Offset"]) == min(start + 40_000, len(FILM))
    asked = phone.ask("HEAD")
    assert asked.status_code == 200
    assert asked.headers["Upload-Offset"] == asked.headers["Upload-Length"] == str(len(FILM))
    assert content_of(phone.handle("phim.mp4")) == FILM


def test_it_can_be_read_at_any_position(phone: Phone) -> None:
    for start in range(0, len(FILM), 30_000):
        phone.patch(start, FILM[start : start + 30_000])
    parsed = waiting.Handle.parse(phone.handle("x"))
    assert parsed
    file = waiting.opened(waiting.find(parsed.uuid, parsed.key), parsed.key)
    for start, end in ((29_990, 30_010), (0, 5), (59_999, 90_001), (len(FILM) - 3, len(FILM))):
        file.seek(start)
        assert file.read(end - start) == FILM[start:end]


@pytest.mark.parametrize("method", ["POST", "HEAD", "PATCH", "DELETE", "OPTIONS"])
def test_no_answer_is_kept_listed_or_sets_a_cookie(phone: Phone, method: str) -> None:
    answers = [
        phone.ask(method, UPLOADS if method == "POST" else "", Upload_Length=10, Upload_Offset=0),
        phone.ask(method, f"{UPLOADS}{'0' * 32}/"),
    ]
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex, noarchive"
        assert answer.headers["Tus-Resumable"] == "1.0.0"
        assert not answer.cookies and answer.content == b""
        assert not any(name.startswith("Access-Control") for name in answer.headers)


def test_a_deleted_file_is_gone_at_once(phone: Phone, sealed_folder: Path) -> None:
    phone.patch(0, FILM)
    assert len(stored_objects(sealed_folder)) == 1
    assert phone.ask("DELETE").status_code == 204
    assert phone.ask("HEAD").status_code == phone.ask("DELETE").status_code == 404
    assert stored_objects(sealed_folder) == []
    assert not WaitingPiece.objects.exists() and not Leftover.objects.exists()


# --- Bad input -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("length", "status"),
    [
        (None, 400),
        ("", 400),
        ("-1", 400),
        ("1.5", 400),
        ("1e3", 400),
        ("mười", 400),
        ("١٢", 400),
        ("9" * 13, 400),
        ("9" * 12, 413),
        (MAX_FILE_BYTES + 1, 413),
        (MAX_FILE_BYTES, 201),
        (0, 201),
    ],
)
def test_a_length_that_is_none_or_too_much_is_refused(length: Any, status: int) -> None:
    assert Phone().create(length).status_code == status
    assert WaitingUpload.objects.exists() == (status == 201)


@pytest.mark.parametrize("key", ["", "0" * 63, "0" * 65, "A" * 64, "g" * 64, " " + "0" * 63])
def test_what_is_no_key_begins_nothing_and_finds_nothing(phone: Phone, key: str) -> None:
    assert Phone().create(10, Upload_Key=key).status_code == 400
    assert phone.ask("HEAD", Upload_Key=key).status_code == 404


@pytest.mark.parametrize("version", [None, "", "0.2.2", "1.0.1"])
@pytest.mark.parametrize("method", ["POST", "HEAD", "PATCH", "DELETE"])
def test_another_version_is_told_ours(phone: Phone, method: str, version: str | None) -> None:
    address = UPLOADS if method == "POST" else ""
    response = phone.ask(method, address, Upload_Length=10, Upload_Offset=0, Tus_Resumable=version)
    assert response.status_code == 412
    assert response.headers["Tus-Version"] == "1.0.0"
    assert WaitingUpload.objects.count() == 1


def test_other_methods_are_told_which_there_are(phone: Phone) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        assert phone.ask(method, UPLOADS).headers["Allow"] == "OPTIONS, POST"
        assert phone.ask(method, UPLOADS).status_code == 405
    for method in ("GET", "POST", "PUT"):
        response = phone.ask(method)
        assert (response.status_code, response.headers["Allow"]) == (405, "OPTIONS, HEAD, PATCH, DELETE")


def test_wrong_key_unknown_and_expired_are_one_answer(phone: Phone) -> None:
    others = [Phone("0" * 64), Phone(phone.key), Phone(phone.key)]
    others[0].address, others[1].address = phone.address, f"{UPLOADS}{'0' * 32}/"
    others[2].create(10)
    WaitingUpload.objects.filter(length=10).update(created=timezone.now() - timedelta(hours=24))
    for method in ("HEAD", "PATCH", "DELETE"):
        answers = [other.ask(method, body=b"x", Upload_Offset=0) for other in others]
        assert {(one.status_code, one.content, str(sorted(one.headers.items()))) for one in answers} == {
            (404, b"", str(sorted(answers[0].headers.items())))
        }
    assert phone.offset() == 0


@pytest.mark.parametrize("offset", [1, len(FILM), len(FILM) + 1, 10**11])
def test_bytes_that_do_not_begin_where_the_file_ends_are_refused(phone: Phone, offset: int) -> None:
    assert phone.patch(offset, FILM).status_code == 409
    assert phone.offset() == 0


@pytest.mark.parametrize("offset", [None, "", "-1", "x", "0x0"])
def test_an_offset_that_is_none_is_refused(phone: Phone, offset: Any) -> None:
    assert phone.patch(offset, FILM).status_code == 400
    assert phone.offset() == 0


def test_an_empty_piece_changes_nothing(phone: Phone) -> None:
    phone.patch(0, FILM[:10_000])
    response = phone.patch(10_000, b"")
    assert (response.status_code, response.headers["Upload-Offset"]) == (204, "10000")
    assert phone.patch(9_999, b"").status_code == 409
    assert WaitingPiece.objects.count() == 1


def test_more_than_was_announced_is_refused(phone: Phone) -> None:
    assert phone.patch(0, FILM + b"x").status_code == 413
    assert phone.offset() == 0
    assert phone.patch(0, FILM).status_code == 204


def test_a_piece_has_at_most_a_mebibyte() -> None:
    phone = Phone()
    phone.create(MAX_FILE_BYTES)
    most = FILM + bytes(tus.MAX_PATCH_BYTES - len(FILM))
    assert phone.patch(0, most + b"x").status_code == 413
    assert phone.offset() == 0
    assert phone.patch(0, most).status_code == 204


def test_a_piece_of_another_kind_or_without_a_length_is_refused(phone: Phone) -> None:
    assert phone.patch(0, FILM, Content_Type="application/octet-stream").status_code == 415
    unmeasured = phone.client.generic(
        "PATCH",
        phone.address,
        FILM,
        STREAM,
        headers={"Tus-Resumable": "1.0.0", "Upload-Key": phone.key, "Upload-Offset": "0"},
        CONTENT_LENGTH="",
    )
    assert unmeasured.status_code == 411
    assert phone.offset() == 0


def test_exactly_25_mb_arrive() -> None:
    content = FILM + os.urandom(MAX_FILE_BYTES - len(FILM))
    assert content_of(uploaded(content, "phim.mp4", piece=tus.MAX_PATCH_BYTES)) == content


# --- What is not taken -----------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [100, 8192, 20_000])
def test_a_file_that_is_not_taken_is_refused_with_its_first_8_kb_and_leaves_nothing(
    sealed_folder: Path, first: int
) -> None:
    phone, program = Phone(), b"MZ" + bytes(50_000)
    phone.create(len(program))
    response = phone.patch(0, program[:first])
    if first < 8192:
        assert response.status_code == 204
        response = phone.patch(first, program[first:8192])
    assert response.status_code == 415
    assert phone.ask("HEAD").status_code == 404
    assert stored_objects(sealed_folder) == [] and not WaitingUpload.objects.exists()


def test_a_short_file_is_judged_when_it_is_whole() -> None:
    phone = Phone()
    phone.create(6)
    assert phone.patch(0, b"GIF8").status_code == 204
    assert phone.patch(4, b"9x").status_code == 415


def test_what_is_taken_is_not_judged_again() -> None:
    picture = photo(size=(900, 900))
    assert content_of(uploaded(picture, "cau.jpg", piece=5000)) == picture
