"""Days on which a commune can be visited for papers: hours that it told, without holidays."""

import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from home.calendar import OFFICE_WEEK, Calendar

from .models import Unit
from .tree import page_of


def why_not_on(unit: Unit, day: datetime.date, part: str = "") -> str:
    """What to say to somebody who would come on a day on which nobody receives him; empty if somebody does.

    `part` is one of `home.calendar.PARTS`. The answer names the next day that has such a time.
    """
    calendar = _calendar_of(unit)
    if calendar.receives_on(day, part):
        return ""
    words = {"day": _weekday_and_date(day), "reason": calendar.reason_off(day)}
    if words["reason"]:
        sentence = _("%(day)s is a day off: %(reason)s.") % words
    elif part:
        sentence = _("Nobody receives people in that part of %(day)s.") % words
    else:
        sentence = _("Nobody receives people on %(day)s.") % words
    if later := calendar.next_day(day, part):
        sentence += " " + _("The next day is %(day)s.") % {"day": _weekday_and_date(later)}
    return sentence


def _calendar_of(unit: Unit) -> Calendar:
    """That of its contact page; an office's usual week where no hours have been told."""
    contact = page_of(unit).contact
    if contact is None:
        return Calendar(OFFICE_WEEK)
    calendar = contact.calendar
    if not calendar.hours:
        calendar.hours = list(OFFICE_WEEK)
    return calendar


def _weekday_and_date(day: datetime.date) -> str:
    return f"{date_format(day, 'l')} {date_format(day, 'SHORT_DATE_FORMAT')}"
