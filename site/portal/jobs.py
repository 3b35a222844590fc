"""The loop that runs the jobs of the clock (`manage.py run_jobs`), of which each floor registers its own."""

import logging
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.management import call_command
from django.db import close_old_connections
from django.utils import timezone

from home.jobs import Job, registered, write_down

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
            write_down(job, started, failure)
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
