"""Posts, their lists, and which posts a list shows."""

import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.images import get_image_model_string
from wagtail.models import Page
from wagtail.rich_text import get_text_for_indexing
from wagtail.search import index
from wagtail.url_routing import RouteResult

from home.blocks import body_blocks
from home.fields import StreamField
from home.forms import ScopedChoiceForm
from home.models import BasePage
from home.tree import HOME_DEPTH, below, branch, live_children

from .pages import BelongsToACommune

POSTS_ON_A_PAGE = 12
NEW_FOR = datetime.timedelta(days=3)
# A day beyond that is a slip of the keyboard.
FARTHEST_DAY = datetime.timedelta(days=365)

LATEST_POSTS = 3


def shared_posts(news_index: Page) -> "QuerySet[NewsPage]":
    """The unit's live posts that a commune's list shows too, with their `address` there.

    A title such as "Thông báo khẩn" comes again, so a post of the commune's own hides none of them: of two at
    one address that of the unit is read under its number.
    """
    home_path = branch(news_index.path, HOME_DEPTH)
    # Written so that SQLite starts at the few marked posts, not at every page of every commune: it has an
    # index neither for a bare boolean nor for a prefix.
    marked = NewsPage.objects.live().filter(everywhere__in=[True])
    return _with_addresses(marked.filter(depth=HOME_DEPTH + 2, path__startswith=home_path), news_index)


def _with_addresses(posts: "QuerySet[NewsPage]", news_index: Page) -> "QuerySet[NewsPage]":
    # Asked once for all posts: pages of one slug there are as many as communes.
    taken = live_children(NewsPage, news_index).values("slug")
    has_namesake = ~below([news_index], levels=1) & Q(slug__in=taken)
    numbered = Concat("slug", Value("-"), Cast("pk", models.CharField()))
    return posts.annotate(numbered=numbered, address=Case(When(has_namesake, numbered), default="slug"))


def posts_in(news_index: Page) -> "QuerySet[NewsPage]":
    """The live posts of one list: its own and, in a commune's, those that the unit shows everywhere."""
    own = live_children(NewsPage, news_index)
    if news_index.depth == HOME_DEPTH + 1:
        return own
    # One list of ids: for "in these or in those" PostgreSQL sorts all pages there are.
    own_ids, shared_ids = (posts.order_by().values("id") for posts in (own, shared_posts(news_index)))
    return NewsPage.objects.filter(id__in=own_ids.union(shared_ids, all=True))


def latest_posts(news_index: Page) -> "QuerySet[NewsPage]":
    """The live posts of one list, with what a card shows and their `address` below it.

    The last to go live, whatever its date, comes first.
    """
    return (
        _with_addresses(posts_in(news_index), news_index)
        .select_related("image")
        .prefetch_related("image__renditions")
        .order_by(F("first_published_at").desc(nulls_last=True), "-pk")
    )


class NewsIndexPage(BelongsToACommune, BasePage):
    template = "communes/news_index_page.html"
    parent_page_types = ["home.HomePage", "communes.CommunePage"]
    subpage_types = ["communes.NewsPage"]
    max_count_per_parent = 1
    page_description = _("The list of posts")
    is_structural = True
    default_description = _("News, warnings and notices of %(police)s, newest first.")
    own_reserved_slug = "tin-tuc"

    class Meta:
        verbose_name = _("news list")
        verbose_name_plural = _("news lists")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """The commune's own posts first, then those of the unit that are shown everywhere."""
        try:
            return super().route(request, path_components)
        except Http404:
            if len(path_components) != 1 or not self.shows_shared:
                raise
            # Under its number too when nothing stands in its way any more: the link may have been sent on.
            sought = Q(slug=path_components[0]) | Q(numbered=path_components[0])
            post = shared_posts(self).filter(sought).first()
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
        help_text=_("The day that stands under the title. In lists the last post to go live comes first."),
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
        *BasePage.search_fields,
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
        """Whether the post is of the last three days: neither went live nor is dated before them."""
        went_live = timezone.localdate(self.first_published_at) if self.first_published_at else self.date
        return timezone.localdate() - min(went_live, self.date) < NEW_FOR

    def clean(self) -> None:
        super().clean()
        if self.date and self.date > timezone.localdate() + FARTHEST_DAY:
            raise ValidationError({"date": _("This day is more than a year ahead. Is the year right?")})

    def taken_addresses(self, stem: str) -> set[str]:
        """Also those at which the unit's posts are read here already."""
        shared = shared_posts(self.get_parent()).filter(slug__startswith=stem)
        return super().taken_addresses(stem) | set(shared.values_list("slug", flat=True))

    @property
    def lead(self) -> str:
        """The summary, for above the text; nothing where title or text begin with these very words."""
        first = self.body[0] if self.body else None
        text = get_text_for_indexing(first.value.source) if first and first.block_type == "paragraph" else ""
        said = self.summary.removesuffix("…")
        repeated = self.title.startswith(said) or " ".join(text.split()).startswith(said)
        return "" if repeated else self.summary

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["index"] = news = self.list_in(context["commune"])
        context["more_posts"] = latest_posts(news).exclude(pk=self.pk)[:LATEST_POSTS]
        context["posts_url"] = news.get_url(request)
        # Read in a commune's news, a post of the unit is still the unit's.
        context["of_the_unit"] = kwargs.get("commune") is not None
        return context
