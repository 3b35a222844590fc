"""Take one commune out of service. Its content is kept, and opening it again brings it back."""

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from communes.lifecycle.closing import check_closing, close_commune, what_closing_means
from communes.models import Unit
from home.text import one_line, search_key

from .open_communes import supervising_unit


class Command(BaseCommand):
    help = (
        "Take a commune out of service: pages unpublished and kept, redirects, rights and staff ended. "
        "Says what it would do; writes only with --execute. Undone by opening the commune again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("commune", help="its name: “xã Cẩm Lĩnh”")
        parser.add_argument(
            "--into",
            action="append",
            default=[],
            help="the commune that it was merged into; given several times, those it was split over",
        )
        parser.add_argument(
            "--day",
            type=datetime.date.fromisoformat,
            help="day of the merger, 2025-07-01; default: today",
        )
        parser.add_argument(
            "--unit", default="", help="supervising unit above the communes, if there are several"
        )
        parser.add_argument("--execute", action="store_true", help="write; without it nothing is kept")

    def handle(self, *args: Any, **options: Any) -> None:
        above, _home = supervising_unit(options["unit"])
        commune = _called(above, options["commune"])
        successors = [_called(above, name) for name in options["into"]]
        with override("en"):
            try:
                if options["execute"]:
                    lines = close_commune(commune, *successors, day=options["day"])
                elif commune.active:
                    check_closing(commune, successors, options["day"])
                    lines = what_closing_means(commune, successors)
                else:
                    lines = ["It is out of service already."]
            except ValueError as error:
                raise CommandError(f"{error} Nothing was written.") from error
        self.stdout.write(commune.full_name)
        for line in lines:
            self.stdout.write(f"  {line}")
        if not options["execute"]:
            self.stdout.write("Nothing was written. Add --execute to do it.")


def _called(above: Unit, name: str) -> Unit:
    """The unit's commune with this name, typed with or without its kind and marks. Raises CommandError."""
    wanted = one_line(name)
    communes = list(Unit.objects.filter(parent=above))
    for same in (lambda text: text == wanted, lambda text: search_key(text) == search_key(wanted)):
        meant = [unit for unit in communes if any(map(same, (unit.name, unit.short_name, unit.full_name)))]
        if len(meant) == 1:
            return meant[0]
        if meant:
            names = ", ".join(f"“{unit.short_name}”" for unit in meant)
            raise CommandError(f"{name}: more than one commune is called so: {names}")
    raise CommandError(f"{name}: {above.full_name} has no such commune")
