"""Reads a posted body before anything else does, so that a bad one is answered in words.

Django reads it in the CSRF check; what goes wrong there ends in a bare 400 that keeps nothing of what a
resident typed.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

from home.stale import Trouble, is_residents, mark_of, pass_on
from tipform import uploads

# A film of an hour is read to its end and put aside, so that the words sent with it come back.
KEPT_MAX_BYTES = 1024 * 1024 * 1024


class BodyMiddleware:
    """Stands right before the check of the form token, the first that reads a body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method != "POST":
            return None
        trouble = _read(request) or _what_is_missing(request)
        if trouble is None or pass_on(request, trouble):
            return None
        context = {"too_large": trouble is Trouble.TOO_LARGE}
        return render(request, "tipform/body_refused.html", context, status=trouble.status)


def _read(request: HttpRequest) -> Trouble | None:
    """Read the body; what keeps it from being read. Nothing of it can be shown then."""
    max_bytes = KEPT_MAX_BYTES if mark_of(request) else settings.REQUEST_MAX_BYTES
    trouble = _measure(request, max_bytes) if _has_no_length(request) else None
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > max_bytes:
        trouble = Trouble.TOO_LARGE
    if trouble is None:
        try:
            request.POST  # noqa: B018 - reading it is the point
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            trouble = Trouble.TOO_LARGE
        except (MultiPartParserError, BadRequest, UnreadablePostError):
            trouble = Trouble.UNREAD
        except (LookupError, ValueError):  # a character set that does not exist, or that decodes no text
            trouble = Trouble.UNREAD
    if trouble:
        # Otherwise whoever looks at request.POST or request.GET next reads again, and fails again.
        request._encoding = None  # type: ignore[attr-defined]
        request.__dict__.pop("GET", None)
        request._mark_post_parse_error()  # type: ignore[attr-defined]
    return trouble


def _has_no_length(request: HttpRequest) -> bool:
    encoding = request.headers.get("Transfer-Encoding", "")
    return "chunked" in encoding.lower() and not request.META.get("CONTENT_LENGTH")


def _measure(request: HttpRequest, max_bytes: int) -> Trouble | None:
    """Read a body that comes in chunks and note its length, without which Django takes it for empty."""
    try:
        found = uploads.measured(request.META["wsgi.input"], max_bytes)
    except OSError:
        return Trouble.UNREAD
    if found is None:
        return Trouble.TOO_LARGE
    body, length = found
    request.META["CONTENT_LENGTH"] = str(length)
    request._stream = body
    return None


def _what_is_missing(request: HttpRequest) -> Trouble | None:
    """What was read without a file that was refused, or without its end."""
    if uploads.truncated(request):
        return Trouble.TRUNCATED
    return Trouble.TOO_LARGE if uploads.refused(request) and not is_residents(request) else None
