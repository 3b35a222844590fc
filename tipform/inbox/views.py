"""The list of tips and one tip's thread. Pages are kept nowhere: all of the admin is no-store."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from wagtail.admin import messages
from wagtail.admin.ui.tables import Table
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from .. import audit, vault
from ..entries import add_entry
from ..keys import KeyLocked, current_key, require, session
from ..keys.resealing import reseal
from ..keys.state import states
from ..keys.unlocking import asked_again
from ..models import AuditEntry, KeyNotice, Tip
from . import reading
from .access import OfficersOnly, count_by_status, officer_units, tips_for, with_unread
from .forms import ReplyForm, StatusForm, new_nonce
from .tables import InboxTable, columns

TIPS_ON_A_PAGE = 50
RECORDED = 40


class InboxView(OfficersOnly, IndexView):
    model = Tip
    page_title = gettext_lazy("Tips")
    template_name = "tipform/admin/inbox.html"
    table_class = InboxTable
    table_classname = InboxTable.classname
    paginate_by = TIPS_ON_A_PAGE
    list_filter = ["status", "category"]
    any_permission_required = None
    # What is in the list leaves it as a page, never as a spreadsheet.
    FORMATS = ()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        opened = session.get(request)
        if opened is None:
            raise KeyLocked
        self.own_fingerprint = vault.fingerprint(bytes(opened[0].public_key))
        self.units = list(officer_units(request.user).order_by("name_folded"))
        self.left_to_reseal = sum(reseal(request, unit) for unit in self.units)
        return super().get(request, *args, **kwargs)

    def get_base_queryset(self) -> Any:
        return reading.with_headers(with_unread(tips_for(self.request.user)))

    @property
    def columns(self) -> Any:
        return columns(several_units=len(self.units) > 1)

    def get_table(self, object_list: Any) -> Table:
        return super().get_table(reading.listed(self.request, object_list))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = count_by_status(self.request.user)
        chosen = self.request.GET.get("status", "")
        statuses = [("", _("All"), sum(counts.values()))] + [
            (value, label, counts.get(value, 0)) for value, label in Tip.Status.choices
        ]
        return super().get_context_data(
            key_states=states(self.request.user, self.units),
            key_notices=KeyNotice.objects.filter(user=self.request.user.pk).select_related("unit", "actor"),
            own_fingerprint=self.own_fingerprint,
            left_to_reseal=self.left_to_reseal,
            statuses=[
                {"value": value, "label": label, "count": count, "chosen": value == chosen}
                for value, label, count in statuses
            ],
            **kwargs,
        )


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ThreadView(WagtailAdminTemplateMixin, View):
    """One tip for an officer of its unit; 404 for everybody else, as for a tip that does not exist."""

    template_name = "tipform/admin/thread.html"
    header_icon = "mail"
    tip: Tip

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        tips = tips_for(request.user).select_related("unit", "category")
        self.tip = get_object_or_404(tips, uuid=kwargs["uuid"])
        # Before anything is recorded or stored.
        require(request, self.tip.unit)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        return self._page()

    @method_decorator(sensitive_variables())
    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """One form with three buttons, so that whichever is pressed keeps an answer half written."""
        if getattr(request, "stale_form", False):
            messages.error(request, _("The page had been open for too long. Press the button once more."))
            return self._page(reply=self._kept_reply(), code=403)
        acts = {"reply": self._reply, "status": self._set_status, "identity": self._open_identity}
        act = acts.get(request.POST.get("act", ""))
        return act() if act else self._page(reply=self._kept_reply())

    def _reply(self) -> HttpResponse:
        form = ReplyForm(self.request.POST)
        unit_key = current_key(self.tip.unit)
        if not form.is_valid():
            return self._page(reply=form)
        if unit_key is None:
            form.add_error("text", _("The key of this unit is missing, so that nothing can be sealed."))
            return self._page(reply=form)
        answer, nonce = form.cleaned_data["text"], form.cleaned_data["nonce"]
        try:
            add_entry(self.tip, "officer", answer, nonce, [unit_key], actor=self.request.user)
        except (OSError, vault.VaultError):
            form.add_error("text", _("The answer could not be stored. It is still here: send it again."))
            return self._page(reply=form)
        messages.success(self.request, _("The answer has been sent. The reporter reads it with his code."))
        return self._back("work")

    def _set_status(self) -> HttpResponse:
        form = self._store_status()
        if not form.is_valid():
            return self._page(reply=self._kept_reply(), status=form)
        messages.success(self.request, _("The status has been saved. The reporter sees it."))
        if self.request.POST.get("text", "").strip():
            return self._page(reply=self._kept_reply())
        return self._back("tip-status")

    @transaction.atomic
    def _store_status(self) -> StatusForm:
        """Judge the form and store it under one lock, so that of two officers the second is told."""
        locked = get_object_or_404(Tip.objects.select_for_update(no_key=True), pk=self.tip.pk)
        self.tip.status, self.tip.outcome = locked.status, locked.outcome
        form = StatusForm(self.tip, self.request.POST)
        if form.is_valid() and form.has_changed():
            status, outcome = form.cleaned_data["status"], form.cleaned_data["outcome"]
            self.tip.status, self.tip.outcome = status, outcome
            self.tip.save(update_fields=["status", "outcome"])
            detail = f"{status}:{outcome}" if outcome else status
            audit.record(self.tip, AuditEntry.Action.STATUS_SET, actor=self.request.user, detail=detail)
        return form

    def _open_identity(self) -> HttpResponse:
        audit.record(self.tip, AuditEntry.Action.IDENTITY_OPENED, actor=self.request.user)
        identity = reading.open_identity(self.request, self.tip)
        return self._page(reply=self._kept_reply(), identity=identity, identity_asked=True)

    def _kept_reply(self) -> ReplyForm:
        """The answer as it was typed, not yet judged."""
        post = self.request.POST
        return ReplyForm(
            initial={"text": post.get("text", ""), "nonce": post.get("nonce", "") or new_nonce()}
        )

    def _back(self, fragment: str) -> HttpResponse:
        return redirect(f"{reverse('tips:thread', args=[self.tip.uuid])}#{fragment}")

    def _page(
        self,
        *,
        reply: ReplyForm | None = None,
        status: StatusForm | None = None,
        code: int = 200,
        **context: Any,
    ) -> HttpResponse:
        """The thread. Whatever led here, it is shown, so this is where its opening is recorded."""
        # Before the parts are read: what the reporter writes in between stays unread.
        audit.record(self.tip, AuditEntry.Action.OPENED, actor=self.request.user)
        record = AuditEntry.objects.filter(tip=self.tip.uuid).select_related("actor").order_by("-pk")
        return self.render_to_response(
            self.get_context_data(
                tip=self.tip,
                thread=reading.open_thread(self.request, self.tip),
                record=[_in_words(entry) for entry in record[:RECORDED]],
                reply_form=reply or ReplyForm(initial={"nonce": new_nonce()}),
                status_form=status or StatusForm(self.tip),
                **context,
            ),
            status=code,
        )

    def get_page_title(self) -> str:
        return _("Tip %(reference)s") % {"reference": self.tip.reference}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("tips:index"), "label": _("Tips")},
            {"url": "", "label": self.get_page_title()},
        ]


def thread_again(request: HttpRequest) -> HttpResponse | None:
    """The thread with the answer as it was typed, when its token was stale; None at other addresses."""
    match = request.resolver_match
    if match is None or match.view_name != "tips:thread":
        return None
    request.stale_form = True  # type: ignore[attr-defined]
    try:
        return match.func(request, *match.args, **match.kwargs)
    except KeyLocked:
        return asked_again(request).render()  # type: ignore[attr-defined]


def _in_words(entry: AuditEntry) -> dict[str, Any]:
    """A line of the record; a status in its own word."""
    detail = ""
    if entry.action == AuditEntry.Action.STATUS_SET:
        status, _colon, outcome = entry.detail.partition(":")
        words = [dict(Tip.Status.choices).get(status, status), dict(Tip.Outcome.choices).get(outcome, "")]
        detail = " · ".join(str(word) for word in words if word)
    return {"at": entry.at, "actor": entry.actor, "action": entry.get_action_display(), "detail": detail}
