"""What keeps an answer out of caches, histories and search engines."""

from typing import TypeVar

from django.http import HttpResponseBase

R = TypeVar("R", bound=HttpResponseBase)


def private(response: R) -> R:
    """Kept by no cache and by no browser's history."""
    response.headers["Cache-Control"] = "no-store"
    return response


def unlisted(response: R) -> R:
    """Private, and for no search engine."""
    response.headers["X-Robots-Tag"] = "noindex, noarchive"
    return private(response)


def shows_own_files(response: R) -> R:
    """It may show what has not left the phone: a recording to listen to, a code drawn as a picture."""
    response._csp_update = {"img-src": ["blob:"], "media-src": ["blob:"]}  # type: ignore[attr-defined]
    return response
