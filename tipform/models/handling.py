"""Which units hold a tip or held it, and what is left of one that was taken back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from communes.models import Unit
from communes.models.signed import Signed

from .tips import Tip


class Holding(Signed):
    """A unit that holds a tip: the responsible one (`Tip.unit`), or one that handles it jointly.

    Once `until` is set it held the tip before. Which parts it can open is only in its rows of PartKey.
    """

    tip = models.ForeignKey(Tip, models.CASCADE, related_name="holdings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    until = models.DateField(_("until"), null=True)

    class Meta:
        verbose_name = "holding"
        constraints = [models.UniqueConstraint("tip", "unit", name="holding_once_a_unit")]
        indexes = [models.Index("unit", "until", name="tips_held_by_a_unit")]

    def __str__(self) -> str:
        return f"{self.tip_id}: {self.unit_id}"


class Leftover(models.Model):
    """A sealed object that nothing refers to any more and that the store has yet to delete."""

    object_name = models.CharField(max_length=120, unique=True)

    class Meta:
        verbose_name = "leftover"

    def __str__(self) -> str:
        return self.object_name


class WithdrawnMark(models.Model):
    """That the tip of some form was taken back, for as long as that form could be sent again.

    `tipform.box.receiving.withdrawn_mark` makes it under the environment's keyring; it leads to no tip.
    """

    mac = models.CharField(primary_key=True, max_length=64)
    keyring_id = models.CharField(max_length=40)
    # When it was taken back.
    day = models.DateField(db_index=True)

    class Meta:
        verbose_name = "mark of a form whose tip was taken back"

    def __str__(self) -> str:
        return self.mac


class SentForm(models.Model):
    """That some form was sent, for as long as its receipt may be shown again (`tipform.box.sent_forms`).

    It leads to no tip, and no tip to it: its name and the hash of what was said need the form's one-time
    value, which is stored nowhere.
    """

    mac = models.CharField(primary_key=True, max_length=64)
    keyring_id = models.CharField(max_length=40)
    said = models.BinaryField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "form that was sent"

    def __str__(self) -> str:
        return self.mac
