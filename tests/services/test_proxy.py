"""deploy/nginx.conf in a real nginx: what arrives at the portal, and what waits in a file of the proxy's."""

import http.client
import json
import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from .conftest import ROOT, free_port, port_answers, running

MB = 1024 * 1024
FORM = "/cam-trung/gui-tin-bao/"


@dataclass(frozen=True)
class Proxy:
    port: int
    folder: Path

    def connection(self) -> http.client.HTTPSConnection:
        trusting = ssl._create_unverified_context()
        return http.client.HTTPSConnection("127.0.0.1", self.port, context=trusting, timeout=60)

    def waiting(self) -> list[str]:
        """The files in which nginx keeps bodies. They have no name, so its open files are looked at."""
        master = (self.folder / "pid").read_text().strip()
        workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        opened: list[str] = []
        for worker in workers:
            for descriptor in Path(f"/proc/{worker}/fd").iterdir():
                with suppress(FileNotFoundError):
                    opened.append(os.readlink(descriptor))
        return [path for path in opened if path.startswith(f"{self.folder}/body")]

    def send(self, pieces: Iterable[bytes], **headers: str) -> dict[str, Any]:
        """Post the pieces in chunks, or with the length that is told; what arrived at the portal."""
        connection = self.connection()
        chunked = "Content-Length" not in headers
        headers = {"Transfer-Encoding": "chunked", **headers} if chunked else headers
        connection.request("POST", FORM, body=pieces, headers=headers, encode_chunked=chunked)
        response = connection.getresponse()
        body = response.read()
        assert response.status == 200, (response.status, body[:200])
        return dict(json.loads(body))


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("No nginx: apt-get install nginx")
    folder = tmp_path_factory.mktemp("nginx")
    portal, plain, secure = free_port(), free_port(), free_port()
    certificate = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    certificate += ["-subj", "/CN=portal.example", "-keyout", str(folder / "privkey.pem")]
    subprocess.run([*certificate, "-out", str(folder / "fullchain.pem")], check=True, capture_output=True)
    site = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for old, new in {
        "127.0.0.1:8000": f"127.0.0.1:{portal}",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen [::]:80;": "",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{secure} ssl http2;",
        "listen [::]:443 ssl http2;": "",
        "/etc/ssl/portal": str(folder),
        "/run/portal-proxy": str(folder),
        "/var/log/nginx": str(folder),
    }.items():
        assert old in site
        site = site.replace(old, new)
    (folder / "portal.conf").write_text(site)
    user = "user root;" if os.geteuid() == 0 else ""  # the folders of a test are its owner's alone
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}"
        f" http {{ access_log off; include {folder}/portal.conf; }}"
    )
    server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--http", "1"]
    server += ["--port", str(portal), "--no-ws", "--blocking-threads", "4", "tests.services.echo:application"]
    nginx = [program, "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    with (
        running(server, lambda: port_answers(portal), folder / "server.out", cwd=ROOT),
        running(nginx, lambda: port_answers(secure), folder / "nginx.out"),
    ):
        yield Proxy(secure, folder)


def test_five_files_wait_in_the_proxy_and_arrive_with_their_length(proxy: Proxy) -> None:
    waited: list[str] = []

    def pieces() -> Iterator[bytes]:
        for _piece in range(40):
            yield bytes(MB)
        waited.extend(proxy.waiting())

    arrived = proxy.send(pieces(), **{"Content-Length": str(40 * MB)})
    assert arrived["length"] == 40 * MB
    assert arrived["CONTENT_LENGTH"] == str(40 * MB)
    assert waited
    assert proxy.waiting() == []


@pytest.mark.parametrize("in_chunks", [False, True])
def test_a_film_larger_than_all_files_reaches_the_portal_and_waits_in_no_file(
    proxy: Proxy, in_chunks: bool
) -> None:
    """The portal reads it to its end and gives the words back; nginx's own refusal would lose them."""
    waited: list[str] = []

    def pieces() -> Iterator[bytes]:
        for _piece in range(161):
            yield bytes(MB)
            waited.extend(proxy.waiting())

    headers = {} if in_chunks else {"Content-Length": str(161 * MB)}
    arrived = proxy.send(pieces(), **headers)
    assert arrived["length"] == 161 * MB
    assert waited == []
    if in_chunks:
        # What `portal.bodies` measures: no length, and a stream that ends by itself.
        assert arrived["HTTP_TRANSFER_ENCODING"] == "chunked"
        assert arrived["wsgi.input_terminated"] == "True"
        assert "CONTENT_LENGTH" not in arrived


@pytest.mark.parametrize(("method", "length"), [("PATCH", MB), ("HEAD", 0), ("DELETE", 0), ("OPTIONS", 0)])
def test_the_protocol_of_files_ahead_of_their_form_goes_through(
    proxy: Proxy, method: str, length: int
) -> None:
    connection = proxy.connection()
    headers = {"Upload-Offset": "7", "Upload-Key": "0" * 64, "Tus-Resumable": "1.0.0"}
    connection.request(method, f"/tep/{'0' * 32}/", body=bytes(length) or None, headers=headers)
    response = connection.getresponse()
    assert response.status == 200
    assert response.headers["X-Asked-With"] == method
    assert response.headers["X-Upload-Offset"] == "7"
    if method != "HEAD":
        assert json.loads(response.read())["length"] == length


def test_what_a_visitor_wrote_about_his_address_ends_at_the_proxy(proxy: Proxy) -> None:
    for headers in ({"Content-Length": "1"}, {}):
        arrived = proxy.send([b"x"], **headers, **{"X-Forwarded-For": "6.6.6.6"})
        assert arrived["HTTP_X_FORWARDED_FOR"] == "127.0.0.1"
        assert arrived["HTTP_X_FORWARDED_PROTO"] == "https"


def test_films_leave_threads_free_for_everybody_else(proxy: Proxy) -> None:
    """Each holds a thread of the portal for as long as a phone sends."""
    films = [proxy.connection() for _film in range(9)]
    statuses = []
    try:
        for film in films:
            film.putrequest("POST", FORM)
            film.putheader("Content-Length", str(161 * MB))
            film.endheaders(b"x")
        films[-1].sock.settimeout(30)
        statuses.append(films[-1].getresponse().status)
    finally:
        for film in films:
            film.close()
    assert statuses == [503]
