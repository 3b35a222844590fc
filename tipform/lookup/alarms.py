"""The sentences at the look-up. Each says first whether anything was done."""

from django.utils.translation import gettext_lazy as _

STALE = _("The page was open for too long. What you wrote is still here; press the button again.")
ASK = _(
    "Not opened yet: many wrong codes came from this network just now. Please answer one question, then press"
    " the button again. What you wrote is still here."
)
WRONG_ANSWER = _(
    "Not opened yet: this answer is not right, or too old. Please answer the question below, then press the"
    " button again. What you wrote is still here."
)
WAIT = _(
    "Not opened yet: several people of this network are looking up at this very moment. Please wait a few"
    " seconds, then press the button again. What you wrote is still here."
)
BROKEN = _("The tip cannot be opened just now: something broke on our side. Please try again, or call.")
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
