"""A form with files, on a small server that speaks tus, counts every byte and breaks lines on demand."""

import os
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tipform.attachments.brought import AttachmentsField, Kept
from tipform.box.file_types import type_of

OpenForm = Callable[..., Page]
MEGABYTE = 1024 * 1024
# The policy of public pages, and what pictures and voice need besides.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self';"
    " img-src 'self' blob:; media-src 'self' blob:"
)
PAGE = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Thử</title>
<link rel="stylesheet" href="/static/css/site.css"></head>
<body><main class="wrap"><h1>Gửi tin báo</h1>
<form class="form" method="post" enctype="multipart/form-data" data-uploads>
<div class="field"><label class="field__label" for="id_place">Ở đâu?</label>
<input class="input" id="id_place" name="place">{position}</div>
{files}{add_files}
<p><button class="button">Gửi</button> <button class="button" type="reset">Xóa</button></p></form></main>
<script defer src="/static/js/site.js"></script><script defer src="/static/js/tipform.js"></script>
<script defer src="/static/js/upload-rows.js"></script><script defer src="/static/js/uploads.js"></script>
<script defer src="/static/js/recorder.js"></script><script defer src="/static/js/position.js"></script>
<script defer src="/attach.js"></script></body></html>"""
ATTACH = "window.uploads = window.tipUploads.attach(document.querySelector('form[data-uploads]'));"


class FilesForm(forms.Form):
    attachments = AttachmentsField(label="Ảnh, video, ghi âm")


@dataclass
class Upload:
    key: str
    length: int
    data: bytearray = field(default_factory=bytearray)
    offsets: list[int] = field(default_factory=list)  # where each piece began


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.uploads: dict[str, Upload] = {}
        self.asked: list[str] = []  # methods, of uploads only
        self.forms: list[bytes] = []
        self.cuts: list[int] = []  # break the line once when an upload has this many bytes
        self.answers: list[tuple[int, dict[str, str]]] = []  # instead of making an upload
        self.kept: list[Kept] = []  # what a form that is given back lists
        self.slowness = 0.0  # seconds for each 16 KiB
        self.address = f"http://127.0.0.1:{self.server_port}"

    @property
    def received(self) -> int:
        return sum(len(upload.data) for upload in self.uploads.values())


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        pass

    def answer(self, status: int, body: bytes = b"", **headers: Any) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": len(body), **headers}.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self) -> None:
        if self.path.startswith("/static/") and (file := finders.find(self.path.removeprefix("/static/"))):
            kind = "text/css" if self.path.endswith(".css") else "text/javascript"
            self.answer(200, Path(file).read_bytes(), Content_Type=kind)
        elif self.path == "/attach.js":
            self.answer(200, ATTACH.encode(), Content_Type="text/javascript")
        elif self.path == "/":
            self.answer(
                200,
                page(self.server.kept),
                Content_Type="text/html; charset=utf-8",
                Content_Security_Policy=POLICY,
            )
        else:
            self.answer(404)

    def do_POST(self) -> None:
        if self.path == "/":
            self.server.forms.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.answer(200, b"ok", Content_Type="text/plain")
            return
        self.server.asked.append("POST")
        if self.server.answers:
            status, headers = self.server.answers.pop(0)
            self.answer(status, **headers)
            return
        number = uuid4().hex
        self.server.uploads[number] = Upload(self.headers["Upload-Key"], int(self.headers["Upload-Length"]))
        self.answer(201, Location=f"/tep/{number}/")

    def found(self) -> Upload | None:
        self.server.asked.append(self.command)
        upload = self.server.uploads.get(self.path.split("/")[2])
        if upload is None or upload.key != self.headers["Upload-Key"]:
            self.answer(404)
            return None
        return upload

    def do_HEAD(self) -> None:
        if upload := self.found():
            self.answer(200, Upload_Offset=len(upload.data), Upload_Length=upload.length)

    def do_DELETE(self) -> None:
        if self.found():
            del self.server.uploads[self.path.split("/")[2]]
            self.answer(204)

    def do_PATCH(self) -> None:
        upload = self.found()
        if upload is None:
            return
        left = int(self.headers["Content-Length"])
        if int(self.headers["Upload-Offset"]) != len(upload.data):
            self.rfile.read(left)
            self.answer(409)
            return
        upload.offsets.append(len(upload.data))
        while left:
            size = min(left, 16 * 1024)
            if self.server.cuts:
                size = min(size, self.server.cuts[0] - len(upload.data))
            if not size:
                self.server.cuts.pop(0)
                self.cut()
                return
            threading.Event().wait(self.server.slowness)
            upload.data += self.rfile.read(size)
            left -= size
        if type_of(BytesIO(upload.data)) is None:
            self.answer(415)
        else:
            self.answer(204, Upload_Offset=len(upload.data))

    def cut(self) -> None:
        """Ends the connection without an answer, as a lost network does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()


def page(kept: Sequence[Kept] = ()) -> bytes:
    """The form, with what it lists as up already."""
    place = {"field": SimpleNamespace(id_for_label="id_place")}
    files = {"field": FilesForm()["attachments"], "kept": kept}
    return PAGE.format(
        files=render_to_string("tipform/intake/files.html", files),
        add_files=render_to_string("tipform/intake/add_files.html"),
        position=render_to_string("tipform/intake/position.html", place),
    ).encode()


@pytest.fixture
def tus_server() -> Iterator[Server]:
    server = Server()
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture
def open_form(browser: Browser, tus_server: Server) -> Iterator[OpenForm]:
    contexts: list[BrowserContext] = []

    def open_form(*, scripts: bool = True, with_browser: Browser | None = None, **options: Any) -> Page:
        usual = {"viewport": {"width": 360, "height": 780}, "locale": "vi-VN"}
        own = {"base_url": tus_server.address, "java_script_enabled": scripts}
        context = (with_browser or browser).new_context(**{**usual, **own, **options})
        context.set_default_timeout(15_000)
        contexts.append(context)
        form = context.new_page()
        form.goto("/")
        return form

    yield open_form
    for context in contexts:
        context.close()


@pytest.fixture
def big_photo(tmp_path: Path) -> Path:
    """4000 × 3000 pixels from a camera that lies on its side and notes where it was."""
    path = tmp_path / "IMG 2026.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: to be turned by 90°
    exif[0x010F] = "Bến đò cũ"
    image = Image.frombytes("RGB", (160, 120), os.urandom(160 * 120 * 3)).resize((4000, 3000))
    image.save(path, quality=95, exif=exif)
    return path


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """1.2 MB that begin as an MP4."""
    path = tmp_path / "phim.mp4"
    path.write_bytes(b"\0\0\0\x18ftypisom" + os.urandom(1_200_000))
    return path


def row(form: Page, name: str) -> Any:
    return form.locator(".file", has_text=re.compile(rf"{re.escape(name)}"))


def is_up(form: Page, name: str) -> Any:
    return row(form, name).get_by_text("đã tải lên")


def choose(form: Page, *files: Path) -> None:
    form.get_by_label("Ảnh, video, ghi âm").set_input_files(list(files))


def wait_until(form: Page, condition: str) -> None:
    """Like Page.wait_for_function, which the page's policy forbids."""
    for _ in range(200):
        if form.evaluate(condition):
            return
        form.wait_for_timeout(20)
    pytest.fail(f"Never: {condition}")


def record(form: Page, milliseconds: int = 1300) -> None:
    form.get_by_role("button", name="Ghi âm lời nói").click()
    expect(form.get_by_role("button", name="Dừng ghi âm")).to_be_focused()
    form.wait_for_timeout(milliseconds)


def at(accuracy: float) -> dict[str, Any]:
    """A phone at Cẩm Trung that knows its place within so many metres and may tell it."""
    position = {"latitude": 18.245117, "longitude": 105.998734, "accuracy": accuracy}
    return {"geolocation": position, "permissions": ["geolocation"]}


def film_of(path: Path, size: int) -> Path:
    """So many bytes that begin as an MP4, for the most part a hole on the disk."""
    with path.open("wb") as file:
        file.write(b"\0\0\0\x18ftypisom"[:size])
        file.truncate(size)
    return path


def fields_of_files(body: bytes) -> list[str]:
    """The names of the fields of a sent form that bring a file."""
    fields = re.findall(rb'name="(upload|attachments)"(?:; filename="(.*?)")?', body)
    return [name.decode() for name, filename in fields if name == b"upload" or filename]
