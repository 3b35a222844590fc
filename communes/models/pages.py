"""The pages of a commune but for its guides, and the unit's own news, which has the same types."""

import datetime
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.images import get_image_model_string
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from communes import blocks
from home.blocks import body_blocks, phone_validator
from home.fields import StreamField
from home.forms import ScopedChoiceForm
from home.links import web_address
from home.models import BasePage
from home.queries import live_children

from .units import Unit

POSTS_ON_A_PAGE = 12
LATEST_POSTS = 3
NEW_FOR = datetime.timedelta(days=3)

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
    part_of_the_house = True

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
    search_fields = [*Page.search_fields, index.SearchField("intro"), index.FilterField("unit_id")]
    api_fields = [APIField("intro"), APIField("duty_phone"), APIField("address")]

    class Meta:
        verbose_name = _("commune page")
        verbose_name_plural = _("commune pages")

    @cached_property
    def doors(self) -> dict[str, Page]:
        """The live pages below by model name: newsindexpage, procedureindexpage, contactpage, tipformpage."""
        return {page.specific_class._meta.model_name: page for page in self.get_children().live()}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["commune"] = self
        news = self.doors.get("newsindexpage")
        context["posts"] = latest_posts(news)[:LATEST_POSTS] if news else []
        context["posts_url"] = news.get_url(request) if news else ""
        context["contact"] = live_children(ContactPage, self).first()
        return context


class BelongsToACommune:
    """Pages that stand below a commune's page, or below the unit's home page where `commune` is None."""

    @cached_property
    def commune(self) -> CommunePage | None:
        ancestor_paths = [self.path[: self.steplen * level] for level in range(1, self.depth)]  # type: ignore[attr-defined]
        return CommunePage.objects.filter(path__in=ancestor_paths).select_related("unit__parent").first()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        context["commune"] = kwargs.get("commune") or self.commune
        return context

    def list_in(self, commune: CommunePage | None, door: str) -> Page:
        """The list in which this page is read: for a shared guide, that of the commune of the context."""
        return (commune.doors.get(door) if commune else None) or self.get_parent()  # type: ignore[attr-defined]


# The root has depth 1, a unit's home page 2, its news list 3, a commune's news list 4.
HOME_DEPTH = 2


def shared_posts(news_index: Page) -> "QuerySet[NewsPage]":
    """The unit's live posts that a commune's list shows too, except where it has its own at their address."""
    home_path = news_index.path[: Page.steplen * HOME_DEPTH]
    own = live_children(NewsPage, news_index)
    # Written so that SQLite starts at the few marked posts, not at every page of every commune: it has an
    # index neither for a bare boolean nor for a prefix.
    marked = NewsPage.objects.live().filter(everywhere__in=[True])
    of_this_unit = marked.filter(depth=HOME_DEPTH + 2, path__startswith=home_path)
    return of_this_unit.exclude(slug__in=own.values("slug"))


def posts_in(news_index: Page) -> "QuerySet[NewsPage]":
    """The live posts of one list: its own and, in a commune's, those that the unit shows everywhere."""
    own = live_children(NewsPage, news_index)
    if news_index.depth == HOME_DEPTH + 1:
        return own
    # By the page's id on both sides, so that the database finds either by its own index.
    return NewsPage.objects.filter(
        Q(id__in=own.values("id")) | Q(id__in=shared_posts(news_index).values("id"))
    )


def latest_posts(news_index: Page) -> "QuerySet[NewsPage]":
    """The live posts of one list, newest first, with what a card shows."""
    return (
        posts_in(news_index)
        .select_related("image")
        .prefetch_related("image__renditions")
        .order_by("-date", "-pk")
    )


class NewsIndexPage(BelongsToACommune, BasePage):
    template = "communes/news_index_page.html"
    parent_page_types = ["home.HomePage", "communes.CommunePage"]
    subpage_types = ["communes.NewsPage"]
    max_count_per_parent = 1
    page_description = _("The list of posts")
    part_of_the_house = True
    own_reserved_slug = "tin-tuc"

    class Meta:
        verbose_name = _("news list")
        verbose_name_plural = _("news lists")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """The commune's own posts first, then those of the unit that are shown everywhere."""
        try:
            return super().route(request, path_components)
        except Http404:
            if len(path_components) != 1 or self.commune is None:
                raise
            post = shared_posts(self).filter(slug=path_components[0]).first()
            if post is None:
                raise
            return RouteResult(post, kwargs={"commune": self.commune})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["posts"] = Paginator(latest_posts(self), POSTS_ON_A_PAGE).get_page(request.GET.get("page"))
        context["posts_url"] = self.get_url(request)
        return context


class NewsPageForm(ScopedChoiceForm):
    """Only a post of the unit itself can be shown in every commune."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.parent_page and self.parent_page.depth != HOME_DEPTH + 1:
            self.fields.pop("everywhere", None)


class NewsPage(BelongsToACommune, BasePage):
    class Kind(models.TextChoices):
        WARNING = "warning", _("Warning")
        RESULT = "result", _("Result")
        CAMPAIGN = "campaign", _("Campaign")
        NOTICE = "notice", _("Notice")

    template = "communes/news_page.html"
    parent_page_types = ["communes.NewsIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = _("A post: a warning, a result, a campaign or a notice")
    base_form_class = NewsPageForm

    kind = models.CharField(
        _("kind of post"),
        max_length=20,
        choices=Kind.choices,
        default=Kind.NOTICE,
        help_text=_("Shown above the title. For example: Cảnh báo for a new trick of fraudsters."),
    )
    urgent = models.BooleanField(
        _("urgent"), default=False, help_text=_("The unit sees it before everything else that waits.")
    )
    date = models.DateField(
        _("date"),
        default=timezone.localdate,
        db_index=True,
        help_text=_("The day that stands under the title; the newest post comes first."),
    )
    everywhere = models.BooleanField(
        _("show in the news of every commune"),
        default=False,
        db_index=True,
        help_text=_("Written once here, read in each commune's news under that commune's name."),
    )
    summary = models.CharField(
        _("summary"), max_length=300, help_text=_("One sentence that says what bà con should know or do")
    )
    image = models.ForeignKey(
        get_image_model_string(),
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
        help_text=_("Stands above the text and in lists. No faces of children, no number plates."),
    )
    image_alt = models.CharField(
        _("what the picture shows"),
        max_length=200,
        blank=True,
        help_text=_("For those who cannot see it. Empty if the picture is only decoration."),
    )
    body = StreamField(
        body_blocks(),
        verbose_name=_("text"),
        blank=True,
        help_text=_("Short paragraphs under headings. Press + to add one."),
    )
    author = models.CharField(
        _("author"), max_length=120, blank=True, help_text=_("Empty: the commune's police")
    )

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("kind"), FieldPanel("urgent"), FieldPanel("everywhere")], heading=_("Kind of post")
        ),
        FieldPanel("summary"),
        MultiFieldPanel([FieldPanel("image"), FieldPanel("image_alt")], heading=_("Picture")),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("date"), FieldPanel("author")], heading=_("Date and author")),
    ]
    # No tab for an address: it is made from the title, and a title may come twice.
    promote_panels: ClassVar[list[Any]] = []
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.FilterField("date"),
    ]
    api_fields = [APIField("kind"), APIField("date"), APIField("summary"), APIField("body")]

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")

    @property
    def is_new(self) -> bool:
        """Whether the post is of the last three days."""
        return timezone.localdate() - self.date < NEW_FOR

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["index"] = news = self.list_in(context["commune"], "newsindexpage")
        context["more_posts"] = latest_posts(news).exclude(pk=self.pk)[:LATEST_POSTS]
        context["posts_url"] = news.get_url(request)
        # Read in a commune's news, a post of the unit is still the unit's.
        context["of_the_unit"] = kwargs.get("commune") is not None
        return context


class ContactPage(BelongsToACommune, BasePage):
    template = "communes/contact_page.html"
    parent_page_types = ["communes.CommunePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1
    page_description = _("Address, office hours, officers in charge")
    part_of_the_house = True

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
    search_fields = [*Page.search_fields, index.SearchField("officers")]
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

    def is_open(self, at: datetime.datetime | None = None) -> bool:
        """Whether the office works at this moment (default: now). The duty phone answers in any case."""
        at = timezone.localtime(at)
        return any(
            int(hours.value["first_day"]) <= at.weekday() <= int(hours.value["last_day"])
            and hours.value["opens"] <= at.time() < hours.value["closes"]
            for hours in self.hours
        )
