"""Handing a tip on and handling it jointly: who reads what from then on, and who sees that it happened."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communes.lifecycle.closing import close_commune
from communes.models import CommunePage, Membership, Unit
from tests.tipform.conftest import MESSAGE
from tests.tipform.officers import (
    NONCE,
    actions,
    ensure_unit_key,
    file_of,
    hand,
    hand_on_page,
    key_holder,
    press,
    read,
    strict,
    thread_of,
    unlocked,
)
from tests.tipform.residents import Resident, code_on, named, photo
from tipform.box.entries import add_entry
from tipform.models import AuditEntry, Part, Tip

pytestmark = pytest.mark.django_db

Log = Callable[[Any], Client]
Action = AuditEntry.Action


def body(response: Any) -> str:
    return str(response.content.decode())


# --- The page --------------------------------------------------------------------------------------------


def test_the_page_offers_the_unit_above_first_and_leaves_the_identity_out(
    officer: Any, unit_officer: Any, other_commune: CommunePage, unit: Any, tip: Tip, as_user: Log
) -> None:
    key_holder(other_commune.unit)
    page = body(as_user(officer).get(hand_on_page(tip)))
    assert page.index(str(unit.uuid)) < page.index(str(other_commune.unit.uuid))
    assert str(tip.unit.uuid) not in page
    checked = re.findall(r'name="parts" value="([^"]+)"[^>]*checked', page)
    assert "message" in checked and "place" in checked and len(checked) == 3
    assert "identity" not in checked


def test_units_are_searched_never_listed_by_the_thousand(
    officer: Any, unit: Any, tip: Tip, as_user: Log
) -> None:
    units = [Unit.objects.create(kind="xa", name=f"Làng {number}", parent=unit) for number in range(60)]
    for number in (7, *range(20, 55)):
        key_holder(units[number])
    key_holder(units[9]).memberships.get().delete()  # a box that nobody can open just now
    client = as_user(officer)

    def shown(**values: str) -> int:
        return body(client.post(hand_on_page(tip), {"act": "find", "nonce": NONCE, **values})).count(
            'name="unit"'
        )

    assert shown() == 12
    assert shown(q="LÀNG") == 20
    assert shown(q="lang 7") == 1
    assert shown(q="lang 8") == 0  # nobody there has a key
    assert shown(q="lang 9") == 0  # there is one, and nobody to open it
    assert "chưa có người giữ chìa khóa" in body(hand(client, tip, units[9]))
    assert shown(q="%") == 0
    with CaptureQueriesContext(connection) as few:
        shown(q="lang 7")
    with CaptureQueriesContext(connection) as many:
        shown(q="lang")
    assert len(many) == len(few)


def test_a_unit_out_of_service_is_not_offered_though_its_grants_sleep(
    officer: Any, unit: Any, unit_officer: Any, other_commune: CommunePage, tip: Tip, as_user: Log
) -> None:
    key_holder(other_commune.unit)
    client = as_user(officer)
    assert str(other_commune.unit.uuid) in body(client.get(hand_on_page(tip)))
    close_commune(other_commune.unit)
    assert str(other_commune.unit.uuid) not in body(client.get(hand_on_page(tip)))
    hand(client, tip, other_commune.unit)
    tip.refresh_from_db()
    assert tip.unit != other_commune.unit


def test_searching_and_checking_hand_nothing_on_and_keep_every_word(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    client = as_user(officer)
    for act in ("find", "check", "edit", "", "\x00"):
        response = hand(client, tip, unit, act=act, text="Trả lời viết dở", q="cam")
        page = body(response)
        assert response.status_code == 200
        assert "Việc ngoài địa bàn, &lt;cần&gt; cấp trên." in page
        assert "Trả lời viết dở" in page
        assert str(unit.uuid) in page
    tip.refresh_from_db()
    assert tip.unit != unit
    assert not tip.parts.filter(label="entry").exists()


@pytest.mark.parametrize(
    "values",
    [
        {"unit": ""},
        {"unit": "x" * 400},
        {"unit": "00000000-0000-0000-0000-000000000000"},
        {"unit": "own"},
        {"mode": ""},
        {"mode": "burn"},
        {"parts": []},
        {"parts": ["header"]},
        {"parts": ["message", "file:00000000-0000-0000-0000-000000000000"]},
        {"reason": "  "},
        {"reason": "dài " * 1000},
        {"nonce": ""},
        {"nonce": "\x00" * 20},
        {"unit": "\x00", "mode": "\x00", "parts": "\x00", "reason": "\x00"},
    ],
)
@pytest.mark.parametrize("act", ["check", "hand"])
def test_a_form_filled_in_badly_hands_nothing_on_and_comes_back(
    act: str, values: dict[str, Any], officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    if values.get("unit") == "own":
        values = {"unit": str(tip.unit.uuid)}
    response = hand(as_user(officer), tip, unit, act=act, **values)
    assert response.status_code == 200
    assert response.context["form"].errors
    tip.refresh_from_db()
    assert tip.unit != unit
    assert not tip.parts.filter(label="entry").exists()


def test_a_stale_token_keeps_the_reason(officer: Any, unit: Any, unit_officer: Any, tip: Tip) -> None:
    response = hand(strict(unlocked(officer)), tip, unit)
    assert response.status_code == 403
    assert "Việc ngoài địa bàn" in body(response)
    tip.refresh_from_db()
    assert tip.unit != unit


@pytest.mark.parametrize("who", ["other_officer", "unit_officer", "editor", "unit_editor", "superuser"])
def test_everybody_else_gets_404(
    who: str, request: pytest.FixtureRequest, officer: Any, unit: Any, tip: Tip, as_user: Log
) -> None:
    ensure_unit_key(unit)
    client = as_user(request.getfixturevalue(who))
    for response in (client.get(hand_on_page(tip)), hand(client, tip, unit)):
        assert response.status_code == 404
        assert tip.reference not in body(response)
    assert actions(tip) == ["received"]


# --- Handed on -------------------------------------------------------------------------------------------


def test_the_receiver_reads_what_was_chosen_and_nothing_else(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    assert hand(as_user(officer), tip, unit).status_code == 302
    client = as_user(unit_officer)
    page = read(client, tip)
    assert MESSAGE in page and "Thôn 4" in page and "Việc ngoài địa bàn" in page
    assert "tau.jpg" not in page and "Người Báo Tin" not in page
    assert "Không được gửi kèm đến đơn vị mình: 1 tệp." in page
    assert "Tên và số điện thoại không được gửi kèm" in page
    assert client.get(file_of(tip, Part.Label.FILE)).status_code == 404
    assert client.get(file_of(tip, Part.Label.VIEW)).status_code == 404
    page = body(press(client, tip, "identity"))
    assert "Người Báo Tin" not in page and "0900000001" not in page


def test_the_identity_goes_along_when_the_officer_says_so(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    hand(as_user(officer), tip, unit, parts=["message", "identity"])
    assert "Người Báo Tin" in body(press(as_user(unit_officer), tip, "identity"))


def test_a_file_that_goes_along_is_shown_and_downloaded_there(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    file = f"file:{tip.parts.get(label='file').uuid}"
    hand(as_user(officer), tip, unit, parts=["message", file])
    client = as_user(unit_officer)
    assert "tau.jpg" in read(client, tip)
    for label in (Part.Label.FILE, Part.Label.VIEW):
        assert client.get(file_of(tip, label)).status_code == 200


def test_the_unit_that_handed_it_on_reads_what_it_had_and_nothing_later(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    hand(as_user(officer), tip, unit)
    press(as_user(unit_officer), tip, "reply", text="Lời của cấp trên")
    add_entry(tip, "reporter", "Lời sau này", "n" * 20)
    page = read(as_user(officer), tip)
    assert MESSAGE in page and "Việc ngoài địa bàn" in page
    assert "Lời của cấp trên" not in page and "Lời sau này" not in page
    assert "Tin này nay do đơn vị khác phụ trách" in page
    assert "không mở được" not in page  # what came later is not even counted
    assert 'name="text"' not in page and 'value="status"' not in page
    press(as_user(unit_officer), tip, "status", status="closed", outcome="resolved")
    page = read(as_user(officer), tip)
    assert "Đã giải quyết" not in page and "Có kết quả" not in page


def test_who_handed_it_on_can_neither_answer_nor_close_it_and_keeps_his_words(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    """He had the page open while a colleague handed the tip on."""
    hand(as_user(officer), tip, unit)
    page = body(press(as_user(officer), tip, "reply", text="Câu trả lời muộn"))
    assert "Câu trả lời chưa được gửi" in page and "Câu trả lời muộn" in page
    page = body(press(as_user(officer), tip, "status", status="closed", outcome="resolved", text="Dở"))
    assert "Dở" in page
    tip.refresh_from_db()
    assert (tip.status, tip.unit) == ("new", unit)
    assert tip.parts.filter(label="entry").count() == 1  # the reason


def test_it_lies_in_one_inbox_as_new_and_in_the_other_under_handed_on(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    Tip.objects.update(status="accepted")
    inbox = reverse("tips:index")
    hand(as_user(officer), tip, unit)
    there, here = body(as_user(unit_officer).get(inbox)), body(as_user(officer).get(inbox))
    assert tip.reference in there and "Mới (1)" in there and "chưa đọc" in there
    assert tip.reference not in here and "Tất cả (0)" in here and "Đã chuyển (1)" in here
    assert tip.reference in body(as_user(officer).get(inbox, {"handed-away": "1"}))
    assert "Đã chuyển (" not in there


def test_what_one_of_his_units_handed_to_the_other_is_not_handed_on_for_who_works_for_both(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    Membership.objects.create(user=unit_officer, unit=tip.unit, role="officer")
    hand(as_user(officer), tip, unit)
    page = body(as_user(unit_officer).get(reverse("tips:index")))
    assert "Tất cả (1)" in page and "Đã chuyển (" not in page


def test_how_it_stands_with_the_other_unit_cannot_be_found_out_in_the_list(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    hand(as_user(officer), tip, unit)
    Tip.objects.update(status="closed", outcome="resolved")
    inbox, client = reverse("tips:index"), as_user(officer)
    for query in ({}, {"status": "closed"}, {"status": "new"}, {"category": "0"}):
        page = body(client.get(inbox, {"handed-away": "1", **query}))
        assert tip.reference in page
        assert page.count("Có kết quả") == 1  # the filter's own word


def test_a_second_click_hands_it_on_once(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    client = as_user(officer)
    for _click in range(2):
        assert hand(client, tip, unit).status_code == 302
    assert tip.parts.filter(label="entry").count() == 1
    assert actions(tip).count(Action.HANDED_ON) == actions(tip).count(Action.TAKEN_OVER) == 1


def test_both_units_have_it_on_their_record(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    commune = tip.unit
    hand(as_user(officer), tip, unit)
    given = AuditEntry.objects.get(tip=tip.uuid, action=Action.HANDED_ON)
    taken = AuditEntry.objects.get(tip=tip.uuid, action=Action.TAKEN_OVER)
    assert (given.unit, given.detail, given.actor) == (commune, str(unit.uuid), officer)
    assert (taken.unit, taken.detail, taken.actor) == (unit, str(commune.uuid), officer)
    for user in (officer, unit_officer):
        assert "chuyển đến" in read(as_user(user), tip)
    read(as_user(unit_officer), tip)
    own = read(as_user(officer), tip)
    assert "truc-huyen" not in own  # what the other unit does from now on is not on this one's record


def test_what_is_handed_back_opens_again(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    commune = tip.unit
    hand(as_user(officer), tip, unit)
    press(as_user(unit_officer), tip, "reply", text="Đã xem", nonce="m" * 22)
    tip.refresh_from_db()
    back = hand(as_user(unit_officer), tip, commune, parts=["message", "entry"], nonce="k" * 22)
    assert back.status_code == 302
    page = read(as_user(officer), tip)
    assert "Đã xem" in page and 'name="text"' in page
    assert "tau.jpg" in page  # what it had from the first day


# --- Jointly ---------------------------------------------------------------------------------------------


def test_both_units_read_and_answer_and_one_is_in_charge(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    commune = tip.unit
    hand(as_user(officer), tip, unit, mode="joint")
    tip.refresh_from_db()
    assert tip.unit == commune
    press(as_user(unit_officer), tip, "reply", text="Cấp trên hỏi thêm", nonce="m" * 22)
    press(as_user(officer), tip, "reply", text="Xã trả lời", nonce="l" * 22)
    add_entry(tip, "reporter", "Người báo viết", "n" * 20)
    for user in (officer, unit_officer):
        page = read(as_user(user), tip)
        for words in ("Cấp trên hỏi thêm", "Xã trả lời", "Người báo viết", "Việc ngoài địa bàn"):
            assert words in page
        assert "Công an huyện Cẩm Xuyên" in page and "Công an xã Cẩm Trung" in page
    press(as_user(unit_officer), tip, "status", status="closed", outcome="resolved")
    tip.refresh_from_db()
    assert tip.status == "new"  # the status is the responsible unit's
    assert hand(as_user(unit_officer), tip, commune, nonce="z" * 22).status_code == 200
    tip.refresh_from_db()
    assert tip.unit == commune
    assert actions(tip).count(Action.SHARED) == actions(tip).count(Action.JOINED) == 1


def offers_the_status(page: str) -> bool:
    """Whether the page has the form for the status, and the button that hands the tip on beside it."""
    shown = {
        text in page for text in ('name="status"', 'name="outcome"', "Lưu trạng thái", "Chuyển / cùng xử lý")
    }
    assert len(shown) == 1  # all of it or nothing
    return shown.pop()


def test_only_the_responsible_unit_is_shown_the_form_for_the_status(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    assert offers_the_status(read(as_user(officer), tip))

    hand(as_user(officer), tip, unit, mode="joint")
    assert offers_the_status(read(as_user(officer), tip))
    page = read(as_user(unit_officer), tip)
    assert 'value="reply"' in page  # it answers like the other
    assert not offers_the_status(page)

    hand(as_user(officer), tip, unit, nonce="m" * 22)
    assert not offers_the_status(read(as_user(officer), tip))
    assert offers_the_status(read(as_user(unit_officer), tip))


def test_who_works_for_both_units_has_the_tip_before_him_for_the_responsible_one(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    hand(as_user(officer), tip, unit, mode="joint")
    Membership.objects.create(user=unit_officer, unit=tip.unit, role="officer")
    assert offers_the_status(read(as_user(unit_officer), tip))
    hand(as_user(officer), tip, unit, nonce="m" * 22)
    assert offers_the_status(read(as_user(unit_officer), tip))


def test_a_file_is_opened_by_every_unit_that_was_given_it_and_noted_in_its_own_record(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    file = f"file:{tip.parts.get(label='file').uuid}"
    hand(as_user(officer), tip, unit, mode="joint", parts=["message", file])
    for user, of in ((officer, tip.unit), (unit_officer, unit)):
        for label in (Part.Label.FILE, Part.Label.VIEW):
            assert as_user(user).get(file_of(tip, label)).status_code == 200
        opened = AuditEntry.objects.filter(action=Action.FILE_OPENED, actor=user)
        assert {entry.unit for entry in opened} == {of}
    Tip.objects.filter(pk=tip.pk).update(unit=unit)
    tip.holdings.filter(unit=tip.unit).update(until="2026-01-01")
    assert as_user(officer).get(file_of(tip, Part.Label.FILE)).status_code == 200


def test_each_unit_has_its_own_unread(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    inbox = reverse("tips:index")
    hand(as_user(officer), tip, unit, mode="joint")
    read(as_user(officer), tip)
    assert "chưa đọc" not in body(as_user(officer).get(inbox))
    assert "chưa đọc" in body(as_user(unit_officer).get(inbox))
    read(as_user(unit_officer), tip)
    add_entry(tip, "reporter", "Người báo viết", "n" * 20)
    for user in (officer, unit_officer):
        assert "chưa đọc" in body(as_user(user).get(inbox))


def test_a_unit_that_handles_it_already_is_not_invited_twice(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    hand(as_user(officer), tip, unit, mode="joint")
    response = hand(as_user(officer), tip, unit, mode="joint", nonce="k" * 22)
    assert response.context["form"].errors["unit"]


# --- The reporter ----------------------------------------------------------------------------------------


@pytest.fixture
def code(resident: Resident) -> str:
    fields = {"contact": "callback", "name": "Hải Đường", "phone": "0912345678"}
    return code_on(resident.send(message=MESSAGE, attachments=[named(photo(), "a.jpg")], **fields))


@pytest.mark.parametrize("told", [False, True])
def test_the_reporter_is_told_the_unit_and_the_day_and_the_reason_only_if_chosen(
    told: bool, resident: Resident, code: str, officer: Any, unit: Any, unit_officer: Any, as_user: Log
) -> None:
    tip = Tip.objects.get()
    hand(as_user(officer), tip, unit, **({"tell_reporter": "on"} if told else {}))
    page = body(resident.look_up(code))
    assert "chuyển đến Công an huyện Cẩm Xuyên" in page
    assert ("Việc ngoài địa bàn" in page) is told
    resident.look_up(code, message="Người báo viết tiếp")
    assert "Người báo viết tiếp" in read(as_user(unit_officer), tip)
    assert "Người báo viết tiếp" not in read(as_user(officer), tip)


def test_words_typed_for_one_unit_do_not_go_to_another_without_asking(
    resident: Resident, code: str, officer: Any, unit: Any, unit_officer: Any, as_user: Log
) -> None:
    """The tip is handed on while the reporter writes."""
    readers = re.search(r'name="readers" value="([^"]*)"', body(resident.look_up(code)))
    assert readers
    tip = Tip.objects.get()
    hand(as_user(officer), tip, unit)
    response = resident.look_up(code, message="Chỉ nói với xã", readers=readers[1])
    assert response.status_code == 409
    assert "Chỉ nói với xã" in body(response) and "Công an huyện Cẩm Xuyên" in body(response)
    assert tip.parts.filter(label="entry").count() == 1  # the reason


def test_that_name_and_number_were_looked_at_stands_in_the_thread_of_both_sides(
    resident: Resident, code: str, officer: Any, second_officer: Any, as_user: Log
) -> None:
    tip = Tip.objects.get()
    assert "đã xem tên, số điện thoại bạn để lại" not in body(resident.look_up(code))
    client = as_user(officer)
    assert "Hải Đường" in body(press(client, tip, "identity"))
    assert "Hải Đường" not in read(client, tip)  # a fresh page does not show it again
    page = read(as_user(second_officer), tip)
    thread = page[: page.index('id="record"')]
    assert "truc" in thread and "xem tên và số điện thoại" in thread.lower()
    seen = body(resident.look_up(code))
    assert "cán bộ Công an xã Cẩm Trung đã xem tên, số điện thoại bạn để lại" in seen
    assert "truc" not in seen


def test_a_thread_of_many_hands_takes_no_more_queries(
    officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log
) -> None:
    hand(as_user(officer), tip, unit, mode="joint")
    client = as_user(officer)

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    urls = (thread_of(tip), reverse("tips:index"))
    for url in urls:
        queries(url)
    few = [queries(url) for url in urls]
    for number in range(10):
        by = as_user(unit_officer if number % 2 else officer)
        press(by, tip, "reply", text="Thêm", nonce=f"{number:020}")
        press(by, tip, "identity")
    assert [queries(url) for url in urls] == few
