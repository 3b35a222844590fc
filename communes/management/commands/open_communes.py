"""Open the communes of a list, all or none, and invite their staff. Makes no key and no account."""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import override
from wagtail.models import Locale

from communes.lifecycle.opening import Report, open_commune
from communes.models import CommunePage, Membership, Unit
from communes.staff.files import refuse_existing, write_slips
from communes.staff.invitations import Slip, invite_missing
from home.models import RESERVED_SLUGS, HomePage
from home.old_encodings import readable
from home.phones import written
from home.text import fold, one_line, plain_slug, proper_name, same_key

REQUIRED = ["name", "kind", "phone"]
OPTIONAL = ["slug", "address", "intro", "scene"]
# Names of people to invite, separated by ";".
STAFF = {"editors": Membership.Role.EDITOR, "officers": Membership.Role.OFFICER}
# Where no “?” stands between letters unless a letter was lost.
SPOKEN = ["name", "kind", "address", *STAFF]
_LOST = re.compile(r"\w?\?\w|\w\?|\ufffd")


@dataclass
class Row:
    """One line of the list, with its kind as the database writes it, and what is wrong with it."""

    line: int
    cells: dict[str, str]
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Command(BaseCommand):
    help = (
        "Open the communes of a UTF-8 CSV file, or complete what is missing of those that are open. "
        f"Columns: {', '.join(REQUIRED)}; optional: {', '.join(OPTIONAL)}; "
        f"with --slips also {', '.join(STAFF)}: names separated by “;”. "
        "Says what it would do; writes only with --execute, and then the whole file or nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument(
            "--unit", default="", help="supervising unit above the communes, if there are several"
        )
        parser.add_argument("--reopen", action="store_true", help="also those that were taken out of service")
        parser.add_argument(
            "--slips", type=Path, metavar="FILE.html", help="new file for the invitations' slips, to print"
        )
        parser.add_argument("--execute", action="store_true", help="write; without it nothing is kept")

    def handle(self, *args: Any, **options: Any) -> None:
        path, execute, slips_path = options["file"], options["execute"], options["slips"]
        unit, home = supervising_unit(options["unit"])
        rows = list(read_rows(path, with_staff=slips_path is not None))
        if slips_path is not None:
            refuse_existing(slips_path)
        if not rows:
            raise CommandError(f"{path}: no communes below the line of columns")
        check(rows, unit, home, reopen=options["reopen"])
        if bad := [row for row in rows if row.faults]:
            lines = [f"  line {row.line}: {'; '.join(row.faults)}" for row in bad]
            raise CommandError(
                "\n".join([f"{path}: {len(bad)} of {len(rows)} rows are bad; nothing was written.", *lines])
            )
        with transaction.atomic():
            reports = [_open(row, unit) for row in rows]
            slips = [slip for row, report in zip(rows, reports, strict=True) for slip in _invite(row, report)]
            if execute and slips:
                # Before the end of the transaction: slips that cannot be written are not made.
                write_slips(slips_path, slips)
            # The dry run is the real thing, taken back at the end.
            transaction.set_rollback(not execute)
        self._print(rows, reports, execute)
        if execute and slips:
            self.stdout.write(f"{len(slips)} slips to print: {slips_path}. Delete the file afterwards.")

    def _print(self, rows: list[Row], reports: list[Report], execute: bool) -> None:
        opened = completed = 0
        for row, report in zip(rows, reports, strict=True):
            made = [line for line in report.lines if line.startswith("made ")]
            new = f"made {report.unit.full_name}" in made
            opened += new
            completed += bool(made) and not new
            self.stdout.write(report.unit.full_name)
            for note in row.notes:
                self.stdout.write(f"  line {row.line}: {note}")
            for line in report.lines:
                self.stdout.write(f"  {line}" if execute else f"  {line.replace('made ', 'would make ', 1)}")
        counts = [f"{opened} {'opened' if execute else 'to open'}"]
        if completed:
            counts.append(f"{completed} {'completed' if execute else 'to complete'}")
        counts.append(f"{len(reports) - opened - completed} there already")
        noun = "commune" if len(reports) == 1 else "communes"
        self.stdout.write(f"{len(reports)} {noun}: {', '.join(counts)}")
        if not execute:
            self.stdout.write("Nothing was written. Add --execute to do it.")


def supervising_unit(name: str) -> tuple[Unit, HomePage]:
    """The unit that opens communes, and its home page. `name` is needed only where there are several.

    Capitals and marks need not be typed. Raises CommandError when no unit or more than one is meant.
    """
    homes = {home.translation_key: home for home in HomePage.objects.filter(locale=Locale.get_default())}
    units = Unit.objects.supervising().filter(active=True, page_key__in=homes)
    units = units.order_by(*Unit.IN_ORDER)
    if not units:
        raise CommandError("There is no supervising unit yet. First run: manage.py open_unit")
    meant = list(units)
    if name:
        wanted = one_line(name)
        meant = [unit for unit in units if wanted in _names(unit)]
        # "Hà" and "Hạ" fold to the same letters: the exact name goes first.
        meant = meant or [unit for unit in units if fold(wanted) in map(fold, _names(unit))]
    if len(meant) != 1:
        known = ", ".join(f"“{unit.short_name}”" for unit in meant or units)
        raise CommandError(
            f"--unit {name}: {'more than one unit is' if meant else 'no unit is'} called so: {known}"
            if name
            else f"There are several supervising units. Choose one with --unit: {known}"
        )
    return meant[0], homes[meant[0].page_key]


def _names(unit: Unit) -> list[str]:
    return [unit.name, unit.short_name, unit.full_name]


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """A CSV file to be read. Raises CommandError when it cannot be, or is not UTF-8."""
    try:
        # Excel begins its UTF-8 with a byte order mark.
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path}: not UTF-8 (in Excel: save as “CSV UTF-8”)") from error


def read_rows(path: Path, with_staff: bool) -> Iterator[Row]:
    """The rows that are not empty. Raises CommandError when the file is no list of communes."""
    with opened(path) as file:
        reader = csv.reader(file, strict=True)
        try:
            columns = [one_line(cell).lower() for cell in next(reader, [])]
            _check_columns(path, columns, with_staff)
            line = reader.line_num + 1
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    row = Row(line, dict.fromkeys([*REQUIRED, *OPTIONAL, *STAFF], ""))
                    for name, cell in zip(columns, cells, strict=False):
                        row.faults += _spoilt(name, cell)
                        row.cells[name] = one_line(cell)
                    if len(cells) > len(columns):
                        row.faults.append(
                            "more cells than columns (a comma in a text needs quotes around it)"
                        )
                    yield row
                # A quoted text may have several lines: a row is named by its first.
                line = reader.line_num + 1
        except csv.Error as error:
            raise CommandError(f"{path}, line {reader.line_num}: not CSV: {error}") from error


def _check_columns(path: Path, columns: list[str], with_staff: bool) -> None:
    if not any(columns):
        raise CommandError(f"{path}: the file is empty")
    if not with_staff and (staff := [name for name in STAFF if name in columns]):
        raise CommandError(f"{path}: the column “{staff[0]}” invites people: say with --slips where to")
    known = [*REQUIRED, *OPTIONAL, *(STAFF if with_staff else [])]
    missing = [name for name in REQUIRED if name not in columns]
    unknown = [name for name in columns if name not in known]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    faults = [
        f"{what}: {', '.join(f'“{name}”' for name in names)}"
        for what, names in (("missing", missing), ("unknown", unknown), ("twice", twice))
        if names
    ]
    if faults:
        expected = f"{', '.join(REQUIRED)} and, if you like, {', '.join(OPTIONAL)}, separated by commas"
        raise CommandError(f"{path}: wrong columns ({'; '.join(faults)}). They are: {expected}")


def check(rows: list[Row], parent: Unit, home: HomePage, *, reopen: bool = False) -> None:
    """Write into each row what is wrong with it, and complete its kind and slug."""
    units = {(unit.kind, unit.name_key): unit for unit in Unit.objects.filter(parent=parent)}
    children = {page.slug: page for page in home.get_children().specific()}
    addresses = {page.translation_key: slug for slug, page in children.items()}
    first_lines: dict[Any, int] = {}
    for row in rows:
        cells, faults = row.cells, row.faults
        faults += [f"no {name}" for name in REQUIRED if not cells[name]]
        faults += _kind_faults(cells)
        _read_plainly(row)
        faults += _field_faults(cells)
        unit = units.get((cells["kind"], same_key(cells["name"])))
        if unit is not None and not unit.active and not reopen:
            faults.append(f"{unit.full_name} is out of service (--reopen brings it back)")
        faults += _staff_faults(cells)
        open_at = addresses.get(unit.page_key) if unit is not None else None
        cells["slug"] = slug = cells["slug"] or open_at or plain_slug(cells["name"])
        if slug or cells["name"]:
            faults += _slug_faults(slug, open_at, children)
        for what, key in (
            ("the commune", (cells["kind"], same_key(cells["name"]))),
            (f"slug “{slug}”", slug),
        ):
            if cells["name"] and (first := first_lines.setdefault(key, row.line)) != row.line:
                faults.append(f"{what} is on line {first} already")
                break


def _spoilt(column: str, cell: str) -> list[str]:
    """What an earlier program has made of letters that it could not hold."""
    with override("en"):
        try:
            readable(cell)
        except ValidationError as error:
            return [f"{column}: {' '.join(error.messages)}"]
    if column in SPOKEN and (lost := _LOST.search(cell)):
        return [f"{column} “{one_line(cell)[:40]}”: a letter is lost at “{lost[0]}”"]
    return []


def _read_plainly(row: Row) -> None:
    """Name without its kind and phone in groups, with a note of what was read otherwise than it stands."""
    name = row.cells["name"]
    row.cells["name"] = Unit.plain_name(name)
    if row.cells["name"] != name:
        row.notes.append(f"“{name}” is read as the name “{row.cells['name']}”")
    phone = row.cells["phone"]
    with suppress(ValidationError):
        row.cells["phone"] = written(phone)
    if row.cells["phone"] != phone:
        row.notes.append(f"“{phone}” is read as the phone {row.cells['phone']}")


def _name_faults(column: str, name: str) -> list[str]:
    if len(name) > 150:
        return [f"the name “{name[:40]}” in {column} is longer than 150 characters"]
    with override("en"):
        try:
            proper_name(name)
        except ValidationError as error:
            return [f"{column} “{name[:40]}”: {' '.join(error.messages)}"]
    return []


def _staff_faults(cells: dict[str, str]) -> list[str]:
    names = [(column, name) for column in STAFF for name in _names_in(cells[column])]
    return [fault for column, name in names for fault in _name_faults(column, name)]


def _slug_faults(slug: str, open_at: str | None, children: dict[str, Any]) -> list[str]:
    """What is wrong with the address. The commune stands at `open_at` already; `children` by address."""
    if open_at and slug != open_at:
        return [f"it is open at “{open_at}”, and the list does not move it to “{slug}”"]
    if not slug:
        return ["the name gives no slug: fill in the column"]
    if slug != plain_slug(slug):
        return [f"slug “{slug}” is not plain: “{plain_slug(slug)}” would be"]
    if slug in RESERVED_SLUGS:
        return [f"slug “{slug}” is used by the portal itself"]
    if slug in children and not open_at:
        return [f"address “{slug}” is taken by “{children[slug].title}”"]
    return []


def _kind_faults(cells: dict[str, str]) -> list[str]:
    """What is wrong with the kind; without a fault it becomes the value that the database holds."""
    if not cells["kind"]:
        return []
    choices = ", ".join(kind.label for kind in Unit.COMMUNE_KINDS)
    try:
        kind = Unit.kind_called(cells["kind"])
    except ValueError:
        return [f"unknown kind “{cells['kind']}” ({choices})"]
    if kind in Unit.SUPERVISING_KINDS:
        return [f"kind “{cells['kind']}” is a supervising unit's, not a commune's ({choices})"]
    cells["kind"] = kind
    return []


def _field_faults(cells: dict[str, str]) -> list[str]:
    """What the models themselves refuse, in English like all that a command says."""
    names = {"duty_phone": "phone", "address": "address", "intro": "intro"}
    page = CommunePage(**{name: cells[column] for name, column in names.items()})
    faults = []
    with override("en"):
        for model, columns in ((Unit(name=cells["name"]), {"name": "name"}), (page, names)):
            # An empty cell has been named already, or may be empty.
            filled = {name for name, column in columns.items() if cells[column]}
            try:
                model.clean_fields(exclude={item.name for item in model._meta.fields} - filled)
            except ValidationError as error:
                for name, messages in error.message_dict.items():
                    faults.append(f"{columns[name]} “{cells[columns[name]][:40]}”: {' '.join(messages)}")
    scenes = dict(CommunePage._meta.get_field("scene").choices)
    if cells["scene"] and cells["scene"] not in scenes:
        faults.append(f"unknown scene “{cells['scene']}” ({', '.join(scenes)})")
    return faults


def _names_in(cell: str) -> list[str]:
    return [name for part in cell.split(";") if (name := one_line(part))]


def _invite(row: Row, report: Report) -> list[Slip]:
    """Invite the people of the row who are not there and not invited yet; the report says who is what."""
    roles: dict[str, list[str]] = {}
    for column, role in STAFF.items():
        for name in _names_in(row.cells[column]):
            roles.setdefault(name, []).append(role)
    return invite_missing(report.unit, roles, report)


def _open(row: Row, parent: Unit) -> Report:
    values = {name: value for name, value in row.cells.items() if value and name not in STAFF}
    try:
        return open_commune(parent=parent, **values)
    except (ValueError, ValidationError) as error:
        raise CommandError(f"line {row.line}: {error}; nothing was written") from error
