"""Accounts of staff. Alone in its module and its migration, on which Wagtail's own migrations depend."""

from hashlib import sha256

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A member of staff. Residents have no accounts."""

    # Digest of the stored password that he chose himself. One that somebody else sets, by whatever way, has
    # another digest: no key is ever made under it.
    own_password = models.CharField(max_length=64, blank=True, editable=False)

    class Meta(AbstractUser.Meta):  # type: ignore[name-defined]
        verbose_name = _("member of staff")
        verbose_name_plural = _("members of staff")

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def has_own_password(self) -> bool:
        """Whether the password of today is one that he chose himself."""
        return self.has_usable_password() and constant_time_compare(self._password_digest, self.own_password)

    def chose_own_password(self) -> None:
        """Store that the user himself, and nobody for him, chose the present password.

        Call it after `set_password` and `save`, only where he typed it for himself.
        """
        self.own_password = self._password_digest
        self.save(update_fields=["own_password"])

    def check_password(self, raw_password: str) -> bool:
        own, stored = self.has_own_password, self.password
        correct = super().check_password(raw_password)
        if own and self.password != stored:  # the same password, hashed anew at today's cost
            self.chose_own_password()
        return correct

    @property
    def _password_digest(self) -> str:
        return sha256(self.password.encode()).hexdigest()
