"""Guides to procedures: written once for the unit, or by a commune for itself."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from communes import blocks
from home.fields import StreamField
from home.links import web_address
from home.models import BasePage
from home.ordering import InVietnamese
from home.tree import live_children

from .pages import BelongsToACommune

# In a shared guide, stands for the police unit in whose pages the guide is read.
UNIT_PLACEHOLDER = "{full_name}"


class ProcedureIndexPage(BelongsToACommune, BasePage):
    """A commune's own guides and, in its context, the unit's shared ones."""

    template = "communes/procedure_index_page.html"
    parent_page_types = ["home.HomePage", "communes.CommunePage"]
    subpage_types = ["communes.ProcedurePage"]
    max_count_per_parent = 1
    page_description = _("The list of procedure guides")
    is_structural = True
    default_description = _("Procedures at %(police)s: documents to bring, fee, time limit and where to go.")
    own_reserved_slug = "thu-tuc"

    class Meta:
        verbose_name = _("list of procedures")
        verbose_name_plural = _("lists of procedures")

    @cached_property
    def shared_index(self) -> "ProcedureIndexPage | None":
        """The unit's list, whose guides a commune's list shows too; None on the unit's own list."""
        if self.commune is None:
            return None
        home = self.commune.get_parent()
        return live_children(ProcedureIndexPage, home).first()

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        try:
            return super().route(request, path_components)
        except Http404:
            if len(path_components) != 1 or not self.shows_shared or self.shared_index is None:
                raise
            guide = live_children(ProcedurePage, self.shared_index).filter(slug=path_components[0]).first()
            if guide is None:
                raise
            return RouteResult(guide, kwargs={"commune": self.commune})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        own = list(live_children(ProcedurePage, self).order_by(InVietnamese("title")))
        shared: Any = ProcedurePage.objects.none()
        if self.shared_index:
            taken = [guide.slug for guide in own]
            shared = live_children(ProcedurePage, self.shared_index).exclude(slug__in=taken)
        guides = [*own, *shared.order_by(InVietnamese("title"))]
        base = self.get_url(request)
        context["guides"] = [{"guide": guide, "url": f"{base}{guide.slug}/"} for guide in guides]
        return context


class ProcedurePage(BelongsToACommune, BasePage):
    """A guide to one procedure, in the fields that the official procedure pages have."""

    template = "communes/procedure_page.html"
    parent_page_types = ["communes.ProcedureIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = _("A guide: for whom, what to bring, where, how long, at what price")
    kept_offline = "guide"

    notice = models.CharField(
        _("note at the top"),
        max_length=300,
        blank=True,
        help_text=_("What is different just now. For example: Từ 1/12 nhận hồ sơ tại nhà văn hóa thôn 3."),
    )
    summary = models.TextField(
        _("summary"),
        max_length=400,
        help_text=_("What it is for and how long it takes, in one or two sentences."),
    )
    audience = models.TextField(
        _("for whom"),
        max_length=600,
        blank=True,
        help_text=_("Who needs it. For example: Người đến ở xã từ 30 ngày trở lên."),
    )
    steps = StreamField(
        [("step", blocks.StepBlock())],
        verbose_name=_("steps"),
        blank=True,
        help_text=_("In the order in which the resident does them."),
    )
    documents = StreamField(
        [("document", blocks.RequiredDocumentBlock())],
        verbose_name=_("documents to bring"),
        blank=True,
        help_text=_("The resident's checklist, so that nobody has to come twice."),
    )
    where = models.TextField(
        _("where"),
        max_length=600,
        blank=True,
        help_text=_("{full_name} stands for the police of the commune in which the guide is read"),
    )
    fee = models.CharField(
        _("fee"), max_length=300, blank=True, help_text=_("As the law has it. For example: Không thu phí.")
    )
    time_limit = models.CharField(
        _("time limit"),
        max_length=300,
        blank=True,
        help_text=_("From a complete file to the result. For example: 03 ngày làm việc"),
    )
    result = models.CharField(
        _("result"),
        max_length=300,
        blank=True,
        help_text=_("What the resident takes home. For example: Thông báo kết quả đăng ký tạm trú"),
    )
    legal_basis = StreamField(
        [("law", blocks.LegalBasisBlock())],
        verbose_name=_("legal basis"),
        blank=True,
        help_text=_("Number and name of each text, the law before the decree."),
    )
    forms = StreamField(
        [("form", blocks.FormBlock())],
        verbose_name=_("forms"),
        blank=True,
        help_text=_("The forms to fill in and where to get them."),
    )
    online_name = models.CharField(
        _("official online service"),
        max_length=120,
        blank=True,
        help_text=_("For example: Cổng Dịch vụ công Quốc gia"),
    )
    online_url = models.URLField(
        _("its address"),
        blank=True,
        validators=[web_address],
        help_text=_("Only an official address. For example: https://dichvucong.gov.vn"),
    )
    last_reviewed = models.DateField(
        _("last reviewed"),
        default=timezone.localdate,
        help_text=_("The day on which somebody last checked that all of it is still right."),
    )
    review_due = models.DateField(
        _("review due"),
        null=True,
        blank=True,
        help_text=_("From 30 days before, it stands on your list of things to do. A year on is usual."),
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("notice"),
        FieldPanel("summary"),
        FieldPanel("audience"),
        FieldPanel("steps"),
        FieldPanel("documents"),
        MultiFieldPanel(
            [FieldPanel("where"), FieldPanel("fee"), FieldPanel("time_limit"), FieldPanel("result")],
            heading=_("Where, fee, time, result"),
        ),
        FieldPanel("forms"),
        FieldPanel("legal_basis"),
        MultiFieldPanel([FieldPanel("online_name"), FieldPanel("online_url")], heading=_("Online service")),
        MultiFieldPanel([FieldPanel("last_reviewed"), FieldPanel("review_due")], heading=_("Review")),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("audience"),
        index.SearchField("steps"),
        index.SearchField("documents"),
    ]
    api_fields = [
        APIField("summary"),
        APIField("audience"),
        APIField("steps"),
        APIField("documents"),
        APIField("where"),
        APIField("fee"),
        APIField("time_limit"),
        APIField("result"),
        APIField("legal_basis"),
        APIField("last_reviewed"),
    ]

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")

    def clean(self) -> None:
        super().clean()
        if self.pk and self.live and self.commune is None:
            published = Page.objects.only("slug").get(pk=self.pk)
            if published.slug != self.slug:
                raise ValidationError(
                    {
                        "slug": _(
                            "Communes show this guide under its address, which stays as it was published."
                        )
                    }
                )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        commune = context["commune"]
        context["contact"] = commune.contact if commune else None
        context["where"] = self.where.replace(
            UNIT_PLACEHOLDER, commune.unit.full_name if commune else "Công an cấp xã"
        )
        context["index"] = self.list_in(commune)
        return context
