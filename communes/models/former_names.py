"""What communes were called before: renamed, merged, or split over several.

A law says so and a unit's editor writes it down; like a day off it is in force at once.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from home.text import joined_keys, same_key, search_key

from .units import Unit

# In an address to which a closed commune's leads: whose it was. The page says what became of that commune.
CAME_FROM = "tu"


class FormerName(models.Model):
    """`unit` is, or has a part of, what was called so until `until`. A split name has a row for each part."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="former_names", verbose_name=_("is now"))
    kind = models.CharField(
        _("kind"), max_length=20, choices=[(kind.value, kind.label) for kind in Unit.COMMUNE_KINDS]
    )
    name = models.CharField(_("former name"), max_length=80)
    district = models.CharField(
        _("district or province at that time"),
        max_length=80,
        blank=True,
        help_text=_("Tells communes of one name apart. For example: huyện Cẩm Xuyên"),
    )
    until = models.DateField(_("day of the change"), help_text=_("The first day of the new name"))
    part = models.CharField(
        _("which part"),
        max_length=120,
        blank=True,
        help_text=_("Only if it was split over several. For example: thôn 1 đến thôn 5"),
    )
    source = models.CharField(
        _("by which decision"),
        max_length=120,
        blank=True,
        help_text=_("For example: Nghị quyết 1665/NQ-UBTVQH15"),
    )
    # The commune of that name, where it had its pages here. Opening it again deletes the row.
    closed = models.ForeignKey(
        Unit,
        models.CASCADE,
        null=True,
        editable=False,
        related_name="became",
        verbose_name=_("closed commune"),
    )
    name_key = models.CharField(max_length=120, editable=False)
    # For the search, without marks and blanks; `bare_key` without the kind too.
    search_key = models.CharField(max_length=120, db_index=True, editable=False)
    bare_key = models.CharField(max_length=120, db_index=True, editable=False)

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        constraints = [
            models.UniqueConstraint(
                "unit", "kind", "name_key", "district", name="former_name_once_for_a_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.short_name} ({self.district})" if self.district else self.short_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = same_key(self.name)
        self.search_key, self.bare_key = commune_keys(self.kind, self.name)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.until and self.until > timezone.localdate():
            raise ValidationError(
                {"until": _("This day has not come yet. Enter the name when it has changed.")}
            )
        if self.unit.is_supervising:
            raise ValidationError(_("%(unit)s is not a commune.") % {"unit": self.unit.full_name})
        if (self.kind, same_key(self.name)) == (self.unit.kind, self.unit.name_key):
            raise ValidationError({"name": _("It is called so now.")})

    @property
    def short_name(self) -> str:
        """ "xã Cẩm Lĩnh", for the middle of a sentence."""
        return f"{self.get_kind_display()} {self.name}"


def commune_keys(kind: str, name: str) -> tuple[str, str]:
    """The name as it is looked for, with its kind and without: ("xacamlinh", "camlinh")."""
    return joined_keys(search_key(f"{Unit.Kind(kind).label} {name}"), search_key(name))


def same_district(one: str, other: str) -> bool:
    return not one or not other or same_key(one) == same_key(other)


def note_former_name(row: FormerName) -> bool:
    """Store the row, in place of one of the same name of the same commune; whether it is new.

    Raises ValidationError as the model's own checks do.
    """
    row.clean_fields(exclude=["name_key", "search_key", "bare_key"])
    row.clean()
    of_this_name = FormerName.objects.filter(unit=row.unit, kind=row.kind, name_key=same_key(row.name))
    # One list names the district, another does not.
    before = next((old for old in of_this_name if same_district(old.district, row.district)), None)
    if before is not None:
        row.pk, row.closed = before.pk, row.closed or before.closed
        row.district = row.district or before.district
        row._state.adding = False
    row.save()
    return before is None
