"""Setting up and giving a second factor, as an authenticator app does."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from tests.conftest import PASSWORD

GIVE, SET_UP = "/accounts/2fa/reauthenticate/", "/accounts/2fa/totp/activate/"


def has_second_factor(user: Any) -> list[str]:
    """Set it up as another session would; the recovery codes, each good for one time."""
    TOTP.activate(user, generate_totp_secret())
    return RecoveryCodes.activate(user).get_unused_codes()


def code_of(secret: str) -> str:
    """What the app shows at this moment."""
    _earlier, now, _later = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, now))


def logged_in(user: Any, code: str = "") -> Client:
    """Through the log-in itself; with `code` where a second step asks for it."""
    client = Client()
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    if code:
        client.post("/accounts/2fa/authenticate/", {"code": code})
    return client


def by_password_alone(user: Any) -> Client:
    """A session from before the second factor was set up, or as a log-in that forgot to ask would open it."""
    client = Client()
    client.force_login(user)
    return client


def remove_all(user: Any) -> None:
    Authenticator.objects.filter(user=user).delete()
