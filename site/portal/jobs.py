"""The loops that run the jobs of the clock (`manage.py run_jobs`), of which each floor registers its own."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.management import call_command
from django.db import close_old_connections
from django.utils import timezone

from home.jobs import MINUTE, Job, registered, write_down

# How soon a signal ends an idle process, in seconds.
TICK = 0.2


def publish_scheduled() -> None:
    call_command("publish_scheduled", verbosity=0)


def clear_sessions() -> None:
    call_command("clearsessions", verbosity=0)


@dataclass
class Loop:
    """Runs each job when it is due, from the first moment on, until told to stop."""

    jobs: list[Job] = field(default_factory=lambda: registered())
    clock: Callable[[], float] = time.monotonic
    stopping: bool = False
    _due: dict[str, float] = field(default_factory=dict)
    # From when on a success is written down again.
    _next_note: dict[str, float] = field(default_factory=dict)

    def run_due(self) -> list[str]:
        """Run what is due now; the names of the jobs that failed. A failure waits for the job's next turn."""
        failed = []
        for job in self.jobs:
            if self.stopping or self._due.get(job.name, 0.0) > self.clock():
                continue
            started, failure = timezone.now(), ""
            try:
                # A connection that the database has closed in the meantime is reopened.
                close_old_connections()
                job.run()
            except Exception as error:
                # The logger's name is what the console's filter leaves of the line.
                logging.getLogger(f"{__name__}.{job.name}").exception("failed")
                failed.append(job.name)
                failure = type(error).__name__
            # What runs each second is written down each minute; what follows a failure, at once.
            if failure or self._next_note.get(job.name, 0.0) <= self.clock():
                write_down(job, started, failure)
                self._next_note[job.name] = 0.0 if failure else self.clock() + MINUTE
            close_old_connections()
            self._due[job.name] = self.clock() + job.every
        return failed

    def run(self) -> None:
        """Until told to stop; a job in progress is finished first."""
        while not self.stopping:
            self.run_due()
            # A flag and short naps: an event set inside a signal handler can deadlock with its own wait.
            if not self.stopping:
                time.sleep(TICK)
        self.finish()

    def finish(self) -> None:
        for job in self.jobs:
            if job.finish:
                job.finish()

    def stop(self) -> None:
        self.stopping = True


def run_all() -> None:
    """Every loop, each in a thread of its own beside the first, until SIGTERM or SIGINT."""
    by_name: dict[str, list[Job]] = {"": []}
    for job in registered():
        by_name.setdefault(job.loop, []).append(job)
    loops = [Loop(jobs) for jobs in by_name.values()]

    def stop(*args: Any) -> None:
        for loop in loops:
            loop.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    beside = [threading.Thread(target=loop.run) for loop in loops[1:]]
    for thread in beside:
        thread.start()
    try:
        loops[0].run()
    finally:
        stop()
        for thread in beside:
            thread.join()
