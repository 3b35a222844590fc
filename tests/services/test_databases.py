"""Both databases, for real: migrations there and back, the tests of search and opening, exact limits."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from .conftest import ROOT, finished, portal_environment, step
from .steps import LIMIT

# What behaves differently on PostgreSQL if anything does.
DEPENDENT_ON_THE_DATABASE = [
    "tests/home/test_ordering.py",
    "tests/home/test_search_backend.py",
    "tests/home/test_search.py",
    "tests/communes/test_opening.py",
    "tests/communes/test_search_order.py",
    "tests/communes/test_search_table.py",
    "tests/communes/test_search_words.py",
    "tests/communes/test_staff_approvers.py",
    "tests/communes/test_staff_approvers_decision.py",
    "tests/communes/test_staff_approvers_notices.py",
    "tests/communes/test_staff_approvers_rights.py",
    "tests/tipform/test_counters.py",
    "tests/tipform/test_forged_rows.py",
    "tests/tipform/test_rows_put_back.py",
    "tests/tipform/test_sign_records.py",
    "tests/tipform/test_signed_rows.py",
    "tests/tipform/test_submissions.py",
    "tests/tipform/test_uploads_resumed.py",
]


def test_migrations_go_forward_back_and_forward_again(database: dict[str, str]) -> None:
    """The fixture does it: the other tests need what it leaves."""


def test_the_first_migration_of_the_users_is_reversible() -> None:
    from django.db.migrations.loader import MigrationLoader

    migration = MigrationLoader(None).disk_migrations["communes", "0001_user"]
    assert all(operation.reversible for operation in migration.operations)


def test_limits_count_exactly_across_processes(database: dict[str, str]) -> None:
    processes = [step("count", database) for _number in range(2)]
    assert sum(int(finished(process)) for process in processes) == LIMIT


def test_limits_count_exactly_across_processes_in_redis(redis: str, tmp_path: Path) -> None:
    environment = portal_environment(REDIS_URL=redis, VAR_DIR=str(tmp_path))
    processes = [step("count", environment) for _number in range(2)]
    assert sum(int(finished(process)) for process in processes) == LIMIT


def test_a_second_click_waits_for_a_tip_that_is_being_taken_back_and_does_not_bring_it_back(
    on_postgresql: dict[str, str],
) -> None:
    """On SQLite writers take turns anyhow."""
    address = on_postgresql["DATABASE_URL"].rpartition("/")[0]
    with psycopg.connect(f"{address}/postgres", autocommit=True) as server:
        server.execute("CREATE DATABASE clicks TEMPLATE portal")
    clicks = step("click_while_taken_back", on_postgresql | {"DATABASE_URL": f"{address}/clicks"})
    assert json.loads(finished(clicks)) == [True, "TakenBack", ["withdrawn"]]


def test_the_second_of_two_confirmations_at_one_moment_waits_and_finds_it_done(
    on_postgresql: dict[str, str],
) -> None:
    address = on_postgresql["DATABASE_URL"].rpartition("/")[0]
    with psycopg.connect(f"{address}/postgres", autocommit=True) as server:
        server.execute("CREATE DATABASE confirmations TEMPLATE portal")
    twice = step("confirm_twice", on_postgresql | {"DATABASE_URL": f"{address}/confirmations"})
    assert json.loads(finished(twice)) == [True, "NotWaiting", 1]


def test_of_two_pieces_of_a_file_at_one_moment_one_counts_and_none_outlives_the_file(
    database: dict[str, str], tmp_path: Path
) -> None:
    sent = step("send_a_piece_twice", {"VAR_DIR": str(tmp_path), **database})
    result = json.loads(finished(sent))
    assert result["pieces"] == [204, 409]
    assert result["after deletion"] in ([404, 409], [404, 204])  # the piece came before its end, or after
    assert result["left"] == [0, 0]


@pytest.mark.parametrize("killed", ["before", "after"])
def test_a_form_whose_server_was_killed_unanswered_is_one_tip_and_the_next_server_shows_its_receipt(
    database: dict[str, str], killed: str, tmp_path: Path
) -> None:
    environment = database | {"VAR_DIR": str(tmp_path / "var"), "KILLED": killed}
    if "DATABASE_URL" in database:
        address = database["DATABASE_URL"].rpartition("/")[0]
        with psycopg.connect(f"{address}/postgres", autocommit=True) as server:
            server.execute(f"CREATE DATABASE killed_{killed} TEMPLATE portal")
        environment["DATABASE_URL"] = f"{address}/killed_{killed}"
    else:
        shutil.copytree(database["VAR_DIR"], environment["VAR_DIR"])
    receiving = step("receive_and_be_killed", environment)
    left, errors = receiving.communicate(timeout=180)
    assert receiving.returncode == -signal.SIGKILL, errors[-3000:]
    again = json.loads(finished(step("receive_again", environment | {"LEFT": left})))
    stored = killed == "after"
    assert again["tips"] == [int(stored), 1]
    assert again["receipts"] == ["again" if stored else "stored", "again"]
    assert again["one code"] and again["is read"]
    assert again["files"] == 1


def test_what_depends_on_the_database_passes_on_postgresql(on_postgresql: dict[str, str]) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--reuse-db",
        "-k",
        "not sqlite",
    ]
    result = subprocess.run(
        [*command, *DEPENDENT_ON_THE_DATABASE],
        env=on_postgresql,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-4000:]


@pytest.mark.django_db
def test_redis_keeps_cache_and_counters_apart(redis: str, settings: Any) -> None:
    from django.core.cache import caches

    backend = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis}
    settings.CACHES = {name: {**backend, "KEY_PREFIX": name} for name in ("default", "counters")}
    caches["default"].set("a", 1)
    assert caches["counters"].get("a") is None
    assert caches["default"].get("a") == 1
