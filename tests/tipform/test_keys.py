from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied

from communes.models import CommunePage
from tests.tipform.officers import asked_by, ensure_unit_key
from tests.tipform.residents import Resident
from tipform import vault
from tipform.keys import current_key, private_keys
from tipform.keys.grants import wrap
from tipform.models import KeyGrant, OfficerKey, RecoveryKey, RecoveryWrap, Tip, UnitKey

pytestmark = pytest.mark.django_db


def test_a_commune_has_no_key_until_one_is_made(commune: CommunePage) -> None:
    assert current_key(commune.unit) is None
    key = ensure_unit_key(commune.unit)
    assert ensure_unit_key(commune.unit) == key == current_key(commune.unit)


def test_its_officer_opens_what_was_sealed_to_it(commune: CommunePage, officer: Any) -> None:
    key = ensure_unit_key(commune.unit)
    private = private_keys(asked_by(officer), commune.unit)[key.pk]
    assert vault.KeyPair(private, bytes(key.public_key)).public == bytes(key.public_key)
    context = vault.Context(commune.unit.uuid, commune.unit.uuid, commune.unit.uuid, "message", 1)
    part_key = vault.new_part_key()
    sealed = vault.seal_key(part_key, bytes(key.public_key), context)
    assert vault.open_key(sealed, private, context) == part_key


@pytest.mark.parametrize("who", ["other_officer", "editor", "unit_editor", "superuser"])
def test_nobody_else_gets_it(request: pytest.FixtureRequest, commune: CommunePage, who: str) -> None:
    ensure_unit_key(commune.unit)
    with pytest.raises(PermissionDenied):
        private_keys(asked_by(request.getfixturevalue(who)), commune.unit)


def test_a_visitor_and_a_former_officer_do_not_get_it(commune: CommunePage, officer: Any) -> None:
    ensure_unit_key(commune.unit)
    with pytest.raises(PermissionDenied):
        private_keys(asked_by(AnonymousUser()), commune.unit)
    officer.memberships.update(until="2020-01-01")
    with pytest.raises(PermissionDenied):
        private_keys(asked_by(officer), commune.unit)


def test_a_key_that_somebody_wrote_into_the_database_is_passed_over(
    commune: CommunePage, other_commune: CommunePage, officer: Any
) -> None:
    key = ensure_unit_key(commune.unit)
    recovery = RecoveryKey.objects.get(unit=commune.unit)
    stranger, moved = vault.KeyPair.generate(), ensure_unit_key(other_commune.unit)
    for generation, public, mac in ((2, stranger.public, key.mac), (3, moved.public_key, moved.mac)):
        planted = UnitKey.objects.create(
            unit=commune.unit, generation=generation, public_key=public, keyring_id=key.keyring_id, mac=mac
        )
        wrap(planted, stranger.private, recovery)
    assert current_key(commune.unit) == key
    assert list(private_keys(asked_by(officer), commune.unit)) == [key.pk]


def test_a_code_that_somebody_wrote_into_the_database_is_passed_over(
    commune: CommunePage,
) -> None:
    key = ensure_unit_key(commune.unit)
    stranger = vault.KeyPair.generate()
    RecoveryKey.objects.filter(unit=commune.unit).update(public_key=stranger.public)
    assert current_key(commune.unit) is None
    RecoveryKey.objects.filter(unit=commune.unit).delete()
    RecoveryKey.objects.create(
        unit=commune.unit,
        generation=1,
        public_key=stranger.public,
        keyring_id=key.keyring_id,
        mac=key.mac,
        confirmed=key.created,
    )
    assert current_key(commune.unit) is None


def test_the_form_takes_nothing_when_no_key_is_genuine(commune: CommunePage) -> None:
    key = ensure_unit_key(commune.unit)
    resident = Resident()
    hidden = resident.open()
    UnitKey.objects.filter(pk=key.pk).update(public_key=vault.KeyPair.generate().public)
    response = resident.send(hidden=hidden)
    assert response.status_code == 503
    assert "0239 000 0113" in response.content.decode()
    assert not Tip.objects.exists()


def test_the_private_half_is_in_no_row(commune: CommunePage, officer: Any) -> None:
    key = ensure_unit_key(commune.unit)
    private = private_keys(asked_by(officer), commune.unit)[key.pk]
    columns = b"".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for model in (UnitKey, RecoveryKey, RecoveryWrap, KeyGrant, OfficerKey, Session)
        for row in model.objects.values_list()
        for value in row
    )
    assert key.public_key in columns
    assert private not in columns
    assert private.hex().encode() not in columns
