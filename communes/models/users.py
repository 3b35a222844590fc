"""Accounts of staff. Alone in its module and its migration, on which Wagtail's own migrations depend."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Trim
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from home.ordering import InVietnamese
from home.text import same_key, search_key


def by_name(prefix: str = "") -> tuple[Any, ...]:
    """For `order_by` in lists of people; `prefix` leads to the account, as in "user__"."""
    family, given = f"{prefix}last_name", f"{prefix}first_name"
    full_name = Concat(family, Value(" "), given, output_field=models.CharField())
    return InVietnamese(Trim(full_name)), f"{prefix}username"


def called(query: str) -> Q:
    """People or units whose name holds what was typed, with or without marks. Nobody, if it holds no word."""
    words = search_key(query).removeprefix("cong an ")
    return Q(name_folded__contains=words) if words else Q(pk__in=[])


class User(AbstractUser):
    """A member of staff. Residents have no accounts."""

    # Every session is bound to this number: raising it ends them all at once, in whatever store they lie.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    name_folded = models.CharField(max_length=460, db_index=True, default="", editable=False)
    # Digest of the stored password that he chose himself. One that somebody else sets, by whatever way, has
    # another digest: no key is ever made under it.
    own_password = models.CharField(max_length=64, blank=True, editable=False)

    class Meta(AbstractUser.Meta):  # type: ignore[name-defined]
        verbose_name = _("member of staff")
        verbose_name_plural = _("members of staff")

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @classmethod
    def normalize_username(cls, username: Any) -> str:
        """In small letters, so that no two accounts differ by case alone, on any database."""
        return same_key(username)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.username = self.normalize_username(self.username)
        self.name_folded = search_key(f"{self.get_full_name()} {self.username}")
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
        if own and self.password != stored:  # the same password, re-hashed at today's cost
            self.chose_own_password()
        return correct

    @property
    def _password_digest(self) -> str:
        return sha256(self.password.encode()).hexdigest()
