"""Who holds a unit's key: granting it, taking it back, and the new generation after somebody left."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from communes.models import Membership, Unit

from .. import audit, vault
from ..models import AuditEntry, KeyGrant, OfficerKey, RecoveryKey, RecoveryWrap, UnitKey
from .current import current_key, in_doubt, recovery_key
from .opening import grant_context
from .ring import is_genuine, sign
from .signing import in_force, retire

Action = AuditEntry.Action


def officers(unit: Unit) -> "QuerySet[Membership]":
    """Who works for the unit as tip officer at this moment. Whether a row stands is asked by `in_force`."""
    members = Membership.objects.current().filter(unit=unit, role=Membership.Role.OFFICER)
    return members.select_related("unit__parent")


def key_holders(unit: Unit) -> list[KeyGrant]:
    """The grants of the unit's present key that somebody can use now; one for each key-holder."""
    key = current_key(unit)
    return usable(*standing(unit, key)) if key else []


def key_holder_ids(unit: Unit) -> set[int]:
    """The accounts that can read what comes to the unit now."""
    return {grant.officer_key.user_id for grant in key_holders(unit)}


def standing(unit: Unit, key: UnitKey) -> tuple[list[KeyGrant], set[int]]:
    """The grants of a key that have not ended, and the ids of the unit's officers, as far as they stand."""
    grants = KeyGrant.objects.filter(unit_key=key, ended__isnull=True).order_by("created", "pk")
    grants = grants.select_related("unit_key__unit", "officer_key__user", "granted_by")
    rows = in_force([*grants, *officers(unit)])
    return (
        [row for row in rows if isinstance(row, KeyGrant)],
        {row.user_id for row in rows if isinstance(row, Membership)},
    )


def usable(grants: Iterable[KeyGrant], workers: set[int]) -> list[KeyGrant]:
    """Those that somebody can open who works here: with a key of today, under a password he chose."""
    return [
        grant
        for grant in grants
        if grant.officer_key.user_id in workers
        and grant.officer_key.superseded is None
        and is_genuine(grant.officer_key)
        and grant.officer_key.user.has_own_password
    ]


def waiting(unit: Unit) -> list[OfficerKey]:
    """The keys of the unit's officers who cannot read yet, because nobody granted them its present key."""
    key = current_key(unit)
    return without_grant(*standing(unit, key)) if key else []


def without_grant(grants: Iterable[KeyGrant], workers: set[int]) -> list[OfficerKey]:
    """The keys of those who work here and have none of these grants."""
    keys = OfficerKey.objects.filter(user__in=workers, superseded__isnull=True)
    keys = keys.exclude(grants__in=grants).select_related("user").order_by("created")
    return [key for key in keys if is_genuine(key)]


def give(unit_key: UnitKey, private: bytes, officer_key: OfficerKey, by: Any) -> None:
    """Seal one generation to an officer, once. A row that somebody else wrote makes room for ours."""
    there = KeyGrant.objects.filter(unit_key=unit_key, officer_key=officer_key, ended__isnull=True)
    there = there.select_related("unit_key__unit", "officer_key")
    if in_force(there):
        return
    there.delete()
    KeyGrant.objects.create(
        unit_key=unit_key,
        officer_key=officer_key,
        sealed_private_key=vault.grant(
            private, bytes(officer_key.public_key), grant_context(unit_key, officer_key)
        ),
        granted_by=by,
    )


@transaction.atomic
def give_all(unit: Unit, keys: Mapping[UnitKey, bytes], officer_key: OfficerKey, by: Any) -> None:
    """Give an officer every generation that the giver holds; grants to his forgotten keys end."""
    for unit_key, private in keys.items():
        give(unit_key, private, officer_key, by)
    _end(
        KeyGrant.objects.filter(unit_key__unit=unit, officer_key__user=officer_key.user).exclude(
            officer_key=officer_key
        )
    )
    audit.record_of_unit(unit, Action.KEY_GRANTED, actor=by, detail=f"user {officer_key.user_id}")


def wrap(unit_key: UnitKey, private: bytes, to: RecoveryKey) -> None:
    """Seal one generation to a recovery key, of which only the public half is needed."""
    RecoveryWrap.objects.create(
        unit_key=unit_key,
        recovery_key=to,
        sealed_private_key=vault.grant(private, bytes(to.public_key), grant_context(unit_key, to)),
    )


@transaction.atomic
def new_generation(
    unit: Unit, to: RecoveryKey, officer_keys: Iterable[OfficerKey], by: Any
) -> tuple[UnitKey, bytes]:
    """A new pair of the unit, sealed to its recovery key and to these officers' keys."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    pair = vault.KeyPair.generate()
    last = UnitKey.objects.filter(unit=unit).order_by("-generation").first()
    key = UnitKey(unit=unit, generation=last.generation + 1 if last else 1, public_key=pair.public)
    if last is None:
        key.settled = timezone.now()
    sign(key)
    key.save(force_insert=True)
    wrap(key, pair.private, to)
    for officer_key in officer_keys:
        give(key, pair.private, officer_key, by)
    return key, pair.private


def discard_unconfirmed(unit: Unit) -> None:
    """Remove what a birth or replacement left behind that was not finished. Nothing was ever sealed to it."""
    unconfirmed = RecoveryKey.objects.filter(unit=unit, confirmed__isnull=True)
    confirmed = RecoveryWrap.objects.filter(unit_key=OuterRef("pk"), recovery_key__confirmed__isnull=False)
    UnitKey.objects.filter(
        ~Exists(confirmed), unit=unit, recovery_wraps__recovery_key__in=unconfirmed
    ).delete()
    unconfirmed.delete()


@transaction.atomic
def end_departed(unit: Unit) -> UnitKey | None:
    """End the grants of those who are officers here no longer, and give those who stay a new generation.

    None where nobody left or nobody stays. It needs no private key: the new pair is sealed to public keys.
    """
    Unit.objects.select_for_update().get(pk=unit.pk)
    gone = departed().filter(unit_key__unit=unit)
    users = set(gone.values_list("officer_key__user", flat=True))
    if not users:
        return None
    _end(gone)
    for user in sorted(users):
        audit.record_of_unit(unit, Action.KEY_ENDED, detail=f"user {user}")
    discard_unconfirmed(unit)
    return renew(unit)


@transaction.atomic
def renew(unit: Unit) -> UnitKey | None:
    """A new generation for the unit's present key-holders, and nobody else; None where there is none."""
    stay = [grant.officer_key for grant in key_holders(unit)]
    to = recovery_key(unit)
    if not stay or to is None:
        return None
    key, _private = new_generation(unit, to, stay, None)
    retire_replaced(key)
    audit.record_of_unit(unit, Action.KEY_ROTATED, detail=f"generation {key.generation}")
    return key


def retire_replaced(key: UnitKey) -> None:
    """From now on nothing is sealed to the generation before `key`, even if `key` vanished."""
    before = UnitKey.objects.filter(unit=key.unit, generation__lt=key.generation)
    last = (
        before.filter(recovery_wraps__recovery_key__confirmed__isnull=False).order_by("-generation").first()
    )
    if last is not None:
        retire(last)


def sealing_key(unit: Unit) -> UnitKey | None:
    """The key for what is told to the unit now; None when nobody there could read it at this moment.

    Where somebody holds the present key who does not work here (his last day was yesterday, or the commune
    was closed and opened again without him), the unit gets a new one first.
    """
    key = current_key(unit)
    if key is None:
        return None
    grants, workers = standing(unit, key)
    if not usable(grants, workers):
        return None
    if all(grant.officer_key.user_id in workers for grant in grants):
        return key
    return end_departed(unit) or renew(unit)


def departed() -> "QuerySet[KeyGrant]":
    """Grants, not ended yet, of people who are officers of the unit no longer or whose account is closed.

    Closing a commune ends its officers' work, not their grants: those who are appointed again when it opens
    again read on. Meanwhile nobody opens anything with them, since `opening` asks for the membership.
    """
    works = Membership.objects.filter(
        role=Membership.Role.OFFICER, user=OuterRef("officer_key__user"), unit=OuterRef("unit_key__unit")
    )
    asleep = works.filter(Q(unit__active=False, until__isnull=True) | Q(closed_with_unit=True))
    return KeyGrant.objects.filter(
        ~Exists(works.current()) & ~(Q(officer_key__user__is_active=True) & Exists(asleep)),
        ended__isnull=True,
    ).select_related(None)


def end_all_departed() -> None:
    """By the clock: memberships also end without anybody pressing a button."""
    for unit in Unit.objects.filter(pk__in=departed().values("unit_key__unit")).order_by("pk"):
        end_departed(unit)


class KeysInDoubt(Exception):
    """Keys that the portal did not make stand in the database, or its keyring is another one."""


def check_keys() -> None:
    """By the clock, so that whoever runs the server is told too. Raises KeysInDoubt."""
    doubted = in_doubt(Unit.objects.all())
    if doubted:
        raise KeysInDoubt(f"{len(doubted)} units")


def _end(grants: "QuerySet[KeyGrant]") -> None:
    rows = grants.filter(ended__isnull=True).select_related("unit_key__unit", "officer_key")
    for grant in rows.order_by("unit_key__unit", "pk"):
        grant.ended = timezone.now()
        # What was sealed goes too: a password that comes to light later opens nothing.
        grant.sealed_private_key = b""
        grant.save()
