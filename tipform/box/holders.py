"""Which units hold a tip today: their officers read and write, and every later entry is sealed to them."""

from communes.models import Unit

from .. import vault
from ..keys import current_key, grants
from ..keys.signing import in_force, stands
from ..models import Tip, UnitKey


class NoLongerHeld(Exception):
    """Handed on or taken back in the meantime: nothing can be added to the tip from here."""


def holders(tip: Tip) -> list[Unit]:
    """The responsible unit and those that handle the tip jointly with it, in the order of their ids.

    One order for everybody, so that two acts that lock the same units never wait for each other. A holding
    that the portal did not write makes no holder.
    """
    rows = tip.holdings.filter(until=None).select_related("tip", "unit").order_by("unit")
    return [holding.unit for holding in in_force(rows)]


def readers(tip: Tip) -> str:
    """The holders as a form carries them, to notice that others would read than the page said."""
    return " ".join(str(unit.pk) for unit in holders(tip))


def can_read(unit: Unit) -> bool:
    """Whether somebody there could read at this moment what is newly sealed to it."""
    return bool(grants.key_holders(unit))


def reader_above(unit: Unit) -> Unit | None:
    """The unit above, as the portal itself wrote it down, if somebody there can read."""
    fresh = Unit.objects.select_related("parent__parent").get(pk=unit.pk)
    above = fresh.parent
    return above if above and stands(fresh) and can_read(above) else None


def recipient_keys(units: list[Unit]) -> list[UnitKey]:
    """The keys to seal to: of each unit in service the one that its officers of this moment hold.

    A unit that has no officer just now still gets what belongs to a tip it holds: its recovery code opens it.
    Raises vault.VaultError when no unit has a key any more.
    """
    keys = [key for unit in units if unit.active and (key := grants.sealing_key(unit) or current_key(unit))]
    if not keys:
        raise vault.VaultError("No unit of this tip has a key to seal to")
    return keys


def locked(tip: Tip) -> Tip:
    """The tip as it stands now, held until the transaction ends. Raises NoLongerHeld if it was taken back."""
    current = Tip.objects.select_for_update(no_key=True).select_related(None).get(pk=tip.pk)
    if current.status == Tip.Status.WITHDRAWN:
        raise NoLongerHeld
    return current
