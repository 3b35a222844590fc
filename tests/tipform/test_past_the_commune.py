"""Past the commune: straight to the unit above, and sent up later with the code."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communes.models import Membership, Unit
from tests.tipform.officers import hand, key_holder, press, read, thread_of
from tests.tipform.residents import Resident, code_on, hidden_fields, state_of
from tipform.box.reporter import find as reporter_of
from tipform.lookup.thread import Act, read_thread
from tipform.models import AuditEntry, Holding, PartKey, Tip, UnitKey

pytestmark = pytest.mark.django_db

Log = Callable[[Any], Client]
Action = AuditEntry.Action
WORDS = "Trưởng Công an xã là cậu của người hút cát."
CHOICE = "không đọc được"
INBOX = reverse("tips:index")


def body(response: Any) -> str:
    return str(response.content.decode())


# --- Straight to the unit above --------------------------------------------------------------------------


def test_the_form_asks_who_is_to_read_it_only_where_somebody_above_can(
    resident: Resident, unit: Any, request: pytest.FixtureRequest
) -> None:
    assert CHOICE not in body(resident.client.get(resident.url))
    request.getfixturevalue("unit_officer")
    page = body(resident.client.get(resident.url))
    assert "Gửi thẳng cấp trên (Công an huyện Cẩm Xuyên), Công an xã Cẩm Trung không đọc được" in page
    assert page.index(CHOICE) < page.index('name="message"')  # before a word is written


def test_nothing_goes_up_where_nobody_holds_the_key_any_more(resident: Resident, unit_officer: Any) -> None:
    hidden = resident.open()
    unit_officer.set_password("somebody else set this one")
    unit_officer.save()
    assert CHOICE not in body(resident.client.get(resident.url))
    page = body(resident.send(message=WORDS, reader="above", hidden=hidden))
    assert "Lúc này chưa gửi thẳng cấp trên được" in page and WORDS in page
    assert not Tip.objects.exists()


def test_the_commune_learns_nothing_of_it_and_the_unit_above_handles_it(
    resident: Resident, unit: Any, unit_officer: Any, officer: Any, other_officer: Any, as_user: Log
) -> None:
    sent = resident.send(message=WORDS, reader="above")
    tip = Tip.objects.get()
    assert (tip.unit, tip.received_by) == (unit, unit.uuid)
    assert {row.unit_key.unit for row in PartKey.objects.exclude(unit_key=None)} == {unit}
    assert not AuditEntry.objects.exclude(unit=unit).exists()
    for user in (officer, other_officer):
        assert as_user(user).get(thread_of(tip)).status_code == 404
        page = body(as_user(user).get(INBOX))
        assert tip.reference not in page and "Tất cả (0)" in page
        assert "Tin mới (0)" in body(as_user(user).get(reverse("wagtailadmin_home")))
    page = read(as_user(unit_officer), tip)
    assert WORDS in page
    assert "Người báo gửi thẳng cấp trên từ trang của Công an xã Cẩm Trung" in page
    receipt = body(sent)
    assert "Công an xã Cẩm Trung không đọc được và không biết có tin này" in receipt
    assert "Công an huyện Cẩm Xuyên đã nhận" in receipt
    press(as_user(unit_officer), tip, "reply", text="Chúng tôi đã nhận.")
    seen = body(resident.look_up(code_on(sent)))
    assert WORDS in seen and "Chúng tôi đã nhận." in seen and "Thoát nhanh" in seen
    assert "Công an xã Cẩm Trung" not in seen


def test_the_ordinary_choice_goes_to_the_commune_alone(
    resident: Resident, commune: Any, unit_officer: Any, as_user: Log
) -> None:
    resident.send(message=WORDS, reader="here")
    tip = Tip.objects.get()
    assert tip.unit == commune.unit
    assert as_user(unit_officer).get(thread_of(tip)).status_code == 404


def test_a_choice_that_is_gone_is_asked_about_and_never_falls_back(
    resident: Resident, unit_officer: Any
) -> None:
    hidden = resident.open()
    UnitKey.objects.filter(unit__kind="huyen").delete()
    page = body(resident.send(message=WORDS, reader="above", hidden=hidden))
    assert "Lúc này chưa gửi thẳng cấp trên được" in page and WORDS in page
    assert not Tip.objects.exists()


@pytest.mark.parametrize("reader", ["", "x", "\x00", "ABOVE"])
def test_a_garbled_choice_never_sends_it_elsewhere(
    reader: str, resident: Resident, commune: Any, unit_officer: Any
) -> None:
    resident.send(message=WORDS, reader=reader)
    assert not Tip.objects.exclude(unit=commune.unit).exists()


def test_the_choice_is_part_of_what_was_sent(resident: Resident, unit: Any, unit_officer: Any) -> None:
    hidden = resident.open()
    pages = [
        resident.send(message=WORDS, reader=reader, hidden=hidden) for reader in ("above", "here", "above")
    ]
    assert len({code_on(page) for page in pages}) == 1
    assert [state_of(page) for page in pages] == ["stored", "changed", "again"]
    # An addition goes to whoever has the tip, and the page says who that is.
    assert f"của những đơn vị này đọc: {unit.full_name}" in body(pages[1])
    assert Tip.objects.get().unit == unit


def test_a_refused_form_keeps_the_choice(resident: Resident, unit_officer: Any) -> None:
    for page in (
        body(resident.send(message="", reader="above")),
        body(resident.send(message=WORDS, reader="above", csrfmiddlewaretoken="x" * 64)),
    ):
        assert 'value="above" ' in page
        assert "checked" in page.split('value="above"')[1].split(">")[0]
    assert not Tip.objects.exists()


# --- Sent up with the code -------------------------------------------------------------------------------


@pytest.fixture
def code(resident: Resident, unit_officer: Any) -> str:
    fields = {"contact": "callback", "name": "Hải Đường", "phone": "0912345678"}
    return code_on(resident.send(message="Hai tàu hút cát", **fields))


def close(tip: Tip) -> None:
    Tip.objects.filter(pk=tip.pk).update(status="closed", outcome="no-basis")


def send_up(resident: Resident, code: str, message: str = WORDS, **more: Any) -> Any:
    return resident.send_up(code, message, **more)


def test_a_closed_tip_is_sent_up_and_the_commune_keeps_only_what_it_had(
    resident: Resident, code: str, unit: Any, unit_officer: Any, officer: Any, as_user: Log
) -> None:
    tip = Tip.objects.get()
    press(as_user(officer), tip, "reply", text="Không có căn cứ.")
    close(tip)
    assert "Tôi chưa đồng ý với kết quả" in body(resident.look_up(code))
    page = body(resident.look_up(code, act="up", message="Nửa chừng"))
    assert "Nửa chừng" in page  # what was half written on the thread came along
    assert "Họ có thể đoán là do bạn gửi lên" in page
    assert PartKey.objects.filter(unit_key__unit=unit).count() == 0  # nothing sent yet
    done = body(send_up(resident, code))
    assert "Đã gửi lên Công an huyện Cẩm Xuyên" in done and WORDS in done

    tip.refresh_from_db()
    assert (tip.unit, tip.status, tip.outcome) == (unit, "new", "")
    page = read(as_user(unit_officer), tip)
    for words in (WORDS, "Hai tàu hút cát", "Không có căn cứ."):
        assert words in page
    assert "Hải Đường" not in body(press(as_user(unit_officer), tip, "identity"))

    resident.look_up(code, message="Chỉ cấp trên đọc")
    assert "Chỉ cấp trên đọc" in read(as_user(unit_officer), tip)
    own = read(as_user(officer), tip)
    assert "Hai tàu hút cát" in own and "Không có căn cứ." in own
    assert WORDS not in own and "Chỉ cấp trên đọc" not in own
    assert "chuyển đến" in own and "Tin này nay do đơn vị khác phụ trách" in own
    taken = AuditEntry.objects.filter(tip=tip.uuid, action__in=["handed-on", "taken-over"])
    assert {(entry.unit, entry.actor) for entry in taken} == {(unit, None), (officer_unit(officer), None)}


def officer_unit(user: Any) -> Unit:
    return Membership.objects.get(user=user).unit


def test_name_and_number_go_up_only_when_the_reporter_says_so(
    resident: Resident, code: str, unit_officer: Any, as_user: Log
) -> None:
    tip = Tip.objects.get()
    close(tip)
    send_up(resident, code, identity="on")
    assert "Hải Đường" in body(press(as_user(unit_officer), tip, "identity"))


@pytest.mark.parametrize(
    ("days", "answered", "offered"),
    [(0, False, False), (6, False, False), (7, False, True), (8, True, False), (20, True, True)],
)
def test_who_has_waited_long_enough_may_go_up(
    days: int, answered: bool, offered: bool, resident: Resident, code: str, officer: Any, as_user: Log
) -> None:
    tip = Tip.objects.get()
    if answered:
        press(as_user(officer), tip, "reply", text="Đang xem.")
    Tip.objects.update(day=timezone.localdate() - datetime.timedelta(days=days))
    assert ("gửi lên cấp trên" in body(resident.look_up(code))) is offered
    assert (send_up(resident, code).status_code == 200) is offered
    tip.refresh_from_db()
    assert (tip.unit.kind == "huyen") is offered


def test_he_waits_since_the_unit_that_has_it_now_got_it(code: str, unit: Any) -> None:
    thread = read_thread(reporter_of(code), "")
    assert thread.since == timezone.localdate()
    first, second, third = (timezone.localdate() + datetime.timedelta(days=days) for days in (1, 2, 3))
    acts = [Act(first, Action.HANDED_ON, unit), Act(second, Action.HANDED_ON, unit)]
    assert replace(thread, acts=[*acts, Act(third, Action.SHARED, unit)]).since == second


def test_an_answer_of_another_unit_than_the_responsible_one_does_not_keep_him_from_going_up(
    resident: Resident, code: str, unit_officer: Any, officer: Any, other_officer: Any, as_user: Log
) -> None:
    tip, elsewhere = Tip.objects.get(), officer_unit(other_officer)
    key_holder(elsewhere)
    hand(as_user(officer), tip, elsewhere, mode="joint")
    press(as_user(other_officer), tip, "reply", text="Xã bên cạnh trả lời.")
    Tip.objects.update(day=timezone.localdate() - datetime.timedelta(days=7))
    page = body(resident.look_up(code))
    assert "Xã bên cạnh trả lời." in page
    assert "gửi lên cấp trên" in page


def test_nothing_is_offered_where_nobody_above_can_read(resident: Resident, code: str) -> None:
    close(Tip.objects.get())
    UnitKey.objects.filter(unit__kind="huyen").update(mac=b"x" * 32)
    assert "Tôi chưa đồng ý" not in body(resident.look_up(code))
    response = send_up(resident, code)
    assert response.status_code == 409
    assert WORDS in body(response)


@pytest.mark.parametrize("named", ["", "00000000-0000-0000-0000-000000000000"])
def test_it_goes_to_no_other_unit_than_the_page_named(named: str, resident: Resident, code: str) -> None:
    tip = Tip.objects.get()
    close(tip)
    response = send_up(resident, code, above=named)
    assert response.status_code == 409
    assert WORDS in body(response)
    tip.refresh_from_db()
    assert tip.unit.kind == "xa"
    assert send_up(resident, code).status_code == 200


def test_a_second_click_sends_it_up_once(resident: Resident, code: str, unit: Any) -> None:
    close(Tip.objects.get())
    page = hidden_fields(body(resident.look_up(code, act="up")))
    fields = {**page, **resident.open("/tra-cuu/"), "act": "send-up", "message": WORDS}
    for _click in range(2):
        response = resident.client.post("/tra-cuu/", {**fields, "nonce": page["nonce"]})
        assert "Đã gửi lên Công an huyện" in body(response)
    tip = Tip.objects.get()
    assert tip.parts.filter(label="entry").count() == 1
    assert AuditEntry.objects.filter(action="taken-over").count() == 1


@pytest.mark.parametrize("message", ["", "   ", "a" * 20_001])
def test_bad_words_come_back_and_nothing_goes_up(message: str, resident: Resident, code: str) -> None:
    close(Tip.objects.get())
    page = body(send_up(resident, code, message=message))
    assert message.strip() in page and "Trước khi gửi" in page
    assert Tip.objects.get().status == "closed"


def test_a_stale_page_or_a_wrong_code_keeps_the_way_up_and_writes_nothing_to_the_commune(
    resident: Resident, code: str
) -> None:
    close(Tip.objects.get())
    typed = {"act": "send-up", "message": WORDS}
    stale = {"csrfmiddlewaretoken": "x" * 64, "code": code, **typed}
    for response in (resident.client.post("/tra-cuu/", stale), resident.look_up("1" * 16, **typed)):
        fields = hidden_fields(body(response))
        assert fields["act"] == "up"
        assert WORDS in body(response)
    again = resident.client.post("/tra-cuu/", {**fields, "code": code, "message": WORDS})
    assert "Trước khi gửi" in body(again) and WORDS in body(again)
    assert not Tip.objects.get().parts.filter(label="entry").exists()


def test_joint_handlers_of_before_get_nothing_more(
    resident: Resident, code: str, other_commune: Any, unit: Any
) -> None:
    tip = Tip.objects.get()
    Holding.objects.create(tip=tip, unit=other_commune.unit)
    close(tip)
    send_up(resident, code)
    assert [row.unit for row in tip.holdings.filter(until=None)] == [unit]
