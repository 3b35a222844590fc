"""Forms that come back with what was typed: their one-time values, and why they were not taken."""

import re
import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


def posted_nonce(request: HttpRequest) -> str:
    """The one-time value that the posted form was drawn with, or a fresh one: 64 hexadecimal digits."""
    nonce = request.POST.get("nonce", "")
    return nonce if re.fullmatch("[0-9a-f]{64}", nonce) else secrets.token_hex(32)


def new_nonce() -> str:
    """Drawn into a form of staff, so that the form sent twice is carried out once."""
    return secrets.token_urlsafe(16)


STALE = _(
    "Not sent yet: the page was open for too long. What you wrote is still here; press the button again."
)
NO_COOKIE = _(
    "NOT sent: this browser does not keep the cookie that the form needs. What you wrote is still here: allow"
    " cookies, or copy it and open the page in another browser. Or call."
)
TRUNCATED = _("NOT sent: the connection broke off before everything had arrived. Please send it again.")
UNREAD = _("NOT sent: it was more than can be sent at once, or it arrived broken.")
NOT_STORED = _("It could NOT be stored: something broke on our side. Please try again, or call.")


def why_refused(request: HttpRequest, words: Any = STALE) -> Any:
    """Why the form's token was refused: `words`, but without its cookie sending again would fail for ever."""
    return words if settings.CSRF_COOKIE_NAME in request.COOKIES else NO_COOKIE
