"""When staff are told: together and by day, in the morning, and in minutes of duty."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from communes.models import RingRules, User
from communes.notices.times import daily_mail, joined, worked

pytestmark = pytest.mark.django_db


def local(text: str) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        ("2026-11-27 10:00:00", "2026-11-27 10:00:00"),
        ("2026-11-27 10:00:01", "2026-11-27 10:02:00"),
        ("2026-11-27 10:01:59", "2026-11-27 10:02:00"),
        ("2026-11-27 20:59:30", "2026-11-27 21:00:00"),
        # By night it waits for the morning; over Tết as on any other night.
        ("2026-11-27 21:00:00", "2026-11-28 06:30:00"),
        ("2026-11-28 00:00:00", "2026-11-28 06:30:00"),
        ("2026-11-28 06:29:59", "2026-11-28 06:30:00"),
        ("2027-02-05 23:59:59", "2027-02-06 06:30:00"),
        ("2026-12-31 22:00:00", "2027-01-01 06:30:00"),
    ],
)
def test_what_is_not_urgent_goes_out_together_and_by_day(moment: str, goes: str, unit: Any) -> None:
    assert joined(unit, local(moment)) == local(goes)


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        ("2026-11-27 06:59:59", "2026-11-27 07:00"),
        ("2026-11-27 07:00:00", "2026-11-28 07:00"),
        ("2026-11-30 23:59:59", "2026-12-01 07:00"),
    ],
)
def test_daily_mail_goes_out_in_the_morning(moment: str, goes: str) -> None:
    assert daily_mail(local(moment)) == local(goes)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-27 10:00", 15, "2026-11-27 10:15"),
        ("2026-11-27 20:50", 10, "2026-11-27 21:00"),
        # Nobody is on night duty, so the night does not count.
        ("2026-11-27 20:50", 11, "2026-11-28 06:31"),
        ("2026-11-27 20:50", 60, "2026-11-28 07:20"),
        ("2026-11-27 23:00", 240, "2026-11-28 10:30"),
        ("2026-11-28 06:30", 1, "2026-11-28 06:31"),
        ("2026-11-27 06:30", 24 * 60, "2026-11-28 16:00"),
    ],
)
def test_minutes_count_while_somebody_is_on_duty(start: str, minutes: int, end: str, commune: Any) -> None:
    assert worked(commune.unit, local(start), minutes) == local(end)


def test_a_day_of_a_minute_is_not_waited_for_without_end(commune: Any, unit: Any) -> None:
    RingRules.objects.create(unit=unit, day_from=datetime.time(6, 30), night_from=datetime.time(6, 31))
    assert worked(commune.unit, local("2026-11-27 10:00"), 60) == local("2026-11-30 06:30")


def test_a_night_counts_for_which_the_roster_names_somebody(commune: Any, officer: User) -> None:
    commune.unit.duty_slots.create(user=officer, weekday=4, part="night")
    # Friday's night counts, Saturday's does not.
    assert worked(commune.unit, local("2026-11-27 20:50"), 60) == local("2026-11-27 21:50")
    assert worked(commune.unit, local("2026-11-28 20:50"), 60) == local("2026-11-29 07:20")


def test_the_units_own_hours_hold(commune: Any, unit: Any) -> None:
    RingRules.objects.create(unit=unit, day_from=datetime.time(5), night_from=datetime.time(22))
    assert joined(commune.unit, local("2026-11-27 21:30")) == local("2026-11-27 21:30")
    assert worked(commune.unit, local("2026-11-27 21:50"), 20) == local("2026-11-28 05:10")
