"""Who is to hear the bell at a moment: day and night, the weekly roster, and those who are away.

All of it is by the clock of `TIME_ZONE`; moments are aware. A day begins at `day_from` exactly, a night at
`night_from` exactly, and a night belongs to the weekday on which it begins: Monday's is over on Tuesday.
"""

import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from ..models import Absence, DutySlot, Membership, RingRules, Unit, User
from ..roles import officers_of
from ..signals import membership_ended

ONE_DAY = datetime.timedelta(days=1)
# Kept so long after its last day, for whoever asks why nobody heard.
KEEP_ABSENCES = datetime.timedelta(days=30)


def rules_of(unit: Unit) -> RingRules:
    """Those of the unit above, or of a supervising unit itself; unsaved ones with the defaults where none."""
    supervising = unit.pk if unit.is_supervising else unit.parent_id
    return RingRules.objects.filter(unit=supervising).first() or RingRules()


def is_day(unit: Unit, moment: datetime.datetime) -> bool:
    return rules_of(unit).is_day(moment)


def next_day(unit: Unit, moment: datetime.datetime) -> datetime.datetime:
    """When the next day begins; the moment itself if it is day."""
    return rules_of(unit).next_day(moment)


def on_duty(unit: Unit, moment: datetime.datetime) -> "QuerySet[User]":
    """The unit's officers of today who are entered for this moment and not away on its day.

    Empty where nobody is entered. One query more than that of the people: the rules are read at once.
    """
    weekday, part = _turn(rules_of(unit), moment)
    turns = DutySlot.objects.filter(unit=unit, weekday=weekday, part=part, user=OuterRef("pk"))
    return officers_of(unit.pk).filter(Exists(turns)).exclude(pk__in=away(timezone.localdate(moment)))


def away(day: datetime.date) -> "QuerySet[User]":
    """Everybody, of whatever unit, who is away on this day: from the first to the last, both included."""
    absences = Absence.objects.filter(user=OuterRef("pk"), first_day__lte=day, last_day__gte=day)
    return User.objects.filter(Exists(absences))


@membership_ended.heard_by
def take_from_roster(membership: Membership, **facts: object) -> None:
    """Whoever is an officer of the unit no longer has no turn there."""
    if not officers_of(membership.unit_id).filter(pk=membership.user_id).exists():
        DutySlot.objects.filter(unit=membership.unit_id, user=membership.user_id).delete()


def forget_old() -> None:
    """By the clock: absences that are long over, and turns of those whose work ended at a midnight."""
    Absence.objects.filter(last_day__lt=timezone.localdate() - KEEP_ABSENCES).delete()
    works = Membership.objects.current().filter(
        role=Membership.Role.OFFICER, user=OuterRef("user"), unit=OuterRef("unit")
    )
    DutySlot.objects.filter(~Exists(works)).delete()


def _turn(rules: RingRules, moment: datetime.datetime) -> tuple[int, str]:
    """The weekday and part of the roster that this moment belongs to."""
    local = timezone.localtime(moment)
    if rules.is_day(moment):
        return local.weekday(), DutySlot.Part.DAY
    begins = local.date() if local.time() >= rules.night_from else local.date() - ONE_DAY
    return begins.weekday(), DutySlot.Part.NIGHT
