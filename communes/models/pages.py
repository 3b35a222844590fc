"""The pages of a commune but for its guides, and the unit's own news, which has the same types."""

import datetime
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.models import Page
from wagtail.search import index

from communes import blocks
from communes.doors import by_door, door_of, doors
from home.calendar import Calendar, Change, Hours
from home.fields import StreamField
from home.links import web_address
from home.models import BasePage
from home.phones import phone_validator
from home.tree import COMMUNE_DEPTH, branch, live_children

from .special_days import SpecialDay
from .units import Unit

# So far ahead a page tells which days are off, and which are worked instead.
CHANGES_TOLD = 14  # days

# Drawings in static/scenes. A page picks one by name: the library takes no SVG.
SCENES = [
    ("river-barge", _("River and barge")),
    ("rice-field", _("Rice field")),
    ("harbour", _("Fishing harbour")),
    ("market", _("Market")),
    ("village-gate", _("Village gate")),
    ("hills", _("Hills")),
    ("lake", _("Lake")),
    ("town", _("Town")),
    ("beach", _("Beach")),
    ("bridge", _("Bridge")),
    ("orchard", _("Orchard")),
    ("school", _("School")),
]


class CommunePage(BasePage):
    """The front door of one commune: full name, duty phone, four doors, latest posts."""

    template = "communes/commune_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = [
        "communes.NewsIndexPage",
        "communes.ProcedureIndexPage",
        "communes.ContactPage",
        "tipform.TipFormPage",
    ]
    page_description = _("The front page of a commune's police")
    is_structural = True
    kept_offline = "place"
    default_description = _("%(police)s: duty phone day and night, news, procedures, contact, tip form.")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", editable=False)
    scene = models.CharField(
        _("cover scene"),
        max_length=20,
        choices=SCENES,
        default="rice-field",
        help_text=_("The drawing at the head of the page: what the commune is known by."),
    )
    intro = models.TextField(
        _("introduction"),
        max_length=400,
        blank=True,
        help_text=_("One or two sentences. For example: Trang thông tin của Công an xã Cẩm Trung."),
    )
    duty_phone = models.CharField(
        _("duty phone"),
        max_length=20,
        validators=[phone_validator],
        help_text=_("Answered day and night; shown on every page. For example: 0239 386 1113"),
    )
    address = models.CharField(
        _("address"),
        max_length=200,
        blank=True,
        help_text=_("As a stranger would look for it. For example: Cạnh Ủy ban nhân dân xã, thôn 4"),
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("duty_phone"),
        FieldPanel("address"),
        FieldPanel("intro"),
        FieldPanel("scene"),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("intro"), index.FilterField("unit_id")]
    api_fields = [APIField("intro"), APIField("duty_phone"), APIField("address")]

    class Meta:
        verbose_name = _("commune page")
        verbose_name_plural = _("commune pages")

    @cached_property
    def doors(self) -> dict[str, Page]:
        """The live pages below by the names of their doors."""
        return by_door(self.get_children().live())

    @property
    def door_links(self) -> list[dict[str, Any]]:
        """Each open `door` and its `page`, in their order."""
        return [
            {"door": door, "page": self.doors[door.name]}
            for door in doors("commune")
            if door.name in self.doors
        ]

    @cached_property
    def contact(self) -> "ContactPage | None":
        """The live contact page, which has the hours."""
        contact: ContactPage | None = live_children(ContactPage, self).first()
        if contact:
            contact.commune = self
        return contact

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["commune"] = self
        news = self.doors.get("news")
        context["posts_url"] = news.get_url(request) if news else ""
        context["contact"] = self.contact
        return context


class BelongsToACommune:
    """Pages that stand below a commune's page, or below the unit's home page where `commune` is None."""

    @cached_property
    def commune(self) -> CommunePage | None:
        front = branch(self.path, COMMUNE_DEPTH)  # type: ignore[attr-defined]
        return CommunePage.objects.filter(path=front).select_related("unit__parent").first()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        context["commune"] = kwargs.get("commune") or self.commune
        return context

    @property
    def shows_shared(self) -> bool:
        """Whether the unit's texts are read below this list: in a commune's, as long as it is in service."""
        return self.live and self.commune is not None  # type: ignore[attr-defined]

    def list_in(self, commune: CommunePage | None) -> Page:
        """The list in which this page is read: for a shared guide, that of the commune of the context."""
        door = door_of(type(self))  # type: ignore[arg-type]
        own_list = commune.doors.get(door.name) if commune and door else None
        return own_list or self.get_parent()  # type: ignore[attr-defined]


class ContactPage(BelongsToACommune, BasePage):
    template = "communes/contact_page.html"
    parent_page_types = ["communes.CommunePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1
    page_description = _("Address, office hours, officers in charge")
    is_structural = True
    kept_offline = "place"
    default_description = _("Address, office hours and duty phone of %(police)s, answered day and night.")

    map_url = models.URLField(
        _("link to a map"),
        blank=True,
        validators=[web_address],
        help_text=_("Open the map, choose “share”, copy the address. For example: https://maps.app.goo.gl/…"),
    )
    hours: Any = StreamField(
        [("hours", blocks.HoursBlock())],
        verbose_name=_("office hours"),
        blank=True,
        help_text=_("When the office receives people. A lunch break makes two lines."),
    )
    officers: Any = StreamField(
        [("officer", blocks.OfficerInChargeBlock())],
        verbose_name=_("officers in charge"),
        blank=True,
        help_text=_("Whom a resident asks for what, in the order of rank."),
    )
    note = models.TextField(
        _("note"),
        max_length=600,
        blank=True,
        help_text=_("For example: Ngoài giờ, trụ sở vẫn có trực ban suốt ngày đêm."),
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("hours"),
        FieldPanel("officers"),
        FieldPanel("map_url"),
        FieldPanel("note"),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("officers")]
    api_fields = [APIField("hours"), APIField("officers")]

    class Meta:
        verbose_name = _("contact page")
        verbose_name_plural = _("contact pages")

    @property
    def opening_hours(self) -> list[dict[str, Any]]:
        """Lines of the table: first and last day as words, and the times of these days in order."""
        names = dict(blocks.HoursBlock.WEEKDAYS)
        lines: dict[tuple[str, str], list[tuple[datetime.time, datetime.time]]] = {}
        for hours in self.hours:
            days = hours.value["first_day"], hours.value["last_day"]
            lines.setdefault(days, []).append((hours.value["opens"], hours.value["closes"]))
        return [
            {
                "first_day": names[first],
                "last_day": names[last],
                "one_day": first == last,
                "times": sorted(times),
            }
            for (first, last), times in sorted(lines.items())
        ]

    @cached_property
    def special_days(self) -> list[SpecialDay]:
        return SpecialDay.objects.of(self.commune.unit) if self.commune else []

    @property
    def calendar(self) -> Calendar:
        """When the office works. The duty phone answers in any case."""
        return Calendar(
            [
                Hours(
                    int(hours.value["first_day"]),
                    int(hours.value["last_day"]),
                    hours.value["opens"],
                    hours.value["closes"],
                )
                for hours in self.hours
            ],
            off={row.day: row.reason for row in self.special_days if not row.is_worked},
            worked={row.day: row.reason for row in self.special_days if row.is_worked},
        )

    def is_open(self, at: datetime.datetime | None = None) -> bool:
        """Whether the office works at this moment (default: now)."""
        return self.calendar.is_open(at)

    @property
    def reason_off(self) -> str:
        """Why nobody works today, if the day has a name for it."""
        return self.calendar.reason_off(timezone.localdate())

    @property
    def changes(self) -> list[Change]:
        """The days soon that have other hours than their weekday."""
        return self.calendar.changes(CHANGES_TOLD)
