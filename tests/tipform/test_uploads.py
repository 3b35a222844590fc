"""The upload handler of the whole site: bytes arrive unharmed, and never on a disk in the clear."""

import gc
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client, RequestFactory
from django.urls import reverse
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from tests.tipform.residents import named, photo
from tipform import uploads
from tipform.uploads import EncryptedUpload, Refused

pytestmark = pytest.mark.django_db

MARK = b"con tau khong so "


def request_with(*contents: bytes, **fields: str) -> Any:
    files = [named(content, f"{number}.bin") for number, content in enumerate(contents, start=1)]
    return RequestFactory().post("/", {**fields, "file": files})


@pytest.fixture
def temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Temporary files stay here under a name, so that a test can read what was written to them."""
    folder = tmp_path / "temporary"
    folder.mkdir()

    def kept(*args: Any, **kwargs: Any) -> Any:
        return tempfile.NamedTemporaryFile(dir=folder, delete=False)  # noqa: SIM115

    monkeypatch.setattr(tempfile, "TemporaryFile", kept)
    return folder


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 200_001, 1_000_000])
def test_a_file_reads_as_it_was_sent(size: int) -> None:
    content = os.urandom(size)
    request = request_with(content, other="words")
    upload = request.FILES["file"]
    assert isinstance(upload, EncryptedUpload)
    assert (upload.name, upload.size, upload.content_type) == ("1.bin", size, "application/octet-stream")
    assert upload.read() == content
    assert b"".join(upload.chunks(1000)) == content
    assert upload.open().read() == content
    assert request.POST["other"] == "words"


def test_any_place_of_it_can_be_read() -> None:
    content = os.urandom(300_000)
    upload = request_with(content).FILES["file"]
    for position in (299_990, 0, 65_530, 131_072, 300_000):
        upload.seek(position)
        assert upload.read(50) == content[position : position + 50]
        assert upload.tell() == min(position + 50, len(content))
    assert upload.seek(-10, os.SEEK_END) == len(content) - 10
    assert upload.read() == content[-10:]
    assert upload.seekable() and upload.readable() and not upload.writable()
    with pytest.raises(ValueError):
        upload.seek(-1)


def test_lines_can_be_read_and_it_closes() -> None:
    upload = request_with(b"one\ntwo\n" * 20_000).FILES["file"]
    assert next(iter(upload)) == b"one\n"
    upload.close()
    assert upload.closed


def test_a_picture_opens_from_it() -> None:
    with Image.open(request_with(photo(size=(1500, 1500))).FILES["file"]) as picture:
        picture.load()
        assert picture.size == (1500, 1500)


def test_what_waits_on_the_disk_is_encrypted(temporary_files: Path) -> None:
    upload = request_with(MARK * 20_000).FILES["file"]
    [path] = temporary_files.iterdir()
    assert path.stat().st_size > len(MARK) * 20_000
    assert MARK not in path.read_bytes()
    assert upload.read(len(MARK)) == MARK


def test_a_small_file_never_touches_the_disk(temporary_files: Path) -> None:
    assert request_with(MARK * 100).FILES["file"].read() == MARK * 100
    assert list(temporary_files.iterdir()) == []


def test_temporary_files_have_no_name_and_go_with_the_request() -> None:
    def waiting() -> list[str]:
        links = []
        for descriptor in os.listdir("/proc/self/fd"):
            try:
                links.append(os.readlink(f"/proc/self/fd/{descriptor}"))
            except OSError:
                continue
        return [link for link in links if link.startswith(tempfile.gettempdir()) and "(deleted)" in link]

    gc.collect()  # what other tests left would go at any moment
    before, names = len(waiting()), set(os.listdir(tempfile.gettempdir()))
    request = request_with(MARK * 20_000, MARK * 20_000)
    assert len(request.FILES.getlist("file")) == 2
    assert len(waiting()) == before + 2
    assert set(os.listdir(tempfile.gettempdir())) == names
    request.close()
    assert len(waiting()) == before


def test_what_is_too_large_is_put_aside_and_the_rest_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_FILE_BYTES", 100_000)
    request = request_with(b"a" * 100_001, b"b" * 100_000, words="giữ lại")
    assert [upload.name for upload in request.FILES.getlist("file")] == ["2.bin"]
    assert request.POST["words"] == "giữ lại"
    assert uploads.refused(request) == [Refused("1.bin", Refused.TOO_LARGE)]
    assert uploads.offered(request) == 2


def test_the_eleventh_file_is_put_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    request = request_with(*[b"x"] * 30, words="giữ lại")
    assert len(request.FILES.getlist("file")) == uploads.MAX_FILES
    assert request.POST["words"] == "giữ lại"
    assert uploads.offered(request) == 30
    assert len(uploads.refused(request)) == 20  # names are noted up to here, whatever is sent


def test_a_full_disk_puts_the_file_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any, **kwargs: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    request = request_with(b"a" * 100_000, b"small", words="giữ lại")
    assert request.POST["words"] == "giữ lại"
    assert [upload.name for upload in request.FILES.getlist("file")] == ["2.bin"]
    assert uploads.refused(request) == [Refused("1.bin", Refused.NO_ROOM)]


def test_a_body_that_ends_early_is_known_as_such() -> None:
    whole = request_with(b"a" * 70_000)
    assert whole.POST is not None and not uploads.truncated(whole)
    body = request_with(b"a" * 70_000).body
    kind = whole.META["CONTENT_TYPE"]
    for length in (10, 300, 40_000, len(body) - 4):
        request = RequestFactory().generic("POST", "/", body[:length], content_type=kind)
        assert request.POST is not None
        assert uploads.truncated(request)


# --- The admin, which has no other handler ---------------------------------------------------------------


@pytest.fixture
def admin(client: Client, superuser: Any, unit: Any) -> Client:
    client.force_login(superuser)
    return client


@pytest.mark.parametrize("size", [(40, 30), (900, 900)])
def test_wagtail_takes_pictures_through_it(admin: Client, size: tuple[int, int]) -> None:
    hidden = os.urandom(80_000)  # past what stays in memory
    content = photo(size=size) + hidden
    response = admin.post(
        reverse("wagtailimages:add"), {"title": "Cầu", "file": named(content, "cau.jpg"), "collection": "1"}
    )
    assert response.status_code == 302
    image = get_image_model().objects.get()
    assert (image.width, image.height) == size
    # Made anew from its pixels: what was hidden behind them is gone.
    assert hidden not in default_storage.open(image.file.name).read()


def test_wagtail_takes_several_pictures_and_documents_through_it(admin: Client) -> None:
    json = {"headers": {"x-requested-with": "XMLHttpRequest"}}
    sent = {"title": "Cầu", "files[]": named(photo(size=(900, 900)), "cau.jpg"), "collection": "1"}
    response = admin.post(reverse("wagtailimages:add_multiple"), sent, **json)
    assert response.json()["success"]
    content = b"%PDF-1.7 " + os.urandom(200_000)
    sent = {"title": "Mẫu", "files[]": named(content, "mau.pdf"), "collection": "1"}
    response = admin.post(reverse("wagtaildocs:add_multiple"), sent, **json)
    assert response.json()["success"]
    assert get_document_model().objects.get().file.read() == content


def test_a_file_too_large_for_the_admin_is_answered_in_words(admin: Client) -> None:
    large = named(bytes(uploads.MAX_FILE_BYTES + 1), "phim.pdf")
    response = admin.post(reverse("wagtaildocs:add"), {"title": "Phim", "file": large, "collection": "1"})
    assert response.status_code == 413
    assert "Mỗi tệp không quá 25 MB" in response.content.decode()
    assert not get_document_model().objects.exists()


def test_a_request_too_large_for_the_admin_is_not_even_read(admin: Client, settings: Any) -> None:
    settings.REQUEST_MAX_BYTES = 1000
    response = admin.post(reverse("wagtaildocs:add"), {"title": "x" * 2000})
    assert response.status_code == 413


def test_a_request_of_just_the_most_bytes_is_read_and_of_one_more_is_not(
    admin: Client, settings: Any
) -> None:
    body = b"title=Phim"
    statuses = []
    for most in (len(body), len(body) - 1):
        settings.REQUEST_MAX_BYTES = most
        response = admin.post(
            reverse("wagtaildocs:add"), body, content_type="application/x-www-form-urlencoded"
        )
        statuses.append(response.status_code)
    assert statuses == [200, 413]


def test_an_upload_to_the_admin_that_breaks_off_is_answered_in_words(admin: Client) -> None:
    body = b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7'
    response = admin.post(reverse("wagtaildocs:add"), body, content_type="multipart/form-data; boundary=xyz")
    assert response.status_code == 400
    assert "Mạng bị ngắt" in response.content.decode()
