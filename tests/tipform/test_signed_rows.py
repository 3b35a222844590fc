"""Somebody writes to the database and has no environment: nothing is sealed to what he changed.

Each row that decides to whom something is sealed is changed in each of its columns; whoever it names receives
nothing more, and the others go on. What the portal itself saves stays true, and what is false stays false.
"""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from communes.models import CommunePage, Invitation, Membership, Unit, User
from communes.staff.invitations import Unusable, find, invite
from communes.staff.memberships import end_membership
from tests.tipform.conftest import MESSAGE
from tests.tipform.forgery import copy_of, forge, holders_of, put_back
from tests.tipform.officers import (
    ensure_unit_key,
    log_in,
    new_officer,
    read,
    thread_of,
)
from tests.tipform.residents import Resident, code_on, tells
from tipform.attachments.brought import Brought
from tipform.box.holders import can_read
from tipform.box.passing import hold
from tipform.box.reporter import find as reporter_of
from tipform.keys import current_key
from tipform.keys.grants import KeysInDoubt, check_keys, key_holders, renew, waiting
from tipform.lookup.thread import write
from tipform.models import Holding, KeyGrant, PartKey, Tip

pytestmark = pytest.mark.django_db


def columns(model: Any) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if not field.primary_key]


def other_value(row: Any, name: str) -> Any:
    """What a thief could write there instead; a foreign key gets another row that exists."""
    field, value = row._meta.get_field(name), getattr(row, row._meta.get_field(name).attname)
    if field.related_model is User:
        return User.objects.create_user(f"khac-{uuid4().hex[:8]}").pk
    if field.related_model is Unit:
        return Unit.objects.create(kind="xa", name=f"Cẩm {uuid4().hex[:8]}").pk
    if field.is_relation:
        return field.related_model._default_manager.exclude(pk=value).latest("pk").pk
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return not value
    if kind == "UUIDField":
        return uuid4()
    if kind == "DateField":
        return (
            timezone.localdate() + datetime.timedelta(days=400)
            if value is None
            else value - datetime.timedelta(1)
        )
    if kind == "DateTimeField":
        return (value or timezone.now()) + datetime.timedelta(microseconds=1)
    if kind == "BinaryField":
        return bytes(value) + b"x"
    if kind == "JSONField":
        return ["editor", "officer"]
    if kind.endswith("IntegerField"):
        return value + 1
    choices = [choice for choice, _label in field.choices or [] if choice != value]
    return choices[0] if choices else f"~{value[1:]}"


@contextmanager
def altered(row: Any, name: str) -> Iterator[None]:
    before = copy_of(row)
    column = row._meta.get_field(name).attname
    type(row)._base_manager.filter(pk=row.pk).update(**{column: other_value(row, name)})
    yield
    put_back(type(row), before)


def test_an_altered_membership_gets_no_new_key_and_its_colleague_does(
    commune: CommunePage, other_commune: CommunePage, colleague: Any, second_reader: Client
) -> None:
    tip = tells(commune.unit)
    membership = Membership.objects.get(user=colleague, unit=commune.unit)
    for column in columns(Membership):
        with altered(membership, column):
            assert holders_of(renew(commune.unit)) == {"truc"}, column
            assert MESSAGE not in second_reader.get(thread_of(tip)).content.decode(), column
    assert MESSAGE in read(second_reader, tip)


def test_an_altered_grant_opens_nothing_and_gets_no_new_key(
    commune: CommunePage, other_commune: CommunePage, officer: Any, colleague: Any, second_reader: Client
) -> None:
    log_in(new_officer("lang-gieng", other_commune.unit))  # another officer's key exists
    ensure_unit_key(other_commune.unit)
    tip = tells(commune.unit)
    given = KeyGrant.objects.get(officer_key__user=colleague, ended=None)
    for column in columns(KeyGrant):
        with altered(given, column):
            assert {row.officer_key.user for row in key_holders(commune.unit)} == {officer}, column
            assert MESSAGE not in second_reader.get(thread_of(tip)).content.decode(), column
    assert MESSAGE in read(second_reader, tip)


def test_of_an_altered_unit_the_form_takes_nothing(
    commune: CommunePage, other_commune: CommunePage, reader: Client
) -> None:
    resident = Resident()
    hidden = resident.open()
    for column in columns(Unit):
        with altered(commune.unit, column):
            assert resident.send(hidden=hidden).status_code == 503, column
            with pytest.raises(KeysInDoubt):
                check_keys()
    assert not Tip.objects.exists()
    assert resident.send(hidden=hidden).status_code == 200


def test_an_altered_holding_receives_no_later_entry_and_the_other_unit_does(
    commune: CommunePage, other_commune: CommunePage, reader: Client
) -> None:
    joint = ensure_unit_key(other_commune.unit)
    code = code_on(Resident().send())
    tip = Tip.objects.get()
    tells(commune.unit)
    hold(tip, other_commune.unit)
    reporter = reporter_of(code)
    assert reporter
    holding = Holding.objects.get(tip=tip, unit=other_commune.unit)
    for number, column in enumerate([*columns(Holding), ""]):
        with altered(holding, column) if column else nullcontext():
            write(reporter, f"Tàu đã đi về phía đông, lần {number}.", Brought(), "n" * 22)
        entry = tip.parts.filter(label="entry").latest("pk")
        keys = PartKey.objects.filter(part=entry).values_list("unit_key", flat=True)
        assert (joint.pk in keys) == (column == ""), column
        assert {current_key(commune.unit).pk, None} <= set(keys), column  # type: ignore[union-attr]


def test_an_altered_slip_opens_nothing(
    commune: CommunePage, other_commune: CommunePage, unit_editor: Any, officer: Any
) -> None:
    slip = invite(unit=commune.unit, full_name="Lê An", roles=["editor"], by=unit_editor)
    for column in columns(Invitation):
        with altered(slip.invitation, column), pytest.raises(Unusable):
            find(slip.code)
    assert find(slip.code)


def test_saving_a_false_row_does_not_make_it_true(
    commune: CommunePage, officer: Any, reader: Client, thief: Any
) -> None:
    forge(commune, thief)
    false = Membership.objects.get(user=thief, unit=commune.unit)
    false.save()
    false.since = timezone.localdate() - datetime.timedelta(days=1)
    false.save(update_fields=["since"])
    false.since -= datetime.timedelta(days=1)
    false.save()
    assert thief.officer_keys.get() not in waiting(commune.unit)
    assert holders_of(renew(commune.unit)) == {officer.username}
    end_membership(false, None)  # it can be ended all the same
    assert Membership.objects.get(pk=false.pk).until == timezone.localdate()


def test_a_change_of_the_portals_own_keeps_a_row_true(commune: CommunePage, reader: Client) -> None:
    unit = Unit.objects.get(pk=commune.unit_id)
    unit.silent_weeks = 6
    unit.save(update_fields=["silent_weeks"])
    unit.silent_weeks = 7
    unit.save()
    assert current_key(unit)
    check_keys()


def test_more_colleagues_take_no_more_queries(
    commune: CommunePage, reader: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(5):
        new_officer(f"them-{number}", commune.unit)
    with django_assert_max_num_queries(6):
        assert can_read(commune.unit)
