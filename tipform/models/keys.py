"""Key pairs of units and officers. No row holds a private key that the database alone could open.

Rows are appended: a new key is a new generation. The MAC under the environment's keyring tells a key that the
portal made from one that somebody wrote into the database. Only `tipform.keys` makes and opens these rows.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import SHA256
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communes.models import Unit
from communes.models.signed import Signed

USER = settings.AUTH_USER_MODEL


class PublicKey(models.Model):
    """A public key with its MAC."""

    generation = models.PositiveIntegerField(_("generation"))
    public_key = models.BinaryField()
    keyring_id = models.CharField(max_length=40)
    mac = models.BinaryField()
    created = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        abstract = True


class RecoveryKey(PublicKey):
    """The public half of a unit's recovery code. In force once part of the code was typed back."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="recovery_keys", verbose_name=_("police unit")
    )
    made_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    confirmed = models.DateTimeField(null=True)
    # When the code opened something: it has been out of the safe, and a new one is due.
    used = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("recovery key")
        verbose_name_plural = _("recovery keys")
        constraints = [models.UniqueConstraint("unit", "generation", name="recovery_key_generation_once")]

    def __str__(self) -> str:
        return f"{self.unit}: R{self.generation}"


class UnitKey(PublicKey):
    """One generation of a unit's key pair. The private half exists only sealed, to officers and the code."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="keys", verbose_name=_("police unit"))
    # When the unit's open tips had all been re-sealed to this generation.
    settled = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("key of a unit")
        verbose_name_plural = _("keys of units")
        constraints = [models.UniqueConstraint("unit", "generation", name="unit_key_generation_once")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.generation}"


class RecoveryWrap(models.Model):
    """A generation's private key, sealed to the unit's recovery key. One that was replaced has none left."""

    unit_key = models.ForeignKey(UnitKey, models.CASCADE, related_name="recovery_wraps")
    recovery_key = models.ForeignKey(RecoveryKey, models.CASCADE, related_name="wraps")
    sealed_private_key = models.BinaryField()

    class Meta:
        verbose_name = "recovery wrap"
        constraints = [models.UniqueConstraint("unit_key", "recovery_key", name="recovery_wrap_once")]

    def __str__(self) -> str:
        return f"{self.unit_key_id}→{self.recovery_key_id}"


class OfficerKey(PublicKey):
    """An officer's own pair; the private half wrapped under his password and a pepper of the environment."""

    user = models.ForeignKey(USER, models.PROTECT, related_name="officer_keys", verbose_name=_("officer"))
    wrapped_private_key = models.BinaryField()
    salt = models.BinaryField()
    passes = models.PositiveSmallIntegerField()
    memory = models.PositiveBigIntegerField(help_text="bytes")
    pepper_id = models.CharField(max_length=40)
    # Once another key took its place: its password is forgotten.
    superseded = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("key of an officer")
        verbose_name_plural = _("keys of officers")
        constraints = [models.UniqueConstraint("user", "generation", name="officer_key_generation_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.generation}"


class Digest(SHA256):
    """SHA-256 in hexadecimal. On PostgreSQL by its own function: Django's needs the extension pgcrypto."""

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "ENCODE(SHA256(CONVERT_TO(%(expressions)s, 'UTF8')), 'hex')"
        return self.as_sql(compiler, connection, template=template, **extra)


class KeyGrantQuerySet(models.QuerySet["KeyGrant"]):
    def in_force(self) -> "KeyGrantQuerySet":
        return self.filter(ended__isnull=True, officer_key__superseded__isnull=True)

    def held(self) -> "KeyGrantQuerySet":
        """Those that somebody can use: his account is active, and its password is still one he chose."""
        digest: Any = Digest("officer_key__user__password")
        return (
            self.in_force()
            .alias(password_digest=digest)
            .filter(
                officer_key__user__is_active=True,
                officer_key__user__own_password=F("password_digest"),
            )
        )


class KeyGrant(Signed):
    """A generation's private key, sealed to an officer. When the grant ends, what was sealed is deleted."""

    unit_key = models.ForeignKey(UnitKey, models.CASCADE, related_name="grants")
    officer_key = models.ForeignKey(OfficerKey, models.PROTECT, related_name="grants")
    sealed_private_key = models.BinaryField()
    granted_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    ended = models.DateTimeField(null=True)

    objects = KeyGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant of a key")
        verbose_name_plural = _("grants of keys")
        constraints = [
            models.UniqueConstraint(
                "unit_key",
                "officer_key",
                condition=models.Q(ended__isnull=True),
                name="key_grant_once_an_officer",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_key_id}→{self.officer_key_id}"


class KeyNotice(models.Model):
    """What a key-holder must be told and has not yet said that he read."""

    class What(models.TextChoices):
        RECOVERED = "recovered", _("The recovery code was used")
        STARTED_ANEW = "started-anew", _("The tip box was opened anew, without the keys of before")

    user = models.ForeignKey(USER, models.CASCADE, related_name="key_notices")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    what = models.CharField(max_length=20, choices=What.choices)
    actor = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "notice about a key"

    def __str__(self) -> str:
        return f"{self.user}: {self.what}"
