"""When an office works: its weekly hours, the public holidays of Viet Nam, and what the unit decides by hand.

Knows no unit and no page. Whoever tells hours, or takes a day for an appointment, asks a `Calendar`.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

MONDAY, SATURDAY = 0, 5
ONE_DAY = datetime.timedelta(days=1)
# The longest time without work that is looked over; Tết closes an office for nine days or so.
LOOK_AHEAD = 60  # days
# The package's names of the languages in which it tells holidays; any other reads Vietnamese.
NAMES_IN = {"en": "en_US"}
# Parts of a day, in hours.
PARTS = {"": (0, 24), "morning": (0, 12), "afternoon": (12, 24)}

Shift = tuple[datetime.datetime, datetime.datetime]


@lru_cache(maxsize=16)
def _holidays(year: int, language: str) -> Any:
    """The holidays of a year, and the weekends that are worked in exchange.

    Bộ luật Lao động 2019, điều 112, with the days in lieu of those that fall on a weekend, and since 2026 the
    24/11 (Nghị quyết 80-NQ/TW). Of the days that the government swaps, each year anew, those that were known
    when the package was released.
    """
    # The package loads every country (19 MB, 0.2 s): for those that show hours, not for each command.
    from holidays import country_holidays

    return country_holidays("VN", years=year, expand=False, language=NAMES_IN.get(language, "vi"))


def public_holiday(day: datetime.date) -> str:
    """The holiday's name in the reader's language; empty on any other day."""
    return str(_holidays(day.year, get_language() or "").get(day, ""))


def is_worked_weekend(day: datetime.date) -> bool:
    """Whether the government has this Saturday or Sunday worked in exchange for another day."""
    return day.weekday() >= SATURDAY and bool(_holidays(day.year, "").is_working_day(day))


def public_holidays(year: int) -> list[tuple[datetime.date, str]]:
    """All of a year, in order; none if the year is not known. Then only weekly hours are."""
    days = _holidays(year, get_language() or "").items()
    return sorted((day, str(name)) for day, name in days)


@dataclass(frozen=True)
class Hours:
    """The same hours on each day from `first_day` to `last_day` (0 is Monday), also over the week's end.

    Hours that close at or before the time at which they open end on the next day: 22:00–06:00 is a night,
    00:00–00:00 a whole day.
    """

    first_day: int
    last_day: int
    opens: datetime.time
    closes: datetime.time

    def are_on(self, weekday: int) -> bool:
        if self.first_day <= self.last_day:
            return self.first_day <= weekday <= self.last_day
        return weekday >= self.first_day or weekday <= self.last_day

    def shift(self, day: datetime.date) -> Shift:
        """These hours as they begin on `day`."""
        last_day = day if self.opens < self.closes else day + ONE_DAY
        return _moment(day, self.opens), _moment(last_day, self.closes)


# Where an office has told no hours, for taking appointments.
OFFICE_WEEK = (
    Hours(MONDAY, 4, datetime.time(7, 30), datetime.time(11, 30)),
    Hours(MONDAY, 4, datetime.time(13, 30), datetime.time(17)),
)


@dataclass(frozen=True)
class Change:
    """A day whose hours are not those of its weekday, and why. Without shifts it is off."""

    day: datetime.date
    reason: str
    shifts: list[Shift]


class Calendar:
    """One office's weekly `hours`, and the days that are `off` or `worked` by decision, each with its reason.

    A decision of the unit goes before a public holiday. Moments are aware, and default to now; a day begins
    at midnight of `TIME_ZONE`, and a night shift belongs to the day on which it begins.
    """

    def __init__(
        self,
        hours: Iterable[Hours],
        off: Mapping[datetime.date, str] | None = None,
        worked: Mapping[datetime.date, str] | None = None,
    ) -> None:
        self.hours = list(hours)
        self.off = off or {}
        self.worked = worked or {}

    def reason_off(self, day: datetime.date) -> str:
        """Why nobody works on a day that has a name for it; empty on a Sunday like any other."""
        if day in self.worked:
            return ""
        return self.off.get(day) or public_holiday(day)

    def shifts(self, day: datetime.date) -> list[Shift]:
        """The hours that begin on this day, in order."""
        if self.reason_off(day):
            return []
        return self._weekly_shifts(day, self._weekday(day))

    def is_open(self, moment: datetime.datetime | None = None) -> bool:
        moment = timezone.localtime(moment)
        return any(opens <= moment < closes for opens, closes in self._shifts_from(moment, days=0))

    def closes(self, moment: datetime.datetime | None = None) -> datetime.datetime | None:
        """Until when it is open without a break; None if it is not, or if no end is in sight."""
        moment = timezone.localtime(moment)
        end = moment
        for opens, closes in self._shifts_from(moment, days=7):
            if opens <= end:
                end = max(end, closes)
        is_always_open = end - moment > datetime.timedelta(days=6)
        return None if end == moment or is_always_open else end

    def next_opening(self, moment: datetime.datetime | None = None) -> datetime.datetime | None:
        """When it opens next after this moment; None without hours."""
        moment = timezone.localtime(moment)
        later = (opens for opens, _ in self._shifts_from(moment, days=LOOK_AHEAD) if opens > moment)
        return next(later, None)

    def receives_on(self, day: datetime.date, part: str = "") -> bool:
        """Whether somebody can still come on this day, in this part of it (`PARTS`)."""
        first_hour, last_hour = PARTS[part]
        midnight = _moment(day, datetime.time.min)
        begins = max(midnight + datetime.timedelta(hours=first_hour), timezone.now())
        ends = midnight + datetime.timedelta(hours=last_hour)
        return any(max(opens, begins) < min(closes, ends) for opens, closes in self.shifts(day))

    def next_day(self, day: datetime.date, part: str = "") -> datetime.date | None:
        """The first day after `day` on which somebody can come, in this part of it."""
        later = _days(day + ONE_DAY, LOOK_AHEAD)
        return next((day for day in later if self.receives_on(day, part)), None)

    def changes(self, days: int) -> list[Change]:
        """The days, of so many from today on, that have other hours than their weekday."""
        found = []
        for day in _days(timezone.localdate(), days):
            shifts = self.shifts(day)
            if shifts != self._weekly_shifts(day, day.weekday()):
                found.append(Change(day, self.worked.get(day) or self.reason_off(day), shifts))
        return found

    def _weekday(self, day: datetime.date) -> int:
        """The weekday whose hours count: a Saturday or Sunday worked in exchange has those of a Monday."""
        weekday = day.weekday()
        if weekday >= SATURDAY and (day in self.worked or is_worked_weekend(day)):
            return MONDAY
        return weekday

    def _weekly_shifts(self, day: datetime.date, weekday: int) -> list[Shift]:
        return sorted(hours.shift(day) for hours in self.hours if hours.are_on(weekday))

    def _shifts_from(self, moment: datetime.datetime, days: int) -> Iterator[Shift]:
        """Those of the moment's day, of the night before, and of so many days after."""
        for day in _days(moment.date() - ONE_DAY, days + 2):
            yield from self.shifts(day)


def _moment(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, time))


def _days(first: datetime.date, number: int) -> Iterator[datetime.date]:
    return (first + datetime.timedelta(days=offset) for offset in range(number))
