"""The one place that checks a password, and how often it may be wrong.

Log-in, confirming the password, changing it, an officer's locked key: all of them ask `PasswordBackend`.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import ChangePasswordForm as PlainChangePasswordForm
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from home.visitors import network

from .limits import exceeded
from .models import User

# Wrong passwords in a quarter of an hour. Right ones do not count.
FOR_ACCOUNT_FROM_NETWORK = "10/15m"
FROM_NETWORK = "100/15m"  # of all accounts; a station, or a carrier's customers, may share one
FOR_ACCOUNT = "100/15m"  # from all networks together: ten at least
ON_KNOWN_DEVICE = "10/15m"

# A browser that has logged in to an account keeps this. What strangers type does not count against it, so
# that they cannot lock the account's owner out (OWASP calls it a device cookie).
DEVICE = "known_device"
DEVICE_AGE = 90 * 24 * 60 * 60  # seconds

TOO_MANY = _(
    "Too many wrong passwords. None is tried for a quarter of an hour: please wait, or log in on a device "
    "that was used for it before. Password forgotten? The unit above gives you a new one."
)


def remember_device(response: HttpResponse, user: User) -> None:
    """Mark the browser of a log-in that is complete, its second factor included."""
    response.set_signed_cookie(
        DEVICE,
        str(user.pk),
        salt=DEVICE,
        max_age=DEVICE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


class PasswordBackend(AuthenticationBackend):
    @sensitive_variables()
    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """The account with this name and password; raises ValidationError when too many were wrong.

        Requests at the same moment may pass the limit by as many as the server answers at once.
        """
        if request is None:  # no visitor types it
            return super().authenticate(request, **credentials)
        limits = _limits(request, credentials.get("username") or "")
        if any(exceeded(request, rate, *about, count=False) for rate, *about in limits):
            raise ValidationError(TOO_MANY, code="too_many_login_attempts")
        user: User | None = super().authenticate(request, **credentials)
        if user is None:
            for rate, *about in limits:
                exceeded(request, rate, *about, count=True)
        return user


def _limits(request: HttpRequest, username: str) -> list[tuple[str, *tuple[object, ...]]]:
    """Rates, and what each is counted for. An account that does not exist is limited as one that does."""
    # Databases compare names without case, each in its own way; this is as coarse as any of them.
    account = username.upper().casefold()
    if device := _known_device(request, username):
        return [(ON_KNOWN_DEVICE, "password", account, "device", device)]
    where = network(request) or b""
    return [
        (FOR_ACCOUNT_FROM_NETWORK, "password", account, "network", where),
        (FROM_NETWORK, "password", "network", where),
        (FOR_ACCOUNT, "password", "account", account),
    ]


def _known_device(request: HttpRequest, username: str) -> str | None:
    """The browser's mark of an earlier log-in to this very account."""
    owner = request.get_signed_cookie(DEVICE, default=None, salt=DEVICE, max_age=DEVICE_AGE)
    if owner and User.objects.filter(pk=owner, username__iexact=username).exists():
        return request.COOKIES[DEVICE]
    return None


class ChangePasswordForm(PlainChangePasswordForm):
    """Asks `PasswordBackend` for the present password, where allauth asks the account itself."""

    @sensitive_variables()
    def clean_oldpassword(self) -> str:
        password: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password
