"""Every URL pattern of every app, asked by visitors and by sessions of a password alone (doors.txt)."""

from typing import Any

import pytest
from django.test import Client

from communes.models import Unit, User
from communes.staff.invitations import invite
from tests.conftest import PASSWORD
from tests.portal.second_factors import by_password_alone, has_second_factor, logged_in
from tests.tipform.residents import Resident, code_on

from .planted import PLANTED
from .walking import LIST, USERNAME, acts_at, addresses, all_routes, listed, routes_walked
from .world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def clients(world: World, settings: Any) -> list[Client]:
    """A visitor, and sessions that gave a superuser's password: half-way through the log-in, and past it.

    Of the latter one account has a second factor, one has none yet.
    """
    settings.SECOND_FACTOR_REQUIRED = True
    commune = Unit.objects.get(pk=world.names["commune_unit"])
    slip = invite(unit=commune, full_name="Nguyễn Văn An", roles=["officer"], by=None)
    receipt = code_on(Resident().send())
    without = User.objects.create_superuser(USERNAME, password=PASSWORD)
    with_factor = User.objects.create_superuser(f"{USERNAME}-2", password=PASSWORD)
    recovery_code = has_second_factor(with_factor)[0]
    world.names.update(slip_code=slip.code, receipt=receipt, recovery_code=recovery_code)
    half_way = logged_in(with_factor)
    visitors = [Client(), half_way, by_password_alone(with_factor), by_password_alone(without)]
    for visitor in visitors:
        visitor.raise_request_exception = False
    return visitors


def test_every_pattern_is_walked(world: World) -> None:
    missing = all_routes() - routes_walked(world)
    assert not missing, f"Add an address of each to PUBLIC in walking.py, or to table.txt: {sorted(missing)}"


def test_nothing_logs_in_or_writes_that_is_not_on_the_list(world: World, clients: list[Client]) -> None:
    allowed = listed()
    mistakes = []
    for address in addresses():
        acts = acts_at(address, clients, world)
        expected = allowed[address].acts if address in allowed else frozenset()
        if acts != expected:
            mistakes.append(f"{address}: does {sorted(acts)}, may {sorted(expected)}")
    assert not mistakes, "\n".join([*mistakes, f"Shut the address, or say in {LIST.name} why it may."])


def test_what_is_on_the_list_is_walked_and_has_a_reason() -> None:
    doors = listed()
    assert set(doors) <= set(addresses())
    assert all(len(door.reason) > 20 for door in doors.values())


@pytest.mark.parametrize("address", PLANTED)
@pytest.mark.urls("tests.matrix.planted")
def test_the_walk_is_not_blind(address: str, world: World, clients: list[Client]) -> None:
    assert acts_at(address, clients, world) == PLANTED[address]


@pytest.mark.urls("tests.matrix.planted")
def test_a_pattern_that_nobody_walks_is_named(world: World) -> None:
    assert {f"/{route}" for route in all_routes() - routes_walked(world)} >= {
        "/planted/django/",
        "/planted/<int:number>/remember/",
    }


@pytest.mark.urls("tests.matrix.planted")
def test_what_staff_do_elsewhere_is_found_once_nobody_asks_for_the_second_factor(
    world: World, clients: list[Client], settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    assert acts_at("/planted/as-staff/", clients, world) == {"writes"}
