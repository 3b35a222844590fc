"""How much one network may send: first a price, and a refusal only where no village comes.

A village can share one address, and a carrier puts thousands of subscribers behind one, so nobody is
banned. No address is stored: a counter's name is an HMAC that changes every day. When counting fails, for
whatever reason, form and look-up stay open.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from django.conf import settings
from django.core.cache import caches
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
WRONG_CODES = "60/h"  # from one network: then a plain question before each code; there are 10**16 codes
LOOKUPS_AT_ONCE = 3  # of one network, in all processes: fewer than a server has threads
LOOKUP_LEASE = 30  # seconds until the place of a look-up that was killed is free again
UPLOADS_HARD = "600/h"  # files that one network lets wait for their forms
RECOVERIES_HARD = "30/h"  # attempts at a recovery code from one network; nobody guesses 256 bits
RETRY_AFTER = 15 * 60  # seconds
RETRY_LOOKUP_AFTER = 5  # seconds


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


def lookup_asks(request: HttpRequest) -> bool:
    """Whether so many wrong codes came from the network that a question goes before the next code."""
    return _over(request, "wrong codes", WRONG_CODES, count=False)


def count_wrong_code(request: HttpRequest) -> None:
    """Count one code that opened nothing. Right ones and what is no code at all are not counted."""
    _over(request, "wrong codes", WRONG_CODES)


@contextmanager
def place_at_lookup(request: HttpRequest) -> Iterator[bool]:
    """Hold one of the network's LOOKUPS_AT_ONCE places while a code is tried; False if none is free.

    Trying a code costs Argon2, which goes one at a time: without this bound one network could have all
    threads wait for it.
    """
    taken, free = _take_place(request)
    try:
        yield free
    finally:
        if taken:
            _leave_place(taken)


def _take_place(request: HttpRequest) -> tuple[str, bool]:
    """The place taken, an empty name if none was, and whether to go on."""
    try:
        name = _name(request, "look-up")
        if name is None:
            return "", True
        for number in range(LOOKUPS_AT_ONCE):
            place = f"{name}:{number}"
            if caches[settings.RATELIMIT_USE_CACHE].add(place, 1, LOOKUP_LEASE):
                return place, True
    except Exception as error:  # noqa: BLE001 - as below
        logger.error("Look-ups cannot be counted: %s", type(error).__name__)
        return "", True
    return "", False


def _leave_place(place: str) -> None:
    try:
        caches[settings.RATELIMIT_USE_CACHE].delete(place)
    except Exception as error:  # noqa: BLE001 - it is free again after LOOKUP_LEASE
        logger.error("A look-up's place cannot be given back: %s", type(error).__name__)


def upload_refused(request: HttpRequest) -> bool:
    """Count one file that is to wait for its form and say whether it is one too many."""
    return _over(request, "uploads", UPLOADS_HARD)


def recovery_refused(request: HttpRequest) -> bool:
    """Count one attempt at a recovery code and say whether it is one too many."""
    return _over(request, "recoveries", RECOVERIES_HARD)


def _name(request: HttpRequest, scope: str) -> str | None:
    """What the network is called today for this purpose; None if nothing tells the network."""
    where = network(request)
    if where is None:
        return None
    day = timezone.localdate().isoformat()
    return keyring().mac(vault.LIMITS, vault.packed(day.encode(), where, scope.encode())).hex()


def _over(request: HttpRequest, scope: str, rate: str, *, count: bool = True) -> bool:
    """Whether more than `rate` came from the network, this one included if it is to `count`."""
    try:
        name = _name(request, scope)
        if name is None:
            return False
        return bool(
            is_ratelimited(
                request, group="tipform", key=lambda _group, _request: name, rate=rate, increment=count
            )
        )
    except Exception as error:  # noqa: BLE001 - a store of counters that fails must not close the tip line
        logger.error("Limits cannot be counted: %s", type(error).__name__)
        return False
