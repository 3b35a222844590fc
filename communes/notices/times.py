"""When somebody is told: at once, with others, or in the morning."""

import datetime

from django.utils import timezone

from ..models import RingRules, Unit
from . import duty

# What is not urgent waits for the end of such a stretch, and arrives with what came in it.
TOGETHER = datetime.timedelta(minutes=2)
# Mail that somebody wants once a day.
DAILY_AT = datetime.time(7)
GIVEN_UP_AFTER = datetime.timedelta(days=2)


def joined(unit: Unit | None, moment: datetime.datetime) -> datetime.datetime:
    """The next moment by day at which what is not urgent goes out together."""
    start = moment if unit is None else duty.next_day(unit, moment)
    seconds = TOGETHER.total_seconds()
    return start + datetime.timedelta(seconds=-start.timestamp() % seconds)


def daily_mail(moment: datetime.datetime) -> datetime.datetime:
    """The next time at which daily mail goes out, after `moment`."""
    local = timezone.localtime(moment)
    today = timezone.make_aware(datetime.datetime.combine(local.date(), DAILY_AT))
    return today if local < today else today + datetime.timedelta(days=1)


def worked(unit: Unit, start: datetime.datetime, minutes: int) -> datetime.datetime:
    """When so many minutes have gone since `start` in which somebody is on duty.

    By day always; by night for a unit whose roster names somebody for it. After two days it is given up: the
    row that asks is gone by then.
    """
    rules, moment, left = duty.rules_of(unit), start, datetime.timedelta(minutes=minutes)
    while moment - start < GIVEN_UP_AFTER:
        change = rules.next_change(moment)
        if somebody_on_duty(unit, rules, moment):
            if moment + left <= change:
                return moment + left
            left -= change - moment
        moment = change
    return moment


def somebody_on_duty(unit: Unit, rules: RingRules, moment: datetime.datetime) -> bool:
    """`rules` are the unit's, read once for whoever asks of many moments."""
    return rules.is_day(moment) or duty.on_duty(unit, moment).exists()
