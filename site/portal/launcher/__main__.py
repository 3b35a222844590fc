"""python -m portal.launcher [--reset]; the Makefile's `demo` and `demo-reset`."""

import csv
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from portal.catalogues import compile_catalogues
from portal.demo_keys import write_keys
from portal.settings.env import VARIABLES

from . import processes
from .folder import (
    BASE_DIR,
    Folder,
    Mark,
    Problem,
    is_disk_full,
    schema_fingerprint,
    static_fingerprint,
)

# What a set-up demo takes, with room to try it.
NEEDED_BYTES = 64 * 1024 * 1024


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a terminal is this program's screen


def main(arguments: list[str]) -> int:
    """The exit code. What the person at the keyboard can mend is one line, without a traceback."""
    try:
        with processes.stoppable():
            folder = Folder(BASE_DIR / os.environ.get("VAR_DIR", "var"))
            if "--reset" in arguments:
                reset(folder)
            else:
                run(folder)
    except processes.Stopped:
        say("\nThe demo is stopped.")
    except Problem as problem:
        print(problem, file=sys.stderr)  # noqa: T201
        return 1
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print("The disk is full" if is_disk_full(error) else f"{where}{error.strerror}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def reset(folder: Folder) -> None:
    if folder.mark() is None:
        if folder.existed and folder.is_foreign():
            raise Problem(f"VAR_DIR: {folder} was not made by the demo; nothing is deleted")
        say("There is no demo to throw away. Run: make demo")
        return
    with folder.locked():
        folder.clear()
    say(f"The demo's data in {folder} is deleted. Run: make demo")


def run(folder: Folder) -> None:
    """Set up what is missing and serve, until a signal comes."""
    port = asked_port()
    communes = asked_communes()
    folder.check()
    with folder.locked():
        compile_catalogues()
        environment = child_environment(folder, port)
        mark = folder.mark()
        if mark is None or not mark.schema:
            mark = set_up(folder, environment, communes)
        else:
            renew(folder, mark, environment)
            note_differences(mark, communes)
        folder.set_port(port)
        children: list[subprocess.Popen[str]] = []
        try:
            processes.serve(port, environment, children)
            welcome(port, mark)
            processes.watch(children)
        finally:
            processes.stop(children)


def asked_port() -> int:
    """PORT, free on the loopback address. Raises Problem."""
    text = os.environ.get("PORT", "") or "8000"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise Problem(f"PORT: “{text}” is not a port; choose a number from 1024 to 65535")
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", int(text)))
        except PermissionError:
            raise Problem(f"PORT: port {text} needs more rights; choose one from 1024 to 65535") from None
        except OSError:
            raise Problem(
                f"PORT: port {text} is in use by another program; choose another: make demo PORT=8001"
            ) from None
    return int(text)


def asked_communes() -> str:
    """COMMUNES as a full path, "" for the demo's own list. Raises Problem when it is no such list."""
    text = os.environ.get("COMMUNES", "")
    if not text:
        return ""
    path = Path(text).expanduser().resolve()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Problem(f"COMMUNES: {path} cannot be read as a UTF-8 CSV file ({error})") from None
    if not rows or not all(
        (row.get("name") or "").strip() and (row.get("kind") or "").strip() for row in rows
    ):
        raise Problem(
            f"COMMUNES: {path} needs the columns name and kind (and may have slug), filled in each row"
        )
    return str(path)


def child_environment(folder: Folder, port: int) -> dict[str, str]:
    """This environment without what configures a server: a demo never reaches a real database."""
    environment = {
        name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in VARIABLES
    }
    if password := os.environ.get("DEMO_PASSWORD"):
        environment["DEMO_PASSWORD"] = password
    return environment | {
        "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
        "PYTHONPATH": os.pathsep.join([str(BASE_DIR), str(BASE_DIR / "site")]),
        "PYTHONUTF8": "1",
        "VAR_DIR": str(folder),
        "PORT": str(port),
    }


def set_up(folder: Folder, environment: dict[str, str], communes: str) -> Mark:
    """The first run, from an empty folder. Whatever interrupts it leaves the folder empty again."""
    needed = NEEDED_BYTES // 1024**2
    if folder.free_bytes() < NEEDED_BYTES:
        raise Problem(f"The disk is full: the demo needs about {needed} MB in {folder}")
    say(f"Setting up the demo in {folder} (once; about a minute) …")
    children: list[subprocess.Popen[str]] = []
    try:
        folder.clear()
        folder.write_mark(Mark())
        write_keys(folder.path / "keys")
        options: dict[str, Any] = {"environment": environment, "stderr": subprocess.PIPE}
        # Neither needs the other, and there are two cores.
        children.append(processes.manage("collectstatic", "--noinput", "--verbosity=0", **options))
        children.append(processes.manage("set_up_demo", f"--communes={communes}", **options))
        wait_for(children, folder)
        mark = folder.mark() or Mark()
        mark.communes = communes
        mark.schema, mark.static = schema_fingerprint(), static_fingerprint()
        folder.write_mark(mark)
    except BaseException:
        processes.stop(children)
        folder.clear()
        raise
    return mark


def renew(folder: Folder, mark: Mark, environment: dict[str, str]) -> None:
    """Bring a finished folder up to the code. Raises Problem when its database has another shape."""
    if mark.schema != schema_fingerprint():
        raise Problem(
            f"The data in {folder} is of an older version of the portal. "
            "Run: make demo-reset (it deletes what was entered), then: make demo"
        )
    if mark.static != static_fingerprint():
        say("Collecting the static files …")
        options: dict[str, Any] = {"environment": environment, "stderr": subprocess.PIPE}
        wait_for([processes.manage("collectstatic", "--noinput", "--verbosity=0", **options)], folder)
        mark.static = static_fingerprint()
        folder.write_mark(mark)


def wait_for(children: list[subprocess.Popen[str]], folder: Folder) -> None:
    """Until all have ended well. When one fails the others are stopped; raises Problem."""
    try:
        for child, errors in processes.outcomes(children):
            if child.returncode != 0:
                raise failure(errors, folder)
    finally:
        processes.stop(children)


def failure(errors: str, folder: Folder) -> Problem:
    """What a step of the set-up died of: the known causes in one line, the others as Python tells them."""
    signs = ("No space left on device", "disk is full", "Disk quota exceeded")
    if any(sign in errors for sign in signs) or folder.free_bytes() < 1024**2:
        return Problem(f"The disk is full: the demo needs about {NEEDED_BYTES // 1024**2} MB in {folder}")
    last = errors.strip().rpartition("\n")[2]
    if last.startswith("CommandError: "):
        return Problem(last.removeprefix("CommandError: "))
    sys.stderr.write(errors)
    return Problem("The set-up failed; the lines above say where")


def note_differences(mark: Mark, communes: str) -> None:
    if communes and communes != mark.communes:
        say("COMMUNES counts in the first run only; make demo-reset, then make demo, to see other communes.")
    if os.environ.get("DEMO_PASSWORD", mark.password) not in ("", mark.password):
        say("DEMO_PASSWORD counts in the first run only; the accounts keep the one of that run.")


def welcome(port: int, mark: Mark) -> None:
    width = max((len(username) for username, _role in mark.accounts), default=0)
    say(f"\nThe portal is open:  http://127.0.0.1:{port}/")
    say(f"Staff log in:        http://127.0.0.1:{port}/admin/\n")
    for username, role in mark.accounts:
        say(f"  {username:<{width}}  {role}")
    say(f"\nPassword of all accounts: {mark.password}")
    say("Stop with Ctrl+C.")


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
