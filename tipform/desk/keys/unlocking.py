"""Asking an officer for his password where he is, keeping what he wrote, and going on from there."""

from collections.abc import Iterator
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from wagtail.admin import messages

from communes.models import Unit
from home.stale import trouble_of

from ... import vault
from ...keys import officers, session

PASSWORD, FIRST = "unlock-password", "unlock-first"


class UnlockForm(forms.Form):
    # Its name is that of no field of a page on which it may be asked.
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def add_prefix(self, field_name: str) -> str:
        return PASSWORD


@sensitive_variables()
def unlocked(request: HttpRequest) -> HttpResponse | None:
    """Deal with a password that `asked_again` asked for; None lets the request go on as it was first sent."""
    if request.method != "POST" or FIRST not in request.POST or not request.user.is_authenticated:
        return None
    if trouble := trouble_of(request):
        messages.error(request, trouble.to_staff)
        return asked_again(request)
    form = UnlockForm(request.POST)
    if form.is_valid():
        try:
            # Counted and limited as a log-in is. The adapter opens the session's key on its way.
            if not get_adapter(request).reauthenticate(request.user, form.cleaned_data["password"]):
                form.add_error("password", _("This is not the password of your account."))
        except ValidationError as error:
            form.add_error("password", error)
    if not form.is_valid():
        return asked_again(request, form)
    if request.POST[FIRST] == "get":
        return HttpResponseRedirect(request.get_full_path())
    # What was pressed before the password was asked for is done now.
    post = request.POST.copy()
    del post[FIRST], post[PASSWORD]
    request.POST = post  # type: ignore[assignment]
    return None


@sensitive_variables()
def asked_again(request: HttpRequest, form: UnlockForm | None = None) -> HttpResponse:
    """The page that asks for the password, with everything that was posted kept in it."""
    user: Any = request.user
    context = {
        "unlock_form": form or UnlockForm(),
        "kept": list(_posted(request)),
        "first": _first_method(request),
        # Under a password that somebody else set no key is made.
        "foreign_password": not user.has_own_password and not _has_key(user),
    }
    return TemplateResponse(request, "tipform/desk/keys/unlock.html", context, status=403)


def waiting_page(request: HttpRequest, unit: Unit) -> HttpResponse:
    """What an officer sees who holds no grant yet: what he waits for, and how he proves himself."""
    opened = session.get(request)
    fingerprint = vault.fingerprint(bytes(opened[0].public_key)) if opened else ""
    context = {"unit": unit, "fingerprint": fingerprint}
    return TemplateResponse(request, "tipform/desk/keys/waiting.html", context, status=403)


def _first_method(request: HttpRequest) -> str:
    return request.POST.get(FIRST, "post") if request.method == "POST" else "get"


def _posted(request: HttpRequest) -> Iterator[tuple[str, str]]:
    if _first_method(request) == "get":
        return
    for name, values in request.POST.lists():
        if name not in (PASSWORD, FIRST, "csrfmiddlewaretoken"):
            yield from ((name, value) for value in values)


def _has_key(user: Any) -> bool:
    return officers.newest(user) is not None
