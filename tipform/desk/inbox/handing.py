"""The page on which an officer hands a tip on to another unit, or has it handled jointly, in two steps."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from communes.models import Unit
from communes.models.users import called
from home.stale import keeps_words, new_nonce, trouble_of
from home.text import one_line

from ... import vault
from ...box.holders import NoLongerHeld, holders
from ...box.passing import hand_on, handing_uuid
from ...keys import private_keys
from ...keys.state import with_key_holders
from ...models import Tip
from ..access import OneTip
from . import reading
from .hand_on_form import HandOnForm
from .views import TipView

SUGGESTED = 12
FOUND = 20
QUERY_LENGTH = 80


@method_decorator([keeps_words(), sensitive_post_parameters()], name="dispatch")
class HandOnView(OneTip, WagtailAdminTemplateMixin, View):
    """For officers of the responsible unit. What was typed comes back with every answer but the last."""

    template_name = "tipform/desk/inbox/hand_on.html"
    header_icon = "mail"

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        return self._page(HandOnForm(self._thread(), initial={"nonce": new_nonce()}))

    @method_decorator(sensitive_variables())
    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        if trouble := trouble_of(request):
            messages.error(request, trouble.to_staff)
            return self._page(self._typed(), code=trouble.status)
        act = request.POST.get("act", "")
        if act not in ("check", "hand"):
            return self._page(self._typed())
        form = HandOnForm(self._thread(), request.POST)
        if form.is_valid() and self._done(form):
            return self._back()
        form.refuse_joint_with(holders(self.tip))
        if not self._may() or not form.is_valid():
            return self._page(form)
        if act == "check":
            self.template_name = "tipform/desk/inbox/hand_on_check.html"
            return self._page(form)
        return self._hand_on(form)

    def _hand_on(self, form: HandOnForm) -> HttpResponse:
        cleaned, unit = form.cleaned_data, self.standing.unit
        try:
            hand_on(
                self.tip,
                private_keys(self.request, unit),
                by=unit,
                parts=form.part_ids(self.tip),
                actor=self.request.user,
                **form.act(),
            )
        except NoLongerHeld:
            self.tip.refresh_from_db()
            return self._page(form)
        except (OSError, vault.VaultError):
            form.add_error(None, _("It could not be stored. Nothing has been handed on: try again."))
            return self._page(form)
        words = (
            _("%(unit)s now handles the tip jointly with you.")
            if cleaned["mode"] == HandOnForm.JOINT
            else _("The tip has been handed on to %(unit)s.")
        )
        messages.success(self.request, words % {"unit": cleaned["unit"].full_name})
        return self._back()

    def _back(self) -> HttpResponse:
        """To the tip, with the answer half written, if there was one."""
        if self.request.POST.get("text", "").strip():
            return TipView.as_view()(self.request, uuid=self.tip.uuid)  # type: ignore[return-value]
        return redirect(reverse("tips:thread", args=[self.tip.uuid]))

    def _done(self, form: HandOnForm) -> bool:
        """Whether this very form, with everything it says, went through already by a first click."""
        return self.tip.parts.filter(uuid=handing_uuid(self.tip, **form.act())).exists()

    def _may(self) -> bool:
        responsible = self.tip.unit_id == self.standing.unit.pk
        return responsible and self.tip.status != Tip.Status.WITHDRAWN

    def _thread(self) -> reading.OpenedTip:
        return reading.open_tip(self.request, self.tip, self.standing)

    def _typed(self) -> HandOnForm:
        """The form as it was filled in, not yet judged."""
        post = self.request.POST
        typed: dict[str, Any] = {**post.dict(), "nonce": post.get("nonce", "") or new_nonce()}
        if "mode" in post or "parts" in post or "reason" in post:
            typed["parts"] = post.getlist("parts")
        return HandOnForm(self._thread(), initial=typed)

    def _page(self, form: HandOnForm, *, code: int = 200) -> HttpResponse:
        chosen = form["unit"].value()
        query = form["q"].value() or ""
        units, more = candidates(self.tip, query, chosen)
        context = self.get_context_data(
            tip=self.tip,
            form=form,
            units=units,
            more=more,
            chosen=str(chosen or ""),
            may=self._may(),
            answer=self.request.POST.get("text", ""),
        )
        return self.render_to_response(context, status=code)

    def get_page_title(self) -> str:
        return _("Hand on, or handle jointly")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        thread = reverse("tips:thread", args=[self.tip.uuid])
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("tips:index"), "label": _("Tips")},
            {"url": thread, "label": _("Tip %(reference)s") % {"reference": self.tip.reference}},
            {"url": "", "label": self.get_page_title()},
        ]


def candidates(tip: Tip, query: str, chosen: Any) -> tuple[list[Unit], bool]:
    """A screenful of units to choose from, and whether there are more; what is chosen is among them.

    Without a query the unit above, the communes next door and, for a unit above, its own.
    """
    units = receivers(tip).select_related("parent").order_by(*Unit.IN_ORDER)
    asked = one_line(query, QUERY_LENGTH)
    if asked:
        found = list(units.filter(called(asked))[: FOUND + 1])
        more, found = len(found) > FOUND, found[:FOUND]
    else:
        above = tip.unit.parent_id
        near = Q(parent=tip.unit_id) | (Q(parent=above) if above else Q(pk__in=[]))
        found = [*units.filter(pk=above), *units.filter(near)[:SUGGESTED]]
        more = True
    if chosen and not any(str(unit.uuid) == str(chosen) for unit in found):
        with suppress(ValueError):
            found[:0] = units.filter(uuid=UUID(str(chosen)))
    return found, more


def receivers(tip: Tip) -> Any:
    """Every unit in service with a key-holder, but the one responsible."""
    return (
        with_key_holders(Unit.objects.filter(active=True)).filter(key_holders__gt=0).exclude(pk=tip.unit_id)
    )
