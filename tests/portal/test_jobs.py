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
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from communes.models import CommunePage, NewsIndexPage, NewsPage
from home.jobs import HOUR, MINUTE, Job
from home.tree import live_children
from portal import jobs
from tests.communes.posts import drawn_now
from tests.communes.test_approval import decide, logged_in, post_data, write
from tipform.models import Counter

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def loop_of(clock: Clock, **runs: Callable[[], Any]) -> jobs.Loop:
    every = {"minutely": MINUTE, "hourly": HOUR}
    return jobs.Loop([Job(name, every[name], run) for name, run in runs.items()], clock)


def test_each_job_runs_at_once_and_then_when_it_is_due() -> None:
    clock, ran = Clock(), []
    loop = loop_of(clock, minutely=lambda: ran.append("minutely"), hourly=lambda: ran.append("hourly"))
    loop.run_due()
    assert ran == ["minutely", "hourly"]
    clock.now += MINUTE - 1
    loop.run_due()
    assert len(ran) == 2
    clock.now += 1
    loop.run_due()
    assert ran[2:] == ["minutely"]
    clock.now += HOUR
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
    clock.now += MINUTE
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

    monkeypatch.setattr(jobs, "registered", lambda: [Job("broken", MINUTE, broken)])
    with pytest.raises(CommandError, match="broken"):
        call_command("run_jobs", once=True)


def test_a_signal_ends_an_idle_process_at_once() -> None:
    script = (
        "import django; django.setup()\n"
        "from portal import jobs\n"
        "print('started', flush=True)\n"
        "jobs.registered = list\n"
        "jobs.run_all()\n"
        "print('ended', flush=True)\n"
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
    assert process.stdout.readline() == "ended\n"
    # Python's own leave-taking comes after it, and takes seconds on a busy machine.
    assert time.monotonic() - asked < 2
    assert process.wait(timeout=30) == 0


def test_a_slow_job_holds_up_its_own_loop_alone_and_each_is_finished() -> None:
    script = (
        "import django; django.setup()\n"
        "import time\n"
        "from home.jobs import Job\n"
        "from portal import jobs\n"
        "say = lambda word: print(word, flush=True)\n"
        "slow = Job('slow', 60, lambda: time.sleep(3) or say('slow'))\n"
        "ring = Job('ring', 60, lambda: say('ring'), loop='notices', finish=lambda: say('finished'))\n"
        "jobs.registered = lambda: [slow, ring]\n"
        "jobs.write_down = lambda *args: None\n"
        "jobs.run_all()\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")])}
    process = subprocess.Popen(
        [sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "ring\n"
    process.send_signal(signal.SIGTERM)
    assert set(process.communicate(timeout=30)[0].split()) == {"slow", "finished"}
    assert process.returncode == 0


def test_what_runs_each_second_is_written_down_each_minute_and_a_failure_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[str] = []
    monkeypatch.setattr(jobs, "write_down", lambda job, started, failure: written.append(failure))
    clock, broken = Clock(), False

    def work() -> None:
        if broken:
            raise RuntimeError

    loop = jobs.Loop([Job("busy", 0.5, work)], clock)
    for _second in range(60):
        loop.run_due()
        clock.now += 1
    assert written == [""]
    broken = True
    loop.run_due()
    assert written == ["", "RuntimeError"]
    broken = False
    clock.now += 1
    loop.run_due()
    assert written == ["", "RuntimeError", ""]


def in_hours(hours: float) -> str:
    return f"{timezone.localtime() + datetime.timedelta(hours=hours):%Y-%m-%d %H:%M}"


def test_a_scheduled_post_is_approved_first_and_then_appears_and_vanishes_by_the_clock(
    client: Any, commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    index = live_children(NewsIndexPage, commune).get()
    author = logged_in(editor)
    post = write(author, index, "submit", go_live_at=in_hours(1), expire_at=in_hours(2))
    url = post.get_url()

    def pass_time(hours: float) -> int:
        """Everything that was planned is so much nearer; the jobs run; what the public gets."""
        nearer = datetime.timedelta(hours=hours)
        for revision in post.revisions.all():
            for name in ("go_live_at", "expire_at"):
                if revision.content.get(name):
                    moment = datetime.datetime.fromisoformat(revision.content[name]) - nearer
                    revision.content[name] = moment.isoformat()
            if revision.approved_go_live_at:
                revision.approved_go_live_at -= nearer
            revision.save()
        page = Page.objects.get(pk=post.pk)
        if page.live and page.expire_at:
            Page.objects.filter(pk=post.pk).update(expire_at=page.expire_at - nearer)
        call_command("run_jobs", once=True)
        return int(client.get(url).status_code)

    assert pass_time(0) == 404
    decide(logged_in(unit_editor), post)
    assert pass_time(0) == 404, "approved, and not yet time"
    assert pass_time(1.1) == 200
    assert pass_time(1) == 404
    page = Page.objects.get(pk=post.pk)
    assert page.expired and not page.live

    # What was planned is past now, and stands in the way of no later change.
    edit = reverse("wagtailadmin_pages:edit", args=[post.pk])
    form = author.get(edit).context["form"]
    past = {name: form[name].value() for name in ("go_live_at", "expire_at")}
    assert timezone.make_aware(past["expire_at"]) < timezone.now()
    sent = {name: f"{moment:%Y-%m-%d %H:%M}" for name, moment in past.items() if moment}
    response = author.post(edit, post_data("submit", title="Đăng lại", **sent) | drawn_now(post))
    assert response.status_code == 302
    decide(logged_in(unit_editor), post)
    call_command("run_jobs", once=True)
    assert "Đăng lại" in client.get(url).content.decode()


@pytest.mark.parametrize("action", ["publish", "submit", ""])
def test_a_schedule_passes_round_no_approval(
    action: str, client: Any, commune: CommunePage, editor: Any
) -> None:
    index = live_children(NewsIndexPage, commune).get()
    author = logged_in(editor)
    post = write(author, index, action, go_live_at=in_hours(-1))
    if action != "submit":  # then it is locked
        edit = reverse("wagtailadmin_pages:edit", args=[post.pk])
        author.post(edit, post_data(action, go_live_at=in_hours(-1)) | drawn_now(post))
    call_command("run_jobs", once=True)
    assert client.get(post.get_url()).status_code == 404
    assert not post.revisions.exclude(approved_go_live_at=None).exists()
