"""The pages "Chìa khóa": who holds a unit's key, opening the box, granting, the recovery code."""

from typing import Any

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
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from communes.models import Unit
from communes.roles import officer_units
from home.qr import qr
from home.stale import keeps_words, trouble_of

from ... import limits, vault
from ...box.resealing import resign_holdings
from ...keys import births, session
from ...keys.grants import end_departed, give_all, waiting
from ...keys.opening import generations, works_here
from ...keys.state import key_states
from ...models import AuditEntry, KeyNotice, OfficerKey
from ..access import OfficersOnly
from .forms import GrantForm, RecoveryForm, TypedBackForm
from .unlocking import asked_again

RECORDED = 20


@method_decorator([keeps_words(), sensitive_post_parameters(), sensitive_variables()], name="dispatch")
class KeyView(OfficersOnly, WagtailAdminTemplateMixin, View):
    """A page about one unit's key, for its officers in whose session their own key is open."""

    header_icon = "key"
    page_title = gettext_lazy("Keys")
    unit: Unit

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        units = officer_units(request.user)
        if not units.exists():
            return super().dispatch(request, *args, **kwargs)
        if "unit" in kwargs:
            self.unit = get_object_or_404(units, pk=kwargs["unit"])
        opened = session.get(request)
        if opened is None:
            return asked_again(request)
        self.own_key, _private = opened
        if trouble := trouble_of(request):
            messages.error(request, trouble.to_staff)
            response = self.again()
            if response.status_code == 200:
                response.status_code = trouble.status
            return response
        return super().dispatch(request, *args, **kwargs)

    def again(self) -> HttpResponseBase:
        """The page from which was posted, with what was typed on it. Nothing is done."""
        return self.get(self.request, **self.kwargs)

    def get_page_title(self) -> Any:
        return self.page_title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [*super().get_breadcrumbs_items(), {"url": reverse("keys:index"), "label": _("Keys")}]
        return (
            items
            if self.page_title == KeyView.page_title
            else [*items, {"url": "", "label": self.page_title}]
        )

    def page(self, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**context))

    def to_index(self) -> HttpResponse:
        return redirect("keys:index")


class _IndexPage(KeyView):
    template_name = "tipform/desk/keys/index.html"

    def index(self, refused: GrantForm | None = None) -> HttpResponse:
        request = self.request
        units = list(officer_units(request.user).order_by(*Unit.IN_ORDER))
        for unit in units:
            end_departed(unit)
        shown = key_states(request.user, units)
        for state in shown:
            for one in state.waiting:
                is_refused = refused is not None and refused.officer_key == one.key
                one.form = refused if is_refused else GrantForm(one.key)
        history = AuditEntry.objects.filter(unit__in=units, tip__isnull=True).select_related("actor", "unit")
        return self.page(
            own_fingerprint=vault.fingerprint(bytes(self.own_key.public_key)),
            key_states=shown,
            notices=KeyNotice.objects.filter(user=request.user.pk).select_related("unit", "actor"),
            history=history.order_by("-pk")[:RECORDED],
        )


class IndexView(_IndexPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.index()

    def post(self, request: HttpRequest) -> HttpResponse:
        """He has read his notices."""
        read = [pk for pk in request.POST.getlist("notice") if pk.isdecimal() and len(pk) < 18]
        KeyNotice.objects.filter(user=request.user.pk, pk__in=read).delete()
        return self.to_index()


class BeginView(KeyView):
    """Explain what a recovery code is; then make one."""

    template_name = "tipform/desk/keys/begin.html"
    page_title = gettext_lazy("Open the tip box")

    def get(self, request: HttpRequest, unit: int, alarm: str = "") -> HttpResponse:
        keys = generations(request, self.unit)
        if keys:
            self.page_title = gettext_lazy("Replace the recovery code")
        return self.page(unit=self.unit, alarm=alarm, anew=births.has_past(self.unit) and not keys)

    def post(self, request: HttpRequest, unit: int) -> HttpResponse:
        try:
            births.begin(request, self.unit, anew=request.POST.get("anew") == "1")
        except births.CannotBegin as error:
            if error.colleague:
                who = error.colleague.get_full_name() or error.colleague.get_username()
                return self.get(
                    request,
                    unit,
                    _("%(name)s is opening the box just now. Ask how far it is.") % {"name": who},
                )
            return self.get(
                request,
                unit,
                _("There is a key already: ask a colleague who holds it, or use the recovery code."),
            )
        return redirect("keys:code", self.unit.pk)


class CodeView(KeyView):
    """The recovery code, until part of it was typed back. Never again after that."""

    template_name = "tipform/desk/keys/code.html"
    page_title = gettext_lazy("Recovery code")

    def get(self, request: HttpRequest, unit: int) -> HttpResponse:
        code = births.code_of(request, self.unit)
        unfinished = births.in_progress(self.unit)
        if code is None or unfinished is None:
            return self.to_index()
        return self.page(
            unit=self.unit,
            groups=list(enumerate(code.groups, start=1)),
            qr=qr("".join(code.groups)),
            made=unfinished.created,
            fingerprint=vault.fingerprint(
                bytes(unfinished.wraps.latest("unit_key__generation").unit_key.public_key)
            ),
        )


class ConfirmView(KeyView):
    template_name = "tipform/desk/keys/confirm.html"
    page_title = gettext_lazy("Type part of the code")

    def get(self, request: HttpRequest, unit: int) -> HttpResponse:
        return self.show(self.form())

    def post(self, request: HttpRequest, unit: int) -> HttpResponse:
        form = self.form(request.POST)
        if form is None or not form.is_valid():
            return self.show(form)
        births.confirm(self.request, self.unit)
        messages.success(
            self.request, _("The code is in force and the tip box is open. Put the paper into the safe.")
        )
        return self.to_index()

    def again(self) -> HttpResponse:
        return self.show(self.form(self.request.POST))

    def form(self, data: Any = None) -> TypedBackForm | None:
        """None when there is no code to be confirmed."""
        code = births.code_of(self.request, self.unit)
        if code is None:
            return None
        asked = ",".join(str(number) for number in births.asked_groups())
        return TypedBackForm(code, data, initial={"asked": asked})

    def show(self, form: TypedBackForm | None) -> HttpResponse:
        if form is None:
            messages.warning(self.request, _("There is no code to confirm: it was confirmed, or begun anew."))
            return self.to_index()
        return self.page(unit=self.unit, form=form)


class GrantView(_IndexPage):
    def post(self, request: HttpRequest, unit: int, key: int) -> HttpResponse:
        officer_key = self.waiting_key()
        if officer_key is None:
            messages.info(request, _("This colleague can read already, or works here no longer."))
            return self.to_index()
        form = GrantForm(officer_key, request.POST)
        keys = generations(request, self.unit)
        if not form.is_valid() or not keys:
            return self.index(refused=form)
        with transaction.atomic():
            give_all(self.unit, keys, officer_key, request.user)
        who = officer_key.user.get_full_name() or officer_key.user.get_username()
        messages.success(request, _("%(name)s can read the tips now.") % {"name": who})
        return self.to_index()

    def again(self) -> HttpResponse:
        officer_key = self.waiting_key()
        return self.index(refused=GrantForm(officer_key, self.request.POST) if officer_key else None)

    def waiting_key(self) -> OfficerKey | None:
        return next((one for one in waiting(self.unit) if one.pk == self.kwargs["key"]), None)


class RecoverView(KeyView):
    template_name = "tipform/desk/keys/recover.html"
    page_title = gettext_lazy("Use the recovery code")

    def get(self, request: HttpRequest, unit: int) -> HttpResponse:
        return self.page(unit=self.unit, form=RecoveryForm())

    def again(self) -> HttpResponse:
        return self.page(unit=self.unit, form=RecoveryForm(self.request.POST))

    def post(self, request: HttpRequest, unit: int) -> HttpResponse:
        form = RecoveryForm(request.POST)
        if form.is_valid():
            if not works_here(request.user, self.unit):
                form.add_error(
                    "code",
                    _(
                        "After the server's keyring was lost, the IT officer must first confirm who works "
                        "here. Ask for it, then type the code again."
                    ),
                )
            elif limits.recovery_refused(request):
                form.add_error("code", _("Too many attempts. Wait a quarter of an hour, then try again."))
            elif self._recover(form):
                births.begin(request, self.unit)
                messages.success(
                    request, _("The tips can be read again. The code is used up: here is the new one.")
                )
                return redirect("keys:code", self.unit.pk)
            else:
                form.add_error(
                    "code",
                    _("This code opens nothing of %(unit)s. Perhaps it was replaced.")
                    % {"unit": self.unit.full_name},
                )
        return self.page(unit=self.unit, form=form)

    @transaction.atomic
    def _recover(self, form: RecoveryForm) -> bool:
        lost = births.is_lost(self.unit)
        if not births.recover(self.request, self.unit, form.cleaned_data["code"]):
            return False
        if lost:
            resign_holdings(self.unit, generations(self.request, self.unit))
        return True
