"""After a new generation: open tips are sealed to it, and their rows of the old generations go.

It takes the old private keys, so key-holders' sessions do it: a batch at each visit to the inbox.
It may stop anywhere and go on with whoever comes next.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from communes.models import Unit

from .. import vault
from ..keys.current import current_key
from ..keys.opening import generations
from ..keys.signing import is_signed, resign
from ..models import Holding, Part, PartKey, Tip, UnitKey
from .sealing import context_of, open_parts

BATCH = 1000  # parts, about a third of a second


def reseal(request: HttpRequest, unit: Unit, most: int = BATCH) -> int:
    """Re-seal up to `most` parts of open tips; how many are left. Raises as `generations` does."""
    key = current_key(unit)
    if key is None or key.settled:
        return 0
    keys = generations(request, unit)
    if key not in keys:
        return 0
    old: dict[int | None, bytes] = {
        other.pk: private for other, private in keys.items() if other.generation < key.generation
    }
    left = _to_do(old)
    if not left.exists():
        UnitKey.objects.filter(pk=key.pk).update(settled=timezone.now())
        return 0
    return left.count() if _move(left.order_by("pk")[:most], old, key) else 0


def _to_do(old: Mapping[int | None, bytes]) -> "QuerySet[PartKey]":
    rows = PartKey.objects.filter(unit_key__in=[pk for pk in old if pk])
    return rows.exclude(part__tip__status=Tip.Status.CLOSED)


@transaction.atomic
def _move(batch: "QuerySet[PartKey]", old: Mapping[int | None, bytes], key: UnitKey) -> int:
    fresh, done = [], []
    for row in _held(batch):
        context = context_of(row.part)
        try:
            part_key = vault.open_key(bytes(row.sealed_key), old[row.unit_key_id], context)
        except vault.OpenError:
            continue  # altered: it stays where its thread shows it as broken
        sealed = vault.seal_key(part_key, bytes(key.public_key), context)
        fresh.append(PartKey(part=row.part, unit_key=key, sealed_key=sealed))
        done.append(row.pk)
    # Two officers may come at the same moment; the first one's rows stand.
    PartKey.objects.bulk_create(fresh, ignore_conflicts=True)
    PartKey.objects.filter(pk__in=done).delete()
    return len(done)


def _held(batch: "QuerySet[PartKey]") -> "QuerySet[PartKey]":
    """The rows that are still there once their tips are locked until the transaction ends.

    A reporter who takes his tip back locks it, too: no key of his comes back after he erased them.
    """
    chosen = dict(batch.values_list("pk", "part__tip"))
    list(Tip.objects.select_for_update(no_key=True).filter(pk__in=set(chosen.values())).order_by("pk"))
    return PartKey.objects.filter(pk__in=chosen).select_related("part__tip")


def resign_holdings(unit: Unit, keys: Mapping[UnitKey, bytes]) -> None:
    """After a lost keyring: sign the unit's holdings of tips that its recovered `keys` open, and no others.

    A holding that somebody else wrote has no key sealed to the unit that opens anything.
    """
    by_id: dict[int | None, bytes] = {key.pk: private for key, private in keys.items()}
    headers = Part.objects.filter(label=Part.Label.HEADER).prefetch_related("keys")
    held = Holding.objects.filter(unit=unit, until=None).select_related("tip", "unit")
    held = held.prefetch_related(Prefetch("tip__parts", queryset=headers, to_attr="headers"))
    for holding in held.order_by("pk").iterator(chunk_size=500):
        tip: Any = holding.tip
        try:
            opened = open_parts(tip, by_id, tip.headers)
        except vault.OpenError:
            continue
        if opened and not is_signed(holding):
            resign(holding, foreign=True)
