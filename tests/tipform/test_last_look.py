"""What is new since the reporter looked last is marked, nothing else is, and no hour is kept for it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from home.clock import at
from tests.tipform.officers import hand, key_holder, press
from tests.tipform.residents import Resident, code_on, hidden_fields
from tipform.lookup import last_look
from tipform.models import AuditEntry, Tip

pytestmark = pytest.mark.django_db

Log = Callable[[Any], Client]
MARK = re.compile(r'tag--new">Mới</span>(.*?)</(?:li|p)>', re.S)


@pytest.fixture
def code(resident: Resident) -> str:
    return code_on(resident.send(message="Hai tàu hút cát", contact="callback", phone="0912345678"))


@pytest.fixture
def desk(officer: Any, code: str, as_user: Log) -> Client:
    return as_user(officer)


def html(response: Any) -> str:
    return str(response.content.decode())


def line(page: str) -> str:
    """What stands above the status about the look before, without tags."""
    found = re.search(r"<p>(?:<strong>)?((?:Từ|Chưa có gì mới từ) lần xem trước.*?)</p>", page, re.S)
    return re.sub(r"</?strong>", "", found[1]) if found else ""


def today() -> str:
    return timezone.localdate().strftime("%d/%m/%Y")


def answer(desk: Client, text: str) -> None:
    press(desk, Tip.objects.get(), "reply", text=text)


def again(resident: Resident, page: str, **more: str) -> str:
    """What a form of the thread's own page posts."""
    token = resident.open("/tra-cuu/")["csrfmiddlewaretoken"]
    fields = {**hidden_fields(page), "csrfmiddlewaretoken": token, **more}
    return html(resident.client.post("/tra-cuu/", fields))


def test_the_first_look_says_nothing_of_a_look_before(resident: Resident, code: str, desk: Client) -> None:
    answer(desk, "Ở bến nào?")
    page = html(resident.look_up(code))
    assert "Ở bến nào?" in page
    assert line(page) == "" and not MARK.findall(page)


def test_an_answer_after_the_last_look_is_new_and_older_ones_are_not(
    resident: Resident, code: str, desk: Client
) -> None:
    answer(desk, "Ở bến nào?")
    resident.look_up(code)
    answer(desk, "Đã đến xem.")
    page = html(resident.look_up(code))
    assert line(page) == f"Từ lần xem trước ({today()}): 1 câu trả lời mới."
    assert len(MARK.findall(page)) == 1
    assert page.index("Ở bến nào?") < page.index("tag--new") < page.index("Đã đến xem.")


def test_without_an_answer_he_is_told_so(resident: Resident, code: str) -> None:
    resident.look_up(code)
    page = html(resident.look_up(code))
    assert line(page) == f"Chưa có gì mới từ lần xem trước ({today()})."
    assert not MARK.findall(page)


def test_what_he_wrote_himself_is_not_new(resident: Resident, code: str) -> None:
    resident.look_up(code)
    resident.look_up(code, message="Tàu lại vào")
    page = html(resident.look_up(code))
    assert line(page).startswith("Chưa có gì mới") and not MARK.findall(page)


def test_a_status_that_was_set_is_new_and_one_set_back_is_not(
    resident: Resident, code: str, desk: Client
) -> None:
    resident.look_up(code)
    press(desk, Tip.objects.get(), "status", status="accepted")
    press(desk, Tip.objects.get(), "status", status="closed", outcome="resolved")
    answer(desk, "Xong việc.")
    page = html(resident.look_up(code))
    assert line(page) == f"Từ lần xem trước ({today()}): 1 câu trả lời mới, có kết quả: đã giải quyết."
    press(desk, Tip.objects.get(), "status", status="in-progress")
    press(desk, Tip.objects.get(), "status", status="closed", outcome="resolved")
    assert line(html(resident.look_up(code))).startswith("Chưa có gì mới")


def test_a_hand_over_and_a_look_at_his_name_are_new(
    resident: Resident, code: str, desk: Client, other_commune: Any
) -> None:
    key_holder(other_commune.unit)
    resident.look_up(code)
    press(desk, Tip.objects.get(), "identity")
    hand(desk, Tip.objects.get(), other_commune.unit)
    page = html(resident.look_up(code))
    assert "đã xem tên và số điện thoại" in line(page) and "chuyển cho Công an xã Cẩm Duệ" in line(page)
    assert len(MARK.findall(page)) == 2
    # As the unit has it now, the tip lies in its box as new: nobody has set that status.
    assert not line(page).endswith("mới.")


@pytest.mark.parametrize("act", [{"message": "Tàu lại vào"}, {"act": "back"}, {}])
def test_within_the_sitting_nothing_new_is_hidden(
    resident: Resident, code: str, desk: Client, act: dict[str, str]
) -> None:
    resident.look_up(code)
    answer(desk, "Ở bến nào?")
    page = html(resident.look_up(code))
    answer(desk, "Còn đó không?")
    page = again(resident, page, **act)
    assert line(page) == f"Từ lần xem trước ({today()}): 2 câu trả lời mới."
    assert len(MARK.findall(page)) == 2


@pytest.mark.parametrize("step", ["up", "withdraw"])
def test_the_pages_that_explain_an_act_belong_to_the_sitting(
    resident: Resident, code: str, desk: Client, unit_officer: Any, step: str
) -> None:
    resident.look_up(code)
    answer(desk, "Ở bến nào?")
    page = again(resident, html(resident.look_up(code)), act=step)
    assert "1 câu trả lời mới" in line(again(resident, page, act="back"))


def test_an_answer_that_never_reached_him_is_still_new_when_the_form_is_sent_again(
    resident: Resident, code: str, desk: Client
) -> None:
    resident.look_up(code)
    answer(desk, "Ở bến nào?")
    form = {**resident.open("/tra-cuu/"), "code": code}
    resident.client.post("/tra-cuu/", form)
    assert "1 câu trả lời mới" in line(html(resident.client.post("/tra-cuu/", form)))


def test_a_wrong_code_in_between_keeps_the_sitting(resident: Resident, code: str, desk: Client) -> None:
    resident.look_up(code)
    answer(desk, "Ở bến nào?")
    page = html(resident.look_up(code))
    sitting = hidden_fields(page)["sitting"]
    refused = html(resident.look_up("1234", sitting=sitting))
    assert hidden_fields(refused)["sitting"] == sitting


def test_a_page_left_open_for_half_an_hour_begins_another_sitting(
    resident: Resident, code: str, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident.look_up(code)
    answer(desk, "Ở bến nào?")
    page = html(resident.look_up(code))
    monkeypatch.setattr(last_look, "SITTING", timedelta(seconds=-1))
    assert line(again(resident, page)).startswith("Chưa có gì mới")


@pytest.mark.parametrize("sitting", ["", "abc", "0123456789abcdef:1tqJ2Q:AAAA", ":", "\0"])
def test_a_sitting_that_nobody_drew_is_a_new_one(
    resident: Resident, code: str, desk: Client, sitting: str
) -> None:
    resident.look_up(code)
    answer(desk, "Ở bến nào?")
    assert "1 câu trả lời mới" in line(html(resident.look_up(code, sitting=sitting)))


def local(day: int, hour: int, minute: int, second: int = 0) -> datetime:
    return timezone.make_aware(datetime(2027, 3, day, hour, minute, second))


@pytest.mark.parametrize(
    ("looked", "answered", "day"),
    [
        (local(10, 23, 59, 59), local(11, 0, 0), "10/03/2027"),  # midnight lies between
        (local(11, 0, 0), local(11, 0, 0, 1), "11/03/2027"),  # the first minute of the day
        (local(11, 9, 30), local(11, 9, 30), "11/03/2027"),  # the same minute and second
        (local(11, 9, 30), local(11, 9, 29), "11/03/2027"),  # a clock that was set back
    ],
)
def test_order_decides_not_the_clock(
    resident: Resident, code: str, desk: Client, looked: datetime, answered: datetime, day: str
) -> None:
    from tipform.box.entries import add_entry

    with at(looked):
        add_entry(Tip.objects.get(), "officer", "Ở bến nào?", "n1")
        resident.look_up(code)
    with at(answered):
        add_entry(Tip.objects.get(), "officer", "Đã đến xem.", "n2")
        page = html(resident.look_up(code))
    assert line(page) == f"Từ lần xem trước ({day}): 1 câu trả lời mới."


def test_no_hour_of_a_look_is_kept_and_what_is_kept_says_nothing(resident: Resident, code: str) -> None:
    with at(local(11, 9, 30)):
        resident.look_up(code)
    look = AuditEntry.objects.get(action="reporter-read")
    assert timezone.localtime(look.at).time() == datetime.min.time()
    assert re.fullmatch(r"[0-9a-f]{16}:\d+", look.detail)
