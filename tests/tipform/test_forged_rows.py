"""Somebody writes rows of his own into the database: nothing is sealed to whom they name."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from communes.models import CommunePage, Membership, User
from communes.staff.memberships import end_membership
from tests.tipform.conftest import MESSAGE
from tests.tipform.forgery import forge, holders_of
from tests.tipform.officers import (
    CLOSED,
    KEYS,
    ensure_unit_key,
    give_birth,
    hand,
    key_page,
    log_in,
    page,
    read,
    thread_of,
)
from tests.tipform.residents import Resident, tells
from tipform import vault
from tipform.box import entries
from tipform.box.holders import holders
from tipform.keys import current_key
from tipform.keys.grants import KeysInDoubt, check_keys, waiting
from tipform.models import Holding, PartKey, Tip

pytestmark = pytest.mark.django_db

FORM = "/cam-trung/gui-tin-bao/"
ELSEWHERE = "không do cổng này tạo ra"


def test_a_forged_officer_gets_nothing_when_somebody_leaves(
    commune: CommunePage, officer: Any, colleague: Any, second_reader: Client, reader: Client, thief: Any
) -> None:
    forge(commune, thief)
    assert thief.officer_keys.get() not in waiting(commune.unit)
    assert "ke-gian" not in page(reader, KEYS)
    end_membership(Membership.objects.get(user=colleague, unit=commune.unit), None)
    assert holders_of(current_key(commune.unit)) == {officer.username}
    tip = tells(commune.unit)
    assert MESSAGE in read(reader, tip)
    assert log_in(thief).get(thread_of(tip)).status_code in (302, 403, 404)


def test_a_forged_officer_gets_nothing_when_the_recovery_code_is_replaced(
    commune: CommunePage, officer: Any, reader: Client, thief: Any
) -> None:
    forge(commune, thief)
    give_birth(reader, commune.unit)
    assert holders_of(current_key(commune.unit)) == {officer.username}


def test_officers_unit_and_operator_are_told_of_a_forged_row(
    commune: CommunePage, reader: Client, thief: Any, unit_editor: Any, caplog: Any
) -> None:
    forge(commune, thief)
    assert ELSEWHERE in page(reader, KEYS)
    editor = Client()
    editor.force_login(unit_editor)
    assert ELSEWHERE in page(editor, reverse("keys:health"))
    assert "was not written by this portal" in caplog.text
    with pytest.raises(KeysInDoubt):
        check_keys()


def test_a_forged_holding_receives_nothing_and_shows_nothing(
    commune: CommunePage, other_commune: CommunePage, reader: Client, thief: Any
) -> None:
    neighbour = log_in(thief)
    give_birth(neighbour, other_commune.unit)
    tip = tells(commune.unit)
    Holding.objects.bulk_create([Holding(tip=tip, unit=other_commune.unit)])
    assert holders(tip) == [commune.unit]
    assert MESSAGE not in neighbour.get(thread_of(tip)).content.decode()
    assert 'name="act"' not in neighbour.get(thread_of(tip)).content.decode()
    # A hand-over of our own makes the false row a true one only by replacing it.
    assert hand(reader, tip, other_commune.unit, mode="joint").status_code == 302
    assert {unit.name for unit in holders(tip)} == {"Cẩm Trung", "Cẩm Duệ"}
    assert Holding.objects.filter(tip=tip).count() == 2


def test_a_page_that_points_to_another_unit_takes_nothing(
    commune: CommunePage, other_commune: CommunePage, reader: Client, thief: Any
) -> None:
    ensure_unit_key(other_commune.unit)
    resident = Resident()
    hidden = resident.open()
    CommunePage.objects.filter(pk=commune.pk).update(unit=other_commune.unit)
    assert CLOSED in page(Client(), FORM)
    response = resident.send(hidden=hidden, message="Chuyện kín")
    assert response.status_code == 503
    assert "Chuyện kín" in response.content.decode()
    assert not Tip.objects.exists()


def test_the_form_says_the_units_name_whatever_its_pages_are_called(
    commune: CommunePage, other_commune: CommunePage, thief: Any
) -> None:
    ensure_unit_key(other_commune.unit)
    for one in (other_commune, other_commune.get_children().get(slug="gui-tin-bao")):
        type(one).objects.filter(pk=one.pk).update(title="Công an xã Cẩm Trung")
    main = page(Client(), "/cam-due/gui-tin-bao/").split("<h1>")[1]
    assert "cán bộ tiếp nhận tin của Công an xã Cẩm Duệ" in main
    assert "Công an xã Cẩm Trung" not in main.split("<form")[0]


def test_a_reporters_key_that_somebody_put_in_place_of_his_gets_no_answer(
    commune: CommunePage, reader: Client, officer: Any, caplog: Any
) -> None:
    tip = tells(commune.unit)
    Tip.objects.update(reporter_public_key=vault.KeyPair.generate().public)
    tip.refresh_from_db()
    assert entries.add_entry(tip, "officer", "Đã nhận", "n" * 22, actor=officer)
    recipients = PartKey.objects.filter(part__tip=tip, part__label="entry").values_list("unit_key", flat=True)
    assert list(recipients) == [current_key(commune.unit).pk]  # type: ignore[union-attr]
    assert "reporter's key" in caplog.text


def test_a_forged_superuser_reaches_staff_screens_and_no_tip_without_a_key_holders_hand(
    commune: CommunePage, reader: Client, thief: Any
) -> None:
    tip = tells(commune.unit)
    User.objects.filter(pk=thief.pk).update(is_superuser=True)
    client = log_in(thief)
    assert client.get(reverse("staff:index")).status_code == 200
    for address in (thread_of(tip), key_page("begin", commune.unit), key_page("recover", commune.unit)):
        assert MESSAGE not in client.get(address).content.decode()
    # He may appoint himself through the screens, which the portal signs; then he waits like any other.
    Membership.objects.create(user=thief, unit=commune.unit, role="officer")
    assert MESSAGE not in client.get(thread_of(tip)).content.decode()
    assert "Chưa đọc được tin" in client.get(thread_of(tip)).content.decode()
