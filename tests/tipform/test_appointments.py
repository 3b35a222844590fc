"""The day of an appointment: nobody is told to come when nobody is there."""

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from communes.models import CommunePage, ContactPage, SpecialDay
from home.calendar import PARTS
from home.clock import at
from home.tree import live_children
from tipform.kinds import ANSWERS, KINDS

from .residents import Resident, code_on

WORDS = "Xin cấp lại thẻ bị mất"


def moment(text: str) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.fromisoformat(text))


@pytest.fixture(autouse=True)
def before_tet() -> Iterator[None]:
    """Thursday 20 January 2028, eight o'clock. Tết is from Monday 24 to Saturday 29."""
    with at(moment("2028-01-20 08:00")):
        yield


def ask(resident: Resident, day: str, part: str = "", **more: Any) -> tuple[str, str]:
    """The receipt code, or what the page says about the day."""
    response = resident.send(
        kind="appointment", message=WORDS, preferred_day=day, preferred_time=part, **more
    )
    page = response.content.decode()
    error = re.search(r'id="id_preferred_day_error">(.*?)</span>', page, re.S)
    return code_on(response), error[1] if error else ""


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2028-01-23", "Chủ nhật 23/01/2028 không có người tiếp dân."),
        ("2028-01-24", "Thứ Hai 24/01/2028 là ngày nghỉ: 29 Tết."),
        ("2028-01-26", "Thứ Tư 26/01/2028 là ngày nghỉ: Tết Nguyên Đán."),
        ("2028-01-28", "Thứ Sáu 28/01/2028 là ngày nghỉ: Mùng ba Tết Nguyên Đán."),
    ],
)
def test_a_day_on_which_nobody_works_is_refused_with_the_next_that_is_possible(
    resident: Resident, day: str, says: str
) -> None:
    code, error = ask(resident, day)
    assert not code
    assert error == f"{says} Ngày gần nhất có người tiếp: Thứ Hai 31/01/2028."


@pytest.mark.parametrize("day", ["2028-01-20", "2028-01-21", "2028-01-31", "2028-02-29"])
def test_the_working_days_around_are_taken(resident: Resident, day: str) -> None:
    code, error = ask(resident, day)
    assert code and not error


def test_a_resident_may_choose_the_parts_of_a_day_that_the_calendar_knows() -> None:
    visit = KINDS["appointment"].visit
    assert visit
    assert {value for value, _words in ANSWERS[visit[1]].choices} == set(PARTS)


def test_nothing_that_was_typed_is_lost(resident: Resident) -> None:
    page = resident.send(
        kind="appointment",
        message=WORDS,
        preferred_day="2028-01-26",
        preferred_time="afternoon",
        contact="callback",
        name="Chị Mẫu",
        phone="0900 000 001",
    ).content.decode()
    assert WORDS in page
    assert 'value="2028-01-26"' in page
    assert re.search(r'value="afternoon"[^>]*selected', page)
    assert "Chị Mẫu" in page and "0900 000 001" in page
    assert re.search(r'name="preferred_day"[^>]*aria-invalid="true"', page)


def test_the_day_counts_for_an_appointment_alone(resident: Resident) -> None:
    assert code_on(resident.send(kind="tip", preferred_day="2028-01-26"))
    assert code_on(resident.send(kind="question", preferred_day="2028-01-23"))


def test_today_counts_until_the_office_closes(resident: Resident) -> None:
    with at(moment("2028-01-20 11:29")):
        assert ask(resident, "2028-01-20", "morning")[0]
    with at(moment("2028-01-20 11:30")):
        code, error = ask(resident, "2028-01-20", "morning")
        assert not code
        assert error == (
            "Thứ Năm 20/01/2028 không có người tiếp vào buổi đã chọn."
            " Ngày gần nhất có người tiếp: Thứ Sáu 21/01/2028."
        )
        assert ask(resident, "2028-01-20", "afternoon")[0]
    with at(moment("2028-01-20 17:00")):
        assert not ask(resident, "2028-01-20")[0]


def test_the_commune_s_own_hours_decide(resident: Resident, commune: CommunePage) -> None:
    contact = live_children(ContactPage, commune).get()
    morning = {"opens": datetime.time(7, 30), "closes": datetime.time(11, 30)}
    contact.hours = [("hours", {"first_day": "1", "last_day": "5", **morning})]
    contact.save()
    assert ask(resident, "2028-01-22", "morning")[0], "a Saturday morning"
    assert not ask(resident, "2028-01-22", "afternoon")[0]
    assert "Ngày gần nhất có người tiếp: Thứ Ba 01/02/2028." in ask(resident, "2028-01-31")[1], (
        "Mondays are closed"
    )


def test_the_unit_s_days_decide_before_the_law(resident: Resident, commune: CommunePage) -> None:
    unit = commune.unit.parent
    SpecialDay.objects.create(unit=unit, day=datetime.date(2028, 1, 21), reason="nghỉ hoán đổi")
    SpecialDay.objects.create(unit=unit, day=datetime.date(2028, 1, 22), is_worked=True, reason="làm bù")
    code, error = ask(resident, "2028-01-21")
    assert not code
    assert error == (
        "Thứ Sáu 21/01/2028 là ngày nghỉ: nghỉ hoán đổi. Ngày gần nhất có người tiếp: Thứ Bảy 22/01/2028."
    )
    assert ask(resident, "2028-01-22", "afternoon")[0]
