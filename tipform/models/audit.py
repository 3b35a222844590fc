"""Who did what with which tip, without a word of its content."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from communes.models import Unit


class AuditEntry(models.Model):
    """One act, appended by `tipform.audit.record` and never changed; each is chained to its unit's last."""

    class Action(models.TextChoices):
        RECEIVED = "received", _("received")
        OPENED = "opened", _("opened")
        IDENTITY_OPENED = "identity-opened", _("opened name and phone")
        FILE_OPENED = "file-opened", _("opened a file")
        REPLIED = "replied", _("replied")
        STATUS_SET = "status-set", _("set the status")
        REPORTER_READ = "reporter-read", _("read by the reporter")
        REPORTER_WROTE = "reporter-wrote", _("written on by the reporter")
        # Of a unit's keys; these belong to no tip.
        KEY_BORN = "key-born", _("opened the tip box")
        KEY_GRANTED = "key-granted", _("granted the key")
        KEY_ENDED = "key-ended", _("key taken back")
        KEY_ROTATED = "key-rotated", _("new generation of the key")
        KEY_RECOVERED = "key-recovered", _("used the recovery code")
        RECOVERY_REPLACED = "recovery-replaced", _("replaced the recovery code")
        # The detail of these four is the other unit's uuid.
        HANDED_ON = "handed-on", _("handed on to")
        TAKEN_OVER = "taken-over", _("taken over from")
        SHARED = "shared", _("handled jointly with")
        JOINED = "joined", _("joined in handling with")
        WITHDRAWN = "withdrawn", _("taken back by the reporter")
        # Of a signed row; the detail is the version that no longer stands. Belongs to no tip.
        RETIRED = "retired", _("changed an entry about staff, keys or units")

    # Of a reporter's acts the day only.
    at = models.DateTimeField(_("time"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    tip = models.UUIDField(_("tip"), null=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    action = models.CharField(_("act"), max_length=30, choices=Action.choices)
    detail = models.CharField(_("detail"), max_length=80, blank=True)
    previous_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ("pk",)
        indexes = [models.Index("detail", condition=models.Q(action="retired"), name="retired_versions")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.action}"


class AuditHead(models.Model):
    """The end of a unit's chain and how many entries it has, so that a cut end shows."""

    unit = models.OneToOneField(Unit, models.PROTECT, primary_key=True, related_name="+")
    count = models.PositiveBigIntegerField(default=0)
    hash = models.BinaryField()
    mac = models.BinaryField()

    class Meta:
        verbose_name = "end of an audit log"

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.count}"


class Unread(models.Model):
    """A tip in which somebody wrote for a unit, and none of its officers has looked since.

    What the audit log says of it at this moment, kept by `tipform.audit` beside each entry: counting is one
    look, however long the log has grown.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    tip = models.UUIDField(db_index=True)
    # Of the last thing written; no hour, as in the log.
    day = models.DateField()

    class Meta:
        verbose_name = "tip that nobody has looked at"
        constraints = [models.UniqueConstraint("unit", "tip", name="unread_once_a_unit")]
        indexes = [models.Index("unit", "day", name="unread_since")]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.tip}"
