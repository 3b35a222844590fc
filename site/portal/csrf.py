"""Django's check of the form token. A view that keeps words is asked even so, to give them back."""

from django.http import HttpRequest, HttpResponseForbidden
from django.middleware.csrf import REASON_NO_CSRF_COOKIE, CsrfViewMiddleware

from home.stale import Trouble, pass_on


class CsrfMiddleware(CsrfViewMiddleware):
    """What is refused goes on to a view with the mark of `keeps_words`; elsewhere 403_csrf.html says why."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponseForbidden | None:
        if pass_on(request, _trouble(reason)):
            return None
        return super()._reject(request, reason)  # type: ignore[misc]


def _trouble(reason: str) -> Trouble:
    if reason.startswith(("Origin checking", "Referer checking")):
        return Trouble.FOREIGN
    return Trouble.NO_COOKIE if reason == REASON_NO_CSRF_COOKIE else Trouble.STALE
