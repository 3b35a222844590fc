"""A browser's script that uploads a file ahead of its form (tus 1.0.0)."""

import re
import secrets
from typing import Any

from django.test import Client

from tipform.attachments import waiting

UPLOADS = "/tep/"
STREAM = "application/offset+octet-stream"
FILM = b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42" + bytes(range(256)) * 400  # 102,424 bytes


class Phone:
    """Sends what the script sends: no cookie, and in each request the version and the key that it drew."""

    def __init__(self, key: str = "", client: Any = None) -> None:
        self.client = client or Client(enforce_csrf_checks=True)
        self.key = key or secrets.token_hex(32)
        self.address = ""

    def ask(self, method: str, address: str = "", body: bytes = b"", **headers: Any) -> Any:
        """A header given as None is left out; `Upload_Offset=3` is `Upload-Offset: 3`."""
        given = {"Tus_Resumable": "1.0.0", "Upload_Key": self.key, **headers}
        sent = {name.replace("_", "-"): str(value) for name, value in given.items() if value is not None}
        kind = sent.pop("Content-Type", STREAM)
        # The test client leaves both out of a request without a body.
        about = {"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body))}
        return self.client.generic(method, address or self.address, body, kind, headers=sent, **about)

    def create(self, length: Any, **headers: Any) -> Any:
        response = self.ask("POST", UPLOADS, Upload_Length=length, **headers)
        self.address = response.headers.get("Location", "")
        return response

    def patch(self, offset: Any, body: bytes, **headers: Any) -> Any:
        return self.ask("PATCH", body=body, Upload_Offset=offset, **headers)

    def offset(self) -> int:
        return int(self.ask("HEAD").headers["Upload-Offset"])

    def handle(self, name: str) -> str:
        return f"{self.address.split('/')[2]}.{self.key}.{name}"


def uploaded(content: bytes, name: str, piece: int = 256 * 1024, client: Any = None) -> str:
    """Upload all of it; the handle that the form carries."""
    phone = Phone(client=client)
    assert phone.create(len(content)).status_code == 201
    for start in range(0, len(content), piece):
        assert phone.patch(start, content[start : start + piece]).status_code == 204
    return phone.handle(name)


def handles_on(page: str) -> list[str]:
    """Those of the files that the page lists, or carries along."""
    return re.findall(r'name="upload" value="([^"]*)"', page)


def content_of(handle: str) -> bytes:
    """What a form that carries the handle would send."""
    parsed = waiting.Handle.parse(handle)
    assert parsed
    return waiting.opened(waiting.find(parsed.uuid, parsed.key), parsed.key).read()
