"""What `make demo` does with its folder, and the one line it says when something is in the way.

Its real first run, server and pages are what the browser journeys walk on.
"""

import contextlib
import errno
import io
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from home.delivery.vapid import is_key
from portal.launcher import __main__ as launcher
from portal.launcher import processes
from portal.launcher.folder import MADE_BY, Folder, Mark, Problem, schema_fingerprint, static_fingerprint

# Steps of the set-up in place of migrate, load and collect: they write what those write, in no time.
GOOD_STEP = """
import json, os, pathlib, sys
folder = pathlib.Path(os.environ["VAR_DIR"])
for name in ("media", "static", "tips"):
    (folder / name).mkdir(exist_ok=True)
    (folder / name / "file").write_text("x")
(folder / "db.sqlite3").write_text("rows")
if sys.argv[1] == "set_up_demo":
    mark = json.loads((folder / "demo.json").read_text())
    mark["accounts"] = [["huyen", "người duyệt bài"]]
    mark["password"] = os.environ.get("DEMO_PASSWORD", "mặc định")
    (folder / "demo.json").write_text(json.dumps(mark))
"""


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DEMO_PASSWORD", "COMMUNES", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("PORT", str(free_port()))
    return tmp_path / "var"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The scripts that stand for manage.py's commands; and a server that somebody stops at once."""
    scripts = {"collectstatic": GOOD_STEP, "set_up_demo": GOOD_STEP}

    def manage(*arguments: str, environment: Any, **options: Any) -> Any:
        return processes.start(
            [sys.executable, "-c", scripts[arguments[0]], *arguments], environment, **options
        )

    def serve(*arguments: Any) -> None:
        return None

    def watch(children: Any) -> None:
        raise processes.Stopped

    monkeypatch.setattr(processes, "manage", manage)
    monkeypatch.setattr(processes, "serve", serve)
    monkeypatch.setattr(processes, "watch", watch)
    # The database of these steps is a text file.
    monkeypatch.setattr(Folder, "set_port", lambda folder, port: None)
    yield scripts


def contents(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_a_first_run_sets_up_and_says_where_and_who(var: Path, steps: Any, capsys: Any) -> None:
    assert launcher.main([]) == 0
    said = capsys.readouterr().out
    assert f"http://127.0.0.1:{os.environ['PORT']}/" in said
    assert "huyen  người duyệt bài" in said
    assert "mặc định" in said
    assert contents(var) == {"db.sqlite3", "keys", "media", "static", "tips", "demo.json"}
    assert json.loads((var / "demo.json").read_text())["schema"] == schema_fingerprint()
    assert (var / "demo.json").stat().st_mode & 0o077 == 0
    assert contents(var / "keys") == {"secret_key", "tip_keyring", "vapid_private_key"}
    for name in contents(var / "keys"):
        assert (var / "keys" / name).stat().st_mode & 0o077 == 0
    assert is_key((var / "keys" / "vapid_private_key").read_text())


def test_a_second_run_keeps_what_was_entered_and_sets_nothing_up(var: Path, steps: Any, capsys: Any) -> None:
    launcher.main([])
    (var / "db.sqlite3").write_text("rows and a tip")
    keys = {name: (var / "keys" / name).read_text() for name in contents(var / "keys")}
    steps.clear()
    assert launcher.main([]) == 0
    assert (var / "db.sqlite3").read_text() == "rows and a tip"
    assert {name: (var / "keys" / name).read_text() for name in contents(var / "keys")} == keys
    assert "huyen" in capsys.readouterr().out


def test_static_files_are_collected_again_only_when_their_sources_changed(
    var: Path, steps: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher.main([])
    del steps["set_up_demo"]
    (var / "static" / "file").unlink()
    monkeypatch.setattr(launcher, "static_fingerprint", lambda: "new")
    assert launcher.main([]) == 0
    assert (var / "static" / "file").exists()
    steps.clear()
    assert launcher.main([]) == 0


def test_data_of_another_version_is_left_alone_and_the_way_out_named(
    var: Path, steps: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    launcher.main([])
    monkeypatch.setattr(launcher, "schema_fingerprint", lambda: "another")
    assert launcher.main([]) == 1
    assert "make demo-reset" in capsys.readouterr().err
    assert (var / "db.sqlite3").exists()


FAILURES = {
    "raise OSError(28, 'No space left on device')": "The disk is full",
    "import sqlite3; raise sqlite3.OperationalError('database or disk is full')": "The disk is full",
    "import sys; sys.exit('CommandError: COMMUNES: “phố” is not a kind of unit')": "COMMUNES: “phố”",
}


@pytest.mark.parametrize("command", ["collectstatic", "set_up_demo"])
def test_a_failed_first_run_says_one_line_and_leaves_nothing(
    var: Path, steps: Any, command: str, capsys: Any
) -> None:
    for script, expected in FAILURES.items():
        steps[command] = GOOD_STEP + script
        assert launcher.main([]) == 1
        errors = capsys.readouterr().err
        assert errors.startswith(expected)
        assert len(errors.splitlines()) == 1
        assert not var.exists()
    steps[command] = GOOD_STEP
    assert launcher.main([]) == 0


def test_an_unknown_failure_shows_where_and_leaves_nothing(var: Path, steps: Any, capsys: Any) -> None:
    steps["set_up_demo"] = "raise ZeroDivisionError('somewhere')"
    assert launcher.main([]) == 1
    errors = capsys.readouterr().err
    assert "ZeroDivisionError: somewhere" in errors
    assert errors.splitlines()[-1] == "The set-up failed; the lines above say where"
    assert not var.exists()


def test_a_failed_step_ends_the_other_one(var: Path, steps: Any) -> None:
    steps["collectstatic"] = "import time; time.sleep(60)"
    steps["set_up_demo"] = "raise SystemExit(1)"
    assert launcher.main([]) == 1
    assert not var.exists()


def test_a_disk_that_is_full_for_the_launcher_itself(
    var: Path, steps: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def full(folder: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(launcher, "write_keys", full)
    assert launcher.main([]) == 1
    assert capsys.readouterr().err == "The disk is full\n"
    assert not var.exists()


def test_too_little_room_is_said_before_anything_is_written(
    var: Path, steps: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    usage = shutil.disk_usage("/")._replace(free=1024)
    monkeypatch.setattr("portal.launcher.folder.shutil.disk_usage", lambda path: usage)
    assert launcher.main([]) == 1
    assert capsys.readouterr().err.startswith("The disk is full: the demo needs about")
    assert not var.exists()


def test_what_a_killed_first_run_left_is_cleared_by_the_next(var: Path, steps: Any) -> None:
    folder = Folder(var)
    folder.write_mark(Mark())
    (var / "db.sqlite3").write_text("half")
    (var / "db.sqlite3-wal").write_text("half")
    assert launcher.main([]) == 0
    assert (var / "db.sqlite3").read_text() == "rows"
    assert not (var / "db.sqlite3-wal").exists()


def test_a_signal_during_the_set_up_leaves_nothing(
    var: Path, steps: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(children: Any, folder: Any) -> None:
        raise processes.Stopped

    monkeypatch.setattr(launcher, "wait_for", interrupted)
    assert launcher.main([]) == 0
    assert not var.exists()


def test_somebody_elses_folder_is_never_used_or_deleted(var: Path, steps: Any, capsys: Any) -> None:
    var.mkdir()
    (var / "db.sqlite3").write_text("a real database")
    for arguments, expected in (([], "did not make"), (["--reset"], "was not made by the demo")):
        assert launcher.main(arguments) == 1
        assert expected in capsys.readouterr().err
        assert contents(var) == {"db.sqlite3"}
    (var / "demo.json").write_text(json.dumps({"made_by": "another program"}))
    assert launcher.main(["--reset"]) == 1
    assert contents(var) == {"db.sqlite3", "demo.json"}


def test_a_folder_with_keys_alone_is_ours(var: Path, steps: Any) -> None:
    """The demo's settings make them for any manage.py command."""
    (var / "keys").mkdir(parents=True)
    (var / "keys" / "secret_key").write_text("k")
    assert launcher.main([]) == 0


def test_reset_deletes_what_the_demo_made_and_nothing_else(var: Path, steps: Any, capsys: Any) -> None:
    launcher.main([])
    (var / "my-notes.txt").write_text("mine")
    outside = var.parent / "outside"
    outside.mkdir()
    (outside / "photo.jpg").write_text("mine")
    shutil.rmtree(var / "media")
    (var / "media").symlink_to(outside)
    assert launcher.main(["--reset"]) == 0
    assert "make demo" in capsys.readouterr().out
    assert contents(var) == {"my-notes.txt"}
    assert (outside / "photo.jpg").exists()


def test_reset_without_a_demo_says_so(var: Path, capsys: Any) -> None:
    assert launcher.main(["--reset"]) == 0
    assert "Run: make demo" in capsys.readouterr().out
    assert not var.exists()


def test_two_demos_do_not_share_a_folder(var: Path, steps: Any, capsys: Any) -> None:
    launcher.main([])
    with Folder(var).locked():
        for arguments in ([], ["--reset"]):
            assert launcher.main(arguments) == 1
            assert "running from" in capsys.readouterr().err
    assert (var / "db.sqlite3").exists()


def test_a_port_in_use_is_named(var: Path, steps: Any, capsys: Any) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", int(os.environ["PORT"])))
        listener.listen()
        assert launcher.main([]) == 1
    assert capsys.readouterr().err.startswith(f"PORT: port {os.environ['PORT']} is in use")
    assert not var.exists()


@pytest.mark.parametrize("port", ["abc", "0", "-1", "65536", "80 80", "８０００", "8000.5"])
def test_a_port_that_is_none(var: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    assert launcher.main([]) == 1
    assert capsys.readouterr().err == f"PORT: “{port}” is not a port; choose a number from 1024 to 65535\n"


def test_a_folder_that_is_a_file(var: Path, capsys: Any) -> None:
    var.write_text("x")
    assert launcher.main([]) == 1
    assert capsys.readouterr().err == f"VAR_DIR: {var} is not a folder\n"


@pytest.mark.parametrize(
    "text",
    ["", "name,kind\n", "ten,loai\nCẩm Trung,xã\n", "name,kind\nCẩm Trung,\n", "name,kind\nCẩm Trung\n"],
)
def test_a_list_of_communes_that_is_none(
    var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, text: str
) -> None:
    path = tmp_path / "communes.csv"
    path.write_text(text, encoding="utf-8")
    for value in (str(path), str(tmp_path / "nowhere.csv"), str(tmp_path), sys.executable):
        monkeypatch.setenv("COMMUNES", value)
        assert launcher.main([]) == 1
        errors = capsys.readouterr().err
        assert errors.startswith("COMMUNES: ")
        assert len(errors.splitlines()) == 1
    assert not var.exists()


def test_other_communes_and_password_count_in_the_first_run_only(
    var: Path, steps: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    launcher.main([])
    path = tmp_path / "communes.csv"
    path.write_text("\ufeffname,kind,slug\nKỳ Anh,xã,\n", encoding="utf-8")
    monkeypatch.setenv("COMMUNES", str(path))
    monkeypatch.setenv("DEMO_PASSWORD", "mật khẩu khác")
    assert launcher.main([]) == 0
    said = capsys.readouterr().out
    assert "COMMUNES counts in the first run only" in said
    assert "DEMO_PASSWORD counts in the first run only" in said
    assert "Password of all accounts: mặc định" in said


def test_a_servers_environment_does_not_reach_the_demo(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise make demo on a server would fill its database with demo accounts."""
    for name in ("DATABASE_URL", "REDIS_URL", "TIPS_S3_BUCKET", "TIP_KEYRING", "SECRET_KEY_FILE"):
        monkeypatch.setenv(name, "real")
    monkeypatch.setenv("DEMO_PASSWORD", "mật khẩu")
    environment = launcher.child_environment(Folder(var), 8000)
    assert "real" not in environment.values()
    assert environment["DEMO_PASSWORD"] == "mật khẩu"
    assert environment["DJANGO_SETTINGS_MODULE"] == "portal.settings.demo"


def sleeper(seconds: float) -> "subprocess.Popen[str]":
    return processes.start([sys.executable, "-c", f"import time; time.sleep({seconds})"], os.environ)


def test_when_one_process_ends_the_demo_ends() -> None:
    children = [sleeper(60), sleeper(0)]
    with pytest.raises(Problem, match="jobs process ended by itself"):
        processes.watch(children)
    processes.stop(children)
    assert all(child.poll() is not None for child in children)


def test_a_process_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_TIMEOUT", 1)
    script = "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    child = processes.start([sys.executable, "-c", script], os.environ, stdout=subprocess.PIPE)
    assert isinstance(child.stdout, io.TextIOBase)
    child.stdout.readline()
    processes.stop([child])
    assert child.returncode == -9


def test_fingerprints_follow_what_they_stand_for(tmp_path: Path) -> None:
    migration = tmp_path / "home" / "migrations" / "0001_initial.py"
    static = tmp_path / "site" / "portal" / "static" / "css" / "site.css"
    for path in (migration, static):
        path.parent.mkdir(parents=True)
        path.write_text("1")
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("boto3==1\nwagtail==7.4.4\n")
    schema, files = schema_fingerprint(tmp_path), static_fingerprint(tmp_path)
    assert schema == schema_fingerprint(tmp_path)

    static.write_text("22")
    assert (schema_fingerprint(tmp_path), static_fingerprint(tmp_path) == files) == (schema, False)
    requirements.write_text("boto3==2\nwagtail==7.4.4\n")
    assert schema_fingerprint(tmp_path) == schema
    requirements.write_text("boto3==2\nwagtail==7.4.5\n")
    assert schema_fingerprint(tmp_path) != schema
    migration.write_text("2")
    requirements.write_text("boto3==1\nwagtail==7.4.4\n")
    assert schema_fingerprint(tmp_path) != schema


def test_a_mark_is_only_believed_when_it_is_ours(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    assert folder.mark() is None
    for text in ("", "[]", "null", "{}", '{"made_by": "x"}', f'{{"made_by": "{MADE_BY}", "other": 1}}'):
        (tmp_path / "demo.json").write_text(text)
        assert folder.mark() is None, text
    folder.write_mark(Mark(schema="s"))
    assert folder.mark() == Mark(schema="s")


def test_pages_name_the_port_of_this_run(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "db.sqlite3")) as database:
        database.executescript(
            "CREATE TABLE wagtailcore_site (port INTEGER); INSERT INTO wagtailcore_site VALUES (80)"
        )
        Folder(tmp_path).set_port(8123)
        assert database.execute("SELECT port FROM wagtailcore_site").fetchall() == [(8123,)]
