"""The log-in: its form knows an account that was just made, and who has no work in the admin is told so."""

from typing import Any

from allauth.account.forms import LoginForm as PlainLoginForm
from allauth.account.views import login
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from .acceptance import USERNAME_HINT
from .approvers import what_it_waits_for
from .slips import private


class LoginForm(PlainLoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is not None and (username := self.request.session.get(USERNAME_HINT)):
            self.fields["login"].initial = username


def log_in(request: HttpRequest) -> HttpResponseBase:
    """allauth's log-in. By itself it sends a session without work to the admin, which sends it back here."""
    if not request.user.is_authenticated or request.user.has_perm("wagtailadmin.access_admin"):
        return login(request)
    # Wagtail's own "no permission" is taken from the session, and better words are said.
    list(messages.get_messages(request))
    context = {"waiting": what_it_waits_for(request.user), "messages": []}
    return private(render(request, "communes/no_work.html", context))
