"""Police units and who works for them: what everything lasting belongs to.

Pages are renamed, merged and deleted, and have a row per language; a tip, a key or a right points to a
Unit, never to a page.
"""

import re
import uuid
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from home.ordering import InVietnamese
from home.text import fold, plain_letters, same_key, search_key

from .signed import Signed
from .users import User

_KIND_BEFORE_NAME = re.compile(
    r"^(?:(?:xã|phường|thị trấn|đặc khu|huyện|tỉnh|thành phố)[.:]? |(?:x|p|tt|tp)[.:] ?"
    # Without its mark it may be the name's own first syllable: xã Xa Dung.
    r"|(?:xa|phuong|thi tran|dac khu|huyen|tinh|thanh pho)(?:[.:] | (?=\S+ \S)))",
    re.IGNORECASE,
)


class UnitQuerySet(models.QuerySet["Unit"]):
    def supervising(self) -> "UnitQuerySet":
        """Units that stand above communes."""
        return self.filter(kind__in=Unit.SUPERVISING_KINDS)

    def communes(self) -> "UnitQuerySet":
        return self.exclude(kind__in=Unit.SUPERVISING_KINDS)


class Unit(Signed):
    """One row for each police unit: a commune's, or the one that supervises communes."""

    class Kind(models.TextChoices):
        # The labels are names of Vietnamese law, the same in every language of the portal.
        XA = "xa", "xã"
        PHUONG = "phuong", "phường"
        THI_TRAN = "thi-tran", "thị trấn"
        DAC_KHU = "dac-khu", "đặc khu"
        HUYEN = "huyen", "huyện"
        TINH = "tinh", "tỉnh"
        THANH_PHO = "thanh-pho", "thành phố"

    # For lists: kind by kind, each in Vietnamese order.
    IN_ORDER = ("kind", InVietnamese("name"))

    SUPERVISING_KINDS = (Kind.HUYEN, Kind.TINH, Kind.THANH_PHO)
    COMMUNE_KINDS = (Kind.XA, Kind.PHUONG, Kind.THI_TRAN, Kind.DAC_KHU)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=80)
    name_folded = models.CharField(max_length=120, db_index=True, editable=False)
    # By which two units are one, however their names are typed; null for rows that no door has made.
    name_key = models.CharField(max_length=120, null=True, editable=False)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="communes", verbose_name=_("unit above")
    )
    active = models.BooleanField(_("in service"), default=True)
    silent_weeks = models.PositiveSmallIntegerField(
        _("weeks without a post"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(52)],
        help_text=_("A commune without a post for so many weeks is named to the unit's editors."),
    )
    page_key = models.UUIDField(
        null=True, blank=True, unique=True, editable=False, help_text="translation_key of the unit's page"
    )

    # What closing took down, so that opening the commune again brings back that and no more.
    closing_record = models.JSONField(null=True, blank=True, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("police unit")
        verbose_name_plural = _("police units")
        constraints = [
            models.UniqueConstraint("parent", "kind", "name_key", name="unit_once_under_its_parent"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="unit_is_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def set_keys(self) -> None:
        self.name_folded = search_key(f"{self.get_kind_display()} {self.name}")
        self.name_key = same_key(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_keys()
        super().save(*args, **kwargs)

    @classmethod
    def plain_name(cls, text: str) -> str:
        """The name alone of what was typed with its kind: "Xã Cẩm Thử", "Công an xã Cẩm Thử" → "Cẩm Thử"."""
        name = plain_letters(text)
        alone = _KIND_BEFORE_NAME.sub("", re.sub("^Công an ", "", name, flags=re.IGNORECASE), count=1)
        return alone or name

    @classmethod
    def kind_called(cls, text: str) -> str:
        """The kind that a list calls "thị trấn", "Thị trấn" or "thi-tran". Raises ValueError for another."""
        for kind in cls.Kind:
            if fold(text.strip()).replace("-", " ") == fold(kind.label):
                return kind.value
        raise ValueError(f"“{text}” is not a kind of unit: {', '.join(cls.Kind.labels)}")

    @property
    def short_name(self) -> str:
        """ "xã Cẩm Trung", for the middle of a sentence."""
        return f"{self.get_kind_display()} {self.name}"

    @property
    def full_name(self) -> str:
        """ "Công an xã Cẩm Trung": the official name."""
        return f"Công an {self.short_name}"

    @property
    def qualified_name(self) -> str:
        """The full name with the unit above, for lists in which two communes share a name."""
        return f"{self.full_name} ({self.parent.short_name})" if self.parent else self.full_name

    @property
    def is_supervising(self) -> bool:
        return self.kind in self.SUPERVISING_KINDS


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        """Who works at this moment: the one definition, for rights, keys and what is sealed to whom.

        A day begins at midnight of `TIME_ZONE`; people and units that are out of service do not work, nor
        do approvers whom nobody has confirmed.
        """
        return self.not_ended().filter(awaits_confirmation=False)

    def awaiting(self) -> "MembershipQuerySet":
        """Approvers who begin as soon as somebody confirms them. Until then they may nothing."""
        return self.not_ended().filter(awaits_confirmation=True)

    def not_ended(self) -> "MembershipQuerySet":
        """Both: for lists of people, and for what must be ended. It gives no right."""
        today = timezone.localdate()
        return self.filter(
            Q(until__isnull=True) | Q(until__gt=today),
            since__lte=today,
            user__is_active=True,
            unit__active=True,
        )

    def approving(self) -> "MembershipQuerySet":
        """The work of those who approve: editors of a supervising unit."""
        return self.filter(role=Membership.Role.EDITOR, unit__kind__in=Unit.SUPERVISING_KINDS)


class Membership(Signed):
    """Who works for which unit, as what, from when to when. The truth about staff: groups follow it."""

    class Role(models.TextChoices):
        EDITOR = "editor", _("editor")
        OFFICER = "officer", _("tip officer")

    user = models.ForeignKey(
        User, models.PROTECT, related_name="memberships", verbose_name=_("member of staff")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    since = models.DateField(_("since"), default=timezone.localdate)
    # The first day that no longer counts: whoever is ended today has no right left today.
    until = models.DateField(_("until"), null=True, blank=True)
    # It ended because the commune was closed: his grants sleep until he is appointed again.
    closed_with_unit = models.BooleanField(default=False, editable=False)
    # An approver is the second pair of eyes, so whoever brings him in cannot be the one who lets him begin.
    awaits_confirmation = models.BooleanField(default=False, editable=False)
    brought_in_by = models.JSONField(
        default=list,
        editable=False,
        help_text="ids of all accounts that had a hand in making him an approver",
    )
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint("user", "unit", "role", "since", name="membership_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role_name}, {self.unit}"

    @property
    def role_name(self) -> str:
        return role_name(self.role, self.unit)


def role_name(role: str, unit: Unit) -> str:
    """What the work is called: an editor of a supervising unit is the one who approves."""
    if role == Membership.Role.EDITOR and unit.is_supervising:
        return gettext("unit editor")
    return str(Membership.Role(role).label)
