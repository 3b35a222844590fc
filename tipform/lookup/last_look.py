"""What is new since the reporter looked last, by the audit log alone: no column tells at which hour he came.

Of each look the log has its day, its sitting, and the last part of the tip that was shown.
"""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.utils import timezone

from .. import audit
from ..models import AuditEntry, Tip

Action = AuditEntry.Action

# A page that is older begins another sitting: what it marked as new has been seen by then.
SITTING = timedelta(minutes=30)

# A number drawn by lot, with the time at which it was drawn.
_DRAWN = TimestampSigner(salt="tipform.sitting")


@dataclass(frozen=True)
class LastLook:
    """The last look before this sitting: it saw the audit log up to `entry`, the parts up to `part`."""

    day: date
    entry: int
    part: int


def sitting_of(posted: str) -> str:
    """The sitting that a form of the look-up carries along, or a new one.

    Sending, looking again, and the same form sent anew because no answer came are all of one sitting.
    """
    try:
        _DRAWN.unsign(posted, max_age=SITTING)
    except BadSignature:
        return _DRAWN.sign(secrets.token_hex(8))
    return posted


def record_look(tip: Tip, sitting: str, shown: int) -> None:
    """Note in the audit log that the reporter was shown the parts up to that id."""
    audit.record(tip, Action.REPORTER_READ, detail=f"{_name(sitting)}:{shown}")


def last_look(tip: Tip, sitting: str) -> LastLook | None:
    """The last look before this sitting began; None if there was none. The sitting's own is recorded."""
    before = None
    looks = AuditEntry.objects.filter(tip=tip.uuid, action=Action.REPORTER_READ).exclude(detail="")
    for look in looks.order_by("pk"):
        name, _colon, shown = look.detail.partition(":")
        if name == _name(sitting):
            break
        before = LastLook(timezone.localdate(look.at), look.pk, int(shown))
    return before


def _name(sitting: str) -> str:
    return sitting.partition(":")[0]


def status_changed(tip: Tip, look: LastLook) -> bool:
    """Whether an officer has set another status than the tip had at that look."""
    then, now = "", ""
    acts = AuditEntry.objects.filter(tip=tip.uuid, action__in=(Action.STATUS_SET, Action.TAKEN_OVER))
    for act in acts.order_by("pk"):
        # To the unit that takes it over the tip is new, which the hand-over says already.
        now = act.detail if act.action == Action.STATUS_SET else ""
        if act.pk < look.entry:
            then = now
    return bool(now) and now != then
