"""Accounts of staff. Alone in its module and its migration, on which Wagtail's own migrations depend."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from home.text import fold


class User(AbstractUser):
    """A member of staff. Residents have no accounts."""

    # Every session is bound to this number: raising it ends them all at once, in whatever store they lie.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    name_folded = models.CharField(max_length=460, db_index=True, default="", editable=False)

    class Meta(AbstractUser.Meta):  # type: ignore[name-defined]
        verbose_name = _("member of staff")
        verbose_name_plural = _("members of staff")

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_folded = fold(f"{self.get_full_name()} {self.username}")
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        """In Vietnamese order: family name first."""
        return f"{self.last_name} {self.first_name}".strip()

    def set_full_name(self, name: str) -> None:
        """The last word is the given name, by which a Vietnamese is called."""
        self.last_name, _space, self.first_name = name.rpartition(" ")

    def get_session_auth_hash(self) -> str:
        return f"{self.session_epoch}:{super().get_session_auth_hash()}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for fallback in super().get_session_auth_fallback_hash():
            yield f"{self.session_epoch}:{fallback}"
