"""`manage.py demo`, for those who do not use make."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Set the demo up, if it is not, and serve it. PORT, VAR_DIR, DEMO_PASSWORD, COMMUNES."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="delete the demo's data instead")

    def handle(self, *args: Any, **options: Any) -> None:
        # The launcher needs none of what Django has loaded by now.
        command = [sys.executable, "-m", "portal.launcher", *(["--reset"] if options["reset"] else [])]
        site = str(settings.BASE_DIR / "site")
        os.execve(sys.executable, command, {**os.environ, "PYTHONPATH": site})  # noqa: S606
