"""Key pairs of units. A row is never changed: a new generation is a new row."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from communes.models import Unit


class UnitKey(models.Model):
    """One generation of a unit's key pair: the public half in the clear, the private half wrapped.

    The MAC under the server's keyring tells a key that the portal made from one that somebody wrote into
    the database. See `tipform.keys`, the only module that makes and opens these rows.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="keys", verbose_name=_("unit"))
    generation = models.PositiveIntegerField(_("generation"))
    public_key = models.BinaryField()
    wrapped_private_key = models.BinaryField()
    keyring_id = models.CharField(max_length=40)
    mac = models.BinaryField()
    created = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("key of a unit")
        verbose_name_plural = _("keys of units")
        constraints = [models.UniqueConstraint("unit", "generation", name="unit_key_generation_once")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.generation}"
