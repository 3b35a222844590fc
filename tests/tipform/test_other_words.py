"""The same words from one form are one entry, however often it is sent; other words are never lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communes.models import CommunePage
from tests.tipform.conftest import MESSAGE
from tests.tipform.officers import NONCE, actions, asked_by, hand, key_holder, press, read
from tests.tipform.residents import Resident, code_on, hidden_fields
from tipform.entries import add_entry
from tipform.handling.holders import NoLongerHeld
from tipform.handling.passing import hand_on
from tipform.keys import private_keys
from tipform.models import AuditEntry, Tip

pytestmark = pytest.mark.django_db

Log = Callable[[Any], Client]
Action = AuditEntry.Action


def body(response: Any) -> str:
    return str(response.content.decode())


def entries(tip: Tip) -> int:
    return tip.parts.filter(label="entry").count()


# --- Answers ---------------------------------------------------------------------------------------------


def test_another_answer_from_the_same_page_is_stored_and_the_same_one_once(
    officer: Any, tip: Tip, as_user: Log
) -> None:
    client = as_user(officer)
    for words in (
        "Xin cho biết giờ nào.",
        "Xin cho biết giờ nào.",
        "Xin cho biết ngày nào.",
        "Xin cho biết giờ nào.",
    ):
        assert press(client, tip, "reply", text=words).status_code == 302
    page = read(client, tip)
    assert page.count("Xin cho biết giờ nào.") == page.count("Xin cho biết ngày nào.") == 1
    assert actions(tip).count(Action.REPLIED) == 2


def test_a_colleague_with_the_same_page_and_other_words_is_not_swallowed(
    officer: Any, second_officer: Any, tip: Tip, as_user: Log
) -> None:
    press(as_user(officer), tip, "reply", text="Câu của trực")
    press(as_user(second_officer), tip, "reply", text="Câu của đồng đội")
    page = read(as_user(officer), tip)
    assert "Câu của trực" in page and "Câu của đồng đội" in page


def test_each_side_says_the_same_for_itself(tip: Tip) -> None:
    assert add_entry(tip, "officer", "Vâng", NONCE)
    assert add_entry(tip, "reporter", "Vâng", NONCE)
    assert not add_entry(tip, "reporter", "Vâng", NONCE)
    assert add_entry(tip, "reporter", "Vâng ạ", NONCE)
    assert entries(tip) == 3


def test_the_reporter_too_stores_other_words_from_the_same_page(resident: Resident) -> None:
    code = code_on(resident.send())
    fields = hidden_fields(body(resident.look_up(code)))
    fields |= {**resident.open("/tra-cuu/"), "nonce": fields["nonce"]}
    for words in ("thêm một", "thêm một", "thêm hai"):
        assert words in body(resident.client.post("/tra-cuu/", {**fields, "message": words}))
    assert entries(Tip.objects.get()) == 2


# --- Reasons of handing on -------------------------------------------------------------------------------


def given(officer: Any, tip: Tip, **values: Any) -> dict[str, Any]:
    """What an officer of the responsible unit gives to `hand_on`."""
    return {
        "keys": private_keys(asked_by(officer), tip.unit),
        "by": tip.unit,
        "joint": True,
        "parts": set(tip.parts.filter(label="message").values_list("uuid", flat=True)),
        "reason": "Cần bên ấy xem",
        "tell_reporter": False,
        "nonce": NONCE,
        "actor": officer,
        **values,
    }


def test_another_reason_under_the_same_nonce_is_another_entry(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    assert hand_on(tip, **given(officer, tip, to=unit))
    assert not hand_on(tip, **given(officer, tip, to=unit))
    assert hand_on(tip, **given(officer, tip, to=unit, reason="Lý do khác"))
    page = read(as_user(unit_officer), tip)
    assert page.count("Cần bên ấy xem") == page.count("Lý do khác") == 1


def test_the_same_reason_for_another_unit_is_another_act(
    officer: Any, unit: Any, unit_officer: Any, other_commune: CommunePage, tip: Tip
) -> None:
    key_holder(other_commune.unit)
    assert hand_on(tip, **given(officer, tip, to=unit))
    assert hand_on(tip, **given(officer, tip, to=other_commune.unit))
    assert entries(tip) == 2


def test_after_a_transfer_another_reason_is_refused_not_taken_for_done(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip
) -> None:
    first = given(officer, tip, to=unit, joint=False)
    assert hand_on(tip, **first)
    assert not hand_on(tip, **first)
    with pytest.raises(NoLongerHeld):
        hand_on(tip, **{**first, "reason": "Lý do khác"})


@pytest.mark.parametrize("mode", ["transfer", "joint"])
@pytest.mark.parametrize(
    "changed", [{"reason": "Lý do khác"}, {"parts": ["message"]}, {"tell_reporter": "on"}]
)
def test_on_the_screen_a_changed_form_comes_back_with_its_words_and_an_unchanged_one_is_done(
    mode: str, changed: dict[str, Any], officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    client = as_user(officer)
    for _click in range(2):
        assert hand(client, tip, unit, mode=mode, text="").status_code == 302
    response = hand(client, tip, unit, mode=mode, **changed)
    assert response.status_code == 200
    assert changed.get("reason", "Việc ngoài địa bàn") in body(response)
    assert entries(tip) == 1


def test_joint_handling_with_another_unit_from_the_same_page_is_done(
    officer: Any, unit: Any, unit_officer: Any, other_commune: CommunePage, tip: Tip, as_user: Log
) -> None:
    key_holder(other_commune.unit)
    client = as_user(officer)
    for to in (unit, other_commune.unit):
        assert hand(client, tip, to, mode="joint").status_code == 302
    assert tip.holdings.filter(until=None).count() == 3
    assert entries(tip) == 2


# --- Sent up by the reporter -----------------------------------------------------------------------------


def test_name_and_number_chosen_after_it_went_up_are_not_said_to_have_gone_along(
    resident: Resident, unit: Any, unit_officer: Any, as_user: Log
) -> None:
    code = code_on(resident.send(contact="callback", name="Hải Đường", phone="0912345678", message=MESSAGE))
    Tip.objects.update(status="closed", outcome="no-basis", day=timezone.localdate())
    page = hidden_fields(body(resident.look_up(code, act="up")))
    fields = {
        **page,
        **resident.open("/tra-cuu/"),
        "nonce": page["nonce"],
        "act": "send-up",
        "message": "Sai",
    }
    for _click in range(2):
        assert "Đã gửi lên" in body(resident.client.post("/tra-cuu/", fields))
    response = resident.client.post("/tra-cuu/", {**fields, "identity": "on"})
    assert response.status_code == 409 and "Sai" in body(response)
    assert "Hải Đường" not in body(press(as_user(unit_officer), Tip.objects.get(), "identity"))
    assert entries(Tip.objects.get()) == 1
