"""What approving needs beyond Wagtail's workflow: reasons to send back, and contact pages looked at."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .units import Unit


class ReturnReason(models.Model):
    """A reason for sending a post back that a unit's editors need often; they keep the list themselves."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="return_reasons")
    text = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("reason for sending back")
        verbose_name_plural = _("reasons for sending back")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class ContactConfirmation(models.Model):
    """When somebody last said that a commune's contact page is right.

    A row of its own, not a field of the page: a revision would bring back the date that it was written with.
    """

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="contact_confirmation")
    confirmed_on = models.DateField(_("confirmed on"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("confirmed by")
    )

    class Meta:
        verbose_name = _("confirmation of a contact page")
        verbose_name_plural = _("confirmations of contact pages")

    def __str__(self) -> str:
        return f"{self.unit}: {self.confirmed_on:%d/%m/%Y}"
