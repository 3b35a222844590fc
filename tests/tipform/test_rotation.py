"""The environment's keyring is replaced while everything goes on."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from communes.models import CommunePage
from tests.tipform.conftest import MESSAGE
from tests.tipform.officers import give_birth, key_page, log_in, page, thread_of
from tests.tipform.residents import tells
from tipform.audit import verify
from tipform.keys import current_key
from tipform.keys.ring import sign
from tipform.models import AuditEntry, OfficerKey, RecoveryKey, Tip, UnitKey

pytestmark = pytest.mark.django_db

OLD, NEW = "t1:" + "5a" * 32, "t2:" + "6b" * 32


def rotate(capsys: Any) -> str:
    call_command("rotate_keyring")
    return str(capsys.readouterr().out)


def test_with_a_new_key_in_front_everything_goes_on_and_the_old_one_can_go(
    commune: CommunePage, officer: Any, reader: Client, settings: Any, capsys: Any
) -> None:
    tip = tells(commune.unit)
    settings.TIP_KEYRING = f"{NEW},{OLD}"
    assert MESSAGE in page(reader, thread_of(tip))
    said = rotate(capsys)
    assert "t1: still needed: 1 officers who have not logged in since, 1 tips" in said
    assert {
        key.keyring_id for model in (UnitKey, RecoveryKey, OfficerKey) for key in model.objects.all()
    } == {"t2"}
    assert verify(commune.unit) == ""
    log_in(officer)
    assert OfficerKey.objects.get().pepper_id == "t2"
    Tip.objects.update(receipt_keyring_id="t2")  # as if the tips of then were purged
    assert "t1: may be taken out now" in rotate(capsys)
    settings.TIP_KEYRING = NEW
    assert MESSAGE in page(log_in(officer), thread_of(tip))
    assert current_key(commune.unit)
    assert verify(commune.unit) == ""


def test_rotating_twice_changes_nothing_more(
    commune: CommunePage, reader: Client, settings: Any, capsys: Any
) -> None:
    settings.TIP_KEYRING = f"{NEW},{OLD}"
    rotate(capsys)
    before = list(UnitKey.objects.values()), list(AuditEntry.objects.values())
    assert ": 0 re-signed" in rotate(capsys)
    assert (list(UnitKey.objects.values()), list(AuditEntry.objects.values())) == before


def test_stopped_half_way_it_goes_on_where_it_was_and_the_box_stays_open_meanwhile(
    commune: CommunePage, reader: Client, settings: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TIP_KEYRING = f"{NEW},{OLD}"
    signed = []

    def interrupted(key: Any) -> None:
        if signed:
            raise KeyboardInterrupt
        signed.append(key)
        sign(key)

    with monkeypatch.context() as patch:
        patch.setattr("tipform.management.commands.rotate_keyring.sign", interrupted)
        with pytest.raises(KeyboardInterrupt):
            rotate(capsys)
    made = {key.keyring_id for model in (UnitKey, RecoveryKey, OfficerKey) for key in model.objects.all()}
    assert made == {"t1", "t2"}
    assert current_key(commune.unit) and verify(commune.unit) == ""
    assert MESSAGE in page(reader, thread_of(tells(commune.unit)))
    rotate(capsys)
    assert not any(
        model.objects.exclude(keyring_id="t2").exists() for model in (UnitKey, RecoveryKey, OfficerKey)
    )
    assert current_key(commune.unit) and verify(commune.unit) == ""


def test_a_process_that_has_the_new_key_behind_the_old_one_knows_what_the_others_make(
    commune: CommunePage, officer: Any, settings: Any
) -> None:
    settings.TIP_KEYRING = f"{NEW},{OLD}"
    client = log_in(officer)
    give_birth(client, commune.unit)
    settings.TIP_KEYRING = f"{OLD},{NEW}"
    assert MESSAGE in page(client, thread_of(tells(commune.unit)))


def test_it_says_how_far_it_is(
    commune: CommunePage, reader: Client, settings: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reader.post(key_page("begin", commune.unit)).status_code == 302  # a second generation
    settings.TIP_KEYRING = f"{NEW},{OLD}"
    monkeypatch.setattr("tipform.management.commands.rotate_keyring.PROGRESS_EVERY", 1)
    assert "units' keys: 1 of 2 …" in rotate(capsys)


def test_a_false_key_is_not_re_signed_by_rotating(
    commune: CommunePage, reader: Client, settings: Any, capsys: Any
) -> None:
    UnitKey.objects.update(mac=b"x" * 32)
    settings.TIP_KEYRING = f"{NEW},{OLD}"
    assert "1 left alone" in rotate(capsys)
    assert current_key(commune.unit) is None


def test_an_altered_log_is_not_made_to_verify_by_rotating(
    commune: CommunePage, reader: Client, settings: Any, capsys: Any
) -> None:
    entry = AuditEntry.objects.filter(unit=commune.unit).earliest("pk")
    AuditEntry.objects.filter(pk=entry.pk).update(detail="khác")
    settings.TIP_KEYRING = f"{NEW},{OLD}"
    call_command("rotate_keyring")
    assert "left alone: entry" in capsys.readouterr().err
    assert verify(commune.unit)
