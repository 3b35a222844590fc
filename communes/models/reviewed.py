"""What one person writes and another approves, where it is no page.

A row never changes its words: a correction is a new row of the same thread, so that what somebody approves is
what he read, and the thread is its own history.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .units import Unit
from .users import User


class Reviewed(models.Model):
    """One version. At most one of a thread is in force, and at most one waits."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting for approval")
        APPROVED = "approved", _("In force")
        SENT_BACK = "sent-back", _("Sent back")
        REPLACED = "replaced", _("Replaced")
        ENDED = "ended", _("Ended")

    thread = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", editable=False, verbose_name=_("unit"))
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING, editable=False)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    # Who approved it or sent it back; nobody, where it came into force at once.
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    comment = models.CharField(max_length=600, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint("thread", condition=Q(status="waiting"), name="%(class)s_one_waits"),
            models.UniqueConstraint("thread", condition=Q(status="approved"), name="%(class)s_one_in_force"),
        ]

    @property
    def words(self) -> str:
        """All that an approver has to read."""
        raise NotImplementedError
