"""The database part of the demo's first run: tables, content, and the list of accounts to print."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from communes.models import User
from portal.launcher.folder import Folder

MOST_ROLES = 2


class Command(BaseCommand):
    help = "Called by `make demo` in its first run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--communes", default="", help="CSV with name,kind,slug of another province's communes"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Folder(settings.VAR_DIR)
        mark = folder.mark()
        if not settings.DEMO or mark is None:
            raise CommandError("Run: make demo")
        self.stdout.write("  database")
        call_command("migrate", interactive=False, verbosity=0)
        try:
            call_command("load_demo", communes=options["communes"] or None, stdout=self.stdout)
        except ValueError as error:
            if not options["communes"]:
                raise
            raise CommandError(f"COMMUNES: {error}") from error
        mark.accounts = [[user.username, _role(user)] for user in User.objects.order_by("pk")]
        mark.password = settings.DEMO_PASSWORD  # type: ignore[misc] # only the demo's settings have it
        folder.write_mark(mark)


def _role(user: User) -> str:
    roles = []
    for membership in user.memberships.select_related("unit"):
        roles.append(f"{membership.role_name}, {membership.unit.full_name}")
    # One officer stands in for those of many communes.
    if len(roles) > MOST_ROLES:
        roles[1:] = [f"+ {len(roles) - 1}"]
    return "; ".join(roles) or _("administrator")
