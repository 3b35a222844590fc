"""The portal's signature for push services (VAPID, RFC 8292): its key, and whom a service asks about it."""

import base64
import re
import time
from collections.abc import Callable
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02
from requests import PreparedRequest

# How long a signature holds, in seconds. A day is the most that services take.
SIGNATURE_LIVES = 12 * 60 * 60
# 32 bytes in base64url, as other tools for Web Push write private keys.
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
_HOST = r"(?:[a-z0-9-]+\.)+(?P<top>[a-z][a-z0-9-]*)"
_CONTACTS = (
    re.compile(rf"mailto:[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_HOST}", re.IGNORECASE),
    re.compile(rf"https://{_HOST}(?:/[^\s<>]*)?", re.IGNORECASE),
)
# Apple answers 403 (BadJwtToken) to a contact that cannot be reached by its name:
# https://github.com/web-push-libs/pywebpush/issues/175
_NOBODY_THERE = {"localhost", "local", "invalid"}


def new_key() -> str:
    """A private key for VAPID_PRIVATE_KEY. Browsers that subscribed under another one no longer ring."""
    secret = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return _base64url(secret.to_bytes(32, "big"))


def is_key(text: str) -> bool:
    return _vapid(text) is not None


def is_contact(text: str) -> bool:
    """Whether every push service takes it: `mailto:it@example.vn` or `https://example.vn/contact/`."""
    found = next((match for pattern in _CONTACTS if (match := pattern.fullmatch(text))), None)
    return found is not None and found["top"].lower() not in _NOBODY_THERE


def is_set_up() -> bool:
    return is_key(settings.VAPID_PRIVATE_KEY) and is_contact(settings.VAPID_CONTACT)


def public_key() -> str:
    """What browsers subscribe with (`applicationServerKey`). Only where `is_set_up`."""
    key = _own().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return _base64url(key)


def signed(origin: str) -> Callable[[PreparedRequest], PreparedRequest]:
    """Signs a request to a push service, as the `auth` of requests. Only where `is_set_up`."""
    claims = {
        "sub": settings.VAPID_CONTACT,
        "aud": origin,
        "exp": int(time.time()) + SIGNATURE_LIVES,
    }
    header = _own().sign(claims)

    def add_to(request: PreparedRequest) -> PreparedRequest:
        request.headers.update(header)
        return request

    return add_to


def _own() -> Vapid02:
    vapid = _vapid(settings.VAPID_PRIVATE_KEY)
    if vapid is None:
        raise ValueError("VAPID_PRIVATE_KEY is no key")
    return vapid


@cache
def _vapid(key: str) -> Vapid02 | None:
    """None for what is no private key."""
    if not _KEY.fullmatch(key):
        return None
    try:
        vapid = Vapid02.from_raw(key.encode())
    except ValueError:  # zero, or above the curve's order
        return None
    # `is_contact` is the stricter check, and lets a contact have a path.
    vapid.conf = {"no-strict": True}
    return vapid


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
