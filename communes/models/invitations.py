"""Printed slips: to join a unit, or to choose a new password. The code on a slip is never stored."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .signed import Signed
from .units import Unit, role_name
from .users import User


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Neither used nor withdrawn; their slips may have lapsed."""
        return self.filter(used_at=None, withdrawn_at=None)

    def valid(self) -> "InvitationQuerySet":
        """Those whose slip opens the page of acceptance now."""
        return self.open().filter(expires_at__gt=timezone.now(), unit__active=True)


class Invitation(Signed):
    """One person, one account name, and the slip in force; a new slip takes the old one's place.

    No account exists until the slip is used, so a lapsed invitation leaves nothing behind.
    """

    class Purpose(models.TextChoices):
        JOIN = "join", _("invitation")
        RESET = "reset", _("new password")

    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.JOIN)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="invitations", verbose_name=_("unit"))
    roles = models.JSONField(default=list, help_text="values of Membership.Role; none for a new password")
    full_name = models.CharField(_("full name"), max_length=150)
    username = models.CharField(max_length=150)
    # Whose password is reset, or who the invited person became.
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="invitations")
    code_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    brought_in_by = models.JSONField(
        default=list, editable=False, help_text="ids of all who made the invitation or printed a slip for it"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                "username",
                condition=Q(purpose="join", used_at=None, withdrawn_at=None),
                name="account_name_offered_once",
            ),
            models.UniqueConstraint(
                "user",
                condition=Q(purpose="reset", used_at=None, withdrawn_at=None),
                name="one_new_password_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.unit}"

    @property
    def lapsed(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def role_labels(self) -> list[str]:
        return [role_name(role, self.unit) for role in self.roles]
