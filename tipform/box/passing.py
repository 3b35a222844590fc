"""From one unit to the next: an officer hands a tip on or shares it, its reporter sends it up.

All of it happens in one transaction, or nothing: keys, responsibility, the words, and both audit logs.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from communes.models import Unit

from .. import audit
from ..keys.signing import stands
from ..models import AuditEntry, Holding, Part, Tip
from .entries import digest_of, entry_content, entry_uuid
from .holders import NoLongerHeld, holders, locked, reader_above, recipient_keys
from .reporter import Reporter
from .sealing import Keys, hand_over, seal_part

Action = AuditEntry.Action


def was_sent_up(reporter: Reporter, text: str, nonce: str, *, identity: bool) -> bool:
    """Whether this form (`nonce`) has sent the tip up with this text and this choice already."""
    return Part.objects.filter(uuid=_up_uuid(reporter.tip, text, nonce, identity)).exists()


def _up_uuid(tip: Tip, text: str, nonce: str, identity: bool) -> UUID:
    return entry_uuid(tip, "reporter", nonce, text, "with identity" if identity else "without identity")


def handing_uuid(tip: Tip, nonce: str, *, to: Unit, joint: bool, reason: str, tell_reporter: bool) -> UUID:
    """The part with the reason that a form with this nonce writes when it says this, whatever the clicks."""
    said = (str(to.uuid), "joint" if joint else "", reason, "told" if tell_reporter else "")
    return uuid5(tip.uuid, f"handing:{digest_of(nonce, *said)}")


@transaction.atomic
def hand_on(
    tip: Tip,
    keys: Keys,
    *,
    by: Unit,
    to: Unit,
    joint: bool,
    parts: Collection[UUID],
    reason: str,
    tell_reporter: bool,
    nonce: str,
    actor: Any,
) -> bool:
    """Let `to` take the tip over from `by`, or handle it jointly; False for a second click.

    That is one which says the same under the same `nonce`; another reason or unit is another act.
    `keys` open the chosen `parts` and the header, which always goes along. The reason is sealed to all that
    hold the tip now or did until now, and to the reporter only if he is to be told. Raises NoLongerHeld when
    `by` is not responsible any more, vault.VaultError when the receiver has no key or a part does not open.
    """
    uuid = handing_uuid(tip, nonce, to=to, joint=joint, reason=reason, tell_reporter=tell_reporter)
    held = locked(tip)
    if Part.objects.filter(uuid=uuid).exists():
        return False
    if held.unit_id != by.pk:
        raise NoLongerHeld
    units = {*holders(held), to}
    _lock({by, *units})
    _open_to(held, keys, Q(label=Part.Label.HEADER) | Q(uuid__in=parts), to)
    if joint:
        hold(held, to)
    else:
        _end([by], held)
        _make_new_for(held, to)
    content = entry_content("officer", reason, by, to=str(to.uuid), joint=joint)
    recipients = recipient_keys(sorted(units, key=lambda unit: unit.pk))
    seal_part(held, Part.Label.ENTRY, content, recipients, uuid=uuid, reporter=tell_reporter)
    here, there = (Action.SHARED, Action.JOINED) if joint else (Action.HANDED_ON, Action.TAKEN_OVER)
    acts = {by: here, to: there}
    for unit in sorted(acts, key=lambda unit: unit.pk):
        other = to if unit == by else by
        audit.record(held, acts[unit], actor=actor, detail=str(other.uuid), unit=unit)
    return True


@transaction.atomic
def send_up(reporter: Reporter, above: Unit, text: str, nonce: str, *, identity: bool) -> bool:
    """Let the unit above take the tip over with everything its reporter can open; False for a second click.

    Whoever held it until now keeps what was sealed to it and gets nothing more: not these words, not later
    ones. Name and number go along only with `identity`. Raises NoLongerHeld when `above` is not, or not any
    more, above the unit responsible, or nobody there can read.
    """
    held = locked(reporter.tip)
    if was_sent_up(reporter, text, nonce, identity=identity):
        return False
    if reader_above(held.unit) != above:
        raise NoLongerHeld
    before, last = [unit for unit in holders(held) if unit != above], held.unit
    _lock({*before, above})
    chosen = Q() if identity else ~Q(label=Part.Label.IDENTITY)
    _open_to(held, {None: reporter.private_key}, chosen, above)
    _end(before, held)
    _make_new_for(held, above)
    uuid = _up_uuid(held, text, nonce, identity)
    content = entry_content("reporter", text, None)
    seal_part(held, Part.Label.ENTRY, content, recipient_keys([above]), uuid=uuid)
    for unit in sorted([*before, above], key=lambda unit: unit.pk):
        action, other = (Action.TAKEN_OVER, last) if unit == above else (Action.HANDED_ON, above)
        audit.record(held, action, detail=str(other.uuid), unit=unit)
    return True


def _open_to(tip: Tip, keys: Keys, chosen: Q, unit: Unit) -> None:
    [unit_key] = recipient_keys([unit])
    hand_over(tip, keys, tip.parts.filter(chosen).prefetch_related("keys"), unit_key)


def _lock(units: "set[Unit]") -> None:
    """In the order of their ids, before anything is noted in their logs, so that no two acts deadlock."""
    rows = Unit.objects.select_for_update(no_key=True).filter(pk__in=[unit.pk for unit in units])
    list(rows.order_by("pk"))


def _end(units: list[Unit], tip: Tip) -> None:
    for holding in tip.holdings.filter(unit__in=units, until=None).order_by("unit"):
        holding.until = timezone.localdate()
        holding.save()


def hold(tip: Tip, unit: Unit) -> None:
    """`unit` holds the tip from now on. A row that somebody else wrote makes room for ours."""
    there = Holding.objects.filter(tip=tip, unit=unit).select_related("tip", "unit").first()
    if there is not None and not stands(there):
        there.delete()
        there = None
    holding = there or Holding(tip=tip, unit=unit)
    holding.until = None
    holding.save()


def _make_new_for(tip: Tip, unit: Unit) -> None:
    """`unit` is responsible from now on, and to its officers the tip is new."""
    hold(tip, unit)
    tip.unit, tip.status, tip.outcome = unit, Tip.Status.NEW, ""
    tip.save(update_fields=["unit", "status", "outcome"])
