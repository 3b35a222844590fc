"""The recovery code: a unit's key is born with it, and opened by it when nobody else can.

The code itself is stored nowhere; until part of it was typed back it waits encrypted in the session of the
officer to whom it is shown.
"""

from datetime import timedelta
from secrets import SystemRandom
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from communes.models import Membership, Unit

from .. import audit, vault
from ..models import AuditEntry, KeyNotice, RecoveryKey, RecoveryWrap, UnitKey
from . import session
from .current import current_key, recovery_key
from .grants import discard_unconfirmed, give_all, key_holders, new_generation, retire_replaced, wrap
from .opening import KeyLocked, generations, grant_context
from .ring import is_genuine, sign
from .signing import is_retired, retire

Action = AuditEntry.Action

SEED = "recovery"
# How long a colleague's unfinished birth is left alone.
BEING_BORN = timedelta(minutes=30)


class CannotBegin(Exception):
    """A colleague is at it, or, where `colleague` is None, the unit has key-holders who must do it."""

    def __init__(self, colleague: Any = None) -> None:
        super().__init__()
        self.colleague = colleague


def in_progress(unit: Unit) -> RecoveryKey | None:
    """The recovery key whose code somebody has not typed back yet."""
    unfinished = RecoveryKey.objects.filter(unit=unit, confirmed__isnull=True).select_related(
        "made_by", "unit"
    )
    return unfinished.order_by("-generation").first()


@transaction.atomic
def begin(request: HttpRequest, unit: Unit, *, anew: bool = False) -> None:
    """Make a new recovery code and generation: the unit's first, or in place of the present ones.

    Nothing changes for anybody until `confirm`. An unfinished beginning is thrown away. `anew` says that keys
    of before, which nobody can open any more, are given up. Raises KeyLocked, PermissionDenied, CannotBegin.
    """
    Unit.objects.select_for_update().get(pk=unit.pk)
    opened = session.get(request)
    if opened is None:
        raise KeyLocked
    unfinished = in_progress(unit)
    if unfinished and unfinished.made_by != request.user and _is_fresh(unfinished):
        raise CannotBegin(unfinished.made_by)
    discard_unconfirmed(unit)
    keys, present = generations(request, unit), current_key(unit)
    if present not in keys and key_holders(unit):
        raise CannotBegin
    if not keys and has_past(unit):
        if not anew:
            raise CannotBegin
        audit.record_of_unit(unit, Action.KEY_BORN, actor=request.user, detail="anew")
        tell(unit, KeyNotice.What.STARTED_ANEW, request.user)
    staying = [grant.officer_key for grant in key_holders(unit)]
    officer_keys = {key.pk: key for key in [opened[0], *staying]}
    code, to = make_recovery_key(unit, request.user)
    new_generation(unit, to, officer_keys.values(), request.user)
    for key, private in keys.items():
        wrap(key, private, to)
    session.keep(request, SEED, code.seed)


def is_lost(unit: Unit) -> bool:
    """Whether today's keyring knows none of the unit's keys: the environment was lost."""
    return not any(is_genuine(one) for one in UnitKey.objects.filter(unit=unit).select_related("unit"))


def has_past(unit: Unit) -> bool:
    """Whether the unit ever had a key in force, genuine today or not."""
    return RecoveryKey.objects.filter(unit=unit, confirmed__isnull=False).exists()


def make_recovery_key(unit: Unit, by: Any) -> tuple[vault.RecoveryCode, RecoveryKey]:
    """A new code and its public half, not in force yet."""
    code = vault.RecoveryCode.generate()
    last = RecoveryKey.objects.filter(unit=unit).order_by("-generation").first()
    key = RecoveryKey(
        unit=unit,
        generation=last.generation + 1 if last else 1,
        public_key=code.pair().public,
        made_by=by,
    )
    sign(key)
    key.save(force_insert=True)
    return code, key


def code_of(request: HttpRequest, unit: Unit) -> vault.RecoveryCode | None:
    """The code that this officer has not typed back yet; None in every other session."""
    seed, unfinished = session.kept(request, SEED), in_progress(unit)
    if seed is None or unfinished is None or unfinished.made_by_id != request.user.pk:
        return None
    code = vault.RecoveryCode(seed)
    return code if code.pair().public == bytes(unfinished.public_key) else None


def asked_groups() -> list[int]:
    """Two groups of the code, counted from 1, in order; the checksum is asked for besides."""
    return sorted(SystemRandom().sample(range(1, vault.RecoveryCode.GROUPS + 1), 2))


@transaction.atomic
def confirm(request: HttpRequest, unit: Unit) -> None:
    """The code is on paper: what `begin` made comes into force. Raises CannotBegin when it is gone."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    unfinished = in_progress(unit)
    if unfinished is None or code_of(request, unit) is None:
        raise CannotBegin
    first = recovery_key(unit) is None
    put_in_force(unfinished)
    session.drop(request, SEED)
    audit.record_of_unit(unit, Action.KEY_BORN if first else Action.RECOVERY_REPLACED, actor=request.user)


def put_in_force(key: RecoveryKey) -> None:
    """From now on the key counts, and what the earlier codes opened opens with this one only."""
    key.confirmed = timezone.now()
    sign(key)
    key.save(update_fields=["confirmed", "keyring_id", "mac"])
    replaced = RecoveryKey.objects.filter(unit=key.unit, generation__lt=key.generation)
    last = replaced.filter(confirmed__isnull=False).order_by("-generation").first()
    if last is not None:
        retire(last)
    retire_replaced(key.wraps.latest("unit_key__generation").unit_key)
    RecoveryWrap.objects.filter(
        Exists(RecoveryWrap.objects.filter(unit_key=OuterRef("unit_key"), recovery_key=key)),
        unit_key__unit=key.unit,
    ).exclude(recovery_key=key).delete()


@sensitive_variables()
@transaction.atomic
def recover(request: HttpRequest, unit: Unit, code: vault.RecoveryCode) -> bool:
    """Give the officer who has the code every generation it opens, tell the others, and say if it opened any.

    It also re-signs keys of a unit that today's keyring knows none of: the environment was lost, and
    the code proves what the MACs no longer can. None of them becomes the one to seal to again.
    """
    opened = session.get(request)
    if opened is None:
        raise KeyLocked
    Unit.objects.select_for_update().get(pk=unit.pk)
    pair = code.pair()
    key = RecoveryKey.objects.filter(unit=unit, confirmed__isnull=False, public_key=pair.public).last()
    keys = _opened_by(key, pair.private) if key else {}
    if key is None or not keys or is_retired(key):
        return False
    if is_lost(unit):
        for unit_key in keys:
            sign(unit_key)
            unit_key.save(update_fields=["mac", "keyring_id"])
    key.used = timezone.now()
    key.save(update_fields=["used"])
    give_all(
        unit, {one: private for one, private in keys.items() if is_genuine(one)}, opened[0], request.user
    )
    audit.record_of_unit(unit, Action.KEY_RECOVERED, actor=request.user)
    tell(unit, KeyNotice.What.RECOVERED, request.user)
    return True


def tell(unit: Unit, what: str, actor: Any) -> None:
    """A notice for every officer of the unit, also for those who hold no key, until each says he read it."""
    others = Membership.objects.current().filter(unit=unit, role=Membership.Role.OFFICER).exclude(user=actor)
    KeyNotice.objects.bulk_create(
        KeyNotice(user_id=user, unit=unit, what=what, actor=actor)
        for user in others.values_list("user", flat=True)
    )


def _opened_by(key: RecoveryKey, private: bytes) -> dict[UnitKey, bytes]:
    found = {}
    for row in key.wraps.select_related("unit_key__unit").order_by("unit_key__generation"):
        try:
            opened = vault.open_grant(
                bytes(row.sealed_private_key), private, grant_context(row.unit_key, key)
            )
        except vault.OpenError:
            continue
        if vault.KeyPair.of(opened).public == bytes(row.unit_key.public_key):
            found[row.unit_key] = opened
    return found


def _is_fresh(key: RecoveryKey) -> bool:
    return key.created > timezone.now() - BEING_BORN
