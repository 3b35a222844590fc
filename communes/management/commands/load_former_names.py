"""Write down what communes were called before a merger, from a list that somebody has reviewed."""

import csv
import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import override

from communes.models import FormerName, Unit
from communes.models.former_names import note_former_name
from home.text import fold, one_line, same_key

from .open_communes import opened, supervising_unit

REQUIRED = ["old_name", "old_kind", "new_name", "new_kind", "since"]
OPTIONAL = ["old_district", "part", "source"]


class Command(BaseCommand):
    help = (
        "Write down former names of communes from a UTF-8 CSV file. "
        f"Columns: {', '.join(REQUIRED)} (2025-07-01); optional: {', '.join(OPTIONAL)}. "
        "A name that was split has a row for each commune that has a part of it. "
        "Says what it would do; writes only with --execute, and then the whole file or nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument(
            "--unit", default="", help="supervising unit above the communes, if there are several"
        )
        parser.add_argument("--execute", action="store_true", help="write; without it nothing is kept")

    def handle(self, *args: Any, **options: Any) -> None:
        unit, _home = supervising_unit(options["unit"])
        execute = options["execute"]
        with transaction.atomic(), override("en"):
            faults, new, there, same = load_former_names(options["file"], unit)
            transaction.set_rollback(bool(faults) or not execute)
        if faults:
            raise CommandError("\n".join([f"{options['file']}: nothing was written.", *faults]))
        verb = "written" if execute else "to write"
        self.stdout.write(f"{new} {verb}, {there} there already, {same} kept their name")
        if not execute:
            self.stdout.write("Nothing was written. Add --execute to do it.")


def load_former_names(path: Path, unit: Unit) -> tuple[list[str], int, int, int]:
    """Write the rows: what is wrong with some of them, and how many are new, were there, kept their name.

    The caller takes the writing back if something is wrong. Raises CommandError for another kind of file.
    """
    units = {(each.kind, each.name_key): each for each in Unit.objects.filter(parent=unit)}
    faults: list[str] = []
    new = there = same = 0
    rows = _rows(path)
    kept = _kept_names(cells for _line, cells in rows)
    for line, cells in rows:
        try:
            row = _former_name(cells, units, kept)
            if row is None:
                same += 1
            elif note_former_name(row):
                new += 1
            else:
                there += 1
        except ValidationError as error:
            faults.append(f"  line {line}: {' '.join(error.messages)}")
        except ValueError as error:
            faults.append(f"  line {line}: {error}")
    return faults, new, there, same


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with opened(path) as file:
            reader = csv.DictReader(file, strict=True)
            columns = reader.fieldnames or []
            if missing := [name for name in REQUIRED if name not in columns]:
                raise CommandError(f"{path}: missing columns: {', '.join(missing)}")
            return [
                (reader.line_num, {name: one_line(cells.get(name) or "") for name in [*REQUIRED, *OPTIONAL]})
                for cells in reader
            ]
    except csv.Error as error:
        raise CommandError(f"{path}: not CSV: {error}") from error


def _kept_names(rows: Iterable[dict[str, str]]) -> set[tuple[str, str]]:
    """The old names of the list that a commune still has, though others may have got a part of it."""
    return {
        (fold(cells["old_kind"]), same_key(cells["old_name"]))
        for cells in rows
        if (fold(cells["old_kind"]), same_key(cells["old_name"]))
        == (fold(cells["new_kind"]), same_key(cells["new_name"]))
    }


def _former_name(
    cells: dict[str, str], units: dict[Any, Unit], kept: set[tuple[str, str]]
) -> FormerName | None:
    """The row that says it; None of a commune that kept its name. Raises ValueError for what cannot be."""
    old_kind, new_kind = Unit.kind_called(cells["old_kind"]), Unit.kind_called(cells["new_kind"])
    old_name, new_name = Unit.plain_name(cells["old_name"]), Unit.plain_name(cells["new_name"])
    if (old_kind, same_key(old_name)) == (new_kind, same_key(new_name)):
        return None
    unit = units.get((new_kind, same_key(new_name)))
    if unit is None:
        raise ValueError(f"no commune is called “{cells['new_kind']} {new_name}”; open it first")
    before = units.get((old_kind, same_key(old_name)))
    stays = (fold(cells["old_kind"]), same_key(cells["old_name"])) in kept
    if before is not None and before.active and not stays:
        raise ValueError(f"{before.full_name} is in service; take it out of service with close_commune")
    return FormerName(
        unit=unit,
        kind=old_kind,
        name=old_name,
        district=cells["old_district"],
        until=datetime.date.fromisoformat(cells["since"]),
        part=cells["part"],
        source=cells["source"],
    )
