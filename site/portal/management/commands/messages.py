"""Say which interface strings have no Vietnamese yet, and which translations nothing uses any more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.messages import catalogues


class Command(BaseCommand):
    help = "Compare the catalogues in site/locale with our own code and with the packages installed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--write", action="store_true", help="add the missing strings, take out the unused ones"
        )

    def handle(self, *args: Any, write: bool, **options: Any) -> None:
        missing = 0
        for catalogue in catalogues():
            missing += len(catalogue.missing)
            self.stdout.write(
                f"{catalogue.path.name}: {len(catalogue.wanted)} strings, {len(catalogue.missing)} missing"
            )
            for entry in catalogue.missing:
                self.stdout.write(f"  + {entry.msgid!r}")
            for entry in catalogue.leftover:
                self.stdout.write(f"  - {entry.msgid!r}")
            if write:
                catalogue.write()
        if missing:
            raise CommandError(f"{missing} strings have no Vietnamese. Translate them in site/locale/vi.")
        self.stdout.write("Every string has its Vietnamese.")
