"""Each act on a tip is told in the transaction of the act, without kind and hour, and costs no tip."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from communes.models import CommunePage
from home.models import JobRun
from tests.tipform.officers import hand, press, read, unlocked
from tests.tipform.residents import Resident, code_on, tells
from tipform.audit import acted, record_of_unit
from tipform.models import AuditEntry, Tip

pytestmark = pytest.mark.django_db


@pytest.fixture
def acts() -> Iterator[list[dict[str, Any]]]:
    told: list[dict[str, Any]] = []
    around = len(connection.savepoint_ids)

    def listen(**facts: Any) -> None:
        assert len(connection.savepoint_ids) > around
        told.append({name: facts[name] for name in facts.keys() - {"signal", "sender"}})

    acted.connect(listen)
    yield told
    acted.disconnect(listen)


def test_a_tip_is_told_by_unit_and_act_alone(
    acts: list[dict[str, Any]], resident: Resident, commune: CommunePage
) -> None:
    resident.send(kind="question")
    tip = Tip.objects.get()
    assert acts == [{"tip": tip.uuid, "unit_id": commune.unit_id, "action": "received", "by_reporter": True}]


def test_what_an_officer_does_is_not_told_as_the_reporters(
    acts: list[dict[str, Any]], resident: Resident, commune: CommunePage, officer: Any
) -> None:
    client, tip = unlocked(officer), tells(commune.unit)
    acts.clear()
    read(client, tip)
    press(client, tip, "reply", text="Đã nhận.")
    assert [(act["action"], act["by_reporter"]) for act in acts] == [("opened", False), ("replied", False)]


def test_each_unit_that_reads_a_tip_is_told_of_what_the_reporter_adds(
    acts: list[dict[str, Any]], resident: Resident, commune: CommunePage, officer: Any, unit_officer: Any
) -> None:
    code = code_on(resident.send())
    client, tip = unlocked(officer), Tip.objects.get()
    hand(client, tip, commune.unit.parent, mode="joint")
    acts.clear()
    resident.look_up(code, act="write", message="Họ lại đến.")
    wrote = [act["unit_id"] for act in acts if act["action"] == "reporter-wrote"]
    assert wrote == sorted([commune.unit_id, commune.unit.parent_id])


def test_acts_on_keys_are_not_acts_on_a_tip(acts: list[dict[str, Any]], commune: CommunePage) -> None:
    record_of_unit(commune.unit, AuditEntry.Action.KEY_BORN)
    assert acts == []


def test_a_listener_that_fails_costs_no_tip(resident: Resident, commune: CommunePage) -> None:
    @acted.heard_by
    def failing(**facts: Any) -> None:
        JobRun.objects.create(name="twice", started_at=timezone.now())
        JobRun.objects.create(name="twice", started_at=timezone.now())

    try:
        code = code_on(resident.send())
    finally:
        acted.disconnect(dispatch_uid=f"{failing.__module__}.{failing.__qualname__}")
    assert code
    assert Tip.objects.count() == 1
    assert AuditEntry.objects.filter(action="received").count() == 1
    assert not JobRun.objects.filter(name="twice").exists()
