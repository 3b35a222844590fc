"""Somebody writes to the database and has no environment: nothing is sealed to what he wrote.

Each row that decides to whom something is sealed is changed in each of its columns, put back after it ended,
and written anew; whoever it names receives nothing more, and the others go on.
"""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communes.models import CommunePage, Invitation, Membership, Unit, User
from communes.staff.invitations import Unusable, accept, find, invite, withdraw
from communes.staff.memberships import end_membership
from tests.conftest import PASSWORD
from tests.tipform.conftest import MESSAGE
from tests.tipform.officers import (
    CLOSED,
    KEYS,
    OTHER_PASSWORD,
    ensure_unit_key,
    give_birth,
    groups_on,
    hand,
    key_page,
    log_in,
    new_officer,
    page,
    read,
    sealed_to,
    thread_of,
    type_back,
)
from tests.tipform.residents import Resident, code_on, tells
from tipform import vault
from tipform.audit import verify
from tipform.box import entries
from tipform.box.holders import can_read, holders
from tipform.box.passing import hold
from tipform.box.reporter import find as reporter_of
from tipform.keys import current_key
from tipform.keys.grants import KeysInDoubt, check_keys, renew, waiting
from tipform.keys.grants import holders as usable_grants
from tipform.keys.officers import make
from tipform.lookup.thread import write
from tipform.models import AuditEntry, AuditHead, Holding, KeyGrant, PartKey, RecoveryWrap, Tip, UnitKey

pytestmark = pytest.mark.django_db

FORM = "/cam-trung/gui-tin-bao/"
ELSEWHERE = "không do cổng này tạo ra"


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


def copy_of(row: Any) -> dict[str, Any]:
    return type(row)._base_manager.filter(pk=row.pk).values().get()


def put_back(model: Any, copy: dict[str, Any]) -> None:
    """As SQL would: no signal of Django's hears it."""
    rows = model._base_manager.filter(pk=copy["id"])
    if rows.update(**{name: value for name, value in copy.items() if name != "id"}) == 0:
        model._base_manager.bulk_create([model(**copy)])


def holders_of(key: UnitKey | None) -> set[str]:
    assert key is not None
    return {grant.officer_key.user.username for grant in key.grants.filter(ended=None)}


# --- Every column -----------------------------------------------------------------------------------------


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
            assert {row.officer_key.user for row in usable_grants(commune.unit)} == {officer}, column
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
            write(reporter, f"Tàu đã đi về phía đông, lần {number}.", "n" * 22)
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


# --- Rows of his own --------------------------------------------------------------------------------------


@pytest.fixture
def thief(other_commune: CommunePage) -> Any:
    """An officer of the next commune, who has a key of his own and can write to the database."""
    user = new_officer("ke-gian", other_commune.unit)
    make(user, PASSWORD)
    return user


def forge(commune: CommunePage, thief: Any) -> None:
    """A membership, and a grant of the present key; MACs copied from rows that the portal wrote."""
    genuine = KeyGrant.objects.filter(unit_key__unit=commune.unit).first()
    assert genuine
    Membership.objects.bulk_create(
        [Membership(user=thief, unit=commune.unit, role="officer", mac=genuine.mac, keyring_id="t1")]
    )
    KeyGrant.objects.bulk_create(
        [
            KeyGrant(
                unit_key=genuine.unit_key,
                officer_key=thief.officer_keys.get(),
                sealed_private_key=b"\1" * 97,
                mac=genuine.mac,
                keyring_id="t1",
            )
        ]
    )


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
    assert "Gửi Công an xã Cẩm Duệ" in main
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


# --- What ended -------------------------------------------------------------------------------------------


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


def test_a_cut_log_is_not_made_whole_by_the_next_entry(commune: CommunePage, reader: Client) -> None:
    last = AuditEntry.objects.filter(unit=commune.unit).latest("pk")
    AuditEntry.objects.filter(pk=last.pk).delete()
    AuditHead.objects.filter(unit=commune.unit).update(
        count=AuditEntry.objects.filter(unit=commune.unit).count(), hash=last.previous_hash
    )
    assert verify(commune.unit)
    tells(commune.unit)
    assert verify(commune.unit)


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


# --- The operator's commands ------------------------------------------------------------------------------


def test_rotating_the_keyring_signs_what_verifies_and_leaves_the_rest(
    commune: CommunePage, officer: Any, reader: Client, thief: Any, settings: Any, capsys: Any
) -> None:
    tip = tells(commune.unit)
    forge(commune, thief)
    settings.TIP_KEYRING = f"t2:{'6b' * 32},{settings.TIP_KEYRING}"
    call_command("rotate_keyring")
    assert "communes.Membership" in capsys.readouterr().out
    settings.TIP_KEYRING = settings.TIP_KEYRING.split(",")[0]
    assert holders(tip) == [commune.unit]
    false = Membership.objects.get(user=thief, unit=commune.unit)
    assert false.keyring_id == "t1"
    assert Membership.objects.get(user=officer).keyring_id == "t2"


def test_what_was_over_before_a_rotation_stays_over(
    commune: CommunePage, officer: Any, colleague: Any, second_reader: Client, settings: Any
) -> None:
    membership = Membership.objects.get(user=colleague, unit=commune.unit)
    before = copy_of(membership)
    end_membership(membership, None)
    put_back(Membership, before)
    settings.TIP_KEYRING = f"t2:{'6b' * 32},{settings.TIP_KEYRING}"
    call_command("rotate_keyring")
    assert holders_of(renew(commune.unit)) == {officer.username}


def test_rows_that_somebody_else_wrote_are_listed(
    commune: CommunePage, reader: Client, thief: Any, capsys: Any
) -> None:
    call_command("sign_records")
    forge(commune, thief)
    with pytest.raises(CommandError, match="2 rows"):
        call_command("sign_records")
    assert "ke-gian" in capsys.readouterr().out


def test_the_first_signing_is_done_once_and_lists_what_it_signs(
    commune: CommunePage, reader: Client, thief: Any, capsys: Any
) -> None:
    with pytest.raises(CommandError, match="not the first signing"):
        call_command("sign_records", "--first")
    for model in (Unit, Membership, Invitation, Holding, KeyGrant):
        model._base_manager.update(mac=b"", keyring_id="")
    assert CLOSED in page(Client(), FORM)
    call_command("sign_records", "--first")
    assert "would sign membership" in capsys.readouterr().out
    assert not can_read(commune.unit)
    call_command("sign_records", "--first", "--execute")
    assert "truc" in capsys.readouterr().out
    assert can_read(commune.unit)
    with pytest.raises(CommandError, match="not the first signing"):
        call_command("sign_records", "--first", "--execute")


def test_after_a_lost_keyring_the_operator_confirms_staff_by_name_and_the_code_vouches_for_keys(
    commune: CommunePage, other_commune: CommunePage, officer: Any, reader: Client, thief: Any, settings: Any
) -> None:
    tip = tells(commune.unit)
    reader.post(key_page("begin", commune.unit))
    groups = groups_on(page(reader, key_page("code", commune.unit)))
    type_back(reader, commune.unit, groups)
    forge(commune, thief)
    Holding.objects.bulk_create([Holding(tip=tip, unit=other_commune.unit)])
    settings.TIP_KEYRING = "new:" + "7b" * 32
    client = log_in(officer)
    typed = {"code": " ".join(groups)}
    refused = client.post(key_page("recover", commune.unit), typed)
    assert "xác nhận" in refused.content.decode()
    with pytest.raises(CommandError, match="does not work"):
        call_command("sign_records", "--unit", str(commune.unit.uuid), "--person", "ai-do")
    names = ["--unit", str(commune.unit.uuid), "--person", officer.username]
    call_command("sign_records", *names, "--execute")
    assert client.post(key_page("recover", commune.unit), typed).status_code == 302
    type_back(client, commune.unit, groups_on(page(client, key_page("code", commune.unit))))
    assert MESSAGE in page(client, thread_of(tip))
    assert holders(tip) == [commune.unit]
    assert holders_of(current_key(commune.unit)) == {officer.username}
    assert sealed_to(tells(commune.unit)) == {current_key(commune.unit)}
    first = AuditEntry.objects.filter(unit=commune.unit).latest("pk").pk
    assert verify(commune.unit, since=first) == ""


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--first", "--unit", "x"], "exclude"),
        (["--person", "an"], "needs --unit"),
        (["--unit", "không"], "no unit"),
        (["--unit", "00000000-0000-0000-0000-000000000000"], "no unit"),
    ],
)
def test_bad_arguments_are_refused_in_words(args: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("sign_records", *args)


# --- What it costs ----------------------------------------------------------------------------------------


def test_more_colleagues_take_no_more_queries(
    commune: CommunePage, reader: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(5):
        new_officer(f"them-{number}", commune.unit)
    with django_assert_max_num_queries(6):
        assert can_read(commune.unit)
