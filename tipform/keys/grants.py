"""Who holds a unit's key: granting it, taking it back, and the new generation after somebody left."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from communes.models import Membership, Unit

from .. import audit, vault
from ..models import AuditEntry, KeyGrant, OfficerKey, RecoveryKey, RecoveryWrap, UnitKey
from .opening import grant_context
from .ring import current_key, in_doubt, is_genuine, recovery_key, sign

Action = AuditEntry.Action


def _working(user: str, unit: str) -> Exists:
    """Officers of the unit today. A unit out of service ends nobody's grant: its tips stay readable."""
    today = timezone.localdate()
    return Exists(
        Membership.objects.filter(
            Q(until__isnull=True) | Q(until__gte=today),
            since__lte=today,
            role=Membership.Role.OFFICER,
            user=OuterRef(user),
            user__is_active=True,
            unit=OuterRef(unit),
        )
    )


def holders(unit: Unit) -> "QuerySet[KeyGrant]":
    """The grants of the unit's present key that somebody can use; one for each key-holder."""
    key = current_key(unit)
    held = KeyGrant.objects.held().filter(_working("officer_key__user", "unit_key__unit"), unit_key=key)
    return held.select_related("officer_key__user", "granted_by").order_by("created")


def waiting(unit: Unit) -> list[OfficerKey]:
    """The keys of the unit's officers who cannot read yet, because nobody granted them its present key."""
    key = current_key(unit)
    if key is None:
        return []
    members = Membership.objects.current().filter(unit=unit, role=Membership.Role.OFFICER)
    keys = (
        OfficerKey.objects.filter(user__in=members.values("user"), superseded__isnull=True)
        .exclude(grants__in=KeyGrant.objects.in_force().filter(unit_key=key))
        .select_related("user")
        .order_by("created")
    )
    return [key for key in keys if is_genuine(key)]


def give(unit_key: UnitKey, private: bytes, officer_key: OfficerKey, by: Any) -> None:
    """Seal one generation to an officer, once."""
    sealed = vault.grant(private, bytes(officer_key.public_key), grant_context(unit_key, officer_key))
    KeyGrant.objects.get_or_create(
        unit_key=unit_key,
        officer_key=officer_key,
        ended=None,
        defaults={"sealed_private_key": sealed, "granted_by": by},
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
    stay = [grant.officer_key for grant in holders(unit) if is_genuine(grant.officer_key)]
    _end(gone)
    for user in sorted(users):
        audit.record_of_unit(unit, Action.KEY_ENDED, detail=f"user {user}")
    discard_unconfirmed(unit)
    to = recovery_key(unit)
    if not stay or to is None:
        return None
    key, _private = new_generation(unit, to, stay, None)
    audit.record_of_unit(unit, Action.KEY_ROTATED, detail=f"generation {key.generation}")
    return key


def departed() -> "QuerySet[KeyGrant]":
    """Grants in force of people who are no longer officers of the unit, or whose account is closed."""
    return KeyGrant.objects.filter(
        ~_working("officer_key__user", "unit_key__unit"), ended__isnull=True
    ).select_related(None)


def end_all_departed() -> None:
    """By the clock: memberships also end without anybody pressing a button."""
    for unit in Unit.objects.filter(pk__in=departed().values("unit_key__unit")):
        end_departed(unit)


class KeysInDoubt(Exception):
    """Keys that the portal did not make stand in the database, or its keyring is another one."""


def check_keys() -> None:
    """By the clock, so that whoever runs the server is told too. Raises KeysInDoubt."""
    doubted = in_doubt(Unit.objects.filter(active=True))
    if doubted:
        raise KeysInDoubt(f"{len(doubted)} units")


def _end(grants: "QuerySet[KeyGrant]") -> None:
    # What was sealed goes too: a password that comes to light later opens nothing.
    grants.filter(ended__isnull=True).update(ended=timezone.now(), sealed_private_key=b"")
