"""Entering, confirming and removing the address for mail."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from home.delivery import Outcome, mail
from home.stale import keeps_words, trouble_of

from ..limits import exceeded
from . import addresses
from .bell import AddressForm, bell_page, page

# Of one person: each is a mail to an address that somebody typed.
MAILS = "5/h"


@keeps_words()
@sensitive_post_parameters("address")
@sensitive_variables()
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Keep the address, and mail it the link that confirms it."""
    trouble = trouble_of(request)
    if trouble:
        messages.error(request, trouble.to_staff)
        return bell_page(request, AddressForm(request.POST or None), trouble.status)
    form = AddressForm(request.POST)
    if not form.is_valid():
        return bell_page(request, form, 422)
    if exceeded(request, MAILS, "address for notices", request.user.pk, count=True):
        form.add_error("address", _("Too many mails for this hour. Please try again later."))
        return bell_page(request, form, 429)
    address = form.cleaned_data["address"]
    token = addresses.enter(request.user, address)
    if _mail_link(request, address, token):
        messages.success(request, _("A mail is on its way. Open it and press its link within 24 hours."))
    else:
        messages.error(request, _("The mail could not be sent. Compare the address and try again."))
    return HttpResponseRedirect(reverse("bell:index"))


def _mail_link(request: HttpRequest, address: str, token: str) -> bool:
    link = request.build_absolute_uri(reverse("bell:confirm_address", args=[token]))
    text = _(
        "This address is to receive mails of Kết nối An ninh.\n\n"
        "If that was you, open this link within 24 hours and confirm:\n%(link)s\n\n"
        "If it was not, do nothing: then no mail will come."
    ) % {"link": link}
    subject = _("Kết nối An ninh: confirm this address")
    answer = mail.send(address, subject, text, message_id=mail.message_id(get_random_string(32)))
    return answer.outcome is Outcome.SENT


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A program that follows links in mails only sees a button: the press confirms."""
    user: Any = request.user
    if request.method == "POST" and addresses.confirm(user, token):
        messages.success(request, _("The address is confirmed. Mails come from now on."))
        return HttpResponseRedirect(reverse("bell:index"))
    return page(
        request,
        "confirm",
        _("Confirm the e-mail address"),
        holds=addresses.awaits(user, token),
        address=addresses.address_of(user.pk),
    )


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    addresses.remove(request.user)
    messages.success(request, _("The address is removed: no mail comes any more."))
    return HttpResponseRedirect(reverse("bell:index"))
