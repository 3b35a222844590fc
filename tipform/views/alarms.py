"""The sentences that come with a form given back. Each says first whether anything was sent."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

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
TAKEN_BACK = _(
    "NOT sent again: you took this tip back, and it stays erased. What you wrote is still here: send it only"
    " if you want to tell it anew, as a new tip with a new code."
)
EXPIRED = _(
    "Not sent: this page was open for more than a week. What you wrote is still here: send it if you want to"
    " tell it now, as a new tip with a new code. If you took it back earlier, it stays erased."
)
BUSY = _(
    "NOT sent: a great many messages came from this network just now. Please try again in a while, or call."
)
ASK = _("Not sent yet: many messages come from this network just now. Please answer one question, then send.")
WRONG_ANSWER = _("Not sent yet: that is not the answer. Please answer once more, then send.")
LOOKUP_STALE = _("The page was open for too long. What you wrote is still here; press the button again.")
LOOKUP_ASK = _(
    "Not opened yet: many wrong codes came from this network just now. Please answer one question, then press"
    " the button again. What you wrote is still here."
)
LOOKUP_WRONG_ANSWER = _(
    "Not opened yet: this answer is not right, or too old. Please answer the question below, then press the"
    " button again. What you wrote is still here."
)
LOOKUP_WAIT = _(
    "Not opened yet: several people of this network are looking up at this very moment. Please wait a few"
    " seconds, then press the button again. What you wrote is still here."
)
LOOKUP_BROKEN = _(
    "The tip cannot be opened just now: something broke on our side. Please try again, or call."
)
BAD_CODE = _("A receipt code has 16 digits. Please compare digit by digit.")
WITHDRAWN_OR_UNKNOWN = _(
    "No tip has this code. If you have just taken it back, that is done and nothing is left of it."
)
OTHER_READERS = _(
    "Not sent yet: meanwhile the tip has gone to other readers, who are named below. What you wrote is still"
    " here; press the button again if they may read it."
)
NOT_UP = _(
    "NOT sent: this tip cannot be sent to the unit above now. What you wrote is still here. You can write it"
    " to the unit in charge, or call."
)
NOT_WITHDRAWN = _("NOT taken back: something broke on our side. Please try again, or call.")
UNKNOWN_CODE = _("No tip has this code. Please compare digit by digit.")


def stale(request: HttpRequest, words: Any = STALE) -> Any:
    """Why the form's token was refused: `words`, but without its cookie sending again would fail for ever."""
    return words if settings.CSRF_COOKIE_NAME in request.COOKIES else NO_COOKIE
