"""How much one network may send: first a price, and a refusal only where no village comes.

A village can share one address, and a carrier puts thousands of subscribers behind one, so nobody is
banned. No address is stored: a counter's name is an HMAC that changes every day. When counting fails, for
whatever reason, the form stays open.
"""

import logging
from enum import Enum

from django.http import HttpRequest
from django.utils import timezone
from django_ratelimit.core import is_ratelimited

from communes.models import Unit
from home.visitors import network

from . import vault
from .keyring import keyring

logger = logging.getLogger(__name__)

SUBMISSIONS_SOFT = "15/10m"  # from one network to one commune: then a plain question
SUBMISSIONS_HARD = "300/h"  # from one network in all
LOOKUPS_HARD = "300/h"  # from one network; there are 10**16 codes
RECOVERIES_HARD = "30/h"  # attempts at a recovery code from one network; nobody guesses 256 bits
RETRY_AFTER = 15 * 60  # seconds


class Level(Enum):
    OPEN = "open"
    ASK = "ask"
    REFUSE = "refuse"


def submission_level(request: HttpRequest, unit: Unit) -> Level:
    """Count one valid submission to `unit` and say what to do with it."""
    if _over(request, "submissions", SUBMISSIONS_HARD):
        return Level.REFUSE
    if _over(request, f"submissions:{unit.uuid}", SUBMISSIONS_SOFT):
        return Level.ASK
    return Level.OPEN


def lookup_refused(request: HttpRequest) -> bool:
    """Count one use of the look-up and say whether it is one too many."""
    return _over(request, "lookups", LOOKUPS_HARD)


def recovery_refused(request: HttpRequest) -> bool:
    """Count one attempt at a recovery code and say whether it is one too many."""
    return _over(request, "recoveries", RECOVERIES_HARD)


def _over(request: HttpRequest, scope: str, rate: str) -> bool:
    try:
        where = network(request)
        if where is None:
            return False
        day = timezone.localdate().isoformat()
        name = keyring().mac(vault.LIMITS, vault.packed(day.encode(), where, scope.encode())).hex()
        return bool(
            is_ratelimited(
                request, group="tipform", key=lambda _group, _request: name, rate=rate, increment=True
            )
        )
    except Exception as error:  # noqa: BLE001 - a store of counters that fails must not close the tip line
        logger.error("Limits cannot be counted: %s", type(error).__name__)
        return False
