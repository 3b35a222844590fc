"""Child processes: those of the set-up, which end, and those that serve, which must not."""

import contextlib
import ctypes
import http.client
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any

from .folder import BASE_DIR, Problem

# Seconds: for the first answer of the server, and for children to end before they are killed.
START_TIMEOUT, STOP_TIMEOUT = 60, 15


class Stopped(BaseException):
    """Somebody asked this process to end."""


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Inside, a signal to end raises Stopped, once; what follows it is not interrupted again."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(number: int, frame: Any) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _die_with_parent() -> None:
    """On Linux, ask the kernel for SIGTERM when the launcher is killed: no orphan keeps the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def manage(*arguments: str, environment: Mapping[str, str], **options: Any) -> subprocess.Popen[str]:
    """Start `manage.py` with these arguments."""
    return start([sys.executable, str(BASE_DIR / "manage.py"), *arguments], environment, **options)


def start(command: list[str], environment: Mapping[str, str], **options: Any) -> subprocess.Popen[str]:
    """Start a child in a session of its own, so that Ctrl+C reaches the launcher alone."""
    return subprocess.Popen(  # noqa: S603 - our own commands
        command,
        env=dict(environment),
        cwd=BASE_DIR,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_die_with_parent,  # safe: the launcher has no threads
        text=True,
        **options,
    )


def stop(children: list[subprocess.Popen[str]]) -> None:
    """End them: politely, then, when time is up or they have left somebody behind, with all they started."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_TIMEOUT
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.0, deadline - time.monotonic()))
        # A server that was killed leaves its workers, which hold the port.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def outcomes(children: list[subprocess.Popen[str]]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Each child when it has ended, with what it wrote to its piped stderr; the first to end comes first."""
    written = {child.pid: b"" for child in children}
    with selectors.DefaultSelector() as selector:
        for child in children:
            selector.register(child.stderr, selectors.EVENT_READ, child)  # type: ignore[arg-type]
        while selector.get_map():
            for key, _events in selector.select():
                chunk = os.read(key.fd, 65536)
                written[key.data.pid] += chunk
                if not chunk:
                    selector.unregister(key.fileobj)
                    key.data.wait()
                    yield key.data, written[key.data.pid].decode(errors="replace")


def is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/health/ready/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def serve(port: int, environment: Mapping[str, str], children: list[subprocess.Popen[str]]) -> None:
    """Start web server and jobs into `children`; returns when the portal answers. Raises Problem.

    On loopback only; no access log, as in production.
    """
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    web += ["--workers", "2", "--blocking-threads", "4", "--http", "1", "--no-ws", "--respawn-failed-workers"]
    web += ["--workers-kill-timeout", "5", "--log-level", "warning", "portal.wsgi:application"]
    children.append(start(web, environment))
    deadline = time.monotonic() + START_TIMEOUT
    while not is_ready(port):
        check_alive(children)
        if time.monotonic() > deadline:
            raise Problem(f"The server did not answer on port {port} within {START_TIMEOUT} seconds")
        time.sleep(0.1)
    # Not earlier: all of them load the same code, and somebody waits for the pages.
    children.append(manage("run_jobs", environment=environment))


def watch(children: list[subprocess.Popen[str]]) -> None:
    """Returns only by an exception: Problem when one of them ends, Stopped when a signal comes."""
    while True:
        check_alive(children)
        time.sleep(0.2)


def check_alive(children: list[subprocess.Popen[str]]) -> None:
    """Raises Problem if one of the two has ended: neither serves without the other."""
    for name, child in zip(("web server", "jobs process"), children, strict=False):
        if child.poll() is not None:
            raise Problem(f"The {name} ended by itself (code {child.returncode}); the demo is stopped")
