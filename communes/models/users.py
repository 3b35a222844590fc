"""Accounts of staff. Alone in its module and its migration, on which Wagtail's own migrations depend."""

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A member of staff. Residents have no accounts."""

    class Meta(AbstractUser.Meta):  # type: ignore[name-defined]
        verbose_name = _("member of staff")
        verbose_name_plural = _("members of staff")

    def __str__(self) -> str:
        return self.get_full_name() or self.username
