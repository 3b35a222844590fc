"""Bare senders: one message to one browser or mail address, and what came of it. They know of no tip.

Nothing of an address, a key or a message gets into a log line or an exception.
"""

import datetime
from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    SENT = "sent"
    # The address is over: forget it.
    GONE = "gone"
    # Try the same again, not before `retry_after`.
    LATER = "later"
    # The same again would be refused again.
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    outcome: Outcome
    # How long the other side asked to be left alone.
    retry_after: datetime.timedelta | None = None
    # For the operator: a status ("429") or what stood in the way ("timeout"). Never anybody's address.
    word: str = ""
