"""The list of tips and one tip's thread. Pages are kept nowhere: all of the admin is no-store."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from wagtail.admin import messages
from wagtail.admin.ui.tables import Table
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from communes.models import Unit
from communes.roles import officer_units
from home.stale import keeps_words, new_nonce, trouble_of

from ... import audit, vault
from ...box.entries import add_entry
from ...box.holders import NoLongerHeld, holders, locked
from ...box.resealing import reseal
from ...keys import KeyLocked, session
from ...keys.state import key_states
from ...models import AuditEntry, KeyNotice, Tip
from ..access import OfficersOnly, OneTip, count_by_status, handed_away, one_tip, tips_for, with_unread
from . import history, reading
from .forms import ReplyForm, StatusForm
from .tables import InboxTable, columns

TIPS_ON_A_PAGE = 50
HANDED_AWAY = "handed-away"


@method_decorator(keeps_words(), name="dispatch")
class InboxView(OfficersOnly, IndexView):
    model = Tip
    page_title = gettext_lazy("Tips")
    template_name = "tipform/desk/inbox/inbox.html"
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
        self.units = list(officer_units(request.user).order_by(*Unit.IN_ORDER))
        self.left_to_reseal = sum(reseal(request, unit) for unit in self.units)
        return super().get(request, *args, **kwargs)

    def get_base_queryset(self) -> Any:
        user = self.request.user
        tips = handed_away(user) if self.shows_handed_away else tips_for(user)
        return reading.with_headers(with_unread(tips, user))

    @cached_property
    def filterset_class(self) -> Any:
        # How a tip stands with the unit that has it now is not to be found out by filtering either.
        return None if self.shows_handed_away else super().filterset_class

    @property
    def shows_handed_away(self) -> bool:
        return HANDED_AWAY in self.request.GET

    @property
    def columns(self) -> Any:
        return columns(several_units=len(self.units) > 1)

    def get_table(self, object_list: Any) -> Table:
        return super().get_table(reading.listed(self.request, object_list))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = count_by_status(self.request.user)
        chosen = None if self.shows_handed_away else self.request.GET.get("status", "")
        statuses = [("", _("All"), sum(counts.values()))] + [
            (value, label, counts.get(value, 0)) for value, label in Tip.Status.choices
        ]
        return super().get_context_data(
            key_states=key_states(self.request.user, self.units),
            key_notices=KeyNotice.objects.filter(user=self.request.user.pk).select_related("unit", "actor"),
            own_fingerprint=self.own_fingerprint,
            left_to_reseal=self.left_to_reseal,
            statuses=[
                {"value": value, "label": label, "count": count, "chosen": value == chosen}
                for value, label, count in statuses
            ],
            handed_away={
                "name": HANDED_AWAY,
                "count": handed_away(self.request.user).count(),
                "chosen": self.shows_handed_away,
            },
            **kwargs,
        )


@method_decorator([keeps_words(), sensitive_post_parameters()], name="dispatch")
class TipView(OneTip, WagtailAdminTemplateMixin, View):
    """One tip for the officers of a unit that has it; 404 for everybody else."""

    template_name = "tipform/desk/inbox/thread.html"
    header_icon = "mail"

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        return self._page()

    @method_decorator(sensitive_variables())
    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """One form with three buttons, so that whichever is pressed keeps an answer half written."""
        if trouble := trouble_of(request):
            messages.error(request, trouble.to_staff)
            return self._page(reply=self._kept_reply(), code=trouble.status)
        acts = {"reply": self._reply, "status": self._set_status, "identity": self._open_identity}
        act = acts.get(request.POST.get("act", ""))
        if act is None or self.tip.status == Tip.Status.WITHDRAWN:
            return self._page(reply=self._kept_reply())
        try:
            return act()
        except NoLongerHeld:
            # Taken back or handed on while this page was open: show it as it stands now, with his words.
            self._look_again()
            return self._page(reply=self._kept_reply())

    def _look_again(self) -> None:
        self.tip, self.standing = one_tip(self.request.user, self.tip.uuid)

    def _reply(self) -> HttpResponse:
        form = ReplyForm(self.request.POST)
        if not form.is_valid():
            return self._page(reply=form)
        answer, nonce = form.cleaned_data["text"], form.cleaned_data["nonce"]
        try:
            add_entry(self.tip, "officer", answer, nonce, actor=self.request.user, unit=self.standing.unit)
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
        current = locked(self.tip)
        if current.unit_id != self.standing.unit.pk:
            raise NoLongerHeld  # the status is the responsible unit's alone
        self.tip.status, self.tip.outcome = current.status, current.outcome
        form = StatusForm(self.tip, self.request.POST)
        if form.is_valid() and form.has_changed():
            status, outcome = form.cleaned_data["status"], form.cleaned_data["outcome"]
            self.tip.status, self.tip.outcome = status, outcome
            self.tip.save(update_fields=["status", "outcome"])
            detail = f"{status}:{outcome}" if outcome else status
            audit.record(self.tip, AuditEntry.Action.STATUS_SET, actor=self.request.user, detail=detail)
        return form

    def _open_identity(self) -> HttpResponse:
        unit = self.standing.unit
        with transaction.atomic():  # what did not come to be opened is not in the log
            audit.record(self.tip, AuditEntry.Action.IDENTITY_OPENED, actor=self.request.user, unit=unit)
            identity = reading.open_identity(self.request, self.tip, unit)
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
        audit.record(self.tip, AuditEntry.Action.OPENED, actor=self.request.user, unit=self.standing.unit)
        thread = reading.open_tip(self.request, self.tip, self.standing)
        return self.render_to_response(
            self.get_context_data(
                tip=self.tip,
                standing=self.standing,
                may_write=self.standing.holds and self.tip.status != Tip.Status.WITHDRAWN,
                missing=reading.missing_in_words(thread),
                joint=[unit for unit in holders(self.tip) if unit.pk != self.tip.unit_id],
                thread=thread,
                about_address=thread.about.address_now(self.request) if thread.about else "",
                conversation=history.conversation(thread.entries, self.tip, self.standing),
                history=history.latest(self.tip, self.standing),
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
