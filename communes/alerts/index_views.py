"""Lists of alerts and templates, and the way of an urgent post: choose, fill in, look at it, publish."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from communes.models import Alert, CommunePage, NewsPage, PlaceList, PostTemplate, Unit, UrgentPost
from communes.models.reviewed import Reviewed
from home.ordering import InVietnamese
from home.stale import keeps_words, trouble_of

from ..roles import editor_units
from . import posting, rules

Status = Reviewed.Status
ON_A_PAGE = 30
LATEST = 20
COMMUNES_OF_ONE_EDITOR = 5


class EditorsOnly(WagtailAdminTemplateMixin, View):
    """404 to everybody who edits for no unit today."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        units = editor_units(request.user).select_related("parent").order_by(*Unit.IN_ORDER)
        self.own_units = list(units[: COMMUNES_OF_ONE_EDITOR * 2])
        if not self.own_units:
            raise Http404
        self.supervising = [unit for unit in self.own_units if unit.is_supervising]
        self.communes = [unit for unit in self.own_units if not unit.is_supervising]
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]


class AlertsView(EditorsOnly):
    template_name = "communes/admin/alerts/index.html"
    page_title = gettext_lazy("Alerts")
    header_icon = "warning"

    def get(self, request: HttpRequest) -> HttpResponse:
        alerts = rules.visible(Alert, request.user).select_related("unit__parent", "written_by")
        now = timezone.now()
        current = alerts.filter(
            Q(status=Status.WAITING)
            | Q(status=Status.APPROVED, ends_at__gt=now)
            | Q(pk__in=rules.newest_of_each(alerts.filter(status=Status.SENT_BACK)).values("pk"))
        ).order_by("-written_at", "-pk")
        passed = alerts.filter(Q(status=Status.ENDED) | Q(status=Status.APPROVED, ends_at__lte=now))
        context = self.get_context_data(
            own_units=self.own_units,
            alerts=Paginator(current, ON_A_PAGE).get_page(request.GET.get("p")),
            passed=passed.order_by("-ends_at", "-pk")[:LATEST],
            now=now,
        )
        return self.render_to_response(context)


class UrgentView(EditorsOnly):
    """For a commune: which template; for the unit: its templates, and what waits for approval."""

    template_name = "communes/admin/alerts/urgent.html"
    page_title = gettext_lazy("Urgent posts")
    header_icon = "doc-full-inverse"

    def get(self, request: HttpRequest) -> HttpResponse:
        to_post = [
            {
                "unit": unit,
                "templates": list(posting.templates_for(unit)),
                "places": posting.villages_of(unit),
            }
            for unit in self.communes[:COMMUNES_OF_ONE_EDITOR]
        ]
        templates = PostTemplate.objects.filter(unit__in=self.supervising).exclude(
            status__in=[Status.REPLACED, Status.ENDED]
        )
        sent_back = rules.newest_of_each(templates.filter(status=Status.SENT_BACK)).values("pk")
        lists = PlaceList.objects.filter(unit__parent__in=self.supervising, status=Status.WAITING)
        context = self.get_context_data(
            to_post=to_post,
            supervising=self.supervising,
            templates=templates.filter(~Q(status=Status.SENT_BACK) | Q(pk__in=sent_back))
            .select_related("written_by", "unit")
            .order_by(InVietnamese("name"), "-pk"),
            place_lists=lists.select_related("unit", "written_by").order_by("written_at")[:ON_A_PAGE],
            posts=rules.visible(UrgentPost, request.user)
            .select_related("page", "unit", "seen_by")
            .order_by("-pk")[:LATEST],
        )
        return self.render_to_response(context)


@method_decorator(keeps_words(), name="dispatch")
class FillView(EditorsOnly):
    """Choose what stands in the slots, see the exact post, publish it. The choices stand in the address, so
    that neither an expired log-in nor the way back costs them."""

    template_name = "communes/admin/alerts/fill.html"
    header_icon = "doc-full-inverse"
    unit: Unit
    post_template: PostTemplate

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        units = editor_units(request.user).communes()
        self.unit = get_object_or_404(units.select_related("parent"), pk=kwargs["unit"])
        templates = PostTemplate.objects.filter(unit=self.unit.parent_id, thread=kwargs["thread"])
        newest = templates.filter(status=Status.APPROVED).first()
        if newest is None or not CommunePage.objects.filter(unit=self.unit).exists():
            raise Http404
        self.post_template = newest
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(request.GET)

    def page(self, data: Any, status: int = 200) -> HttpResponse:
        # A template without slots is complete from the start.
        sent = "look" in data or not self.post_template.slots
        form = posting.fill_form(self.post_template, self.unit, data if sent else None)
        composed = shown = None
        if sent and form.is_valid():
            composed = posting.compose(self.post_template, self.unit, form)
            shown = NewsPage(title=composed.title, summary=composed.summary, body=composed.body, urgent=True)
            shown.kind = self.post_template.kind
        context = self.get_context_data(
            form=form,
            unit=self.unit,
            post_template=self.post_template,
            composed=composed,
            shown=shown,
            choices=[(name, data.get(name, "")) for name in form.fields],
            no_places=self.post_template.needs_places and not posting.villages_of(self.unit),
            nonce=uuid.uuid4(),
        )
        return self.render_to_response(context, status=status)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if trouble := trouble_of(request):
            messages.error(request, trouble.to_staff)
            return self.page({**request.POST.dict(), "look": "1"}, trouble.status)
        try:
            nonce = uuid.UUID(request.POST.get("nonce", ""))
        except ValueError:
            return self.page({**request.POST.dict(), "look": "1"})
        try:
            post = posting.publish_from_template(
                template_id=self.post_template.pk,
                unit=self.unit,
                choices=request.POST,
                user=request.user,
                nonce=nonce,
                digest=request.POST.get("digest", ""),
            )
        except PermissionDenied as error:
            raise Http404 from error
        except rules.Overtaken:
            messages.error(
                request,
                _("The template or the list has changed. Nothing was published: look at the post again."),
            )
            return self.page({**request.POST.dict(), "look": "1"}, status=409)
        messages.success(request, _("The post is live now. The unit sees it first on its list."))
        return redirect("urgent:post", pk=post.pk)

    def get_page_title(self) -> str:
        return self.post_template.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = super().get_breadcrumbs_items()
        return [*items[:-1], {"url": reverse("urgent:index"), "label": _("Urgent posts")}, items[-1]]


class PostView(WagtailAdminTemplateMixin, View):
    """One post that went live from a template; a unit editor notes that he has looked."""

    template_name = "communes/admin/alerts/post.html"
    header_icon = "doc-full-inverse"
    urgent_post: UrgentPost

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        posts = rules.visible(UrgentPost, request.user)
        related = ("page", "unit__parent", "template", "published_by", "seen_by")
        self.urgent_post = get_object_or_404(posts.select_related(*related), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    @property
    def may_note(self) -> bool:
        post = self.urgent_post
        mine = post.published_by_id == self.request.user.pk
        return post.seen_at is None and not mine and rules.approves_for(self.request.user, post.unit)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(post=self.urgent_post, page=self.urgent_post.page, may_note=self.may_note)
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.may_note:
            if self.urgent_post.seen_at is None:
                raise Http404
            return redirect("urgent:post", pk=pk)
        rules.mark_seen(self.urgent_post, request.user)
        messages.success(request, _("Noted that you have looked at it."))
        return redirect("wagtailadmin_home")

    def get_page_title(self) -> str:
        return self.urgent_post.page.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("urgent:index"), "label": _("Urgent posts")},
            {"url": "", "label": self.get_page_title()},
        ]
