"""The second factor is a fact of the session: a password alone, whoever typed it, opens nothing.

`SECOND_FACTOR_REQUIRED` asks for it. Who has none yet sets one up; who has one gives it, also in a session
that began before the setting was switched on, or whose factor was removed meanwhile.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import AnonymousUser
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from . import totp


def given(request: HttpRequest, user: Any) -> bool:
    """Whether this session gave a second factor that the account still has."""
    records = get_authentication_records(request, user)
    used = [record.get("id") for record in records if record["method"] == "mfa"]
    return bool(used) and Authenticator.objects.filter(user=user, pk__in=used).exists()


@receiver(authenticator_added)
def record_set_up(request: HttpRequest, user: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    """Setting it up takes a code of it, so this session has given it. Recovery codes come without asking."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
    if authenticator.type == Authenticator.Type.TOTP:
        totp.use(authenticator, request.POST.get("code", ""))


class SecondFactorMiddleware:
    """Until the second factor is given, a session may only give it, or set it up, or log out.

    Elsewhere than under the admin and the accounts it belongs to nobody: it sees what everybody sees.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SECOND_FACTOR_REQUIRED:
            if not request.path.startswith(("/admin/", "/accounts/")):
                user = request.user
                # Public pages do not ask who it is, and then nobody looks into the session.
                request.user = SimpleLazyObject(  # type: ignore[assignment]
                    lambda: AnonymousUser() if _is_incomplete(request, user) else user
                )
            elif _is_incomplete(request, request.user) and (step := _next_step(request)):
                return HttpResponseRedirect(step)
        return self.get_response(request)


def _is_incomplete(request: HttpRequest, user: Any) -> bool:
    return user.is_authenticated and not given(request, user)


def _next_step(request: HttpRequest) -> str | None:
    """Where to go on; None at an address that belongs to the step itself."""
    if is_mfa_enabled(request.user):
        step, others = "mfa_reauthenticate", ["account_logout"]
        query = "?" + urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})
    else:
        # allauth asks for the password once more before it shows the secret.
        step, others, query = "mfa_activate_totp", ["account_reauthenticate", "account_logout"], ""
    if request.path in [reverse(name) for name in (step, *others)]:
        return None
    return reverse(step) + query
