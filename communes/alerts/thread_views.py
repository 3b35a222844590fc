"""One screen for an alert, a template or a list of villages: how it stands, its form, what may be done.

404 to everybody but the editors of its unit and of the unit above. Every act is a POST that names the version
which the user saw; when that is overtaken, the words come back and nothing is stored.
"""

from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import ModelLogEntry

from communes.models import Alert, PlaceList, PostTemplate, Unit
from communes.models.reviewed import Reviewed
from home.old_encodings import readable
from home.stale import keeps_words, trouble_of
from home.text import many_lines

from ..roles import editor_units
from . import rules
from .forms import AlertForm, PlaceListForm, PostTemplateForm

Status = Reviewed.Status
RECORDED = 30
COMMENT_LENGTH = 600


@method_decorator(keeps_words(), name="dispatch")
class ReviewedView(WagtailAdminTemplateMixin, View):
    model: ClassVar[type[Any]]
    form_class: ClassVar["type[ModelForm[Any]]"]
    url_name: ClassVar[str]
    index_url_name: ClassVar[str]
    template_name = "communes/admin/alerts/thread.html"
    may_end: ClassVar[bool] = True
    versions: list[Any]
    newest: Any = None
    thread: UUID
    unit: Unit

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.load(**kwargs)
        return super().dispatch(request, *args, **kwargs)

    def load(self, thread: UUID | None = None, unit: int | None = None) -> None:
        """What the address names: a thread, or the unit to write a new one for. Raises Http404."""
        if thread:
            self.thread = thread
            self.read_versions()
            if not self.versions:
                raise Http404
            self.unit = self.newest.unit
            return
        units = self.units_to_write_for(self.request.user).select_related("parent")
        self.unit = get_object_or_404(units, pk=unit)
        self.versions = []
        # The form brings it back, so that a second click does not make a second one.
        try:
            self.thread = UUID(self.request.POST.get("thread", ""))
        except ValueError:
            self.thread = uuid4()

    def read_versions(self) -> None:
        rows = rules.visible(self.model, self.request.user).filter(thread=self.thread)
        related = ("unit__parent", "written_by", "decided_by")
        self.versions = list(rows.select_related(*related).order_by("pk"))
        self.newest = self.versions[-1] if self.versions else None

    def units_to_write_for(self, user: Any) -> Any:
        return editor_units(user)

    # --- What is shown ---

    def in_state(self, status: str) -> Any:
        return next((row for row in self.versions if row.status == status), None)

    def instance(self) -> Any:
        """A new version with the words of the newest, to be changed by the form."""
        row = self.model(unit=self.unit, thread=self.thread)
        if self.newest:
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
            may_decide=waiting is not None and rules.may_decide(self.request.user, waiting),
            to_look_at=self.to_look_at(),
            comment=comment,
            history=self.history(),
            index_url=reverse(self.index_url_name),
            thread=self.thread,
            may_end=self.may_end,
        )
        return self.render_to_response(context, status=status)

    def to_look_at(self) -> Any:
        return None

    def history(self) -> Any:
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
        act = request.POST.get("act", "save")
        if trouble := trouble_of(request):
            messages.error(request, trouble.to_staff)
            return self.again(trouble.status)
        acts = {"approve": self.decide, "send-back": self.decide, "end": self.end, "seen": self.seen}
        try:
            if act in acts and self.versions:
                return acts[act]()
            return self.save()
        except PermissionDenied as error:
            raise Http404 from error
        except rules.Overtaken:
            return self.overtaken()

    def again(self, status: int) -> HttpResponse:
        """The page as it was sent: nothing that was typed is lost."""
        post = self.request.POST
        form = self.form(post) if post.get("act", "save") == "save" else None
        return self.page(form, status, comment=post.get("comment", "")[:COMMENT_LENGTH])

    def overtaken(self) -> HttpResponse:
        self.read_versions()
        form = self.form(self.request.POST)
        newest = self.newest
        mine = newest and newest.status != Status.ENDED and newest.written_by_id == self.request.user.pk
        if mine and form.is_valid() and form.save(commit=False).words == newest.words:
            return self.to(newest)  # the second click on the same button
        text = _(
            "Somebody else has changed this in the meantime. Nothing of yours has been stored: compare "
            "with what is in force now, then save again."
        )
        messages.error(self.request, text)
        return self.again(409)

    def seen_version(self) -> int | None:
        number = self.request.POST.get("version", "")
        return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None

    def at_once(self, form: Any) -> bool:
        """Whether what is saved comes into force without waiting."""
        return self.newest is not None and rules.corrects(self.request.user, self.newest)

    def save(self) -> HttpResponse:
        form = self.form(self.request.POST)
        if not form.is_valid():
            messages.error(self.request, _("Not saved yet: look at the lines marked below."))
            return self.page(form)
        row = form.save(commit=False)
        rules.submit(row, self.request.user, seen=self.seen_version(), at_once=self.at_once(form))
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
        try:
            readable(self.request.POST.get("comment", ""))
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
            return self.again(200)
        comment = many_lines(self.request.POST.get("comment", ""), COMMENT_LENGTH)
        if not approve and not comment:
            messages.error(
                self.request, _("Write why it goes back, so that the author knows what to change.")
            )
            return self.page()
        row = next((row for row in self.versions if row.pk == self.seen_version()), None)
        if row is None:
            return self.overtaken()
        rules.decide(row, self.request.user, approve=approve, comment="" if approve else comment)
        messages.success(self.request, _("Approved. In force now.") if approve else _("Sent back."))
        return redirect(self.index_url_name)

    def end(self) -> HttpResponse:
        rules.end(self.newest, self.request.user)
        messages.success(self.request, _("Ended. It is no longer in force."))
        return redirect(self.index_url_name)

    def seen(self) -> HttpResponse:
        raise Http404

    def to(self, row: Any) -> HttpResponse:
        return redirect(self.url_name, thread=row.thread)


class AlertView(ReviewedView):
    model = Alert
    form_class = AlertForm
    url_name, index_url_name = "alerts:alert", "alerts:index"
    header_icon = "warning"

    def form(self, data: Any = None) -> AlertForm:
        return AlertForm(data, instance=self.instance(), unit=self.unit, user=self.request.user)

    def at_once(self, form: Any) -> bool:
        return bool(form.at_once)

    def to_look_at(self) -> Alert | None:
        if not self.versions or not rules.approves_for(self.request.user, self.unit):
            return None
        rows = Alert.objects.to_look_at().filter(thread=self.thread)
        return rows.exclude(written_by=self.request.user.pk).order_by("-pk").first()

    def seen(self) -> HttpResponse:
        alert = self.to_look_at()
        if alert is None:
            return self.overtaken()
        rules.mark_seen(alert, self.request.user)
        messages.success(self.request, _("Noted that you have looked at it."))
        return redirect("wagtailadmin_home")

    def end(self) -> HttpResponse:
        alert = self.to_look_at()
        if alert:
            rules.mark_seen(alert, self.request.user)
        return super().end()


class TemplateView(ReviewedView):
    """Templates are written by unit editors, for the communes of their unit."""

    model = PostTemplate
    form_class = PostTemplateForm
    url_name, index_url_name = "urgent:template", "urgent:index"
    template_name = "communes/admin/alerts/template.html"
    header_icon = "doc-full-inverse"
    also_copied: ClassVar[list[str]] = ["slots"]

    def units_to_write_for(self, user: Any) -> Any:
        return super().units_to_write_for(user).supervising()


class PlacesView(ReviewedView):
    """The one list of each commune: its thread is the commune's own number."""

    model = PlaceList
    form_class = PlaceListForm
    url_name, index_url_name = "urgent:places", "urgent:index"
    header_icon = "site"
    may_end = False

    def load(self, thread: UUID | None = None, unit: int | None = None) -> None:
        own = editor_units(self.request.user)
        communes = Unit.objects.communes().select_related("parent")
        self.unit = get_object_or_404(communes.filter(Q(pk__in=own) | Q(parent__in=own)), pk=unit)
        self.thread = self.unit.uuid
        self.read_versions()

    def end(self) -> HttpResponse:
        raise Http404

    def to(self, row: Any) -> HttpResponse:
        return redirect(self.url_name, unit=self.unit.pk)
