"""Days on which a unit's offices work although they are off, or are off although they work."""

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .units import Unit


class SpecialDayQuerySet(models.QuerySet["SpecialDay"]):
    def coming(self) -> "SpecialDayQuerySet":
        """From yesterday on: until morning it may be yesterday's night shift that is open."""
        return self.filter(day__gte=timezone.localdate() - datetime.timedelta(days=1))

    def of(self, unit: Unit) -> list["SpecialDay"]:
        """Those coming for this unit: of two for one day its own, before that of the unit above."""
        rows = self.coming().filter(Q(unit=unit) | Q(unit=unit.parent_id))
        by_day = {row.day: row for row in sorted(rows, key=lambda row: row.unit_id == unit.pk)}
        return list(by_day.values())


class SpecialDay(models.Model):
    """A day of a commune or, from the unit above, of all its communes.

    Not approved by a second person: it is in force at once, as the order that it follows.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="special_days", verbose_name=_("applies to"))
    day = models.DateField(_("day"))
    is_worked = models.BooleanField(
        _("on this day"), choices=[(False, _("Day off")), (True, _("Worked"))], default=False
    )
    reason = models.CharField(
        _("reason"),
        max_length=120,
        help_text=_("Residents read it. For example: làm bù cho Thứ Sáu 02/01"),
    )

    objects = SpecialDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        ordering = ["day", "unit"]
        constraints = [
            models.UniqueConstraint(
                "unit",
                "day",
                name="special_day_once_for_a_unit",
                violation_error_message=_("This day has been set already. Delete it first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}, {self.day:%d/%m/%Y}: {self.get_is_worked_display()}, {self.reason}"
