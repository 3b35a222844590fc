"""Rows that decide to whom something is sealed, and that this portal's keyring does not verify."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import QuerySet

from communes.models import Membership, Unit
from communes.models.signed import Signed
from tipform.audit import resume
from tipform.keys.signing import SIGNED, is_signed, resign

RELATED = {
    "communes.unit": ("parent",),
    "communes.membership": ("user", "unit"),
    "communes.invitation": ("unit",),
    "tipform.holding": ("tip", "unit"),
    "tipform.keygrant": ("unit_key__unit", "officer_key__user"),
}


def rows_of(model: type[Signed]) -> "QuerySet[Any]":
    rows: QuerySet[Any] = model._default_manager.order_by("pk")
    return rows.select_related(*RELATED[model._meta.label_lower])


class Command(BaseCommand):
    help = (
        "List rows about staff, units, keys and holdings that this portal did not write. With --first, sign "
        "a database that has no signatures yet; with --unit and --person, confirm staff after the keyring "
        "was lost."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--first", action="store_true", help="sign all rows; only where none has a MAC yet"
        )
        parser.add_argument("--unit", help="uuid of the unit whose row and named staff are confirmed")
        parser.add_argument("--person", action="append", default=[], help="account name; may be repeated")
        parser.add_argument("--execute", action="store_true", help="do it; without this it is only listed")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["first"] and options["unit"]:
            raise CommandError("--first and --unit exclude each other")
        if options["person"] and not options["unit"]:
            raise CommandError("--person needs --unit")
        if options["first"]:
            self._sign(self._all(), options["execute"])
        elif options["unit"]:
            unit = self._unit(options["unit"])
            self._sign(self._named(unit, options["person"]), options["execute"])
            if options["execute"] and resume(unit):
                self.stdout.write(f"audit log of {unit.full_name}: goes on from here")
        else:
            self._list()

    def _list(self) -> None:
        found = 0
        for model in SIGNED:
            for row in rows_of(model).iterator(chunk_size=500):
                if not is_signed(row):
                    found += 1
                    self.stdout.write(self._line(row))
        if found:
            raise CommandError(f"{found} rows were not written by this portal, or under another keyring")
        self.stdout.write("every row was written by this portal")

    def _all(self) -> list[Any]:
        if any(model._default_manager.exclude(mac=b"").exists() for model in SIGNED):
            raise CommandError(
                "Some rows have a MAC: this is not the first signing. After a lost keyring name the staff "
                "with --unit and --person; a single row without a MAC was written by somebody else."
            )
        return [row for model in SIGNED for row in rows_of(model)]

    def _unit(self, text: str) -> Unit:
        try:
            return rows_of(Unit).get(uuid=UUID(text))
        except (ValueError, Unit.DoesNotExist):
            raise CommandError(f"--unit {text}: no unit has this uuid") from None

    def _named(self, unit: Unit, names: list[str]) -> list[Any]:
        rows: list[Any] = [unit] if not is_signed(unit) else []
        for name in names:
            works = rows_of(Membership).filter(unit=unit, user__username=name)
            here = list(works.current())  # type: ignore[attr-defined]
            if not here:
                raise CommandError(f"--person {name}: does not work for {unit.full_name}")
            rows += [row for row in here if not is_signed(row)]
        return rows

    @transaction.atomic
    def _sign(self, rows: Iterable[Any], execute: bool) -> None:
        for row in rows:
            if execute:
                resign(row, foreign=True)
            self.stdout.write(f"{'signed' if execute else 'would sign'} {self._line(row)}")
        if not execute:
            self.stdout.write("nothing was written: read the list, then add --execute")

    def _line(self, row: Any) -> str:
        if isinstance(row, Unit):
            service = "in service" if row.active else "out of service"
            return f"unit {row.uuid}: {row.qualified_name}, {service}"
        if isinstance(row, Membership):
            who = f"{row.user.username} ({row.user})"
            return f"membership {row.pk}: {who}, {row.role}, {row.unit.qualified_name}"
        return f"{row._meta.model_name} {row.pk}: {row}"
