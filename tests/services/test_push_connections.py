"""On the way to a push service: whom the portal connects to, and what it tells on the way."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from home.delivery import Answer, Outcome, web_push
from tests.push_service import CUT_AFTER, CUT_BEFORE, HANG, PushService


def ring(address: dict[str, str], content: bytes = b'{"web_push": 8030}') -> Answer:
    return web_push.send(address, content, topic="news", ttl=3600)


def test_a_service_whose_certificate_nobody_knows_gets_nothing(
    push_service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    assert ring(push_service.subscription()) == Answer(Outcome.LATER, word="connection")
    assert push_service.asked == 0


class Listener:
    """Takes every connection, and keeps what it is sent."""

    def __init__(self) -> None:
        self.heard: Queue[bytes] = Queue()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _peer = self.socket.accept()
                connection.settimeout(5)
                self.heard.put(connection.recv(4096))
                connection.close()

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


def test_a_name_that_leads_to_a_private_address_is_sent_no_byte(
    push_service: PushService, listener: Listener, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by a name server that answers otherwise than it did when the endpoint was stored."""
    settings.PUSH_TO_LOOPBACK = False
    real = socket.getaddrinfo
    monkeypatch.setattr(
        "socket.getaddrinfo",
        lambda host, port, *args, **kwargs: real("127.0.0.1", listener.port, *args, **kwargs),
    )
    address = push_service.subscription() | {"endpoint": "https://fcm.googleapis.com/fcm/send/a"}
    assert ring(address) == Answer(Outcome.LATER, word="address")
    assert listener.heard.get(timeout=5) == b""


def test_a_proxy_of_the_environment_is_used_and_the_list_of_hosts_holds(
    push_service: PushService, listener: Listener, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PUSH_TO_LOOPBACK = False
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{listener.port}")
    monkeypatch.setenv("NO_PROXY", "")
    address = push_service.subscription() | {"endpoint": "https://fcm.googleapis.com/fcm/send/a"}
    assert ring(address) == Answer(Outcome.LATER, word="connection")
    assert ring(address | {"endpoint": "https://evil.example/a"}).outcome is Outcome.REFUSED
    asked = listener.heard.get(timeout=5)
    assert listener.heard.empty()
    assert asked.startswith(b"CONNECT fcm.googleapis.com:443 ")
    assert b"/fcm/send" not in asked


def test_passwords_kept_for_other_programs_do_not_replace_the_signature(
    push_service: PushService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine localhost login it password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert ring(push_service.subscription()).outcome is Outcome.SENT


def test_a_service_leaves_nothing_behind_that_the_next_request_carries(push_service: PushService) -> None:
    address = push_service.subscription()
    ring(address)
    ring(address)
    first, second = push_service.arrived
    assert "Cookie" not in second.headers
    assert first.headers.keys() == second.headers.keys()


def test_nothing_of_an_address_or_a_message_reaches_a_log(
    push_service: PushService,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With every logger of the portal at its loudest, whatever the service does."""
    settings.TIMEOUTS = {**settings.TIMEOUTS, "push service": 1}
    caplog.set_level(logging.DEBUG)
    address = push_service.subscription()
    for answer in (201, 302, 404, 410, 429, 500, 403, HANG, CUT_BEFORE, CUT_AFTER):
        push_service.answers(answer)
        ring(address, b'{"a": "canary"}')
    ring(address | {"auth": "x"})
    ring(address | {"endpoint": "https://evil.example/canary"})
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    ring(address)
    push_service.close()
    ring(address)
    path = address["endpoint"].removeprefix(push_service.origin)
    for secret in (
        path,
        path[-20:],
        address["p256dh"],
        address["auth"],
        "canary",
        settings.VAPID_PRIVATE_KEY,
    ):
        assert secret not in caplog.text
