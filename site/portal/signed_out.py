"""What staff typed outlives the session: a form leaves when there is one, and what left without comes back.

Nothing typed is stored: it is in the open page, or in the answer to the browser that sent it. Nobody else is
shown it than the account that was logged in there.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.signing import BadSignature, Signer
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from home.headers import private
from home.stale import Trouble, mark_of, trouble_of

# Wagtail's own forms of long work. They know nothing of `keeps_words`.
WAGTAILS_EDITORS = {"wagtailadmin_pages:add", "wagtailadmin_pages:edit"}
# The account that logged in last in this browser; and, in a form that came back, whose form it is.
LAST_ACCOUNT, KEPT_FOR = "last-account", "kept-for"
# Another site's form has another trouble, so what it sends is never shown as somebody's own words.
OF_OUR_OWN_PAGES = (None, Trouble.STALE)

signer = Signer(salt=__name__)


@require_safe
def session(request: HttpRequest) -> HttpResponse:
    """For signed-out.js: whose session it is, and the token with which its forms are taken.

    Without one Wagtail answers with the way to the log-in, which the script takes for "it is over".
    """
    return JsonResponse({"account": str(request.user.pk), "csrf": get_token(request)})


@receiver(user_logged_in)
def remember(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    request.logged_in_account = signer.sign(user.pk)  # type: ignore[attr-defined]


class SignedOutMiddleware:
    """Stands after the check of the form token, which tells what another site has sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if account := getattr(request, "logged_in_account", None):
            response.set_cookie(
                LAST_ACCOUNT,
                account,
                path="/admin/",
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        return given_back(request) if request.method == "POST" else None


def given_back(request: HttpRequest) -> HttpResponse | None:
    """The page with the words, to be sent again. None where the form takes its usual way."""
    if not _is_kept(request) or trouble_of(request) not in OF_OUR_OWN_PAGES:
        return None
    owner = _account(request.POST.get(KEPT_FOR)) or _account(request.COOKIES.get(LAST_ACCOUNT))
    if request.user.is_anonymous:
        # Whose words they are cannot be told in a browser that keeps no cookies, and there nobody logs in.
        return _page(request, owner, status=401) if owner else None
    if KEPT_FOR not in request.POST:
        return None
    if owner != str(request.user.pk):
        return _page(request, None, status=403)
    # A log-in makes a new token. Our own views say so themselves and show their form.
    stale = trouble_of(request) is not None
    return _page(request, owner, status=403) if stale and mark_of(request) is None else None


def _is_kept(request: HttpRequest) -> bool:
    """Forms of staff, sent by a browser as a page is; a script has the words still, and wants no page."""
    if not request.path.startswith("/admin/") or not request.accepts("text/html"):
        return False
    match = request.resolver_match
    is_editor = match is not None and match.view_name in WAGTAILS_EDITORS
    return is_editor or mark_of(request) is not None


def _account(signed: str | None) -> str | None:
    try:
        return signer.unsign(signed or "")
    except BadSignature:
        return None


@sensitive_variables()
def _page(request: HttpRequest, owner: str | None, status: int) -> HttpResponse:
    """Without an owner it says that the words are another account's, and shows none."""
    context = {
        "kept_for": owner,
        "kept": [*_typed(request), (KEPT_FOR, signer.sign(owner))] if owner else [],
        "with_files": bool(request.FILES),
    }
    return private(render(request, "portal/signed_out.html", context, status=status))


def _typed(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        if "password" not in name and name not in (KEPT_FOR, "csrfmiddlewaretoken"):
            yield from ((name, value) for value in values)
