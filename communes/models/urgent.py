"""Urgent posts that need not wait: texts which the unit approved beforehand, filled with closed choices.

The words are put together here and nowhere else, from the approved template and from numbers and dates; a
text that somebody sends is never part of them.
"""

import hashlib
import re
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from home.text import paragraphs

from .news import NewsPage
from .pages import CommunePage
from .reviewed import Reviewed
from .units import Unit
from .users import User
from .villages import LONGEST_VILLAGE

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# Filled in by themselves: whose page the post stands on.
OWN_WORDS = ("full_name", "short_name", "duty_phone")
LONGEST_OWN_WORD, LONGEST_CHOICE = 110, LONGEST_VILLAGE


class SlotKind(models.TextChoices):
    CHOICES = "choices", _("one of these choices")
    PLACES = "places", _("one of the commune's villages")
    DATE = "date", _("a date")
    TIME = "time", _("a time of day")


@dataclass(frozen=True)
class Composed:
    """The exact post."""

    title: str
    summary: str
    body: list[tuple[str, Any]]

    @property
    def digest(self) -> str:
        """Tells whether the text that somebody saw is still the one that would be published."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


class PostTemplate(Reviewed):
    """A post with slots: a list of {"name", "kind", "choices"}. In the text a slot stands as {name}."""

    name = models.CharField(_("name of the template"), max_length=80)
    kind = models.CharField(
        _("kind of post"), max_length=20, choices=NewsPage.Kind.choices, default=NewsPage.Kind.WARNING
    )
    title = models.CharField(_("title"), max_length=200)
    summary = models.CharField(_("summary"), max_length=300)
    text = models.TextField(
        _("text"),
        max_length=5000,
        help_text=_(
            "A blank line begins a new paragraph, “- ” an item of a list. {full_name}, {short_name} and "
            "{duty_phone} are the commune's own; the duty phone is added below every post."
        ),
    )
    slots = models.JSONField(default=list, editable=False)

    class Meta(Reviewed.Meta):
        verbose_name = _("template of urgent posts")
        verbose_name_plural = _("templates of urgent posts")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        slots = {slot["name"]: slot for slot in self.slots}
        used = set(PLACEHOLDER.findall(f"{self.title}\n{self.summary}\n{self.text}"))
        if unknown := used - set(slots) - set(OWN_WORDS):
            raise ValidationError(
                _("There is no slot for %(names)s.")
                % {"names": ", ".join(f"{{{name}}}" for name in sorted(unknown))}
            )
        if unused := set(slots) - used:
            raise ValidationError(
                _("No text has the slot %(names)s.")
                % {"names": ", ".join(f"{{{name}}}" for name in sorted(unused))}
            )
        longest = {
            name: max(map(len, slot["choices"]), default=LONGEST_CHOICE) for name, slot in slots.items()
        }
        for field, limit in (("title", 255), ("summary", 300)):
            filled = PLACEHOLDER.sub(
                lambda match: "x" * longest.get(match[1], LONGEST_OWN_WORD), getattr(self, field)
            )
            if len(filled) > limit:
                raise ValidationError({field: _("Too long once the longest choices are filled in.")})

    @property
    def words(self) -> str:
        kinds = dict(SlotKind.choices)
        slots = [
            f"{{{slot['name']}}}: {', '.join(slot['choices']) or kinds[slot['kind']]}" for slot in self.slots
        ]
        return "\n\n".join([self.title, self.summary, self.text, "\n".join(slots)]).strip()

    @property
    def needs_places(self) -> bool:
        return any(slot["kind"] == SlotKind.PLACES for slot in self.slots)

    def compose(self, commune: CommunePage, words: dict[str, str]) -> Composed:
        """The post of this commune. `words` has an allowed choice for each slot, by the slot's name."""
        values = {
            **words,
            "full_name": commune.unit.full_name,
            "short_name": commune.unit.short_name,
            "duty_phone": commune.duty_phone,
        }

        def filled(text: str) -> str:
            return PLACEHOLDER.sub(lambda match: values[match[1]], text)

        phone = {"label": f"Trực ban {commune.unit.full_name}", "number": commune.duty_phone}
        body = [("paragraph", as_html(filled(self.text))), ("phone", phone)]
        return Composed(filled(self.title), filled(self.summary), body)


def as_html(text: str) -> str:
    """Paragraphs and "- " lists as HTML; nothing in the text is markup."""
    parts = []
    for lines in paragraphs(text):
        if all(line.startswith("- ") for line in lines):
            parts.append("<ul>" + "".join(f"<li>{escape(line[2:])}</li>" for line in lines) + "</ul>")
        else:
            parts.append("<p>" + "<br/>".join(escape(line) for line in lines) + "</p>")
    return "".join(parts)


class UrgentPost(models.Model):
    """That a post went live from a template, by whom, and who of the unit has looked at it since."""

    page = models.OneToOneField(NewsPage, models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    template = models.ForeignKey(PostTemplate, models.PROTECT, related_name="+")
    nonce = models.UUIDField(unique=True, default=uuid.uuid4)
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)
    seen_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("urgent post")
        verbose_name_plural = _("urgent posts")

    def __str__(self) -> str:
        return self.page.title
