"""The operator's commands for rows that the keyring does not verify: `rotate_keyring` and `sign_records`."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from communes.models import CommunePage, Invitation, Membership, Unit
from communes.staff.memberships import end_membership
from tests.tipform.conftest import MESSAGE
from tests.tipform.forgery import copy_of, forge, holders_of, put_back
from tests.tipform.officers import (
    CLOSED,
    groups_on,
    key_page,
    log_in,
    page,
    sealed_to,
    thread_of,
    type_back,
)
from tests.tipform.residents import tells
from tipform.audit import verify
from tipform.box.holders import can_read, holders
from tipform.keys import current_key
from tipform.keys.grants import renew
from tipform.models import AuditEntry, Holding, KeyGrant

pytestmark = pytest.mark.django_db

FORM = "/cam-trung/gui-tin-bao/"


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


def test_after_a_lost_keyring_the_operator_confirms_staff_by_name_and_the_code_re_signs_keys(
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
