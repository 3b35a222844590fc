"""What a commune's pages say of the day, and the days that the unit sets by hand."""

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from wagtail.models import ModelLogEntry

from communes.models import CommunePage, ContactPage, ProcedureIndexPage, ProcedurePage, SpecialDay, Unit
from home.clock import at
from home.tree import live_children

WORKING_WEEK = {"first_day": "0", "last_day": "4"}


def moment(text: str) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.fromisoformat(text))


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    """The first of December 2026, nine o'clock."""
    with at(moment("2026-12-01 09:00")):
        yield


@pytest.fixture
def contact(commune: CommunePage) -> ContactPage:
    """The contact page of Cẩm Trung: weekdays 07:30–11:30 and 13:30–17:00, Saturday mornings."""
    contact: ContactPage = live_children(ContactPage, commune).get()
    morning = {"opens": datetime.time(7, 30), "closes": datetime.time(11, 30)}
    afternoon = {"opens": datetime.time(13, 30), "closes": datetime.time(17)}
    contact.hours = [
        ("hours", {**WORKING_WEEK, **morning}),
        ("hours", {**WORKING_WEEK, **afternoon}),
        ("hours", {"first_day": "5", "last_day": "5", **morning}),
    ]
    contact.save()
    return contact


def text_at(url: str, when: str) -> str:
    """What stands on the page at that moment, in Viet Nam."""
    with at(moment(when)):
        response = Client().get(url)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", strip_tags(response.content.decode()))


def a_guide(commune: CommunePage) -> str:
    index = live_children(ProcedureIndexPage, commune).get()
    index.add_child(instance=ProcedurePage(title="Đăng ký tạm trú", slug="tam-tru", summary="Mẫu", steps=[]))
    return f"{commune.url}thu-tuc/tam-tru/"


@pytest.mark.parametrize("page", ["commune", "contact", "guide"])
def test_every_page_that_tells_hours_says_that_it_is_tet_and_when_work_goes_on(
    commune: CommunePage, contact: ContactPage, page: str
) -> None:
    urls = {"commune": commune.url, "contact": contact.url, "guide": a_guide(commune)}
    text = text_at(urls[page], "2027-02-08 09:00")
    assert "Hôm nay nghỉ: Mùng ba Tết Nguyên Đán" in text
    assert "Làm việc lại từ 07:30, Thứ Năm 11/2." in text
    assert "Việc gấp gọi trực ban: 0239 000 0113." in text
    assert "Đang giờ làm việc" not in text


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ("2026-11-30 08:00", "Đang giờ làm việc, đến 11:30"),
        ("2026-11-30 11:29:59", "Đang giờ làm việc, đến 11:30"),
        ("2026-11-30 11:30", "Ngoài giờ, vẫn có trực ban Làm việc lại từ 13:30."),
        ("2026-11-28 11:30", "Ngoài giờ, vẫn có trực ban Làm việc lại từ 07:30, Thứ Hai 30/11."),
        ("2026-11-29 09:00", "Ngoài giờ, vẫn có trực ban Làm việc lại từ 07:30, Thứ Hai 30/11."),
        # The evening before Tết, its first and its last minute.
        ("2027-02-03 23:59:59", "Ngoài giờ, vẫn có trực ban Làm việc lại từ 07:30, Thứ Năm 11/2."),
        ("2027-02-04 00:00", "Hôm nay nghỉ: 29 Tết Làm việc lại từ 07:30, Thứ Năm 11/2."),
        ("2027-02-10 23:59:59", "Hôm nay nghỉ: Mùng năm Tết Nguyên Đán Làm việc lại từ 07:30, Thứ Năm 11/2."),
        ("2027-02-11 00:00", "Ngoài giờ, vẫn có trực ban Làm việc lại từ 07:30."),
        ("2027-02-11 07:30", "Đang giờ làm việc, đến 11:30"),
        # 2/9 on a Saturday: the Friday beside it, and the Monday in lieu.
        ("2028-09-01 09:00", "Hôm nay nghỉ: Quốc khánh Làm việc lại từ 07:30, Thứ Ba 5/9."),
        ("2028-09-04 09:00", "Hôm nay nghỉ: Quốc khánh (nghỉ bù) Làm việc lại từ 07:30, Thứ Ba 5/9."),
        # A Saturday that the government has worked in exchange for Monday 31/8.
        ("2026-08-22 15:00", "Đang giờ làm việc, đến 17:00"),
        ("2026-08-31 09:00", "Hôm nay nghỉ: Ngày nghỉ (thay cho ngày 22/08/2026)"),
        ("2028-02-29 09:00", "Đang giờ làm việc, đến 11:30"),
        # Nobody knows the holidays of this year.
        ("2101-09-02 09:00", "Đang giờ làm việc, đến 11:30"),
    ],
)
def test_what_the_page_says_at_that_moment(
    commune: CommunePage, contact: ContactPage, when: str, says: str
) -> None:
    assert says in text_at(commune.url, when)


def test_a_night_shift_is_open_from_sunday_to_monday(commune: CommunePage, contact: ContactPage) -> None:
    night = {"first_day": "5", "last_day": "6", "opens": datetime.time(22), "closes": datetime.time(6)}
    contact.hours = [("hours", night)]
    contact.save()
    assert "Đang giờ làm việc, đến 06:00, Thứ Hai 30/11" in text_at(commune.url, "2026-11-29 23:59:59")
    assert "Đang giờ làm việc, đến 06:00" in text_at(commune.url, "2026-11-30 00:00")
    assert "Làm việc lại từ 22:00, Thứ Bảy 5/12." in text_at(commune.url, "2026-11-30 06:00")


def test_the_table_of_hours_names_the_days_off_that_come(commune: CommunePage, contact: ContactPage) -> None:
    text = text_at(contact.url, "2026-11-11 09:00")
    assert "Thứ Ba 24/11 Ngày Văn hóa Việt Nam nghỉ" in text
    assert "24/11" not in text_at(contact.url, "2026-11-10 23:59:59"), "too far ahead"
    assert "24/11" not in text_at(contact.url, "2026-11-25 00:00"), "it is over"


@pytest.fixture
def of_the_unit(unit_editor: Any) -> Client:
    client = Client()
    client.force_login(unit_editor)
    return client


def address(of: Unit) -> str:
    return f"/admin/approval/units/{of.pk}/days/"


def set_day(client: Client, of: Unit, **values: Any) -> Any:
    fields = {"day": "2026-12-10", "is_worked": "False", "unit": of.pk, "reason": "mất điện", **values}
    return client.post(address(of), fields, follow=True)


def test_a_day_that_the_unit_sets_holds_for_all_its_communes_at_once(
    of_the_unit: Client, unit: Unit, commune: CommunePage, contact: ContactPage
) -> None:
    page = set_day(of_the_unit, unit).content.decode()
    assert "mất điện" in page
    assert "Hôm nay nghỉ: mất điện" in text_at(commune.url, "2026-12-10 09:00")
    assert "Đang giờ làm việc" in text_at(commune.url, "2026-12-09 09:00")
    entry = ModelLogEntry.objects.get(action="communes.day_set")
    assert entry.label == "Công an huyện Cẩm Xuyên, 10/12/2026: Nghỉ, mất điện"


def test_a_commune_s_own_day_goes_before_that_of_its_unit(
    of_the_unit: Client, unit: Unit, commune: CommunePage, contact: ContactPage, other_commune: CommunePage
) -> None:
    set_day(of_the_unit, unit, reason="tập huấn")
    set_day(of_the_unit, unit, unit=commune.unit.pk, is_worked="True", reason="vẫn tiếp dân")
    assert "Đang giờ làm việc" in text_at(commune.url, "2026-12-10 09:00")
    assert "Hôm nay nghỉ: tập huấn" in text_at(other_commune.url, "2026-12-10 09:00")


def test_the_night_that_a_day_off_would_have_begun_is_off_until_morning(
    of_the_unit: Client, unit: Unit, commune: CommunePage, contact: ContactPage
) -> None:
    night = {"first_day": "0", "last_day": "6", "opens": datetime.time(22), "closes": datetime.time(6)}
    contact.hours = [("hours", night)]
    contact.save()
    set_day(of_the_unit, unit)
    assert "Đang giờ làm việc, đến 06:00" in text_at(commune.url, "2026-12-10 05:00"), "begun the day before"
    assert "Làm việc lại từ 22:00." in text_at(commune.url, "2026-12-11 05:00")


def test_a_sunday_worked_in_exchange_is_open(
    of_the_unit: Client, unit: Unit, commune: CommunePage, contact: ContactPage
) -> None:
    set_day(of_the_unit, unit, day="2026-12-13", is_worked="True", reason="làm bù cho Thứ Sáu 18/12")
    assert "Đang giờ làm việc, đến 17:00" in text_at(commune.url, "2026-12-13 16:00")
    assert "Chủ nhật 13/12 làm bù cho Thứ Sáu 18/12 07:30 – 11:3013:30 – 17:00" in text_at(
        contact.url, "2026-12-12 16:00"
    )


def test_deleting_a_day_brings_the_week_back_and_is_written_down(
    of_the_unit: Client, unit: Unit, commune: CommunePage, contact: ContactPage
) -> None:
    set_day(of_the_unit, unit)
    row = SpecialDay.objects.get()
    of_the_unit.post(address(unit), {"delete": row.pk})
    assert not SpecialDay.objects.exists()
    assert "Đang giờ làm việc" in text_at(commune.url, "2026-12-10 09:00")
    assert ModelLogEntry.objects.get(action="communes.day_deleted").label == str(row)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"day": "2026-11-30"}, "Xin chọn ngày từ hôm nay trở đi."),
        ({"day": "31/02/2027"}, "ngày"),
        ({"reason": ""}, "bắt buộc"),
        ({"day": "2026-12-20"}, "Ngày này đã có trong danh sách."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    of_the_unit: Client, unit: Unit, values: dict[str, Any], says: str
) -> None:
    set_day(of_the_unit, unit, day="2026-12-20", reason="đã có")
    response = set_day(of_the_unit, unit, **{"reason": "lý do vừa gõ", **values})
    assert response.status_code == 422
    page = response.content.decode()
    assert says in page and (values.get("reason") == "" or "lý do vừa gõ" in page)
    assert SpecialDay.objects.count() == 1


def test_today_can_still_be_set(of_the_unit: Client, unit: Unit) -> None:
    assert set_day(of_the_unit, unit, day="2026-12-01").status_code == 200
    assert SpecialDay.objects.get().day == day("2026-12-01")


def test_a_commune_of_another_unit_cannot_be_chosen_nor_its_day_deleted(
    of_the_unit: Client, unit: Unit
) -> None:
    elsewhere = Unit.objects.create(kind=Unit.Kind.XA, name="Nơi Khác", parent=None)
    row = SpecialDay.objects.create(unit=elsewhere, day=day("2027-12-10"), reason="của nơi khác")
    assert set_day(of_the_unit, unit, unit=elsewhere.pk).status_code == 422
    for key in (str(row.pk), "nhầm", ""):
        response = of_the_unit.post(address(unit), {"delete": key})
        assert response.status_code == 404
    assert SpecialDay.objects.get() == row
    assert "của nơi khác" not in of_the_unit.get(address(unit)).content.decode()


def test_the_screen_lists_the_holidays_that_are_known_by_itself(of_the_unit: Client, unit: Unit) -> None:
    page = of_the_unit.get(address(unit)).content.decode()
    assert "06/02/2027" in page and "Tết Nguyên Đán" in page
    assert "24/11/2026" not in page, "it is over"


def test_the_way_to_it_is_on_the_first_page_of_the_admin(of_the_unit: Client, unit: Unit) -> None:
    assert f'href="{address(unit)}"' in of_the_unit.get("/admin/").content.decode()


@pytest.mark.parametrize(("now", "missing"), [("2099-12-31 23:59:59", False), ("2100-01-01 00:00", True)])
def test_the_state_of_the_portal_says_of_which_year_no_holiday_is_known(
    unit_editor: Any, now: str, missing: bool
) -> None:
    client = Client()
    with at(moment(now)):
        client.force_login(unit_editor)
        page = client.get("/admin/status/").content.decode()
    assert "Ngày nghỉ lễ, Tết" in page
    assert ("chưa có: các trang chỉ theo giờ hằng tuần" in page) is missing
