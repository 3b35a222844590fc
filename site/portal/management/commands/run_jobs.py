"""The jobs process: one for an installation, next to the web server."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.jobs import Loop, run_all


class Command(BaseCommand):
    help = "Publish scheduled pages every minute and purge what has expired every hour, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="run every job once and exit")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["once"]:
            run_all()
            return
        loop = Loop()
        failed = loop.run_due()
        loop.finish()
        if failed:
            raise CommandError(f"failed: {', '.join(failed)}")
