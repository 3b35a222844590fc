"""Alerts over a commune's pages or, from the unit, over all. They vanish by the clock, without a job."""

import datetime

from django.db import models
from django.db.models import Case, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import Page

from .reviewed import Reviewed
from .users import User

# For how long an alert may stand that nobody else has approved.
URGENT_FOR = datetime.timedelta(hours=24)


class AlertQuerySet(QuerySet["Alert"]):
    def running(self, at: datetime.datetime | None = None) -> "AlertQuerySet":
        """What the public sees at this moment (default: now), the gravest first."""
        at = at or timezone.now()
        grave = Case(
            When(level=Alert.Level.URGENT, then=Value(0)),
            When(level=Alert.Level.WARNING, then=Value(1)),
            default=Value(2),
        )
        return (
            self.filter(status=Alert.Status.APPROVED, starts_at__lte=at, ends_at__gt=at)
            .select_related("link__locale")
            .order_by(grave, "-starts_at", "-pk")
        )

    def to_look_at(self) -> "AlertQuerySet":
        """Those that went live before a second pair of eyes, until somebody has looked, ended or not."""
        return self.filter(
            level=Alert.Level.URGENT,
            status__in=[Alert.Status.APPROVED, Alert.Status.ENDED],
            decided_by=None,
            decided_at__isnull=False,
            seen_at=None,
        )


class Alert(Reviewed):
    class Level(models.TextChoices):
        NOTICE = "notice", _("Notice")
        WARNING = "warning", _("Warning")
        URGENT = "urgent", pgettext_lazy("level of an alert", "Urgent")

    level = models.CharField(_("level"), max_length=10, choices=Level.choices, default=Level.NOTICE)
    text = models.CharField(
        _("text"), max_length=200, help_text=_("One or two sentences: what has happened, what to do.")
    )
    link = models.ForeignKey(
        Page,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("read more"),
        help_text=_("A public page of the commune or of the unit above."),
    )
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"))
    seen_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, editable=False)
    seen_at = models.DateTimeField(null=True, editable=False)

    objects = AlertQuerySet.as_manager()

    class Meta(Reviewed.Meta):
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        indexes = [models.Index(fields=["unit", "status", "ends_at"], name="alert_running")]

    def __str__(self) -> str:
        return f"{self.get_level_display()}: {self.text}"

    @property
    def words(self) -> str:
        return self.text

    @property
    def is_running(self) -> bool:
        return self.status == self.Status.APPROVED and self.starts_at <= timezone.now() < self.ends_at

    @property
    def has_passed(self) -> bool:
        return self.status == self.Status.ENDED or self.ends_at <= timezone.now()
