"""The counters: right across threads and processes, and gone when their time is over."""

import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.cache import caches

from tipform.counters import CounterCache, purge
from tipform.models import Counter

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]


@pytest.fixture
def counters() -> CounterCache:
    cache = caches["counters"]
    assert isinstance(cache, CounterCache)
    return cache


def test_add_counts_from_the_first(counters: CounterCache) -> None:
    assert counters.add("a", 1, 60) is True
    assert counters.add("a", 1, 60) is False
    assert [counters.incr("a"), counters.incr("a", 5), counters.decr("a", 2)] == [2, 7, 5]
    assert counters.get("a") == 5


def test_what_is_not_there(counters: CounterCache) -> None:
    assert counters.get("a") is None
    assert counters.get("a", 7) == 7
    assert "a" not in counters
    assert counters.touch("a", 60) is False
    assert counters.delete("a") is False
    with pytest.raises(ValueError):
        counters.incr("a")


def test_counting_does_not_move_the_expiry(counters: CounterCache) -> None:
    counters.add("a", 1, 60)
    before = Counter.objects.get().expires
    counters.incr("a")
    counters.add("a", 1, 9999)
    assert Counter.objects.get().expires == before


def test_after_its_time_a_counter_starts_anew(
    counters: CounterCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    counters.add("a", 1, 60)
    counters.incr("a")
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    assert counters.get("a") is None
    with pytest.raises(ValueError):
        counters.incr("a")
    assert counters.add("a", 1, 60) is True
    assert counters.get("a") == 1


def test_set_touch_delete_clear(counters: CounterCache) -> None:
    counters.set("a", 3)
    counters.set("a", 4, None)
    assert counters.get("a") == 4
    assert Counter.objects.get().expires > time.time() + 10**9
    assert counters.touch("a", 10) is True
    assert Counter.objects.get().expires < time.time() + 11
    assert counters.delete("a") is True
    counters.set_many({"b": 1, "c": 2})
    assert counters.get_many(["b", "c"]) == {"b": 1, "c": 2}
    counters.clear()
    assert not Counter.objects.exists()


def test_no_time_at_all_is_over_at_once(counters: CounterCache) -> None:
    counters.set("a", 1, 0)
    assert counters.get("a") is None


@pytest.mark.parametrize("value", ["words", 1.5, True, None])
def test_only_whole_numbers_are_kept(counters: CounterCache, value: object) -> None:
    with pytest.raises(TypeError):
        counters.set("a", value)


def test_purge_deletes_what_is_over_and_nothing_else(counters: CounterCache) -> None:
    counters.set("old", 1, 0)
    counters.set("new", 1, 60)
    assert purge() == 1
    assert counters.get("new") == 1


PROGRAM = """
import os, sys, threading
sys.path[:0] = [{root!r}, {site!r}]
import django
django.setup()
from django.core.cache import caches
from django.db import connection
from tipform.models import Counter

if "make" in sys.argv:
    with connection.schema_editor() as editor:
        editor.create_model(Counter)
    sys.exit()

def count():
    cache = caches["counters"]
    for _ in range(30):
        cache.add("hot", 0, 3600)
        cache.incr("hot")
    connection.close()

threads = [threading.Thread(target=count) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def test_no_count_is_lost_between_two_processes_of_four_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a database file of its own: the test database is in memory and knows one process only."""
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    program = PROGRAM.format(root=str(ROOT), site=str(ROOT / "site"))
    command = [sys.executable, "-c", program]
    subprocess.run([*command, "make"], check=True)
    for process in [subprocess.Popen(command) for _ in range(2)]:
        assert process.wait() == 0
    with sqlite3.connect(tmp_path / "db.sqlite3") as database:
        assert database.execute("SELECT value FROM tipform_counter").fetchall() == [(2 * 4 * 30,)]
