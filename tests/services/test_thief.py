"""A day on real servers, each of which says all it can; then everything is taken, and nothing is read.

The small installation keeps all of it in one folder, the large one in PostgreSQL, Redis and an object store.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import psycopg
import pytest
from redis import Redis

from tests.tipform.canaries import Canary, found_in

from .conftest import ROOT, finished, free_port, port_answers, running, step

Places = dict[str, bytes]


@dataclass
class Stolen:
    kind: str
    places: Places
    result: dict[str, Any]

    def canaries(self, name: str) -> list[Canary]:
        return [bytes.fromhex(one["hex"]) if isinstance(one, dict) else one for one in self.result[name]]


@pytest.fixture(scope="module", params=["small", "large"])
def stolen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stolen]:
    """What lies in each place after a day at a server of its own."""
    environment, take = request.getfixturevalue(request.param)
    output, port = tmp_path_factory.mktemp("server") / "output", free_port()
    loud = environment | {"DJANGO_SETTINGS_MODULE": "tests.services.loud"}
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    web += ["--blocking-threads", "2", "--http", "1", "--no-ws", "--log-level", "debug", "--access-log"]
    web.append("portal.wsgi:application")
    with running(web, lambda: port_answers(port), output, env=loud, cwd=ROOT):
        result = json.loads(finished(step("day", environment | {"SERVER": f"http://127.0.0.1:{port}"})))
        places = take()
    yield Stolen(request.param, {**places, "the server's output": output.read_bytes()}, result)


@pytest.fixture(scope="module")
def small(
    on_sqlite: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, str], Callable[[], Places]]:
    folder = tmp_path_factory.mktemp("small") / "var"
    shutil.copytree(on_sqlite["VAR_DIR"], folder)
    return on_sqlite | {"VAR_DIR": str(folder)}, lambda: files_in(folder)


@pytest.fixture(scope="module")
def large(
    on_postgresql: dict[str, str],
    redis: str,
    object_store: str,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[tuple[dict[str, str], Callable[[], Places]]]:
    address = on_postgresql["DATABASE_URL"].rpartition("/")[0]
    folder = tmp_path_factory.mktemp("large")
    environment = on_postgresql | {
        "DATABASE_URL": f"{address}/thief",
        "REDIS_URL": redis,
        "VAR_DIR": str(folder),
        "TIPS_S3_BUCKET": "thief-tips",
        "MEDIA_S3_BUCKET": "thief-media",
        "S3_ENDPOINT_URL": object_store,
        "AWS_ACCESS_KEY_ID": "portal",
        "AWS_SECRET_ACCESS_KEY": secrets.token_hex(16),
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    keys = {
        "aws_access_key_id": environment["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": environment["AWS_SECRET_ACCESS_KEY"],
        "region_name": environment["AWS_DEFAULT_REGION"],
    }
    store = boto3.resource("s3", endpoint_url=object_store, **keys)
    for name in ("thief-tips", "thief-media"):
        store.create_bucket(Bucket=name)
    with psycopg.connect(f"{address}/postgres", autocommit=True) as server:
        server.execute("CREATE DATABASE thief TEMPLATE portal STRATEGY FILE_COPY")
        [[data]] = server.execute("SHOW data_directory").fetchall()
        [[log]] = server.execute("SHOW log_directory").fetchall()
        [[oid]] = server.execute("SELECT oid FROM pg_database WHERE datname = 'thief'").fetchall()
        said = (Path(log) / "postgresql.log").stat().st_size

        def take() -> Places:
            server.execute("CHECKPOINT")
            return {
                "a dump": _dump(f"{address}/thief"),
                "the tables' files": b"".join(files_in(Path(data) / "base" / str(oid)).values()),
                "the write-ahead log": b"".join(files_in(Path(data) / "pg_wal").values()),
                "PostgreSQL's log": (Path(log) / "postgresql.log").read_bytes()[said:],
                "Redis": _redis(redis),
                "the buckets": _buckets(store),
                **files_in(folder),
            }

        yield environment, take
        server.execute("DROP DATABASE thief WITH (FORCE)")


def files_in(folder: Path) -> Places:
    """Every file, with its name before it and without its empty pages; `keys` stands for the environment."""
    return {
        str(path): f"{path}\n".encode() + path.read_bytes().replace(bytes(4096), b"")
        for path in folder.rglob("*")
        if path.is_file() and "keys" not in path.parts
    }


def _dump(address: str) -> bytes:
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"), key=lambda path: int(path.parts[4]))
    program = packaged[-1] if packaged else shutil.which("pg_dump")
    assert program
    command = [str(program), address.replace("postgres://", "postgresql://")]
    return subprocess.run(command, check=True, capture_output=True, env=os.environ).stdout


def _redis(address: str) -> bytes:
    found = []
    for number in range(16):
        client = Redis.from_url(address, db=number)
        for key in client.keys("*"):
            assert client.type(key) == b"string", key
            found += [key, client.get(key) or b""]
    return b"\n".join(found)


def _buckets(store: Any) -> bytes:
    found = []
    for name in ("thief-tips", "thief-media"):
        for stored in store.Bucket(name).objects.all():
            answer = stored.get()
            told = {key: value for key, value in answer.items() if key != "Body"}
            found += [stored.key.encode(), repr(told).encode(), answer["Body"].read()]
    return b"\n".join(found)


def test_nothing_that_was_told_lies_or_is_said_anywhere(stolen: Stolen) -> None:
    planted = stolen.canaries("planted")
    assert len(planted) > 30
    for place, content in stolen.places.items():
        assert found_in(content, planted) == [], place


def test_each_place_was_looked_into(stolen: Stolen) -> None:
    """The test above would be worth nothing if the places were empty or elsewhere."""
    assert b"INSERT INTO" in stolen.places["the server's output"]
    assert b"tipform_part" in stolen.places["the server's output"]
    if stolen.kind == "small":
        assert sum(f"{os.sep}tips{os.sep}" in place for place in stolen.places) == 8
        [database] = [content for place, content in stolen.places.items() if place.endswith("db.sqlite3")]
        assert b"tipform_partkey" in database
        return
    assert b"COPY public.tipform_part " in stolen.places["a dump"]
    assert len(stolen.places["the buckets"]) > 150_000
    assert b"reporter-wrote" in stolen.places["the tables' files"]
    assert b"reporter-wrote" in stolen.places["the write-ahead log"]
    assert b":1:" in stolen.places["Redis"]
    for said in (b'INSERT INTO "tipform_part"', b"Failing row contains", b"value too long", b"'\\x01"):
        assert said in stolen.places["PostgreSQL's log"]


def test_neither_passwords_alone_nor_the_keyring_alone_open_anything_and_both_do(stolen: Stolen) -> None:
    assert stolen.result["without the keyring"] == []
    assert stolen.result["without a password"] == []
    assert stolen.result["with both"] == stolen.result["told"] != []


def test_what_was_taken_back_is_in_no_copy_made_afterwards(stolen: Stolen) -> None:
    """Only PostgreSQL's own files keep deleted rows until it vacuums, sealed as before."""
    kept = {"the tables' files", "the write-ahead log", "PostgreSQL's log", "the server's output"}
    taken_back = stolen.canaries("taken_back")
    assert len(taken_back) > 20
    for place, content in stolen.places.items():
        if place not in kept:
            assert found_in(content, taken_back) == [], place
    assert stolen.result["still read"] == []
