"""Who is on duty, who is away, and how long a unit waits before it rings again."""

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .units import Unit

# Half a day at most: a row of what a resident did is gone within 24 hours, a night among them.
Minutes = [MinValueValidator(1), MaxValueValidator(12 * 60)]


class DutySlot(models.Model):
    """Somebody's turn in the weekly roster of a unit. A night begins on its weekday and ends on the next."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    class Part(models.TextChoices):
        DAY = "day", _("day")
        NIGHT = "night", _("night")

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="duty_slots")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    part = models.CharField(_("part of the day"), max_length=10, choices=Part.choices)

    class Meta:
        verbose_name = "turn of duty"
        constraints = [models.UniqueConstraint("unit", "weekday", "part", "user", name="duty_slot_once")]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.weekday} {self.part}"


class Absence(models.Model):
    """Days on which a member of staff does not hear the bell, both included."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences")
    first_day = models.DateField(_("first day away"))
    last_day = models.DateField(_("last day away"))

    class Meta:
        verbose_name = "absence"
        ordering = ("first_day",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="absence_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.first_day} – {self.last_day}"


class RingRules(models.Model):
    """How a supervising unit lets its communes be rung; without a row the defaults hold.

    Minutes count from the event, and only while it is day or somebody is on night duty.
    """

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="ring_rules")
    again_after = models.PositiveSmallIntegerField(_("again after, minutes"), default=15, validators=Minutes)
    everyone_after = models.PositiveSmallIntegerField(
        _("all officers of the commune after, minutes"), default=60, validators=Minutes
    )
    above_after = models.PositiveSmallIntegerField(
        _("editors of the unit above after, minutes"), default=240, validators=Minutes
    )
    day_from = models.TimeField(_("day begins at"), default=datetime.time(6, 30))
    night_from = models.TimeField(_("night begins at"), default=datetime.time(21))

    class Meta:
        verbose_name = _("rules of the bell")

    def __str__(self) -> str:
        return str(self.unit_id)

    def is_day(self, moment: datetime.datetime) -> bool:
        return self.day_from <= timezone.localtime(moment).time() < self.night_from

    def next_day(self, moment: datetime.datetime) -> datetime.datetime:
        """When the next day begins; the moment itself if it is day."""
        return moment if self.is_day(moment) else self._next(moment, self.day_from)

    def next_change(self, moment: datetime.datetime) -> datetime.datetime:
        """When day or night next begins, after `moment`."""
        return min(self._next(moment, at) for at in (self.day_from, self.night_from))

    @staticmethod
    def _next(moment: datetime.datetime, at: datetime.time) -> datetime.datetime:
        """The first time after `moment` that it is `at`."""
        local = timezone.localtime(moment)
        day = local.date() if local.time() < at else local.date() + datetime.timedelta(days=1)
        return timezone.make_aware(datetime.datetime.combine(day, at))
