"""The demo's data folder: whose it is, what state it is in, and how to empty it without touching more."""

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BASE_DIR = Path(__file__).resolve().parents[3]
APPS = ("home", "communes", "tipform")

MARK = "demo.json"
MADE_BY = "ket-noi-an-ninh demo"
# Everything that the demo ever puts into its folder. Nothing else is ever deleted.
DATABASE = tuple(f"db.sqlite3{suffix}" for suffix in ("", "-wal", "-shm", "-journal"))
OWN_NAMES = (*DATABASE, "keys", "media", "static", "tips", MARK)


class Problem(Exception):
    """Something that the person at the keyboard can mend. Its text is one line."""


@dataclass
class Mark:
    """What the folder says about itself. Without `schema` its first run was never finished."""

    schema: str = ""
    static: str = ""
    password: str = ""
    communes: str = ""
    accounts: list[list[str]] = field(default_factory=list)


def schema_fingerprint(base: Path = BASE_DIR) -> str:
    """Changes with the database's shape: our migrations, and the packages that bring their own."""
    digest = hashlib.sha256()
    for path in sorted(path for app in APPS for path in (base / app / "migrations").glob("*.py")):
        digest.update(f"{path.relative_to(base)}\n".encode() + path.read_bytes())
    for line in (base / "requirements.txt").read_text().splitlines():
        if re.match(r"(django|wagtail)[\w-]*==", line):
            digest.update(line.encode())
    return digest.hexdigest()


def static_fingerprint(base: Path = BASE_DIR) -> str:
    """Changes with the static files: ours, and those of the packages."""
    digest = hashlib.sha256((base / "requirements.txt").read_bytes())
    folders = (base / "site" / "portal" / "static", base / "docs" / "handbook" / "images")
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        if path.is_file():
            digest.update(
                f"{path.relative_to(base)} {path.stat().st_size} {path.stat().st_mtime_ns}\n".encode()
            )
    return digest.hexdigest()


class Folder:
    """VAR_DIR. Every method that touches the disk raises OSError when the disk does not play along."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.existed = path.exists()

    def __str__(self) -> str:
        return str(self.path)

    def check(self) -> None:
        """Raises Problem when the folder cannot be the demo's."""
        if self.existed and not self.path.is_dir():
            raise Problem(f"VAR_DIR: {self} is not a folder")
        nearest = next(path for path in (self.path, *self.path.parents) if path.exists())
        if not os.access(nearest, os.W_OK | os.X_OK):
            raise Problem(f"VAR_DIR: {nearest} cannot be written; choose another folder with VAR_DIR=…")
        if self.is_foreign():
            raise Problem(
                f"VAR_DIR: {self} holds files that the demo did not make; choose an empty or a new folder"
            )

    def is_foreign(self) -> bool:
        """Whether something lies here that is not the demo's. Keys alone are: the settings make them."""
        if self.mark() is not None or not self.existed:
            return False
        return any(entry.name != "keys" for entry in self.path.iterdir())

    def mark(self) -> Mark | None:
        """What the folder says about itself; None when the demo never ran here."""
        try:
            data: Any = json.loads((self.path / MARK).read_text(encoding="utf-8"))
            if data.pop("made_by") == MADE_BY:
                return Mark(**data)
        except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError, AttributeError):
            pass
        return None

    def write_mark(self, mark: Mark) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = self.path / MARK
        text = json.dumps({"made_by": MADE_BY, **vars(mark)}, ensure_ascii=False, indent=1)
        half.write_text(text, encoding="utf-8")
        half.chmod(0o600)

    def set_port(self, port: int) -> None:
        """Let the addresses that pages give of themselves name the port of this run."""
        with contextlib.closing(sqlite3.connect(self.path / DATABASE[0])) as database, database:
            database.execute("UPDATE wagtailcore_site SET port = ?", [port])

    def clear(self) -> None:
        """Delete what the demo made, and nothing else."""
        # The mark goes last: until then the folder still says whose it is.
        for name in OWN_NAMES:
            path = self.path / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Inside, the folder exists and no other demo uses it; after it, an empty one is gone again.

        Raises Problem when a demo runs from this folder already.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise Problem(f"A demo is running from {self} already; stop it first") from None
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                self.path.rmdir()
            os.close(descriptor)

    def free_bytes(self) -> int:
        nearest = next(path for path in (self.path, *self.path.parents) if path.exists())
        return shutil.disk_usage(nearest).free


def is_disk_full(error: OSError) -> bool:
    return error.errno in (errno.ENOSPC, errno.EDQUOT)
