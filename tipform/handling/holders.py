"""Which units hold a tip today: their officers read and write, and every later entry is sealed to them."""

from communes.models import Unit

from .. import vault
from ..keys import current_key, grants
from ..models import Tip, UnitKey


class NoLongerHeld(Exception):
    """Handed on or taken back in the meantime: nothing can be added to the tip from here."""


def holders(tip: Tip) -> list[Unit]:
    """The responsible unit and those that handle the tip jointly with it, in the order of their ids.

    One order for everybody, so that two acts that lock the same units never wait for each other.
    """
    return list(Unit.objects.filter(pk__in=tip.holdings.filter(until=None).values("unit")).order_by("pk"))


def readers(tip: Tip) -> str:
    """The holders as a form carries them, to notice that others would read than the page said."""
    return " ".join(str(unit.pk) for unit in holders(tip))


def can_read(unit: Unit) -> bool:
    """Whether somebody there could read today what is newly sealed to it: it works and has a key-holder."""
    return unit.active and grants.holders(unit).exists()


def reader_above(unit: Unit) -> Unit | None:
    """The unit above, if somebody there can read."""
    above = unit.parent
    return above if above and can_read(above) else None


def recipient_keys(units: list[Unit]) -> list[UnitKey]:
    """The current keys to seal to. Raises vault.VaultError when no unit has one any more."""
    keys = [key for unit in units if (key := current_key(unit))]
    if not keys:
        raise vault.VaultError("No unit of this tip has a key to seal to")
    return keys


def locked(tip: Tip) -> Tip:
    """The tip as it stands now, held until the transaction ends. Raises NoLongerHeld if it was taken back."""
    current = Tip.objects.select_for_update(no_key=True).select_related(None).get(pk=tip.pk)
    if current.status == Tip.Status.WITHDRAWN:
        raise NoLongerHeld
    return current
