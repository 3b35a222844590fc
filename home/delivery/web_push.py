"""Web Push (RFC 8030): one encrypted message to one browser, by way of its maker's push service.

The service learns that this browser is to ring, and when; never what is in it (RFC 8291).
"""

import base64
import datetime
import re
import time
from collections.abc import Mapping
from typing import Any

import http_ece
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils.http import parse_http_date_safe
from urllib3.exceptions import HTTPError

from . import Answer, Outcome, push_services, vapid

is_set_up = vapid.is_set_up

# A push service takes 4096 bytes, of which encryption needs 103.
LONGEST_MESSAGE = 3993
LONGEST_WAIT = datetime.timedelta(hours=1)
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
# A point of the curve P-256 (65 bytes) and a secret of 16 bytes, as a browser gives them.
_PUBLIC_KEY = re.compile(r"[A-Za-z0-9_-]{87}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{22}")
_GONE = {404, 410}
# 406 is how Microsoft's service says "too many":
# https://learn.microsoft.com/windows/apps/develop/notifications/push-notifications/troubleshooting
_TRY_AGAIN = {406, 408, 429}


def public_key() -> str:
    """The key with which browsers subscribe, base64url; empty where push is not set up."""
    return vapid.public_key() if is_set_up() else ""


def accepts(address: Mapping[str, Any]) -> bool:
    """Whether what a browser says is its address (`endpoint`, `p256dh`, `auth`) is one that can be rung."""
    if not all(isinstance(address.get(name), str) for name in ("endpoint", "p256dh", "auth")):
        return False
    try:
        _encrypted(address, b"")
    except ValueError:
        return False
    return push_services.origin_of(address["endpoint"]) is not None


def send(address: Mapping[str, str], message: bytes, *, topic: str, ttl: int) -> Answer:
    """Ring one browser. Whatever a push service does comes back as an answer.

    While it waits for the browser, `ttl` seconds at most, a later message of the same topic replaces it.
    Raises ValueError for a topic or a message that no service would take.
    """
    if not _TOPIC.fullmatch(topic):
        raise ValueError("a topic has 1 to 32 characters of base64url")
    if len(message) > LONGEST_MESSAGE:
        raise ValueError(f"a message has {LONGEST_MESSAGE} bytes at most")
    if not is_set_up():
        return Answer(Outcome.LATER, word="not-set-up")
    origin = push_services.origin_of(address["endpoint"])
    if origin is None:
        return Answer(Outcome.REFUSED, word="not-allowed")
    try:
        body = _encrypted(address, message)
    except ValueError:
        return Answer(Outcome.REFUSED, word="keys")
    headers = {
        "TTL": str(ttl),
        # Always the same: a service must not learn what is urgent.
        "Urgency": "high",
        "Topic": topic,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
    }
    try:
        with (
            push_services.session() as session,
            session.post(
                address["endpoint"],
                data=body,
                headers=headers,
                auth=vapid.signed(origin),
                timeout=settings.TIMEOUTS["push service"] / 2,  # once to connect, once for the answer
                allow_redirects=False,
                stream=True,  # what it says besides the status is not read
            ) as response,
        ):
            return _answer(response)
    except push_services.NotPublic:
        return Answer(Outcome.LATER, word="address")
    except requests.Timeout:
        return Answer(Outcome.LATER, word="timeout")
    except (requests.RequestException, HTTPError):
        return Answer(Outcome.LATER, word="connection")


def _answer(response: requests.Response) -> Answer:
    status = response.status_code
    if 200 <= status < 300:
        outcome = Outcome.SENT
    elif status in _GONE:
        outcome = Outcome.GONE
    elif status in _TRY_AGAIN or status >= 500:
        wait = _retry_after(response.headers.get("Retry-After", ""))
        return Answer(Outcome.LATER, wait, str(status))
    else:
        outcome = Outcome.REFUSED
    return Answer(outcome, word=str(status))


def _retry_after(text: str) -> datetime.timedelta | None:
    """Seconds or a date (RFC 9110), an hour at most; None for anything else."""
    if re.fullmatch("[0-9]{1,9}", text):
        seconds = int(text)
    elif (date := parse_http_date_safe(text)) is not None:
        seconds = max(0, date - int(time.time()))
    else:
        return None
    return min(datetime.timedelta(seconds=seconds), LONGEST_WAIT)


def _encrypted(address: Mapping[str, str], message: bytes) -> bytes:
    """Raises ValueError for keys that are none."""
    if not _PUBLIC_KEY.fullmatch(address["p256dh"]) or not _SECRET.fullmatch(address["auth"]):
        raise ValueError("no keys")
    encrypted = http_ece.encrypt(
        message,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=base64.urlsafe_b64decode(address["p256dh"] + "="),
        auth_secret=base64.urlsafe_b64decode(address["auth"] + "=="),
        version="aes128gcm",
    )
    return bytes(encrypted)
