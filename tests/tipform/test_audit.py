import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone

from communes.models import CommunePage
from tipform import vault
from tipform.audit import canonical, record, sign_head, verify
from tipform.keys import keyring
from tipform.models import AuditEntry, AuditHead, Tip

pytestmark = pytest.mark.django_db


def _tip(page: CommunePage) -> Tip:
    return Tip(unit=page.unit, uuid=uuid4())


def test_entries_are_chained_each_to_the_last_of_its_unit(
    commune: CommunePage, other_commune: CommunePage, officer: Any
) -> None:
    first = record(_tip(commune), AuditEntry.Action.RECEIVED)
    elsewhere = record(_tip(other_commune), AuditEntry.Action.RECEIVED)
    second = record(_tip(commune), AuditEntry.Action.OPENED, actor=officer)
    assert bytes(first.previous_hash) == bytes(elsewhere.previous_hash) == b""
    assert bytes(second.previous_hash) == bytes(first.hash)


def test_an_altered_entry_shows(commune: CommunePage, officer: Any) -> None:
    record(_tip(commune), AuditEntry.Action.OPENED, actor=officer)
    entry = AuditEntry.objects.get()
    assert keyring().verify(vault.AUDIT, canonical(entry), bytes(entry.hash))
    entry.actor = None
    assert not keyring().verify(vault.AUDIT, canonical(entry), bytes(entry.hash))


def test_the_hour_at_which_a_reporter_wrote_is_not_told(commune: CommunePage, officer: Any) -> None:
    record(_tip(commune), AuditEntry.Action.RECEIVED)
    record(_tip(commune), AuditEntry.Action.OPENED, actor=officer)
    received, opened = AuditEntry.objects.order_by("pk")
    local = timezone.localtime(received.at)
    assert local.time() == datetime.time(0)
    assert local.date() == timezone.localdate()
    assert timezone.now() - opened.at < datetime.timedelta(minutes=1)
    assert keyring().verify(vault.AUDIT, canonical(received), bytes(received.hash))


@pytest.fixture
def log(commune: CommunePage, officer: Any) -> list[AuditEntry]:
    return [record(_tip(commune), AuditEntry.Action.OPENED, actor=officer) for _entry in range(5)]


def test_a_whole_log_verifies(log: list[AuditEntry], other_commune: CommunePage) -> None:
    record(_tip(other_commune), AuditEntry.Action.RECEIVED)
    call_command("verify_audit")


@pytest.mark.parametrize("field", ["actor", "at", "action", "detail", "tip", "hash"])
def test_the_altered_entry_is_named(
    field: str, log: list[AuditEntry], commune: CommunePage, capsys: Any
) -> None:
    values = {"actor": None, "at": timezone.now(), "action": "replied", "detail": "x"}
    other = {"tip": uuid4(), "hash": b"x" * 32, **values}[field]
    AuditEntry.objects.filter(pk=log[2].pk).update(**{field: other})
    assert verify(commune.unit) == f"entry {log[2].pk} was altered"
    with pytest.raises(CommandError):
        call_command("verify_audit")
    assert commune.unit.full_name in capsys.readouterr().err


def test_a_missing_entry_is_named_by_the_one_after_it(log: list[AuditEntry], commune: CommunePage) -> None:
    AuditEntry.objects.filter(pk=log[2].pk).delete()
    assert f"before entry {log[3].pk} " in verify(commune.unit)


def test_a_missing_beginning_is_named(log: list[AuditEntry], commune: CommunePage) -> None:
    AuditEntry.objects.filter(pk=log[0].pk).delete()
    assert f"before entry {log[1].pk} " in verify(commune.unit)


def test_entries_that_changed_places_are_named(log: list[AuditEntry], commune: CommunePage) -> None:
    first, second = log[1].pk, log[2].pk
    for old, new in ((first, 9_000), (second, first), (9_000, second)):
        AuditEntry.objects.filter(pk=old).update(id=new)
    assert f"before entry {first} " in verify(commune.unit)


def test_an_entry_written_by_somebody_else_is_named(log: list[AuditEntry], commune: CommunePage) -> None:
    last = log[-1]
    AuditEntry.objects.create(
        at=last.at, unit=commune.unit, tip=last.tip, action="opened", previous_hash=last.hash, hash=b"x" * 32
    )
    assert "was altered" in verify(commune.unit)


def test_a_cut_end_shows(log: list[AuditEntry], commune: CommunePage) -> None:
    AuditEntry.objects.filter(pk__gte=log[3].pk).delete()
    assert verify(commune.unit) == "entries are missing: 5 were written, 3 are here"
    AuditHead.objects.update(count=F("count") - 2, hash=log[2].hash)
    assert "was altered" in verify(commune.unit)
    AuditHead.objects.all().delete()
    assert "missing" in verify(commune.unit)


def test_a_log_of_which_everything_is_gone_shows(log: list[AuditEntry], commune: CommunePage) -> None:
    AuditEntry.objects.all().delete()
    with pytest.raises(CommandError):
        call_command("verify_audit")


def test_a_log_may_be_verified_from_a_trusted_entry_on(log: list[AuditEntry], commune: CommunePage) -> None:
    AuditEntry.objects.filter(pk=log[0].pk).update(detail="x")
    assert verify(commune.unit)
    head = AuditHead.objects.get()
    sign_head(head)
    assert verify(commune.unit, since=log[1].pk) == ""


def test_an_entry_that_is_gone_from_before_the_trusted_one_shows(
    log: list[AuditEntry], commune: CommunePage
) -> None:
    AuditEntry.objects.filter(pk=log[0].pk).delete()
    assert verify(commune.unit, since=log[2].pk) == "entries are missing: 5 were written, 4 are here"
