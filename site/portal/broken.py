"""When something broke: what may be done twice is tried once more, and words that were sent come back."""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error as plain_server_error

from home.database import is_lost
from home.headers import private
from home.phones import unsigned
from home.stale import is_residents

# What is sent along with words and is none, or is nobody's to see on a screen.
NOT_WORDS = {
    "csrfmiddlewaretoken",
    "nonce",
    "upload",
    "code",
    "question",
    "answer",
    "duty_phone",
    "seen",
    "act",
    "next",
}

SHORTEST_PHONE = 8  # digits


class RetryMiddleware:
    """A page that lost its database connection is asked for once more: pages, and a resident's form.

    A resident's form sent twice is one tip. Staff get the page of `server_error` with their words.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not is_lost(exception):
            return None
        connection.close()
        try:
            if request.method not in ("GET", "HEAD") and not is_residents(request):
                return None
            response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        except DatabaseError:
            return None
        return response


def server_error(request: HttpRequest) -> HttpResponse:
    """The plain page, on which what was typed is still there. Needs no database, and keeps nothing."""
    words = _typed(request)
    if not words:
        return plain_server_error(request)
    context = {"words": words, "phone": unsigned(request.POST.get("duty_phone", ""))}
    return private(HttpResponse(render_to_string("500.html", context), status=503))


def _typed(request: HttpRequest) -> str:
    """What people wrote, of all that was sent; empty if it cannot be read."""
    if request.method != "POST":
        return ""
    try:
        sent = list(request.POST.lists())
    except Exception:  # noqa: BLE001 - whatever is wrong with the body, this page is the last
        return ""
    fields = [
        values
        for name, values in sent
        if name not in NOT_WORDS and "password" not in name and "group" not in name
    ]
    return "\n\n".join(value.strip() for values in fields for value in values if _is_written(value))


def _is_written(value: str) -> bool:
    """Words or a phone number; not a choice's name, nor what a script put together."""
    if value.lstrip().startswith(("{", "[")):
        return False
    is_number = value.isdigit() and len(value) >= SHORTEST_PHONE
    return is_number or not value.isascii() or len(value.split()) > 1
