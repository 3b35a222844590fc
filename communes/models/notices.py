"""What is to be told to staff, to whom it was told, and where they can be reached."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .units import Unit


class OutboxEvent(models.Model):
    """Something that happened, written in its transaction; `communes.notices.outbox` tells it to people.

    Of what a resident did it names unit and reason, never the tip. It knows the minute, so such a row is
    gone within 24 hours, and no backup holds one.
    """

    reason = models.CharField(max_length=40)
    # None of what concerns one account, such as a test of its bell.
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")
    # What it leads to, as its reason reads it (a page's number); empty of what a resident did.
    subject = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    # The step that comes next, and when; null when all have been told.
    step = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    # The last person of this step for whom a row was made.
    cursor = models.BigIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "event of the outbox"
        indexes = [
            models.Index("due_at", condition=models.Q(due_at__isnull=False), name="outbox_due"),
            models.Index("reason", "subject", name="outbox_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.reason}"


class PushSubscription(models.Model):
    """A browser that rings for a member of staff. Its address is encrypted: it leads to his phone."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="push_subscriptions")
    # SHA-256 of the endpoint, which is too long and too random to be guessed.
    digest = models.CharField(max_length=64, unique=True)
    # `home.at_rest` of JSON: endpoint, p256dh, auth.
    sealed = models.TextField()
    # For its owner: "Chrome, Android".
    device = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    # When it last told that it had rung.
    heard_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "browser that rings"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.device}"


class MailAddress(models.Model):
    """Where a member of staff wants mail. Entered and confirmed by himself; it never resets anything."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_address")
    # `home.at_rest` of the address.
    sealed = models.TextField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "address for notices"

    def __str__(self) -> str:
        return str(self.user_id)


class NoticeChoice(models.Model):
    """How one member of staff hears of one reason; without a row as the reason itself says."""

    class Mail(models.TextChoices):
        NOW = "now", _("at once")
        DAILY = "daily", _("once a day")
        NONE = "none", _("not at all")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=40)
    push = models.BooleanField(_("rings"))
    mail = models.CharField(_("mail"), max_length=10, choices=Mail.choices)

    class Meta:
        verbose_name = "choice of notices"
        constraints = [models.UniqueConstraint("user", "reason", name="notice_choice_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.reason}"


class Delivery(models.Model):
    """One event for one person in one channel, until it has arrived or is given up."""

    class Channel(models.TextChoices):
        # Shown in the admin; nothing is sent.
        SCREEN = "screen", _("in the admin")
        PUSH = "push", _("ring")
        MAIL = "mail", _("mail")

    event = models.ForeignKey(OutboxEvent, models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    subscription = models.ForeignKey(PushSubscription, models.CASCADE, null=True, related_name="+")
    # Event, step, person, channel, browser: one row once.
    key = models.CharField(max_length=80, unique=True)
    # When it is to be sent next; null for what is shown only, has been sent, or was given up.
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # While it is set and not over, a worker has it.
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    # Why it was given up, in one word.
    failure = models.CharField(max_length=40, blank=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "delivery"
        indexes = [
            models.Index("due_at", condition=models.Q(due_at__isnull=False), name="delivery_due"),
            models.Index("user", condition=models.Q(channel="screen", seen_at=None), name="delivery_unseen"),
        ]

    def __str__(self) -> str:
        return self.key
