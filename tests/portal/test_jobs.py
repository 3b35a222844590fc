"""The clock's jobs run when due, survive a failure, and end when told to."""

import datetime
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import Page

from communes.models import CommunePage, NewsIndexPage, NewsPage
from home.queries import live_children
from portal import jobs
from tipform.models import Counter

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def loop_of(clock: Clock, **runs: Callable[[], Any]) -> jobs.Loop:
    every = {"minutely": jobs.MINUTE, "hourly": jobs.HOUR}
    return jobs.Loop([jobs.Job(name, every[name], run) for name, run in runs.items()], clock)


def test_each_job_runs_at_once_and_then_when_it_is_due() -> None:
    clock, ran = Clock(), []
    loop = loop_of(clock, minutely=lambda: ran.append("minutely"), hourly=lambda: ran.append("hourly"))
    loop.run_due()
    assert ran == ["minutely", "hourly"]
    clock.now += jobs.MINUTE - 1
    loop.run_due()
    assert len(ran) == 2
    clock.now += 1
    loop.run_due()
    assert ran[2:] == ["minutely"]
    clock.now += jobs.HOUR
    loop.run_due()
    assert ran[3:] == ["minutely", "hourly"]


def test_a_failing_job_is_named_without_its_words_and_the_others_go_on(caplog: Any) -> None:
    clock, ran = Clock(), []

    def broken() -> None:
        raise RuntimeError("no disk")

    loop = loop_of(clock, minutely=broken, hourly=lambda: ran.append("hourly"))
    assert loop.run_due() == ["minutely"]
    assert ran == ["hourly"]
    assert "portal.jobs.minutely: RuntimeError at" in caplog.text
    assert "no disk" not in caplog.text
    # It gets its next turn like any other, not at once.
    assert loop.run_due() == []
    clock.now += jobs.MINUTE
    assert loop.run_due() == ["minutely"]


def test_no_job_starts_after_the_signal() -> None:
    ran: list[str] = []
    loop = loop_of(Clock(), minutely=lambda: loop.stop(), hourly=lambda: ran.append("hourly"))
    loop.run_due()
    assert ran == []


def test_a_scheduled_page_is_published_and_what_has_expired_is_gone(commune: CommunePage) -> None:
    index = live_children(NewsIndexPage, commune).get()
    page = index.add_child(instance=NewsPage(title="Hẹn giờ", summary="x", live=False))
    page.go_live_at = timezone.now() - datetime.timedelta(minutes=1)
    revision = page.save_revision(approved_go_live_at=page.go_live_at)
    Session.objects.create(session_key="old", expire_date=timezone.now() - datetime.timedelta(days=1))
    Session.objects.create(session_key="new", expire_date=timezone.now() + datetime.timedelta(days=1))
    Counter.objects.create(key="old", value=1, expires=time.time() - 1)
    Counter.objects.create(key="new", value=1, expires=time.time() + 60)

    call_command("run_jobs", once=True)

    assert Page.objects.get(pk=page.pk).live
    revision.refresh_from_db()
    assert revision.approved_go_live_at is None
    assert list(Session.objects.values_list("pk", flat=True)) == ["new"]
    assert list(Counter.objects.values_list("pk", flat=True)) == ["new"]


def test_once_says_which_job_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError

    monkeypatch.setattr(jobs, "JOBS", [jobs.Job("broken", jobs.MINUTE, broken)])
    with pytest.raises(CommandError, match="broken"):
        call_command("run_jobs", once=True)


def test_a_signal_ends_an_idle_process_at_once() -> None:
    script = (
        "import django; django.setup()\n"
        "from portal import jobs\n"
        "print('started', flush=True)\n"
        "jobs.Loop([]).run()\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")])}
    process = subprocess.Popen(
        [sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "started\n"
    time.sleep(0.3)
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0
    # Half of it is Python's own leave-taking on a busy machine.
    assert time.monotonic() - asked < 2
