"""Make the key under which phones of staff subscribe to be rung, and show it once."""

from typing import Any

from django.core.management.base import BaseCommand

from home.delivery.vapid import new_key


class Command(BaseCommand):
    help = "Write a new VAPID_PRIVATE_KEY to the standard output; it is kept nowhere."
    # A key that is none must not stand in the way of a new one.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(new_key())
