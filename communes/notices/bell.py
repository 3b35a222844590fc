"""The page of the bell, what its script asks, and what a browser tells that has rung."""

import datetime
import json
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from home.delivery import mail, web_push
from home.headers import private

from ..limits import exceeded
from ..models import MailAddress, PushSubscription
from . import addresses, outbox, subscriptions
from .devices import device_name
from .proof import SILENT_AFTER
from .trial import TRIAL

# Of one person. Each is a message that another server carries.
TESTS = "20/h"


class AddressForm(forms.Form):
    address = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


def page(request: HttpRequest, template: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
    """A screen of the bell; what stands on it is its reader's alone."""
    context = {"page_title": title, "header_title": title, "header_icon": "bell", **context}
    return private(TemplateResponse(request, f"communes/admin/bell/{template}.html", context, status=status))


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    return bell_page(request, AddressForm())


def bell_page(request: HttpRequest, form: AddressForm, status: int = 200) -> HttpResponse:
    """`form` is that of the address for mail."""
    user: Any = request.user
    row = MailAddress.objects.filter(user=user).first()
    return page(
        request,
        "index",
        _("The bell"),
        status,
        public_key=web_push.public_key(),
        browsers=PushSubscription.objects.filter(user=user),
        silent_since=timezone.now() - SILENT_AFTER,
        mail_is_set_up=mail.is_set_up(),
        address=addresses.address_of(user.pk) if row else None,
        confirmed=bool(row and row.confirmed_at),
        form=form,
    )


# Asked by bell.js, in JSON


@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """This browser rings for whoever is logged in, from now on."""
    try:
        row = subscriptions.subscribe(request.user, _sent(request), device_name(request))
    except ValueError:
        return JsonResponse({}, status=400)
    return JsonResponse({"browser": row.pk})


@require_POST
def browser(request: HttpRequest) -> HttpResponse:
    """Which of his browsers this is; null where it rings for nobody, or for somebody else."""
    row = _own(request).first()
    return JsonResponse({"browser": row.pk if row else None})


@require_POST
def unsubscribe(request: HttpRequest) -> HttpResponse:
    """This browser rings for nobody. Whoever sits at it may say so, whosever it was."""
    endpoint = str(_sent(request).get("endpoint", ""))
    PushSubscription.objects.filter(digest=subscriptions.digest_of(endpoint)).delete()
    return HttpResponse(status=204)


@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """Ring his own browsers. The answer says from which moment on they may be heard."""
    if exceeded(request, TESTS, "test of the bell", request.user.pk, count=True):
        return JsonResponse({}, status=429)
    asked_at = timezone.now()
    outbox.put(TRIAL, subject=str(request.user.pk))
    return JsonResponse({"since": asked_at.isoformat()})


@require_GET
def has_rung(request: HttpRequest, browser_id: int) -> HttpResponse:
    """Whether this browser of his has told since `since` that it rang."""
    since = _moment(request.GET.get("since", ""))
    row = get_object_or_404(PushSubscription, pk=browser_id, user=request.user.pk)
    return private(JsonResponse({"rung": bool(row.heard_at and row.heard_at >= since)}))


# Without a script


@require_POST
def remove(request: HttpRequest, browser_id: int) -> HttpResponse:
    get_object_or_404(PushSubscription, pk=browser_id, user=request.user.pk).delete()
    messages.success(request, _("It does not ring any more."))
    return HttpResponseRedirect(reverse("bell:index"))


# Asked by service workers, without a cookie


@csrf_exempt
@require_POST
def heard(request: HttpRequest) -> HttpResponse:
    """A browser tells that it rang. Nobody learns from the answer whether there is such a browser."""
    subscriptions.acknowledge(request.POST.get("token", ""))
    return private(HttpResponse(status=204))


def _sent(request: HttpRequest) -> dict[str, Any]:
    try:
        sent = json.loads(request.body)
    except ValueError:
        return {}
    return sent if isinstance(sent, dict) else {}


def _own(request: HttpRequest) -> Any:
    endpoint = str(_sent(request).get("endpoint", ""))
    digest = subscriptions.digest_of(endpoint)
    return PushSubscription.objects.filter(user=request.user.pk, digest=digest)


def _moment(text: str) -> datetime.datetime:
    """Raises Http404 for what is none."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment):
        raise Http404
    return moment
