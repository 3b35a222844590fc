"""The key to seal to: the newest that the portal made and did not replace, of a unit whose row it wrote."""

from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery

from communes.models import Invitation, Membership, Unit
from communes.models.signed import Signed

from ..models import KeyGrant, RecoveryKey, RecoveryWrap, UnitKey
from .ring import is_genuine
from .signing import in_force, stands_with_key, unit_of_row


def current_key(unit: Unit) -> UnitKey | None:
    """The newest genuine key whose recovery code is in force; None if there is none to seal to.

    None as well where the unit's own row was altered, and where newer keys than this one are gone.
    """
    wraps = _in_force().filter(unit_key__unit=unit)
    key = next((wrap.unit_key for wrap in wraps if _are_genuine(wrap)), None)
    return key if key is not None and stands_with_key(key.unit, key) else None


def in_doubt(units: "Iterable[Unit] | QuerySet[Unit]") -> set[int]:
    """Ids of the units where somebody must look: a row that the portal did not write stands there.

    It may be the newest key (they seal to the last good one, or take nothing where there is none), the unit
    itself, a member of its staff, a grant or an open invitation. A handful of queries for all of them.
    """
    units = list(Unit.objects.filter(pk__in=[unit.pk for unit in units]).select_related("parent"))
    newest = _in_force().filter(unit_key__unit=OuterRef("unit_key__unit")).values("pk")[:1]
    wraps = _in_force().filter(pk=Subquery(newest), unit_key__unit__in=units)
    return {wrap.unit_key.unit_id for wrap in wraps if not _are_genuine(wrap)} | _with_foreign_rows(units)


def _with_foreign_rows(units: list[Unit]) -> set[int]:
    rows: list[Signed] = [
        *units,
        *Membership.objects.current().filter(unit__in=units).select_related("unit"),
        *Invitation.objects.valid().filter(unit__in=units).select_related("unit"),
        *KeyGrant.objects.filter(unit_key__unit__in=units, ended__isnull=True).select_related(
            "unit_key__unit", "officer_key"
        ),
    ]
    standing = {id(row) for row in in_force(rows)}
    return {unit_of_row(row).pk for row in rows if id(row) not in standing}


def _in_force() -> "QuerySet[RecoveryWrap]":
    """One row for each key whose recovery code was typed back, the newest first."""
    wraps = RecoveryWrap.objects.filter(recovery_key__confirmed__isnull=False)
    wraps = wraps.select_related("unit_key__unit__parent", "recovery_key__unit")
    return wraps.order_by("-unit_key__generation", "-pk")


def _are_genuine(wrap: RecoveryWrap) -> bool:
    return is_genuine(wrap.unit_key) and is_genuine(wrap.recovery_key)


def recovery_key(unit: Unit) -> RecoveryKey | None:
    """The recovery key in force: the newest genuine one of which part of the code was typed back."""
    keys = RecoveryKey.objects.filter(unit=unit, confirmed__isnull=False).select_related("unit")
    return next((key for key in keys.order_by("-generation") if is_genuine(key)), None)
