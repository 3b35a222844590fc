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
