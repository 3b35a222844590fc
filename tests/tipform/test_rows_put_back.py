"""Somebody puts back copies of rows that ended, or cuts out what ended them: they count for nothing."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communes.models import CommunePage, Invitation, Membership, Unit, User
from communes.staff.invitations import Unusable, accept, find, invite, withdraw
from communes.staff.memberships import end_membership
from tests.tipform.conftest import MESSAGE
from tests.tipform.forgery import copy_of, holders_of, put_back
from tests.tipform.officers import (
    CLOSED,
    OTHER_PASSWORD,
    give_birth,
    groups_on,
    hand,
    key_page,
    log_in,
    page,
    thread_of,
    type_back,
)
from tests.tipform.residents import tells
from tipform.audit import verify
from tipform.box.holders import can_read, holders
from tipform.keys import current_key
from tipform.keys.grants import renew
from tipform.models import AuditEntry, AuditHead, Holding, KeyGrant, RecoveryWrap, UnitKey

pytestmark = pytest.mark.django_db

FORM = "/cam-trung/gui-tin-bao/"


@pytest.mark.parametrize("how", ["ended", "deleted"])
def test_who_left_does_not_come_back_from_copies_of_his_rows(
    how: str, commune: CommunePage, officer: Any, colleague: Any, second_reader: Client
) -> None:
    membership = Membership.objects.get(user=colleague, unit=commune.unit)
    grants = [copy_of(row) for row in KeyGrant.objects.filter(officer_key__user=colleague)]
    before = copy_of(membership)
    if how == "ended":
        end_membership(membership, None)
    else:
        membership.delete()
    tip = tells(commune.unit)
    put_back(Membership, before)
    for grant_row in grants:
        put_back(KeyGrant, grant_row)
    assert holders_of(renew(commune.unit)) == {officer.username}
    client = log_in(colleague)
    assert MESSAGE not in client.get(thread_of(tip)).content.decode()
    assert can_read(commune.unit)


def test_a_unit_that_handed_a_tip_on_does_not_hold_it_again_from_a_copy(
    commune: CommunePage, other_commune: CommunePage, reader: Client, thief: Any
) -> None:
    give_birth(log_in(thief), other_commune.unit)
    tip = tells(commune.unit)
    before = copy_of(Holding.objects.get(tip=tip))
    assert hand(reader, tip, other_commune.unit).status_code == 302
    put_back(Holding, before)
    assert holders(tip) == [other_commune.unit]


def test_when_a_foreign_row_is_deleted_the_row_whose_version_it_names_stands(
    commune: CommunePage, other_commune: CommunePage, reader: Client
) -> None:
    tip = tells(commune.unit)
    own = Holding.objects.get(tip=tip)
    Holding.objects.bulk_create([Holding(tip=tip, unit=other_commune.unit, version=own.version)])
    Holding.objects.get(unit=other_commune.unit).delete()
    assert holders(tip) == [commune.unit]


@pytest.mark.parametrize("how", ["withdrawn", "used", "renewed"])
def test_a_slip_that_is_over_does_not_open_again_from_a_copy(
    how: str, commune: CommunePage, unit_editor: Any
) -> None:
    from communes.staff.invitations import new_slip

    slip = invite(unit=commune.unit, full_name="Lê An", roles=["officer"], by=unit_editor)
    before = copy_of(slip.invitation)
    if how == "withdrawn":
        withdraw(slip.invitation, unit_editor)
    elif how == "renewed":
        new_slip(slip.invitation, unit_editor)
    else:
        user = accept(find(slip.code), OTHER_PASSWORD)
        User.objects.filter(pk=user.pk).update(username="khac")
    put_back(Invitation, before)
    with pytest.raises(Unusable):
        find(slip.code)


def test_a_closed_unit_does_not_open_again_from_a_copy_of_its_row(
    commune: CommunePage, reader: Client
) -> None:
    before = copy_of(commune.unit)
    commune.unit.active = False
    commune.unit.save()
    Unit.objects.filter(pk=before["id"]).update(**{k: v for k, v in before.items() if k != "id"})
    assert CLOSED in page(Client(), FORM)


def test_a_replaced_key_is_not_sealed_to_again_when_its_successor_vanishes(
    commune: CommunePage, reader: Client, colleague: Any, second_reader: Client
) -> None:
    old = current_key(commune.unit)
    end_membership(Membership.objects.get(user=colleague, unit=commune.unit), None)
    new = current_key(commune.unit)
    assert new and new != old
    KeyGrant.objects.filter(unit_key=new)._raw_delete("default")
    new.recovery_wraps.all()._raw_delete("default")
    UnitKey.objects.filter(pk=new.pk)._raw_delete("default")
    assert current_key(commune.unit) is None
    assert CLOSED in page(Client(), FORM)


def test_a_recovery_code_that_was_never_typed_back_is_not_put_in_force_by_writing_so(
    commune: CommunePage, reader: Client
) -> None:
    key = current_key(commune.unit)
    reader.post(key_page("begin", commune.unit))
    commune.unit.recovery_keys.filter(confirmed=None).update(confirmed=timezone.now())
    assert current_key(commune.unit) == key


def test_a_replaced_recovery_code_opens_nothing_though_its_row_is_put_back(
    commune: CommunePage, officer: Any
) -> None:
    client = log_in(officer)
    groups = give_birth(client, commune.unit)
    before = copy_of(RecoveryWrap.objects.get())
    client.post(key_page("begin", commune.unit))
    type_back(client, commune.unit, groups_on(page(client, key_page("code", commune.unit))))
    put_back(RecoveryWrap, before)
    response = client.post(key_page("recover", commune.unit), {"code": " ".join(groups)})
    assert "không mở được gì" in response.content.decode()


def test_using_the_recovery_code_makes_no_altered_holding_genuine(
    commune: CommunePage, other_commune: CommunePage, officer: Any, thief: Any
) -> None:
    """Only where the whole environment was lost does the code vouch for holdings."""
    give_birth(log_in(thief), other_commune.unit)
    client = log_in(officer)
    groups = give_birth(client, commune.unit)
    tip = tells(commune.unit)
    assert hand(client, tip, other_commune.unit).status_code == 302
    Holding.objects.filter(tip=tip, unit=commune.unit).update(until=None)
    response = client.post(key_page("recover", commune.unit), {"code": " ".join(groups)})
    assert response.status_code == 302
    assert holders(tip) == [other_commune.unit]


def test_a_cut_log_is_not_made_whole_by_the_next_entry(commune: CommunePage, reader: Client) -> None:
    last = AuditEntry.objects.filter(unit=commune.unit).latest("pk")
    AuditEntry.objects.filter(pk=last.pk).delete()
    AuditHead.objects.filter(unit=commune.unit).update(
        count=AuditEntry.objects.filter(unit=commune.unit).count(), hash=last.previous_hash
    )
    assert verify(commune.unit)
    tells(commune.unit)
    assert verify(commune.unit)
