"""Who hears the bell at a moment: day and night, the weekly roster, those who are away."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from communes.models import Absence, CommunePage, DutySlot, Membership, RingRules, Unit, User
from communes.notices import duty
from communes.staff.memberships import deactivate, end_membership
from home.clock import at
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY, SUNDAY = 0, 1, 6
DAY, NIGHT = DutySlot.Part.DAY, DutySlot.Part.NIGHT


def moment(text: str) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.fromisoformat(text))


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def turn(user: Any, of: Unit, weekday: int, part: str) -> None:
    DutySlot.objects.create(user=user, unit=of, weekday=weekday, part=part)


def on_duty(of: Unit, when: str) -> list[str]:
    """The account names of those on duty, asked at that moment itself."""
    with at(moment(when)):
        return sorted(user.username for user in duty.on_duty(of, moment(when)))


@pytest.fixture
def colleague(commune: CommunePage) -> User:
    user = User.objects.create_user("truc-2", password=PASSWORD)
    Membership.objects.create(user=user, unit=commune.unit, role="officer", since=day("2026-01-01"))
    return user


@pytest.fixture
def officer(commune: CommunePage) -> User:
    user = User.objects.create_user("truc", password=PASSWORD)
    Membership.objects.create(user=user, unit=commune.unit, role="officer", since=day("2026-01-01"))
    return user


# --- Day and night ---


@pytest.mark.parametrize(
    ("when", "is_day", "next_day"),
    [
        ("2026-12-01 06:29:59.999999", False, "2026-12-01 06:30"),
        ("2026-12-01 06:30", True, "2026-12-01 06:30"),
        ("2026-12-01 20:59:59.999999", True, "2026-12-01 20:59:59.999999"),
        ("2026-12-01 21:00:00", False, "2026-12-02 06:30"),
        ("2026-12-01 23:59:59", False, "2026-12-02 06:30"),
        ("2026-12-02 00:00", False, "2026-12-02 06:30"),
        # The last night of a month, of a year, of February in a leap year; the eve and the morning of Tết.
        ("2026-11-30 21:00", False, "2026-12-01 06:30"),
        ("2026-12-31 23:59:59", False, "2027-01-01 06:30"),
        ("2028-02-28 22:00", False, "2028-02-29 06:30"),
        ("2027-02-05 23:59:59", False, "2027-02-06 06:30"),
        ("2027-02-06 09:00", True, "2027-02-06 09:00"),
    ],
)
def test_a_day_begins_at_half_past_six_and_a_night_at_nine_where_the_unit_has_set_nothing(
    commune: CommunePage, when: str, is_day: bool, next_day: str
) -> None:
    assert duty.is_day(commune.unit, moment(when)) is is_day
    assert duty.next_day(commune.unit, moment(when)) == moment(next_day)


def test_it_is_the_hour_in_viet_nam_that_counts(commune: CommunePage) -> None:
    utc = datetime.UTC
    assert not duty.is_day(commune.unit, datetime.datetime(2026, 11, 30, 23, 29, tzinfo=utc))
    assert duty.is_day(commune.unit, datetime.datetime(2026, 11, 30, 23, 30, tzinfo=utc))


def test_the_rules_of_the_unit_above_hold_for_the_commune_and_for_the_unit_itself(
    unit: Unit, commune: CommunePage
) -> None:
    late = {"day_from": datetime.time(7), "night_from": datetime.time(22)}
    RingRules.objects.create(unit=unit, again_after=5, **late)
    for each in (unit, commune.unit):
        assert duty.rules_of(each).again_after == 5
        assert not duty.is_day(each, moment("2026-12-01 06:59:59"))
        assert duty.is_day(each, moment("2026-12-01 07:00"))
        assert duty.is_day(each, moment("2026-12-01 21:59:59"))
        assert not duty.is_day(each, moment("2026-12-01 22:00"))


def test_the_rules_of_another_unit_do_not_hold(commune: CommunePage) -> None:
    elsewhere = Unit.objects.create(kind=Unit.Kind.HUYEN, name="Nơi Khác")
    RingRules.objects.create(unit=elsewhere, again_after=5)
    assert duty.rules_of(commune.unit).again_after == 15
    assert RingRules.objects.count() == 1, "asking stores nothing"


def test_a_commune_without_a_unit_above_has_the_defaults(db: None) -> None:
    alone = Unit.objects.create(kind=Unit.Kind.XA, name="Một Mình")
    assert duty.is_day(alone, moment("2026-12-01 06:30"))


# --- The roster ---


@pytest.mark.parametrize(
    ("when", "heard"),
    [
        ("2026-11-30 20:59:59", []),
        ("2026-11-30 21:00", ["truc"]),
        ("2026-11-30 23:59:59", ["truc"]),
        ("2026-12-01 00:00", ["truc"]),
        ("2026-12-01 02:00", ["truc"]),
        ("2026-12-01 06:29:59", ["truc"]),
        ("2026-12-01 06:30", []),
        ("2026-12-01 21:00", []),
        ("2026-11-30 02:00", []),
    ],
)
def test_monday_s_night_lasts_until_tuesday_s_morning(
    commune: CommunePage, officer: User, when: str, heard: list[str]
) -> None:
    turn(officer, commune.unit, MONDAY, NIGHT)
    assert on_duty(commune.unit, when) == heard


@pytest.mark.parametrize(
    ("when", "heard"),
    [
        ("2026-11-29 21:00", ["truc"]),
        ("2026-11-30 02:00", ["truc"]),
        ("2026-11-30 06:29:59", ["truc"]),
        ("2026-11-30 06:30", []),
        # Over the end of a month and of a year: 31/1/2027 is a Sunday.
        ("2027-02-01 00:00", ["truc"]),
    ],
)
def test_sunday_s_night_lasts_until_monday_s_morning(
    commune: CommunePage, officer: User, when: str, heard: list[str]
) -> None:
    turn(officer, commune.unit, SUNDAY, NIGHT)
    assert on_duty(commune.unit, when) == heard


def test_a_day_s_turn_is_that_weekday_s_from_morning_to_evening(
    commune: CommunePage, officer: User, colleague: User
) -> None:
    turn(officer, commune.unit, TUESDAY, DAY)
    turn(colleague, commune.unit, MONDAY, DAY)
    assert on_duty(commune.unit, "2026-12-01 06:29:59") == []
    assert on_duty(commune.unit, "2026-12-01 06:30") == ["truc"]
    assert on_duty(commune.unit, "2026-12-01 20:59:59") == ["truc"]
    assert on_duty(commune.unit, "2026-12-01 21:00") == []


def test_where_nobody_is_entered_nobody_is_on_duty(commune: CommunePage, officer: User) -> None:
    assert on_duty(commune.unit, "2026-12-01 09:00") == []


def test_a_turn_in_one_commune_is_none_in_another(
    commune: CommunePage, other_commune: CommunePage, officer: User
) -> None:
    turn(officer, commune.unit, TUESDAY, DAY)
    assert on_duty(other_commune.unit, "2026-12-01 09:00") == []


@pytest.mark.parametrize(
    ("when", "heard"),
    [
        ("2026-12-04 23:59:59", ["truc"]),
        ("2026-12-05 00:00", []),
        ("2026-12-06 23:59:59", []),
        ("2026-12-07 00:00", ["truc"]),
    ],
)
def test_who_is_away_does_not_hear_from_the_first_midnight_to_the_last(
    commune: CommunePage, officer: User, when: str, heard: list[str]
) -> None:
    for weekday in range(7):
        turn(officer, commune.unit, weekday, NIGHT)
    Absence.objects.create(user=officer, first_day=day("2026-12-05"), last_day=day("2026-12-06"))
    assert on_duty(commune.unit, when) == heard


def test_the_days_of_tet_off_are_days_like_others_for_who_is_away(
    commune: CommunePage, officer: User
) -> None:
    for weekday in range(7):
        turn(officer, commune.unit, weekday, DAY)
    Absence.objects.create(user=officer, first_day=day("2027-02-05"), last_day=day("2027-02-09"))
    assert on_duty(commune.unit, "2027-02-09 09:00") == []
    assert on_duty(commune.unit, "2027-02-10 09:00") == ["truc"]


def test_two_overlapping_rows_of_one_person_list_him_once(commune: CommunePage, officer: User) -> None:
    for last in ("2026-12-02", "2026-12-03"):
        Absence.objects.create(user=officer, first_day=day("2026-12-01"), last_day=day(last))
    assert list(duty.away(day("2026-12-02"))) == [officer]
    assert list(duty.away(day("2026-12-04"))) == []


def test_whose_work_has_ended_or_not_begun_or_whose_account_is_closed_does_not_hear(
    commune: CommunePage, officer: User
) -> None:
    turn(officer, commune.unit, TUESDAY, DAY)
    work = Membership.objects.filter(user=officer)
    work.update(until=day("2026-12-01"))
    assert on_duty(commune.unit, "2026-12-01 09:00") == []
    work.update(until=day("2026-12-02"))
    assert on_duty(commune.unit, "2026-12-01 09:00") == ["truc"]
    work.update(since=day("2026-12-02"), until=None)
    assert on_duty(commune.unit, "2026-12-01 09:00") == []
    work.update(since=day("2026-01-01"))
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert on_duty(commune.unit, "2026-12-01 09:00") == []


def test_an_editor_in_the_roster_does_not_hear(commune: CommunePage, editor: User) -> None:
    turn(editor, commune.unit, TUESDAY, DAY)
    assert on_duty(commune.unit, "2026-12-01 09:00") == []


def test_the_rules_and_the_people_are_one_query_each(
    commune: CommunePage, officer: User, colleague: User, django_assert_num_queries: Any
) -> None:
    turn(officer, commune.unit, TUESDAY, DAY)
    turn(colleague, commune.unit, TUESDAY, DAY)
    with django_assert_num_queries(2):
        assert len(duty.on_duty(commune.unit, moment("2026-12-01 09:00"))) == 2


# --- Who leaves ---


def turns_of(user: User) -> list[tuple[str, int, str]]:
    return [(slot.unit.name, slot.weekday, slot.part) for slot in DutySlot.objects.filter(user=user)]


def test_who_leaves_has_no_turn_in_that_unit_and_keeps_his_others(
    commune: CommunePage, other_commune: CommunePage, officer: User, colleague: User, unit_editor: User
) -> None:
    Membership.objects.create(user=officer, unit=other_commune.unit, role="officer")
    turn(officer, commune.unit, MONDAY, NIGHT)
    turn(officer, other_commune.unit, TUESDAY, DAY)
    turn(colleague, commune.unit, MONDAY, NIGHT)
    end_membership(Membership.objects.get(user=officer, unit=commune.unit), unit_editor)
    assert turns_of(officer) == [("Cẩm Duệ", TUESDAY, DAY)]
    assert turns_of(colleague) == [("Cẩm Trung", MONDAY, NIGHT)]


def test_who_is_only_an_editor_no_longer_keeps_his_turns(
    commune: CommunePage, officer: User, unit_editor: User
) -> None:
    editing = Membership.objects.create(user=officer, unit=commune.unit, role="editor")
    turn(officer, commune.unit, MONDAY, NIGHT)
    end_membership(editing, unit_editor)
    assert turns_of(officer) == [("Cẩm Trung", MONDAY, NIGHT)]


def test_whose_account_is_closed_has_no_turn_left(
    commune: CommunePage, officer: User, unit_editor: User
) -> None:
    turn(officer, commune.unit, MONDAY, NIGHT)
    deactivate(officer, unit_editor)
    assert turns_of(officer) == []


@pytest.mark.parametrize(("now", "kept"), [("2026-12-31 23:59:59", True), ("2027-01-01 00:00", False)])
def test_an_absence_is_forgotten_thirty_days_after_its_last_day(officer: User, now: str, kept: bool) -> None:
    Absence.objects.create(user=officer, first_day=day("2026-11-01"), last_day=day("2026-12-01"))
    with at(moment(now)):
        duty.forget_old()
    assert Absence.objects.exists() is kept


@pytest.mark.parametrize(("now", "kept"), [("2026-12-01 23:59:59", True), ("2026-12-02 00:00", False)])
def test_the_turns_of_work_that_ended_at_midnight_are_forgotten(
    commune: CommunePage, officer: User, colleague: User, now: str, kept: bool
) -> None:
    Membership.objects.filter(user=officer).update(until=day("2026-12-02"))
    turn(officer, commune.unit, MONDAY, NIGHT)
    turn(colleague, commune.unit, MONDAY, NIGHT)
    with at(moment(now)):
        duty.forget_old()
    assert bool(turns_of(officer)) is kept
    assert turns_of(colleague), "who works here keeps his"
