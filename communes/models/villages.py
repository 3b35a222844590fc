"""The villages of a commune (thôn, xóm, tổ dân phố) and who is in charge of each: one list for all uses."""

import re
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from home.phones import written
from home.text import joined_keys, one_line, same_key, search_key

from .reviewed import Reviewed

LONGEST_VILLAGE = 80
LONGEST_KEY = 120

# What a village is called before its name, folded; and what people write for it.
_KIND = re.compile(
    r"^(thon|xom|to dan pho|to|khu pho|khu|khom|ap|ban|buon|lang|doi|phum|soc) (?=\S)",
)
_SHORT_KINDS = {"tdp": "to dan pho", "kp": "khu pho"}


class Village(NamedTuple):
    name: str
    officer: str = ""
    phone: str = ""


def lines_of(text: str) -> list[str]:
    """The lines of a text that say something, each once."""
    return list(dict.fromkeys(line for each in text.splitlines() if (line := one_line(each))))


def village_of(line: str) -> Village:
    """ "thôn Trung Tiến, Nguyễn Văn Mẫu, 0900 000 001": either of the last two may be missing.

    Raises ValidationError for what is no such line.
    """
    name, *about = (part.strip() for part in re.split("[,;]", line))
    if len(about) == 1 and about[0] and not any(char.isalpha() for char in about[0]):
        about = ["", about[0]]
    if not name or len(about) > 2:
        raise ValidationError(
            _("“%(line)s”: write name, officer, phone, with commas between them."), params={"line": line}
        )
    officer, phone = [*about, "", ""][:2]
    if max(len(name), len(officer)) > LONGEST_VILLAGE or set("{}") & set(name):
        raise ValidationError(_("A name has 80 letters at most, and none of { }."))
    try:
        return Village(name, officer, written(phone) if phone else "")
    except ValidationError as error:
        raise ValidationError(f"{name}: {' '.join(error.messages)}") from error


def villages_in(text: str) -> list[Village]:
    """The villages of a list. Raises ValidationError, also for one that stands in it twice."""
    villages: dict[str, Village] = {}
    for line in lines_of(text):
        village = village_of(line)
        if same_key(village.name) in villages:
            raise ValidationError(_("“%(name)s” stands in the list twice."), params={"name": village.name})
        villages[same_key(village.name)] = village
    return list(villages.values())


def village_keys(name: str) -> tuple[str, str]:
    """The name as it is looked for, with its kind and without: ("thontrungtien", "trungtien")."""
    whole = full_kind(search_key(name))
    name_key, bare_key = joined_keys(whole, _KIND.sub("", whole))
    # A sign may stand for many letters.
    return name_key[:LONGEST_KEY], bare_key[:LONGEST_KEY]


def full_kind(folded: str) -> str:
    """ "tdp 3" → "to dan pho 3", in a name or in what somebody looks for."""
    return " ".join(_SHORT_KINDS.get(word, word) for word in folded.split())


class PlaceList(Reviewed):
    """The villages of one commune: urgent posts name them, the search and the contact page tell of them."""

    places = models.TextField(
        _("villages"),
        max_length=12000,
        help_text=_(
            "One on each line: “thôn Trung Tiến”, “tổ dân phố 3”. Who is in charge of it and his phone may "
            "follow, with commas: “thôn Trung Tiến, Nguyễn Văn Mẫu, 0900 000 001”. Residents read all of it."
        ),
    )

    class Meta(Reviewed.Meta):
        verbose_name = _("list of villages")
        verbose_name_plural = _("lists of villages")

    def __str__(self) -> str:
        return gettext("Villages: %(places)s") % {"places": ", ".join(self.choices)[:150]}

    def clean(self) -> None:
        try:
            villages_in(self.places)
        except ValidationError as error:
            raise ValidationError({"places": error.messages}) from error

    def save(self, *args: Any, **kwargs: Any) -> None:
        is_new = self._state.adding
        super().save(*args, **kwargs)
        if is_new:
            self.hamlets.bulk_create(
                Hamlet.of(self, order, village) for order, village in enumerate(villages_in(self.places))
            )

    @property
    def choices(self) -> list[str]:
        return [village.name for village in villages_in(self.places)]

    @property
    def words(self) -> str:
        return self.places


class HamletQuerySet(models.QuerySet["Hamlet"]):
    def in_force(self) -> "HamletQuerySet":
        """Those of approved lists, of communes in service; as the list has them."""
        approved = self.filter(place_list__status=Reviewed.Status.APPROVED, place_list__unit__active=True)
        return approved.order_by("place_list", "order")


class Hamlet(models.Model):
    """One village of one version of the list, to be looked for. Made with the version, never changed."""

    place_list = models.ForeignKey(PlaceList, models.CASCADE, related_name="hamlets")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=LONGEST_VILLAGE)
    officer = models.CharField(_("officer in charge"), max_length=LONGEST_VILLAGE, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    name_key = models.CharField(max_length=LONGEST_KEY, db_index=True, editable=False)
    bare_key = models.CharField(max_length=LONGEST_KEY, db_index=True, editable=False)

    objects = HamletQuerySet.as_manager()

    class Meta:
        verbose_name = _("village")
        verbose_name_plural = _("villages")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of(cls, place_list: PlaceList, order: int, village: Village) -> "Hamlet":
        name_key, bare_key = village_keys(village.name)
        return cls(
            place_list=place_list, order=order, name_key=name_key, bare_key=bare_key, **village._asdict()
        )
