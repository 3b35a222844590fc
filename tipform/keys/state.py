"""How it stands with a unit's key, in a few queries: for its officers, and in numbers for the unit above."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from communes.models import Unit

from .. import vault
from ..models import KeyGrant, OfficerKey, RecoveryKey, RecoveryWrap, UnitKey
from .births import has_past
from .current import current_key, in_doubt, recovery_key
from .grants import standing, usable, without_grant

# With fewer key-holders a forgotten password is one away from the safe.
ENOUGH = 2


@dataclass
class Waiting:
    key: OfficerKey
    fingerprint: str
    # The one by which a colleague grants him the key; the screen sets it.
    form: Any = field(default=None, repr=False)


@dataclass(frozen=True)
class Holder:
    grant: KeyGrant
    fingerprint: str


@dataclass
class KeyState:
    """The key of one unit as one of its officers sees it."""

    unit: Unit
    key: UnitKey | None
    fingerprint: str
    holders: list[Holder]
    waiting: list[Waiting]
    # He holds the present key himself.
    mine: bool
    # There was a key before, which nobody can verify or open today.
    lost: bool
    # There is a newer key, or a row about the unit or its staff, that the portal did not write.
    in_doubt: bool
    code_used: bool

    @property
    def too_few(self) -> bool:
        """Said to whoever can mend it: who only waits for the key himself has no use for it."""
        return self.key is not None and len(self.holders) < ENOUGH and (self.mine or not self.holders)


def key_states(user: Any, units: Iterable[Unit]) -> list[KeyState]:
    """Of an officer's own units, of which there are few."""
    units = list(units)
    doubted = in_doubt(units)
    return [_key_state(user, unit, unit.pk in doubted) for unit in units]


def _key_state(user: Any, unit: Unit, doubted: bool) -> KeyState:
    key, recovery = current_key(unit), recovery_key(unit)
    grants, workers = standing(unit, key) if key else ([], set())
    held = usable(grants, workers)
    return KeyState(
        unit=unit,
        key=key,
        fingerprint=_digits(key) if key else "",
        holders=[Holder(grant, _digits(grant.officer_key)) for grant in held],
        waiting=[Waiting(one, _digits(one)) for one in without_grant(grants, workers)],
        mine=any(grant.officer_key.user_id == user.pk for grant in held),
        lost=key is None and has_past(unit),
        in_doubt=doubted,
        code_used=recovery is not None and recovery.used is not None,
    )


def _digits(key: UnitKey | OfficerKey) -> str:
    return vault.fingerprint(bytes(key.public_key))


def with_key_holders(units: "QuerySet[Unit]") -> Any:
    """Annotate `box_open` and `key_holders`, the number of key-holders, for lists of whatever length."""
    confirmed = RecoveryKey.objects.filter(unit=OuterRef("pk"), confirmed__isnull=False)
    newest = (
        RecoveryWrap.objects.filter(
            unit_key__unit=OuterRef("unit_key__unit"), recovery_key__confirmed__isnull=False
        )
        .order_by("-unit_key__generation")
        .values("unit_key")[:1]
    )
    held = (
        KeyGrant.objects.held()
        .filter(unit_key__unit=OuterRef("pk"), unit_key=Subquery(newest))
        .order_by()
        .values("unit_key__unit")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return units.annotate(box_open=Exists(confirmed), key_holders=Coalesce(Subquery(held), 0))
