"""Compile the translations whose sources have changed."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.catalogues import compile_catalogues


class Command(BaseCommand):
    help = "Compile site/locale/*.po where they are newer than their .mo files."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for path in compile_catalogues():
            self.stdout.write(str(path))
