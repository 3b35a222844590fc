from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from communes.models import CommunePage
from tests.tipform.officers import asked_by, ensure_unit_key
from tipform import vault
from tipform.keys import current_key, private_keys
from tipform.models import UnitKey

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
    stranger = vault.KeyPair.generate()
    UnitKey.objects.create(
        unit=commune.unit,
        generation=2,
        public_key=stranger.public,
        wrapped_private_key=b"x",
        keyring_id=key.keyring_id,
        mac=key.mac,
    )
    moved = ensure_unit_key(other_commune.unit)
    UnitKey.objects.create(
        unit=commune.unit,
        generation=3,
        public_key=moved.public_key,
        wrapped_private_key=moved.wrapped_private_key,
        keyring_id=moved.keyring_id,
        mac=moved.mac,
    )
    assert current_key(commune.unit) == key
    assert list(private_keys(asked_by(officer), commune.unit)) == [key.pk]


def test_the_private_half_is_nowhere_in_the_row(commune: CommunePage, officer: Any) -> None:
    key = ensure_unit_key(commune.unit)
    private = private_keys(asked_by(officer), commune.unit)[key.pk]
    columns = b"".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for value in UnitKey.objects.values_list().get(pk=key.pk)
    )
    assert private not in columns
    assert private.hex().encode() not in columns


def test_the_box_opens_when_the_first_tip_officer_logs_in(
    client: Any, commune: CommunePage, editor: Any, officer: Any
) -> None:
    client.force_login(editor)
    assert current_key(commune.unit) is None
    client.force_login(officer)
    assert current_key(commune.unit) is not None
