"""One calendar: weekly hours, public holidays, swapped days, nights and weekends."""

import datetime

import pytest
from django.utils import timezone, translation

from home import calendar
from home.calendar import Calendar, Hours
from home.clock import at

MORNING = Hours(0, 4, datetime.time(7, 30), datetime.time(11, 30))
AFTERNOON = Hours(0, 4, datetime.time(13, 30), datetime.time(17))
SATURDAY_MORNING = Hours(5, 5, datetime.time(7, 30), datetime.time(11, 30))
OFFICE = [AFTERNOON, MORNING]
NIGHT = Hours(0, 6, datetime.time(22), datetime.time(6))


def moment(text: str) -> datetime.datetime:
    """ "2026-02-17 07:30" in Viet Nam."""
    return timezone.make_aware(datetime.datetime.fromisoformat(text))


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def local(found: datetime.datetime | None) -> str:
    return f"{timezone.localtime(found):%Y-%m-%d %H:%M}" if found else ""


@pytest.mark.parametrize(
    ("off", "why"),
    [
        ("2026-01-01", "Tết Dương lịch"),
        ("2026-02-16", "Giao thừa"),
        ("2026-02-20", "Mùng bốn"),
        ("2026-04-27", "Giỗ Tổ"),  # in lieu of 10/3 of the moon, a Sunday
        ("2026-04-30", "Chiến thắng"),
        ("2026-05-01", "Lao động"),
        ("2026-08-31", "thay cho ngày 22/08/2026"),
        ("2026-09-01", "Quốc khánh"),  # the day beside 2/9
        ("2026-09-02", "Quốc khánh"),
        ("2026-11-24", "Văn hóa"),
        ("2027-02-05", "Giao thừa"),
        ("2027-02-10", "Mùng năm"),  # in lieu of the Sunday
        ("2027-05-03", "nghỉ bù"),  # 1/5 is a Saturday
        ("2028-09-04", "nghỉ bù"),  # 2/9 is a Saturday
    ],
)
def test_a_public_holiday_is_off_all_day_and_says_why(off: str, why: str) -> None:
    office = Calendar(OFFICE)
    assert why in office.reason_off(day(off))
    assert not any(office.is_open(moment(f"{off} {hour:02}:00")) for hour in range(24))


@pytest.mark.parametrize(
    "worked", ["2026-01-02", "2026-02-13", "2026-02-23", "2026-04-28", "2026-09-03", "2028-02-29"]
)
def test_the_days_around_are_days_like_any_other(worked: str) -> None:
    office = Calendar(OFFICE)
    assert office.reason_off(day(worked)) == ""
    assert office.is_open(moment(f"{worked} 08:00"))


def test_it_opens_and_closes_on_the_minute() -> None:
    office = Calendar(OFFICE)
    # The last working day before Tết, and the first after it.
    assert not office.is_open(moment("2026-02-13 07:29:59"))
    assert office.is_open(moment("2026-02-13 07:30"))
    assert office.is_open(moment("2026-02-13 16:59:59"))
    assert not office.is_open(moment("2026-02-13 17:00"))
    assert local(office.next_opening(moment("2026-02-13 17:00"))) == "2026-02-23 07:30"
    assert local(office.next_opening(moment("2026-02-22 23:59:59"))) == "2026-02-23 07:30"
    assert local(office.next_opening(moment("2026-02-23 07:29:59"))) == "2026-02-23 07:30"
    assert local(office.closes(moment("2026-02-23 07:30"))) == "2026-02-23 11:30"
    assert local(office.next_opening(moment("2026-02-23 11:30"))) == "2026-02-23 13:30"


def test_a_day_is_a_day_of_viet_nam() -> None:
    around_the_clock = Calendar([Hours(0, 6, datetime.time(0), datetime.time(0))])
    utc = datetime.UTC
    # 17:00 in Greenwich is midnight here.
    assert around_the_clock.is_open(datetime.datetime(2026, 11, 23, 16, 59, 59, tzinfo=utc))
    assert not around_the_clock.is_open(datetime.datetime(2026, 11, 23, 17, 0, tzinfo=utc))
    assert not around_the_clock.is_open(datetime.datetime(2026, 11, 24, 16, 59, 59, tzinfo=utc))
    assert around_the_clock.is_open(datetime.datetime(2026, 11, 24, 17, 0, tzinfo=utc))


def test_a_night_shift_goes_over_midnight_and_from_sunday_to_monday() -> None:
    nights = Calendar([NIGHT])
    assert not nights.is_open(moment("2026-11-29 21:59:59"))
    assert nights.is_open(moment("2026-11-29 22:00")), "Sunday evening"
    assert nights.is_open(moment("2026-11-30 00:00"))
    assert nights.is_open(moment("2026-11-30 05:59:59")), "Monday morning"
    assert not nights.is_open(moment("2026-11-30 06:00"))
    assert local(nights.closes(moment("2026-11-29 23:00"))) == "2026-11-30 06:00"
    assert local(nights.closes(moment("2026-11-30 01:00"))) == "2026-11-30 06:00"


def test_a_night_on_one_day_of_the_week_ends_on_the_next_morning() -> None:
    sundays = Calendar([Hours(6, 6, datetime.time(22), datetime.time(6))])
    assert sundays.is_open(moment("2026-11-30 05:00")), "Monday, but Sunday's night"
    assert not sundays.is_open(moment("2026-11-29 05:00")), "Saturday has no night"
    assert not sundays.is_open(moment("2026-11-30 22:30"))


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    nights = Calendar([NIGHT])
    assert nights.is_open(moment("2026-09-01 05:00")) is False, "31/8 was off"
    assert nights.is_open(moment("2026-11-24 05:00")), "begun on 23/11, before the holiday"
    assert not nights.is_open(moment("2026-11-24 22:30"))
    assert not nights.is_open(moment("2026-11-25 05:00")), "would have begun on the holiday"


def test_hours_go_over_the_end_of_the_week() -> None:
    weekend = Calendar([Hours(5, 0, datetime.time(8), datetime.time(12))])
    for open_on in ("2026-11-28", "2026-11-29", "2026-11-30"):
        assert weekend.is_open(moment(f"{open_on} 08:00")), open_on
    for shut_on in ("2026-11-27", "2026-12-01"):
        assert not weekend.is_open(moment(f"{shut_on} 08:00")), shut_on


def test_around_the_clock_has_no_end_to_tell() -> None:
    always = Calendar([Hours(0, 6, datetime.time(0), datetime.time(0))])
    assert always.is_open(moment("2026-12-01 00:00"))
    assert always.closes(moment("2026-12-01 00:00")) is None
    assert local(always.closes(moment("2026-11-22 12:00"))) == "2026-11-24 00:00", "until the holiday"


def test_a_saturday_worked_in_exchange_has_the_hours_of_a_monday() -> None:
    with_saturdays = Calendar([*OFFICE, SATURDAY_MORNING])
    for office in (Calendar(OFFICE), with_saturdays):
        assert office.is_open(moment("2026-08-22 16:59:59"))
        assert not office.is_open(moment("2026-08-22 17:00"))
    assert not Calendar(OFFICE).is_open(moment("2026-08-29 08:00")), "any other Saturday"
    assert not with_saturdays.is_open(moment("2026-08-29 16:00"))


def test_an_exchange_over_new_year_counts() -> None:
    assert calendar.is_worked_weekend(day("2019-01-05")), "for 31/12/2018"
    assert calendar.is_worked_weekend(day("2014-12-27")), "for 2/1/2015"


def test_what_the_unit_decides_goes_before_the_law() -> None:
    # Friday 2/1/2026 was off, Saturday 10/1 worked: announced a week before, and not in the package.
    office = Calendar(
        OFFICE,
        off={day("2026-01-02"): "nghỉ hoán đổi"},
        worked={day("2026-01-10"): "làm bù", day("2026-11-24"): "trực"},
    )
    assert office.reason_off(day("2026-01-02")) == "nghỉ hoán đổi"
    assert not office.is_open(moment("2026-01-02 08:00"))
    assert office.is_open(moment("2026-01-10 16:00"))
    assert not office.is_open(moment("2026-01-11 08:00")), "the Sunday after"
    assert office.is_open(moment("2026-11-24 08:00")), "worked on the holiday"
    assert office.reason_off(day("2026-11-24")) == ""


def test_a_weekend_that_the_unit_has_worked_has_the_hours_of_a_monday() -> None:
    office = Calendar(
        [*OFFICE, SATURDAY_MORNING], worked={day("2026-12-19"): "làm bù", day("2026-12-20"): "làm bù"}
    )
    for worked in ("2026-12-19", "2026-12-20"):
        assert office.is_open(moment(f"{worked} 16:59:59")), worked
        assert not office.is_open(moment(f"{worked} 17:00")), worked


def test_the_29th_of_february_is_a_day() -> None:
    office = Calendar(OFFICE)
    assert local(office.next_opening(moment("2028-02-28 17:00"))) == "2028-02-29 07:30"
    assert local(office.next_opening(moment("2028-02-29 17:00"))) == "2028-03-01 07:30"


@pytest.mark.parametrize("last_year", ["2100-12-31", "2101-01-01"])
def test_a_year_that_nobody_knows_yet_has_its_weekly_hours(last_year: str) -> None:
    office = Calendar(OFFICE)
    assert office.next_opening(moment(f"{last_year} 06:00"))
    assert calendar.public_holidays(2100)
    assert calendar.public_holidays(2101) == []
    assert office.is_open(moment("2101-09-02 08:00")), "a Friday"
    assert not office.is_open(moment("2101-09-04 08:00")), "a Sunday"


def test_an_office_without_hours_is_never_open_and_never_will_be() -> None:
    nothing = Calendar([])
    assert not nothing.is_open(moment("2026-11-30 08:00"))
    assert nothing.closes(moment("2026-11-30 08:00")) is None
    assert nothing.next_opening(moment("2026-11-30 08:00")) is None


def test_a_part_of_a_day_needs_hours_that_are_still_to_come() -> None:
    office = Calendar([*OFFICE, SATURDAY_MORNING])
    with at(moment("2026-11-27 11:29")):
        assert office.receives_on(day("2026-11-27"), "morning")
        assert office.receives_on(day("2026-11-28"), "morning")
        assert not office.receives_on(day("2026-11-28"), "afternoon")
        assert not office.receives_on(day("2026-11-29"))
    with at(moment("2026-11-27 11:30")):
        assert not office.receives_on(day("2026-11-27"), "morning")
        assert office.receives_on(day("2026-11-27"), "afternoon")
        assert office.receives_on(day("2026-11-27"))
    with at(moment("2026-11-27 17:00")):
        assert not office.receives_on(day("2026-11-27"))
        assert office.next_day(day("2026-11-27"), "afternoon") == day("2026-11-30")
        assert office.next_day(day("2026-11-27"), "morning") == day("2026-11-28")


def test_the_days_soon_that_differ_are_told_and_no_others() -> None:
    office = Calendar(OFFICE, off={day("2026-11-29"): "một Chủ Nhật"}, worked={day("2026-11-28"): "làm bù"})
    with at(moment("2026-11-15 23:59")):
        changes = office.changes(14)
    assert [change.day for change in changes] == [day("2026-11-24"), day("2026-11-28")]
    assert changes[0].reason == "Ngày Văn hóa Việt Nam" and not changes[0].shifts
    assert changes[1].reason == "làm bù"
    assert [f"{timezone.localtime(opens):%H:%M}" for opens, _ in changes[1].shifts] == ["07:30", "13:30"]


def test_a_reader_of_english_reads_the_holiday_in_english() -> None:
    with translation.override("en"):
        assert calendar.public_holiday(day("2026-09-02")) == "National Day"
    with translation.override("vi"):
        assert calendar.public_holiday(day("2026-09-02")) == "Quốc khánh"
    with translation.override("lo"):
        assert calendar.public_holiday(day("2026-09-02")) == "Quốc khánh"
