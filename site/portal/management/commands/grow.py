"""Fill an empty database with a large installation, to measure on."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from communes.models import Unit


class Command(BaseCommand):
    help = (
        "Fill an empty database with hundreds of thousands of pages and tips, to measure on. Never a server."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pages", type=int, default=200_000)
        parser.add_argument("--tips", type=int, default=100_000)

    def handle(self, *args: Any, **options: Any) -> None:
        if Unit.objects.exists():
            raise CommandError("The database is not empty")
        # Markdown comes with the development requirements, which a server does not install.
        from portal.grow import grow

        grow(options["pages"], options["tips"], self._say)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
