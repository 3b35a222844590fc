"""Forms that come back with what was typed: the mark of their views, why one was not taken, one-time values.

A posted form may be refused before its view sees it: its token is stale, or its body broke off. A view that
is marked with `keeps_words` is asked all the same. It then finds the reason in `trouble_of(request)`, shows
what was typed, and does nothing. No other view is asked, and the words are lost.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from .served import ServedByView

View = TypeVar("View", bound=Callable[..., Any])


class Trouble(Enum):
    """Why a posted form may only be shown again."""

    STALE = "stale"
    NO_COOKIE = "no-cookie"
    FOREIGN = "foreign"
    UNREAD = "unread"
    TOO_LARGE = "too-large"
    TRUNCATED = "truncated"

    @property
    def status(self) -> int:
        """Of the answer that shows the form again."""
        return {Trouble.UNREAD: 400, Trouble.TRUNCATED: 400, Trouble.TOO_LARGE: 413}.get(self, 403)

    @property
    def to_resident(self) -> Any:
        return TO_RESIDENT[self]

    @property
    def to_staff(self) -> Any:
        return TO_STAFF[self]


@dataclass(frozen=True)
class Mark:
    """What `keeps_words` says of a view."""

    residents: bool


def keeps_words(*, residents: bool = False) -> Callable[[View], View]:
    """Mark a view that asks `trouble_of(request)` or `may_act(request)` before it does anything.

    On a class: `@method_decorator(keeps_words(), name="dispatch")`. A page has the mark of its `view`
    (`home.served`). `residents`: behind the form stands no session that another site could use, so that token
    and cookie are enough where the browser hides from which page it came; and the view itself says which file
    was refused.
    """

    def marked(view: View) -> View:
        view.keeps_words = Mark(residents)  # type: ignore[attr-defined]
        return view

    return marked


def mark_of(request: HttpRequest) -> Mark | None:
    """The mark of the view that answers this address."""
    match = request.resolver_match
    if match is None:
        return None
    view: Any = match.func
    if match.view_name == "wagtail_serve":
        # Wagtail's own view is asked for the path without the language's prefix, and so is this.
        page = Page.find_for_request(request, match.args[0])
        view = type(page).view if isinstance(page, ServedByView) else None
    return getattr(view, "keeps_words", None)


def is_residents(request: HttpRequest) -> bool:
    """Whether the view of this address is marked as a resident's form."""
    mark = mark_of(request)
    return mark is not None and mark.residents


def pass_on(request: HttpRequest, trouble: Trouble) -> bool:
    """Note the trouble, of several the first. True if the view keeps words: the request goes on to it."""
    if trouble_of(request) is None:
        request.trouble = trouble  # type: ignore[attr-defined]
    return mark_of(request) is not None


def trouble_of(request: HttpRequest) -> Trouble | None:
    return getattr(request, "trouble", None)


def may_act(request: HttpRequest) -> bool:
    """Whether what was posted may be done."""
    return request.method == "POST" and trouble_of(request) is None


def posted_nonce(request: HttpRequest) -> str:
    """The one-time value that the posted form was drawn with, or a fresh one: 64 hexadecimal digits."""
    nonce = request.POST.get("nonce", "")
    return nonce if re.fullmatch("[0-9a-f]{64}", nonce) else secrets.token_hex(32)


def new_nonce() -> str:
    """Drawn into a form of staff, so that the form sent twice is carried out once."""
    return secrets.token_urlsafe(16)


NOT_STORED = _("It could NOT be stored: something broke on our side. Please try again, or call.")

TO_RESIDENT = {
    Trouble.STALE: _(
        "Not sent yet: the page was open for too long. What you wrote is still here; press the button again."
    ),
    Trouble.NO_COOKIE: _(
        "NOT sent: this browser does not keep the cookie that the form needs. What you wrote is still here:"
        " allow cookies, or copy it and open the page in another browser. Or call."
    ),
    Trouble.FOREIGN: _(
        "NOT sent: the page was opened at an address that is not ours, or the browser hides at which. What"
        " you wrote is still here: copy it and open the page in another browser. Or call."
    ),
    Trouble.UNREAD: _("NOT sent: what arrived was broken and could not be read. Please write it again."),
    Trouble.TOO_LARGE: _("NOT sent: it was more than can be sent at once. Please send less, or call."),
    Trouble.TRUNCATED: _(
        "NOT sent: the connection broke off before everything had arrived. Please send it again."
    ),
}
TO_STAFF = {
    Trouble.STALE: _("The page had been open for too long. Press the button once more."),
    Trouble.NO_COOKIE: _(
        "Nothing was done: the browser sent no cookie with the form. Press the button once more; if that does"
        " not help, allow cookies."
    ),
    Trouble.FOREIGN: _(
        "Nothing was done: the page was opened at an address that is not the portal's, or the browser hides"
        " at which. What was typed is still here: copy it and open the portal in another browser."
    ),
    Trouble.UNREAD: _("What was sent could not be read. Please send it again."),
    Trouble.TOO_LARGE: _("Too large: choose a smaller photo, or shorten the text, and send again."),
    Trouble.TRUNCATED: _("The connection broke off. Your words are still here: send again."),
}
