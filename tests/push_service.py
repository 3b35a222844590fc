"""A push service on loopback, over real TLS: it checks what it is sent as a strict one does, and keeps it.

    def test_it_rings(push_service):
        address = push_service.subscription()     # endpoint, p256dh, auth: as a browser gives them
        push_service.answers(503, 201)            # in turn; the last one stays
        ...
        assert [ring.message["notification"]["title"] for ring in push_service.arrived] == ["…"]

A process of its own reaches it as this one does: its environment must keep REQUESTS_CA_BUNDLE.
"""

import base64
import datetime
import ipaddress
import json
import secrets
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import http_ece
import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

# Besides a status: no answer at all; the line cut before the message is taken, or after it.
HANG, CUT_BEFORE, CUT_AFTER = "hang", "cut before", "cut after"
DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Arrived:
    """One message that the service took, decrypted with the keys of the browser it was for."""

    endpoint: str
    message: dict[str, Any]
    headers: dict[str, str]
    # Bytes of the request's body, which is what the service sees of a message.
    size: int
    claims: dict[str, Any]
    at: float = field(default_factory=time.time)


@dataclass
class _Browser:
    private_key: ec.EllipticCurvePrivateKey
    secret: bytes
    # It takes messages of this server key alone, as the Push API says.
    server_key: str


class _Refused(Exception):
    """A status, and why."""


class PushService:
    def __init__(self, folder: Path) -> None:
        self.arrived: list[Arrived] = []
        # Why it refused what no service would have taken. A test that expects none says so.
        self.complaints: list[str] = []
        self.asked = 0
        self.retry_after = ""
        self._answers: list[int | str] = [201]
        self._browsers: dict[str, _Browser] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self.certificate = folder / "push-service.pem"
        key = folder / "push-service.key"
        _write_certificate(self.certificate, key)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        # The handshake is made where the request is handled: a client that hangs holds no other up.
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.origin = f"https://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def subscription(self, server_key: str = "") -> dict[str, str]:
        """A new browser's address. It takes what `server_key` signs; without one, what this portal signs."""
        from home.delivery import web_push

        browser = _Browser(
            ec.generate_private_key(ec.SECP256R1()),
            secrets.token_bytes(16),
            server_key or web_push.public_key(),
        )
        path = f"/send/{secrets.token_urlsafe(32)}"
        self._browsers[path] = browser
        point = browser.private_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {
            "endpoint": self.origin + path,
            "p256dh": _base64url(point),
            "auth": _base64url(browser.secret),
        }

    def answers(self, *answers: int | str, retry_after: str = "") -> None:
        """What it answers from now on, in turn: statuses, HANG, CUT_BEFORE, CUT_AFTER. The last one stays.

        A status below 300, and CUT_AFTER, take the message. What none would take is refused all the same.
        """
        self._answers = list(answers)
        self.retry_after = retry_after

    def shown(self, endpoint: str) -> list[Arrived]:
        """What a browser gets that was away: of each topic the last message, none that is out of time."""
        latest: dict[str, Arrived] = {}
        for ring in self.arrived:
            if ring.endpoint == endpoint and time.time() < ring.at + int(ring.headers["TTL"]):
                latest[ring.headers.get("Topic") or secrets.token_hex(8)] = ring
        return list(latest.values())

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 30

            def do_POST(self) -> None:
                service._handle(self)

            def do_GET(self) -> None:
                self.send_error(405)

            def log_message(self, *args: Any) -> None:
                pass

        return Handler

    def _handle(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        with self._lock:
            self.asked += 1
            answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        request.close_connection = True
        if answer == HANG:
            self._closing.wait(60)
            return
        if answer == CUT_BEFORE:
            return
        try:
            ring = self._read(request, body)
        except _Refused as refused:
            status, why = refused.args
            self.complaints.append(why)
            self._say(request, status)
            return
        if answer == CUT_AFTER or (isinstance(answer, int) and answer < 300):
            self.arrived.append(ring)
        if isinstance(answer, int):
            self._say(request, answer)

    def _say(self, request: BaseHTTPRequestHandler, status: int) -> None:
        request.send_response(status)
        request.send_header("Set-Cookie", "seen=1; Path=/")
        if self.retry_after:
            request.send_header("Retry-After", self.retry_after)
        if 300 <= status < 400:
            request.send_header("Location", self.origin + "/elsewhere")
        if status == 201:
            request.send_header("Location", self.origin + "/message")
        request.send_header("Content-Length", "0")
        request.end_headers()

    def _read(self, request: BaseHTTPRequestHandler, body: bytes) -> Arrived:
        """Check it as RFC 8030, 8291 and 8292 say, and as Apple's documentation does."""
        headers = dict(request.headers.items())
        browser = self._browsers.get(request.path)
        if browser is None:
            raise _Refused(404, "no such browser")
        if not headers.get("TTL", "").isdecimal():
            raise _Refused(400, "no TTL")
        if headers.get("Content-Encoding") != "aes128gcm":
            raise _Refused(415, "not encrypted as aes128gcm")
        if len(body) > 4096:
            raise _Refused(413, "more than 4096 bytes")
        if headers.get("Urgency", "normal") not in ("very-low", "low", "normal", "high"):
            raise _Refused(400, "an urgency that is none")
        topic = headers.get("Topic", "x")
        if len(topic) > 32 or not topic.replace("-", "").replace("_", "").isalnum() or not topic.isascii():
            raise _Refused(400, "a topic that is none")
        claims = self._claims(headers.get("Authorization", ""), browser)
        content = http_ece.decrypt(
            body, private_key=browser.private_key, auth_secret=browser.secret, version="aes128gcm"
        )
        return Arrived(self.origin + request.path, json.loads(content), headers, len(body), claims)

    def _claims(self, header: str, browser: _Browser) -> dict[str, Any]:
        scheme, _space, rest = header.partition(" ")
        fields = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
        if scheme != "vapid" or set(fields) != {"t", "k"}:
            raise _Refused(401, "no signature")
        if fields["k"] != browser.server_key:
            raise _Refused(403, "another server's key")
        signed, _dot, signature = fields["t"].rpartition(".")
        raw = _decoded(signature)
        try:
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decoded(fields["k"])).verify(
                encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")),
                signed.encode(),
                ec.ECDSA(hashes.SHA256()),
            )
        except InvalidSignature:
            raise _Refused(403, "a wrong signature") from None
        head, claims = (json.loads(_decoded(part)) for part in signed.split("."))
        if head != {"typ": "JWT", "alg": "ES256"}:
            raise _Refused(403, "another kind of token")
        if claims["aud"] != self.origin:
            raise _Refused(403, "signed for another service")
        if not 0 < claims["exp"] - time.time() <= DAY:
            raise _Refused(403, "over, or signed for more than a day")
        if not claims["sub"].startswith(("mailto:", "https://")) or "localhost" in claims["sub"]:
            raise _Refused(403, "nobody to ask")
        return dict(claims)


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _write_certificate(certificate: Path, key: Path) -> None:
    """Of its own making, so it is its own authority as well."""
    private_key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = datetime.datetime.now(datetime.UTC)
    names: list[x509.GeneralName] = [
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private_key, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    key.write_bytes(private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


@pytest.fixture
def push_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    """Its certificate is trusted by this process, and by every one that it starts with its environment."""
    service = PushService(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(service.certificate))
    # A proxy of the machine's own is not asked for what is on this machine.
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
    yield service
    service.close()
