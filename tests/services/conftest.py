"""Real services, each started for the tests alone on a free loopback port, without a trace afterwards."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

ROOT = Path(__file__).parents[2]
# All that PostgreSQL can be made to say: every statement with its values, every error with its row.
LOUDEST = {
    "logging_collector": "on",
    "log_filename": "postgresql.log",
    "log_statement": "all",
    "log_min_duration_statement": "0",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "-1",
    "log_error_verbosity": "verbose",
    "log_min_messages": "debug1",
}
# Everything that could point the portal at a service which is not ours.
OTHER_SERVICES = {"DATABASE_URL", "REDIS_URL", "VAR_DIR", "SECRET_KEY", "TIP_KEYRING"}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def portal_environment(**values: str) -> dict[str, str]:
    """The test settings' environment with these services and no others."""
    environment = {name: value for name, value in os.environ.items() if name not in OTHER_SERVICES}
    environment["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "site")])
    return environment | values


def step(name: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    """Start one function of steps.py in a process of its own."""
    return subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "services" / "steps.py"), name],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen[str]) -> str:
    """What it printed. Fails the test with what it complained of."""
    output, errors = process.communicate(timeout=180)
    assert process.returncode == 0, errors[-3000:]
    return output.strip()


@contextmanager
def running(command: list[str], answers: Callable[[], bool], output: Path, **options: Any) -> Iterator[None]:
    """Run a server whose output goes to a file; by the end of the block it has ended."""
    with output.open("ab") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, **options)
    try:
        deadline = time.monotonic() + 30
        while not answers():
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                pytest.fail(f"{command[0]} did not start: {output.read_text()[-1000:]}")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def port_answers(port: int) -> bool:
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of an empty database in a cluster of its own."""
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    initdb = packaged[-1] if packaged else shutil.which("initdb")
    if initdb is None:
        pytest.skip("No PostgreSQL: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="portal-postgresql-"))
    options: dict[str, Any] = {"cwd": folder}
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        options |= {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(folder, "postgres", "postgres")
    data, port = folder / "data", free_port()
    subprocess.run(
        [initdb, "-D", data, "-U", "portal", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
        check=True,
        capture_output=True,
        **options,
    )
    command = [str(Path(initdb).with_name("postgres")), "-D", str(data), "-p", str(port), "-k", str(folder)]
    quick = {"listen_addresses": "127.0.0.1", "fsync": "off", "full_page_writes": "off"}
    for name, value in (quick | LOUDEST | {"log_directory": f"{folder}/log"}).items():
        command += ["-c", f"{name}={value}"]

    def answers() -> bool:
        try:
            with psycopg.connect(
                f"postgresql://portal@127.0.0.1:{port}/postgres", autocommit=True
            ) as database:
                database.execute("CREATE DATABASE portal")
        except psycopg.OperationalError:
            return False
        return True

    try:
        with running(command, answers, folder / "output", **options):
            yield f"postgres://portal@127.0.0.1:{port}/portal"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("No Redis: apt-get install redis-server")
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    command += ["--loglevel", "debug"]
    folder = tmp_path_factory.mktemp("redis")
    with running(command, lambda: port_answers(port), folder / "output", cwd=folder):
        yield f"redis://127.0.0.1:{port}/0"


@pytest.fixture(scope="session")
def object_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that speaks S3."""
    port, output = free_port(), tmp_path_factory.mktemp("store") / "output"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with running(command, lambda: port_answers(port), output):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a migrated database file, as a small installation has it."""
    environment = portal_environment(VAR_DIR=str(tmp_path_factory.mktemp("var")))
    finished(step("migrate_there_and_back", environment))
    return environment


@pytest.fixture(scope="session")
def on_postgresql(postgresql: str) -> dict[str, str]:
    """The environment of a migrated database on a server."""
    environment = portal_environment(DATABASE_URL=postgresql)
    finished(step("migrate_there_and_back", environment))
    with psycopg.connect(f"{postgresql.rpartition('/')[0]}/postgres", autocommit=True) as server:
        # For pytest-django, which would migrate a database of its own all over again.
        server.execute("CREATE DATABASE test_portal TEMPLATE portal")
    return environment


@pytest.fixture(params=["on_sqlite", "on_postgresql"])
def database(request: pytest.FixtureRequest) -> Any:
    """The environment of either database."""
    return request.getfixturevalue(request.param)
