"""A part that is away, or hangs, costs a little time: no page, no tip, no word."""

import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.cache import caches
from django.test import Client

from communes.models import CommunePage
from home.shared_cache import LEFT_ALONE_FOR, SharedCache
from portal.settings.env import TIMEOUTS, env
from portal.status import probes
from tests.services.conftest import finished, free_port, port_answers, step
from tests.tipform.officers import ensure_unit_key
from tests.tipform.residents import Resident, code_on, named, photo
from tipform.models import Tip

pytestmark = pytest.mark.django_db

WORDS = "Hai tàu hút cát dưới chân cầu"


class Server:
    """A Redis of one test's own, which may be stopped and started again at its address."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server")
        if program is None:
            pytest.skip("No Redis: apt-get install redis-server")
        self.port = free_port()
        self.folder = folder
        self.command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, cwd=self.folder)
        while not port_answers(self.port):
            time.sleep(0.02)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)


@pytest.fixture
def redis(tmp_path: Path, settings: Any) -> Iterator[Server]:
    server = Server(tmp_path)
    options = {
        "socket_connect_timeout": TIMEOUTS["Redis"],
        "socket_timeout": TIMEOUTS["Redis"],
        "retry": None,
    }
    settings.CACHES = {
        name: {
            "BACKEND": "home.shared_cache.SharedCache",
            "LOCATION": f"redis://127.0.0.1:{server.port}/0",
            "KEY_PREFIX": name,
            "OPTIONS": options,
        }
        for name in ("default", "counters")
    }
    yield server
    server.kill()


def taken(response: Any) -> bool:
    return bool(code_on(response)) and Tip.objects.count() > 0


@pytest.mark.parametrize("away", [Server.kill, Server.freeze])
def test_without_redis_pages_are_read_and_tips_are_taken(
    away: Any, redis: Server, commune: CommunePage, caplog: pytest.LogCaptureFixture
) -> None:
    ensure_unit_key(commune.unit)
    assert Client().get(commune.url).status_code == 200
    away(redis)
    started = time.monotonic()
    assert taken(Resident().send(message=WORDS))
    for address in ("/", commune.url, "/tra-cuu/", "/accounts/login/"):
        assert Client().get(address).status_code == 200
    assert time.monotonic() - started < LEFT_ALONE_FOR
    assert "REDIS_URL" in caplog.text
    assert WORDS not in caplog.text


def test_one_that_hangs_is_waited_for_once(redis: Server, commune: CommunePage) -> None:
    Client().get(commune.url)
    redis.freeze()
    cache = caches["default"]
    started = time.monotonic()
    cache.get("a")
    assert TIMEOUTS["Redis"] * 0.8 < time.monotonic() - started < TIMEOUTS["Redis"] * 4
    started = time.monotonic()
    for number in range(50):
        cache.set(f"{number}", number)
        assert cache.get(f"{number}") == number
    assert time.monotonic() - started < TIMEOUTS["Redis"]


def test_limits_go_on_counting_in_this_process(redis: Server) -> None:
    redis.kill()
    counters = caches["counters"]
    assert counters.add("a", 1, 60)
    assert [counters.incr("a"), counters.incr("a")] == [2, 3]
    assert not counters.add("a", 1, 60)
    with pytest.raises(ValueError, match="b"):
        counters.incr("b")


def test_the_status_page_says_that_it_is_away(redis: Server) -> None:
    def fine() -> list[bool]:
        return [probe.answers for probe in probes()[1:3]]

    assert fine() == [True, True]
    redis.kill()
    assert fine() == [False, False]


def test_when_it_is_back_it_is_used_again(redis: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = caches["default"]
    redis.kill()
    cache.set("a", "in memory")
    redis.start()
    assert cache.get("a") == "in memory"
    later = time.monotonic() + LEFT_ALONE_FOR
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert cache.get("a") is None
    cache.set("a", "in Redis")
    assert SharedCache(cache._server, {"KEY_PREFIX": "default"}).get("a") == "in Redis"


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes every connection and answers nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held: list[socket.socket] = []

        def accept() -> None:
            try:
                while True:
                    held.append(listener.accept()[0])
            except OSError:
                return

        threading.Thread(target=accept, daemon=True).start()
        yield int(listener.getsockname()[1])
        for connection in held:
            connection.close()


def test_a_store_that_hangs_gives_the_words_back_in_time(
    silent: int, commune: CommunePage, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "portal")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x" * 32)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("S3_ENDPOINT_URL", f"http://127.0.0.1:{silent}")
    monkeypatch.setenv("TIPS_S3_BUCKET", "tips")
    tips = env.storages(media_root=tmp_path, tips_root=tmp_path)["tips"]
    settings.STORAGES = {**settings.STORAGES, "tips": tips}
    ensure_unit_key(commune.unit)
    resident = Resident()
    hidden = resident.open()
    started = time.monotonic()
    response = resident.send(hidden=hidden, message=WORDS, attachments=[named(photo(), "anh.jpg")])
    took = time.monotonic() - started
    assert response.status_code == 503
    assert WORDS in response.content.decode()
    assert "CHƯA" in response.content.decode()
    assert Tip.objects.count() == 0
    assert took < 2 * 2 * TIMEOUTS["object store"] + 3, took


def test_a_sealed_file_is_on_the_disk_before_the_tip_is_committed(
    commune: CommunePage, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tips = env.storages(media_root=tmp_path, tips_root=tmp_path / "tips")["tips"]
    settings.STORAGES = {**settings.STORAGES, "tips": tips}
    ensure_unit_key(commune.unit)
    synced: set[Path] = set()
    sync = os.fsync

    def note(descriptor: int) -> None:
        synced.add(Path(os.readlink(f"/proc/self/fd/{descriptor}")))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    assert taken(Resident().send(attachments=[named(photo(), "anh.jpg")]))
    stored = {path for path in (tmp_path / "tips").rglob("*") if path.is_file()}
    assert stored
    assert stored <= synced
    assert {path.parent for path in stored} | {tmp_path / "tips"} <= synced


def test_each_commit_of_sqlite_is_synced(tmp_path: Path) -> None:
    options = env.database(tmp_path / "db.sqlite3")["OPTIONS"]
    assert "synchronous=FULL" in options["init_command"]


def test_a_database_that_ends_the_connection_is_asked_again_and_one_that_is_away_costs_no_word(
    on_postgresql: dict[str, str],
) -> None:
    address = on_postgresql["DATABASE_URL"].rpartition("/")[0]
    with psycopg.connect(f"{address}/postgres", autocommit=True) as server:
        server.execute("CREATE DATABASE lost TEMPLATE portal")
    step_ = step("lose_the_database", on_postgresql | {"DATABASE_URL": f"{address}/lost"})
    told = json.loads(finished(step_).splitlines()[-1])
    status, page, kept = told.pop("away")
    assert told == {
        "before it is stored": True,
        "as it is looked for": True,
        "as it is stored": True,
        "tips": 3,
        "a page": 200,
        "read away": 500,
        "tips afterwards": 3,
    }
    assert (status, kept) == (503, "no-store")
    assert "Hai tàu hút cát" in page
    assert "Bến đò" in page
    assert "tel:0239" in page
    assert "anonymous" not in page
    assert "callback" not in page
