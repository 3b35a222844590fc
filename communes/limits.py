"""Counting wrong guesses: codes of slips, passwords. No address is stored.

A counter's name is an HMAC that changes every day. When counting fails, for whatever reason, nobody is
refused.
"""

import logging

from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_ratelimit.core import is_ratelimited

logger = logging.getLogger(__name__)


def exceeded(request: HttpRequest, rate: str, *about: object, count: bool) -> bool:
    """Whether more than `rate` (such as "10/15m") of what `about` says were counted; `count` adds one."""
    name = salted_hmac(f"communes.limits {timezone.localdate()}", repr(about)).hexdigest()
    try:
        return bool(
            is_ratelimited(
                request, group="staff", key=lambda _group, _request: name, rate=rate, increment=count
            )
        )
    except Exception as error:  # noqa: BLE001 - a store of counters that fails must not lock all staff out
        logger.error("Limits cannot be counted: %s", type(error).__name__)
        return False
