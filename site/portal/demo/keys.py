"""The demo's keys: what its officers would do at their first log-in, done beforehand."""

from communes.models import Membership, Unit
from tipform.keys.births import make_recovery_key, put_in_force
from tipform.keys.grants import new_generation
from tipform.keys.officers import make
from tipform.models import OfficerKey


def open_boxes(password: str) -> None:
    """Give every officer a key under the demo's password, and every unit with officers a key they hold.

    Nobody notes the recovery codes: a demo that nobody can read is set up again.
    """
    officers: dict[int, OfficerKey] = {}
    members = Membership.objects.filter(role=Membership.Role.OFFICER).select_related("user", "unit")
    by_unit: dict[Unit, list[OfficerKey]] = {}
    for member in members.order_by("pk"):
        if member.user_id not in officers:
            officers[member.user_id], _private = make(member.user, password)
        by_unit.setdefault(member.unit, []).append(officers[member.user_id])
    for unit, officer_keys in by_unit.items():
        _code, recovery = make_recovery_key(unit, officer_keys[0].user)
        new_generation(unit, recovery, officer_keys, officer_keys[0].user)
        put_in_force(recovery)
