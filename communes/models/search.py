"""What a unit teaches its search: words that lead somewhere, and words that have found nothing so far.

Nothing that a resident told is here: of a search that found nothing a keyed hash is kept, and at most four
plain words once they came on several days (`communes.search.missed`).
"""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from home.links import web_address
from home.text import search_key

from .units import Unit


def phrases(words: str) -> list[str]:
    """The folded phrases of "cccd; chứng minh", each once."""
    keys = (search_key(phrase) for phrase in words.replace("\n", ";").split(";"))
    return list(dict.fromkeys(key for key in keys if key))


class SearchWordsQuerySet(models.QuerySet["SearchWords"]):
    def in_force(self) -> "SearchWordsQuerySet":
        return self.filter(Q(until__isnull=True) | Q(until__gte=timezone.localdate()))


class SearchWords(models.Model):
    """Words that residents type, and the one thing to which they lead: other words, a page, an office."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="search_words", verbose_name=_("unit"))
    words = models.CharField(
        _("words that residents type"),
        max_length=400,
        help_text=_("Several are parted by a semicolon. For example: cccd; cmnd; chứng minh thư"),
    )
    means = models.CharField(
        _("mean"),
        max_length=80,
        blank=True,
        help_text=_("The words that pages use: the search looks for them as well. For example: căn cước"),
    )
    page = models.ForeignKey(
        "wagtailcore.Page",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("page that comes first"),
        help_text=_("Stands above everything else that these words find."),
    )
    office = models.CharField(
        _("who does it instead"),
        max_length=160,
        blank=True,
        help_text=_("For what the police do not do. For example: Văn phòng đăng ký đất đai"),
    )
    phone = models.CharField(
        _("phone of that office"), max_length=20, blank=True, help_text=_("For example: 1900 1909")
    )
    link = models.URLField(
        _("link of that office"),
        blank=True,
        validators=[web_address],
        help_text=_("Only an official address. For example: https://dichvucong.gov.vn"),
    )
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day on which it holds. Empty: always.")
    )

    objects = SearchWordsQuerySet.as_manager()

    class Meta:
        verbose_name = _("search words")
        verbose_name_plural = _("search words")
        ordering = ["words"]

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        super().clean()
        if not phrases(self.words):
            raise ValidationError({"words": _("Write at least one word.")})
        if sum(map(bool, (self.means, self.page_id, self.office))) != 1:
            raise ValidationError(_("Fill in one of the three: other words, a page, or another office."))

    @property
    def leads_to(self) -> str:
        """For the list: the one thing that is filled in."""
        return self.means or self.office or str(self.page or "")


class MissedSearch(models.Model):
    """Words that found nothing. `words` is empty until they came on enough different days."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", editable=False)
    digest = models.CharField(max_length=64, editable=False)
    words = models.CharField(_("words"), max_length=100, blank=True, editable=False)
    days = models.PositiveSmallIntegerField(_("days"), default=1, editable=False)
    last_day = models.DateField(_("last day"), default=timezone.localdate, editable=False)

    class Meta:
        verbose_name = _("words that found nothing")
        verbose_name_plural = _("words that found nothing")
        constraints = [models.UniqueConstraint("unit", "digest", name="missed_search_once")]

    def __str__(self) -> str:
        return self.words or self.digest


class VocabularyStamp(models.Model):
    """One row whose value changes with everything that the search keeps in memory: each process compares it.

    A number would come again after a transaction that is taken back.
    """

    value = models.UUIDField(default=uuid.uuid4)

    class Meta:
        verbose_name = _("stamp of the search")
        verbose_name_plural = _("stamps of the search")

    def __str__(self) -> str:
        return str(self.value)

    @staticmethod
    def renew() -> None:
        if not VocabularyStamp.objects.filter(pk=1).update(value=uuid.uuid4()):
            VocabularyStamp.objects.bulk_create([VocabularyStamp(pk=1)], ignore_conflicts=True)
