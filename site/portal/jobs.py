"""What happens by the clock: scheduled pages, and the purge of what has expired.

One process runs them (`manage.py run_jobs`); each job may run twice or late without harm.
"""

import datetime
import logging
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.management import call_command
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from communes.receivers import follow_the_calendar
from home.models import JobRun
from home.picture_names import rename_pictures
from tipform import counters
from tipform.handling.withdrawal import erase_leftovers, forget_forms
from tipform.keys.grants import check_keys, end_all_departed

MINUTE, HOUR = 60, 60 * 60
# How soon a signal ends an idle process, in seconds.
TICK = 0.2


@dataclass(frozen=True)
class Job:
    name: str
    every: int  # seconds
    run: Callable[[], Any]

    @property
    def overdue_after(self) -> datetime.timedelta:
        """Without a success for so long something is wrong: five minutes for what runs every minute."""
        return datetime.timedelta(seconds=2 * self.every + 3 * MINUTE)


def publish_scheduled() -> None:
    call_command("publish_scheduled", verbosity=0)


def clear_sessions() -> None:
    call_command("clearsessions", verbosity=0)


JOBS = [
    Job("publish_scheduled", MINUTE, publish_scheduled),
    Job("rename_pictures", MINUTE, rename_pictures),
    Job("clear_sessions", HOUR, clear_sessions),
    Job("purge_counters", HOUR, counters.purge),
    Job("follow_the_calendar", MINUTE, follow_the_calendar),
    Job("take_keys_back", MINUTE, end_all_departed),
    Job("check_keys", HOUR, check_keys),
    Job("erase_leftovers", HOUR, erase_leftovers),
    Job("forget_forms", HOUR, forget_forms),
]


def record(job: Job, started: datetime.datetime, failure: str) -> None:
    """Write down the run, in one statement. A success leaves the last failure standing, and the other way."""
    now = timezone.now()
    run = JobRun(name=job.name, started_at=started, failure=failure)
    if failure:
        run.failed_at = now
        changed = ["started_at", "failed_at", "failure"]
    else:
        run.succeeded_at = now
        changed = ["started_at", "succeeded_at"]
    try:
        JobRun.objects.bulk_create(
            [run], update_conflicts=True, unique_fields=["name"], update_fields=changed
        )
    except DatabaseError:
        logging.getLogger(f"{__name__}.{job.name}").exception("not recorded")


@dataclass(frozen=True)
class State:
    """How a job stands."""

    job: Job
    run: JobRun | None

    @property
    def overdue(self) -> bool:
        last = self.run.succeeded_at if self.run else None
        return last is None or timezone.now() - last > self.job.overdue_after

    @property
    def failing(self) -> bool:
        """Whether the last run failed."""
        run = self.run
        return bool(run and run.failed_at and (run.succeeded_at is None or run.failed_at > run.succeeded_at))


def states() -> list[State]:
    """All jobs in their order, with their last runs."""
    runs = JobRun.objects.in_bulk()
    return [State(job, runs.get(job.name)) for job in JOBS]


@dataclass
class Loop:
    """Runs each job when it is due, from the first moment on, until told to stop."""

    jobs: list[Job] = field(default_factory=lambda: list(JOBS))
    clock: Callable[[], float] = time.monotonic
    stopping: bool = False
    _due: dict[str, float] = field(default_factory=dict)

    def run_due(self) -> list[str]:
        """Run what is due now; the names of the jobs that failed. A failure waits for the job's next turn."""
        failed = []
        for job in self.jobs:
            if self.stopping or self._due.get(job.name, 0.0) > self.clock():
                continue
            started, failure = timezone.now(), ""
            try:
                # A connection that the database has closed in the meantime is opened anew.
                close_old_connections()
                job.run()
            except Exception as error:
                # The logger's name is what the console's filter leaves of the line.
                logging.getLogger(f"{__name__}.{job.name}").exception("failed")
                failed.append(job.name)
                failure = type(error).__name__
            record(job, started, failure)
            close_old_connections()
            self._due[job.name] = self.clock() + job.every
        return failed

    def run(self) -> None:
        """Until SIGTERM or SIGINT; a job in progress is finished first."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        while not self.stopping:
            self.run_due()
            # A flag and short naps: an event set inside a signal handler can deadlock with its own wait.
            if not self.stopping:
                time.sleep(TICK)

    def stop(self, *args: Any) -> None:
        self.stopping = True
