"""A ring that somebody asks for, to see that it arrives. It says so, and that nothing is new."""

from django.utils.translation import gettext_lazy as _

from ..models import NoticeChoice, User
from .reasons import Reason, Step

TRIAL = "test"

# The subject is the number of the account whose browsers ring.
REASON = Reason(
    TRIAL,
    _("A test of the bell"),
    (Step(lambda event: User.objects.filter(pk=event.subject)),),
    concerns=lambda user: False,
    urgent=True,
    mail=NoticeChoice.Mail.NONE,
)
