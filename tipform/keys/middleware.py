"""The cookie of the opened key, and the page that asks for the password where the session holds none."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from .opening import KeyAwaited, KeyLocked
from .unlocking import asked_again, unlocked, waiting_page


class OfficerKeyMiddleware:
    """Stands after the checks of session, log-in and form token, so that all three come first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        secret = getattr(request, "tip_key_cookie", None)
        if secret:
            response.set_cookie(
                settings.TIP_KEY_COOKIE,
                secret,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                # Not Strict: an officer who follows a link from a message must not look locked out.
                samesite="Lax",
            )
        elif secret == "":
            response.delete_cookie(settings.TIP_KEY_COOKIE, samesite="Lax")
            if settings.SESSION_COOKIE_SECURE:
                response.cookies[settings.TIP_KEY_COOKIE]["secure"] = True
        return response

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        # Nowhere else is a key asked for, and each address that takes a password is one to guess at.
        return unlocked(request) if request.path.startswith("/admin/") else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, KeyLocked):
            return asked_again(request)
        if isinstance(exception, KeyAwaited):
            return waiting_page(request, exception.unit)
        return None
