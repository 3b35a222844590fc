"""What residents see of the tip box. No cache keeps a response, and nothing that was typed is lost."""

import re
import secrets
from typing import TypeVar

from django.http import HttpRequest, HttpResponseBase

R = TypeVar("R", bound=HttpResponseBase)


def private(response: R) -> R:
    """Kept by no cache and by no browser's history."""
    response.headers["Cache-Control"] = "no-store"
    return response


def unlisted(response: R) -> R:
    """Private, and for no search engine."""
    response.headers["X-Robots-Tag"] = "noindex, noarchive"
    return private(response)


def posted_nonce(request: HttpRequest) -> str:
    """The one-time value that the posted form was drawn with, or a fresh one: 64 hexadecimal digits."""
    nonce = request.POST.get("nonce", "")
    return nonce if re.fullmatch("[0-9a-f]{64}", nonce) else secrets.token_hex(32)
