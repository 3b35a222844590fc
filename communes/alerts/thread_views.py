"""One screen for an alert, a template or a list of villages: how it stands, its form, what may be done.

404 to everybody but the editors of its unit and of the unit above. Every act is a POST that names the version
which the user saw; when that is overtaken, the words come back and nothing is stored.
"""

from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import ModelLogEntry

from communes.models import Alert, PlaceList, PostTemplate, Unit
from communes.models.reviewed import Reviewed

from . import review
from .forms import AlertForm, PlaceListForm, PostTemplateForm

Status = Reviewed.Status
RECORDED = 30
COMMENT_LENGTH = 600


class ThreadView(WagtailAdminTemplateMixin, View):
    model: ClassVar[type[Any]]
    form_class: ClassVar[type[ModelForm[Any]]]
    url_name: ClassVar[str]
    index_url_name: ClassVar[str]
    template_name = "communes/admin/alerts/thread.html"
    newest: Any = None
    unit: Unit

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "thread" in kwargs:
            rows = review.visible(self.model, request.user).filter(thread=kwargs["thread"])
            self.versions = list(
                rows.select_related("unit__parent", "written_by", "decided_by").order_by("pk")
            )
            if not self.versions:
                raise Http404
            self.newest, self.unit = self.versions[-1], self.versions[-1].unit
        else:
            units = self.units_to_write_for(request.user).select_related("parent")
            self.versions, self.unit = [], get_object_or_404(units, pk=kwargs["unit"])
        return super().dispatch(request, *args, **kwargs)

    def units_to_write_for(self, user: Any) -> Any:
        return review.editor_units(user)

    # --- What is shown ---

    def in_state(self, status: str) -> Any:
        return next((row for row in self.versions if row.status == status), None)

    def instance(self) -> Any:
        """A new version with the words of the newest, to be changed by the form."""
        row = self.model(unit=self.unit)
        if self.newest:
            row.thread = self.newest.thread
            row.written_by = self.newest.written_by
            for field in [*(self.form_class._meta.fields or []), *self.also_copied]:
                setattr(row, field, getattr(self.newest, field))
        return row

    also_copied: ClassVar[list[str]] = []

    def form(self, data: Any = None) -> Any:
        return self.form_class(data, instance=self.instance())

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page()

    def page(self, form: Any = None, status: int = 200, comment: str = "") -> HttpResponse:
        waiting = self.in_state(Status.WAITING)
        context = self.get_context_data(
            form=form or self.form(),
            unit=self.unit,
            newest=self.newest,
            in_force=self.in_state(Status.APPROVED),
            waiting=waiting,
            sent_back=self.newest if self.newest and self.newest.status == Status.SENT_BACK else None,
            ended=self.newest is not None and self.newest.status == Status.ENDED,
            may_decide=waiting is not None and review.may_decide(self.request.user, waiting),
            to_look_at=self.to_look_at(),
            comment=comment,
            record=self.record(),
            index_url=reverse(self.index_url_name),
        )
        return self.render_to_response(context, status=status)

    def to_look_at(self) -> Any:
        return None

    def record(self) -> Any:
        entries = ModelLogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model),
            object_id__in=[str(row.pk) for row in self.versions],
        )
        return entries.select_related("user").order_by("-timestamp", "-pk")[:RECORDED]

    def get_page_title(self) -> str:
        if self.newest:
            return str(self.newest)
        return _("New: %(what)s") % {"what": self.model._meta.verbose_name}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(self.index_url_name), "label": self.model._meta.verbose_name_plural},
            {"url": "", "label": self.get_page_title()},
        ]

    # --- What is done ---

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        acts = {
            "save": self.save,
            "approve": self.decide,
            "send-back": self.decide,
            "end": self.end,
            "seen": self.seen,
        }
        act = acts.get(request.POST.get("act", "save"))
        if act is None or (act != self.save and not self.versions):
            return self.page(self.form(request.POST))
        try:
            return act()
        except PermissionDenied as error:
            raise Http404 from error
        except review.Overtaken:
            text = _(
                "Somebody else has changed this in the meantime. Nothing of yours has been stored: compare "
                "with what is in force now, then save again."
            )
            messages.error(request, text)
            self.reread()
            return self.page(
                self.form(request.POST) if act == self.save else None,
                status=409,
                comment=request.POST.get("comment", "")[:COMMENT_LENGTH],
            )

    def reread(self) -> None:
        self.versions = list(
            self.model._default_manager.filter(thread=self.form().instance.thread)
            .select_related("unit__parent", "written_by", "decided_by")
            .order_by("pk")
        )
        self.newest = self.versions[-1] if self.versions else None

    def seen_version(self) -> int | None:
        number = self.request.POST.get("version", "")
        return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None

    def at_once(self, form: Any) -> bool:
        """Whether what is saved comes into force without waiting."""
        return self.newest is not None and review.corrects(self.request.user, self.newest)

    def save(self) -> HttpResponse:
        form = self.form(self.request.POST)
        if not form.is_valid():
            messages.error(self.request, _("Not saved yet: look at the lines marked below."))
            return self.page(form)
        row = form.save(commit=False)
        review.submit(row, self.request.user, seen=self.seen_version(), at_once=self.at_once(form))
        messages.success(self.request, self.said_of(row))
        return self.to(row)

    def said_of(self, row: Any) -> str:
        if row.status == Status.APPROVED:
            return _("In force now.")
        if self.in_state(Status.APPROVED):
            return _("Sent for approval. Until then what is in force stays.")
        return _("Sent for approval.")

    def decide(self) -> HttpResponse:
        approve = self.request.POST["act"] == "approve"
        comment = self.request.POST.get("comment", "").replace("\x00", "").strip()[:COMMENT_LENGTH]
        if not approve and not comment:
            messages.error(
                self.request, _("Write why it goes back, so that the author knows what to change.")
            )
            return self.page()
        row = next((row for row in self.versions if row.pk == self.seen_version()), None)
        if row is None:
            raise review.Overtaken
        review.decide(row, self.request.user, approve=approve, comment="" if approve else comment)
        messages.success(self.request, _("Approved. In force now.") if approve else _("Sent back."))
        return redirect(self.index_url_name)

    def end(self) -> HttpResponse:
        review.end(self.newest, self.request.user)
        messages.success(self.request, _("Ended. It is no longer in force."))
        return redirect(self.index_url_name)

    def seen(self) -> HttpResponse:
        raise Http404

    def to(self, row: Any) -> HttpResponse:
        return redirect(self.url_name, thread=row.thread)


class AlertView(ThreadView):
    model = Alert
    form_class = AlertForm
    url_name, index_url_name = "alerts:alert", "alerts:index"
    header_icon = "warning"

    def form(self, data: Any = None) -> AlertForm:
        return AlertForm(data, instance=self.instance(), unit=self.unit, user=self.request.user)

    def at_once(self, form: Any) -> bool:
        return bool(form.at_once)

    def to_look_at(self) -> Alert | None:
        if not self.versions or not review.approves_for(self.request.user, self.unit):
            return None
        rows = Alert.objects.to_look_at().filter(thread=self.versions[0].thread)
        return rows.exclude(written_by=self.request.user.pk).order_by("-pk").first()

    def seen(self) -> HttpResponse:
        alert = self.to_look_at()
        if alert is None:
            raise review.Overtaken
        review.mark_seen(alert, self.request.user)
        messages.success(self.request, _("Noted that you have looked at it."))
        return redirect("wagtailadmin_home")

    def end(self) -> HttpResponse:
        alert = self.to_look_at()
        if alert:
            review.mark_seen(alert, self.request.user)
        return super().end()


class TemplateView(ThreadView):
    """Templates are written by unit editors, for the communes of their unit."""

    model = PostTemplate
    form_class = PostTemplateForm
    url_name, index_url_name = "urgent:template", "urgent:index"
    template_name = "communes/admin/alerts/template.html"
    header_icon = "doc-full-inverse"
    also_copied: ClassVar[list[str]] = ["slots"]

    def units_to_write_for(self, user: Any) -> Any:
        return super().units_to_write_for(user).filter(kind__in=Unit.SUPERVISING_KINDS)


class PlacesView(ThreadView):
    """One list for each commune, found by its unit."""

    model = PlaceList
    form_class = PlaceListForm
    url_name, index_url_name = "urgent:places", "urgent:index"
    header_icon = "site"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        newest = review.visible(PlaceList, request.user).filter(unit=kwargs["unit"]).order_by("-pk").first()
        if newest and newest.status != Status.ENDED:
            return super().dispatch(request, thread=newest.thread)
        return super().dispatch(request, *args, **kwargs)

    def units_to_write_for(self, user: Any) -> Any:
        return super().units_to_write_for(user).exclude(kind__in=Unit.SUPERVISING_KINDS)

    def to(self, row: Any) -> HttpResponse:
        return redirect(self.url_name, unit=self.unit.pk)
