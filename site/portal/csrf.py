"""Django's check of the form token, with what this portal does otherwise."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE, CsrfViewMiddleware

from home.stale import Trouble, is_residents, pass_on

from .signed_out import given_back


class CsrfMiddleware(CsrfViewMiddleware):
    """What is refused goes on to a view with the mark of `keeps_words`; elsewhere 403_csrf.html says why.

    A resident's form is taken with token and cookie alone, also from a browser that hides from which page it
    came (`Origin: null`, or neither Origin nor Referer): no session stands behind it that another site could
    use. One that names another site is refused as everywhere.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        if request.META["HTTP_ORIGIN"] == "null" and is_residents(request):
            return True
        return bool(super()._origin_verified(request))  # type: ignore[misc]

    def _check_referer(self, request: HttpRequest) -> None:
        if "HTTP_REFERER" in request.META or not is_residents(request):
            super()._check_referer(request)  # type: ignore[misc]

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse | None:
        if pass_on(request, _trouble(reason)):
            return None
        return given_back(request) or super()._reject(request, reason)  # type: ignore[misc]


def _trouble(reason: str) -> Trouble:
    if reason.startswith(("Origin checking", "Referer checking")):
        return Trouble.FOREIGN
    return Trouble.NO_COOKIE if reason == REASON_NO_CSRF_COOKIE else Trouble.STALE
