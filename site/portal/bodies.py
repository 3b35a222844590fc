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

from tipform import uploads

from .views import body_refused, quick_post_form, residents_form

# A film of an hour is read to its end and put aside, so that the words sent with it come back.
RESIDENTS_MAX_BYTES = 1024 * 1024 * 1024


class BodyMiddleware:
    """Stands right before CsrfViewMiddleware, the first that reads a body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method != "POST":
            return None
        form, quick_post = residents_form(request), quick_post_form(request)
        keeps_words = form or quick_post
        status = self._read(request, RESIDENTS_MAX_BYTES if keeps_words else settings.REQUEST_MAX_BYTES)
        if status:
            # Otherwise whoever looks at request.POST or request.GET next reads again, and fails again.
            request._encoding = None  # type: ignore[attr-defined]
            request.__dict__.pop("GET", None)
            request._mark_post_parse_error()  # type: ignore[attr-defined]
            if form:
                return form(unread=True)
            return quick_post(problem="unread") if quick_post else body_refused(request, status)
        if form:
            return None  # it says itself which file was refused, with the words still there
        if uploads.refused(request):
            return quick_post(problem="too-large") if quick_post else body_refused(request, 413)
        if uploads.truncated(request):
            return quick_post(problem="truncated") if quick_post else body_refused(request, 400)
        return None

    def _read(self, request: HttpRequest, max_bytes: int) -> int:
        """Read the body; the status to answer with if it cannot be read, else 0."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > max_bytes:
            return 413
        try:
            request.POST  # noqa: B018 - reading it is the point
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            return 413
        except (MultiPartParserError, BadRequest, UnreadablePostError):
            return 400
        except (LookupError, ValueError):  # a character set that does not exist, or that decodes no text
            return 400
        return 0
