"""Load the demo's content, accounts and tips into an empty database."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from communes.models import Unit


class Command(BaseCommand):
    help = "Load the demo: communes, posts, guides, accounts, tips. Only under portal.settings.demo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--communes", help="CSV with name,kind,slug of another province's communes")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("load_demo runs under portal.settings.demo only: its passwords are published")
        if Unit.objects.exists():
            raise CommandError("The database is not empty")
        # Markdown comes with the development requirements, which a server does not install.
        from portal.demo.alerts import load_alerts
        from portal.demo.content import load_content
        from portal.demo.keys import open_boxes
        from portal.demo.staff import load_staff
        from portal.demo.tips import load_tips

        path = Path(options["communes"] or settings.BASE_DIR / "demo" / "communes.csv")
        if not path.is_file():
            raise CommandError(f"COMMUNES: there is no file {path}")
        with transaction.atomic():
            communes = load_content(path, self.stdout.write)
            unit = communes[0].unit.parent
            if not options["communes"]:
                names = settings.BASE_DIR / "demo" / "former-names.csv"
                call_command("load_former_names", names, execute=True, stdout=self.stdout)
            load_staff(unit, communes, settings.DEMO_PASSWORD)  # type: ignore[misc] # the demo's settings have it
            load_alerts(unit, communes)
            open_boxes(settings.DEMO_PASSWORD)  # type: ignore[misc]
            load_tips(communes)
        self.stdout.write(f"{len(communes)} communes")
