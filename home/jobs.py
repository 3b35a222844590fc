"""The jobs of the clock, registered by each floor when it is ready, and how each stands.

Each job may run twice or late without harm. One process runs them (`portal.jobs`).
"""

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError
from django.utils import timezone

from .models import JobRun

MINUTE, HOUR = 60, 60 * 60


@dataclass(frozen=True)
class Job:
    """`every` in seconds; `words` is what staff read it called.

    Jobs of one `loop` wait for each other; those of another run beside them. `finish` is called once, at the
    end of the process.
    """

    name: str
    every: float
    run: Callable[[], Any]
    words: Any = ""
    loop: str = ""
    finish: Callable[[], Any] | None = None

    @property
    def overdue_after(self) -> datetime.timedelta:
        """Without a success for so long something is wrong: five minutes for what runs every minute."""
        return datetime.timedelta(seconds=2 * self.every + 3 * MINUTE)


_jobs: dict[str, Job] = {}


def register(*jobs: Job) -> None:
    """From `ready()`. A name registered twice is one job, the later."""
    _jobs.update((job.name, job) for job in jobs)


def registered() -> list[Job]:
    """All of them, in the order in which the floors got ready."""
    return list(_jobs.values())


def write_down(job: Job, started: datetime.datetime, failure: str) -> None:
    """Keep how the run went, in one statement. A success leaves the last failure standing, and vice versa."""
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
class JobState:
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


def states() -> list[JobState]:
    """All jobs in their order, with their last runs."""
    runs = JobRun.objects.in_bulk()
    return [JobState(job, runs.get(job.name)) for job in registered()]
