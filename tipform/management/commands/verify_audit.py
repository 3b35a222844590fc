"""Walk every unit's audit log and name the first entry that is altered, missing or out of order."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from communes.models import Unit
from tipform.audit import verify
from tipform.models import AuditEntry, AuditHead


class Command(BaseCommand):
    help = "Verify the audit log of every unit. Ends with an error when one does not verify."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since",
            type=int,
            default=0,
            metavar="ENTRY",
            help="begin at this entry, for a log whose beginning was made under a lost environment",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        # Also units of which every entry is gone.
        kept = AuditEntry.objects.order_by().values("unit").union(AuditHead.objects.values("unit"))
        for unit in Unit.objects.filter(pk__in=[row["unit"] for row in kept]).order_by("pk"):
            found = verify(unit, options["since"])
            if found:
                wrong += 1
                self.stderr.write(f"{unit.full_name} ({unit.uuid}): {found}")
        if wrong:
            raise CommandError(f"{wrong} audit logs do not verify")
        self.stdout.write("Every audit log verifies.")
