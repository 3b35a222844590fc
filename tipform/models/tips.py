"""A tip at rest: sealed parts, their keys sealed to each recipient, and five plain columns.

The plain columns (unit, category, status, outcome, day) are what the unit above may count. Whether it is a
tip, a question or an appointment, the hour, the words and the files' names are inside the sealed parts.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communes.models import Unit
from home.ordering import InVietnamese

from .keys import UnitKey


class Category(models.Model):
    """What a tip is about, as the resident chooses it."""

    NEUTRAL = "other"

    class Picture(models.TextChoices):
        """A symbol of icons/sprite.svg."""

        SAND = "sand", _("Boat")
        FRAUD = "fraud", _("Telephone")
        FOOD = "food", _("Bowl of rice")
        STALL = "stall", _("Stall")
        THEFT = "theft", _("Open lock")
        DRUGS = "drugs", _("Capsule")
        DICE = "dice", _("Dice")
        TRAFFIC = "traffic", _("Motorbike")
        FIRE = "fire", _("Fire")
        OTHER = "other", _("Three dots")

    slug = models.SlugField(_("short name"), unique=True, help_text=_("Plain letters; does not change"))
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    active = models.BooleanField(_("offered on the form"), default=True)
    picture = models.CharField(
        _("symbol"),
        max_length=10,
        choices=Picture.choices,
        default=Picture.OTHER,
        help_text=_("On the button that residents tap"),
    )
    urgent = models.BooleanField(
        _("rings by night"),
        default=False,
        help_text=_("A tip of this kind rings at any hour, also where nobody is on night duty."),
    )

    class Meta:
        verbose_name = _("category of tips")
        verbose_name_plural = _("categories of tips")
        ordering = ("position", InVietnamese("name"))

    def __str__(self) -> str:
        return self.name

    @classmethod
    def neutral(cls) -> "Category":
        """What questions and appointments are filed under: an empty column would tell them from tips."""
        return cls.objects.get_or_create(slug=cls.NEUTRAL, defaults={"name": "Việc khác", "position": 99})[0]


class Tip(models.Model):
    class Status(models.TextChoices):
        NEW = "new", pgettext_lazy("status of a tip", "New")
        ACCEPTED = "accepted", pgettext_lazy("status of a tip", "Accepted")
        IN_PROGRESS = "in-progress", pgettext_lazy("status of a tip", "In progress")
        CLOSED = "closed", pgettext_lazy("status of a tip", "Closed")
        # Taken back by its reporter: an empty shell, kept so that counts stay true.
        WITHDRAWN = "withdrawn", pgettext_lazy("status of a tip", "Taken back")

    class Outcome(models.TextChoices):
        RESOLVED = "resolved", _("Resolved")
        TRANSFERRED = "transferred", _("Handed to the competent body")
        NO_BASIS = "no-basis", _("No grounds found")
        ANSWERED = "answered", _("Answered")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The one responsible today, by which the tip is counted; all that hold it stand in Holding.
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="tips", verbose_name=_("unit"))
    # Part of every seal's context, so it never changes, whoever the tip is handed to.
    received_by = models.UUIDField(editable=False)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name=_("category"))
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.NEW)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, blank=True)
    day = models.DateField(_("day"), db_index=True)

    # The reporter's own key pair. Its private half opens with the receipt code, which is stored nowhere.
    # All of it is gone from a tip that was taken back.
    receipt_lookup = models.BinaryField(unique=True, null=True)
    receipt_keyring_id = models.CharField(max_length=40)
    receipt_params = models.PositiveSmallIntegerField()
    reporter_public_key = models.BinaryField()
    reporter_mac = models.BinaryField()
    reporter_wrapped_key = models.BinaryField()

    class Meta:
        verbose_name = _("tip")
        verbose_name_plural = _("tips")
        ordering = ("-day", "-pk")
        indexes = [models.Index("unit", "status", name="tips_of_a_unit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="") | Q(status="closed"), name="only_a_closed_tip_has_an_outcome"
            ),
            models.CheckConstraint(
                condition=Q(status="withdrawn", receipt_lookup__isnull=True)
                | (~Q(status="withdrawn") & Q(receipt_lookup__isnull=False)),
                name="only_a_withdrawn_tip_has_no_code",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What officers call the tip among themselves. It opens nothing, unlike the receipt code."""
        digits = self.uuid.hex[:8].upper()
        return f"{digits[:4]}-{digits[4:]}"


class Part(models.Model):
    """One sealed piece of a tip, with a key of its own."""

    class Label(models.TextChoices):
        # The first four exist for every tip, padded, so that their presence says nothing.
        HEADER = "header"
        MESSAGE = "message"
        PLACE = "place"
        IDENTITY = "identity"
        ENTRY = "entry"
        FILE = "file"
        VIEW = "view"

    tip = models.ForeignKey(Tip, models.CASCADE, related_name="parts")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    label = models.CharField(max_length=10, choices=Label.choices)
    version = models.PositiveSmallIntegerField(default=1)
    sealed = models.BinaryField()
    # Of a file or its display copy: the sealed bytes, under a random name in the storage `tips`.
    object_name = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = "part"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.tip_id}/{self.label}"


class PartKey(models.Model):
    """A part's key, sealed to one recipient: a generation of a unit's key, or the reporter (no unit key)."""

    part = models.ForeignKey(Part, models.CASCADE, related_name="keys")
    unit_key = models.ForeignKey(UnitKey, models.PROTECT, null=True, related_name="+")
    sealed_key = models.BinaryField()

    class Meta:
        verbose_name = "key of a part"
        constraints = [
            models.UniqueConstraint("part", "unit_key", name="part_key_once_a_unit_key"),
            models.UniqueConstraint(
                fields=["part"], condition=Q(unit_key__isnull=True), name="part_key_once_a_reporter"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part_id}→{self.unit_key_id or 'reporter'}"
