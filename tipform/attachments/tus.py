"""Files go up ahead of their form, over lines that break: tus 1.0.0 with creation and termination.

https://tus.io/protocols/resumable-upload
Without cookie or session: each request brings the file's key, drawn by
the browser, in `Upload-Key` (64 hexadecimal digits, in lower case). No token either: with these headers no
browser sends a request for the page of another site.
"""

import re
from contextlib import suppress
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables

from home.headers import unlisted

from .. import limits
from ..models import WaitingUpload
from ..uploads import MAX_FILE_BYTES
from . import waiting

VERSION = "1.0.0"
MAX_PATCH_BYTES = 1024 * 1024  # of one request, which waits in memory
_READ_AT_ONCE = 64 * 1024


def _answer(status: int, **headers: object) -> HttpResponse:
    """With `Upload_Offset=3` for a header `Upload-Offset: 3`."""
    named = {name.replace("_", "-"): str(value) for name, value in headers.items()}
    return unlisted(HttpResponse(status=status, headers={"Tus-Resumable": VERSION, **named}))


def _speaks_tus(*methods: str) -> Any:
    """A view that takes these methods in the version that is spoken here, and says so itself when asked."""

    def decorated(view: Any) -> Any:
        @csrf_exempt
        @sensitive_variables()
        @wraps(view)
        def checked(request: HttpRequest, *args: Any) -> HttpResponse:
            if request.method == "OPTIONS":
                return _answer(
                    204,
                    Tus_Version=VERSION,
                    Tus_Extension="creation,termination",
                    Tus_Max_Size=MAX_FILE_BYTES,
                )
            if request.method not in methods:
                return _answer(405, Allow=", ".join(["OPTIONS", *methods]))
            if request.headers.get("Tus-Resumable") != VERSION:
                return _answer(412, Tus_Version=VERSION)
            return view(request, *args)

        return checked

    return decorated


@_speaks_tus("POST")
def uploads(request: HttpRequest) -> HttpResponse:
    """Begin a file: 201 and its address; 400, 413, 429, 507 if there is no room for what waits."""
    length, key = _number(request, "Upload-Length"), _key(request)
    if length is None or key is None:
        return _answer(400)
    if length > MAX_FILE_BYTES:
        return _answer(413)
    if limits.upload_refused(request):
        return _answer(429, Retry_After=limits.RETRY_AFTER)
    try:
        begun = waiting.create(length, key)
    except waiting.NoRoom:
        return _answer(507)
    return _answer(201, Location=reverse("upload", args=[begun.uuid.hex]), Upload_Offset=0)


@_speaks_tus("HEAD", "PATCH", "DELETE")
def upload(request: HttpRequest, uuid: str) -> HttpResponse:
    """How much of a file is here, more of it, or its end. 404 for what is not there, for whatever reason."""
    key = _key(request)
    try:
        if key is None:
            raise waiting.NotThere
        found = waiting.find(UUID(uuid), key)
        if request.method == "PATCH":
            return _append(request, found, key)
    except waiting.NotThere:
        return _answer(404)
    if request.method == "DELETE":
        waiting.discard([found.uuid])
        return _answer(204)
    return _answer(200, Upload_Offset=found.received, Upload_Length=found.length)


def _append(request: HttpRequest, upload: WaitingUpload, key: bytes) -> HttpResponse:
    length, start = _number(request, "Content-Length"), _number(request, "Upload-Offset")
    if request.content_type != "application/offset+octet-stream":
        return _answer(415)
    if length is None:
        return _answer(411)
    if start is None:
        return _answer(400)
    if length > MAX_PATCH_BYTES:
        return _answer(413)
    try:
        received = waiting.append(upload, key, start, _read(request, length))
    except waiting.OtherOffset:
        return _answer(409)
    except waiting.TooLong:
        return _answer(413)
    except waiting.NotTaken:
        return _answer(415)
    except waiting.NoRoom:
        return _answer(507)
    return _answer(204, Upload_Offset=received)


def _read(request: HttpRequest, length: int) -> bytes:
    """The body; of one that breaks off what came until then."""
    body = bytearray()
    with suppress(OSError):
        while piece := request.read(min(_READ_AT_ONCE, length - len(body))):
            body += piece
    return bytes(body)


def _number(request: HttpRequest, header: str) -> int | None:
    text = request.headers.get(header, "")
    return int(text) if re.fullmatch("[0-9]{1,12}", text) else None


def _key(request: HttpRequest) -> bytes | None:
    text = request.headers.get("Upload-Key", "")
    return bytes.fromhex(text) if re.fullmatch("[0-9a-f]{64}", text) else None
