"""The sentences that come with a form given back. Each says first whether anything was sent."""

from django.utils.translation import gettext_lazy as _

TAKEN_BACK = _(
    "NOT sent again: you took this tip back, and it stays erased. What you wrote is still here: send it only"
    " if you want to tell it anew, as a new tip with a new code."
)
SENT = _(
    "This was sent before, and its code was shown then: nothing was sent again. What you wrote is still here."
    " If you have no code, send it once more, as a new tip with a new code."
)
RECEIPT_LATER = _(
    "Your tip is stored, but its receipt cannot be shown just now. Please press the button again: nothing is"
    " stored twice."
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
