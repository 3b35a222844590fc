"""Browsers that ring, for the tests."""

import base64
import itertools
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from communes.models import PushSubscription
from communes.notices.subscriptions import subscribe

_numbers = itertools.count(1)


def address(name: str = "") -> dict[str, str]:
    """As a browser gives it that has subscribed at Google's service."""
    name = name or f"browser-{next(_numbers)}"
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {
        "endpoint": f"https://fcm.googleapis.com/fcm/send/{name}",
        "p256dh": base64.urlsafe_b64encode(point).decode().rstrip("="),
        "auth": base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("="),
    }


def browser_of(user: Any, heard_at: Any = None, device: str = "Chrome, Android") -> PushSubscription:
    row = subscribe(user, address(), device)
    row.heard_at = heard_at
    row.save()
    return row
