"""The browsers that ring for a member of staff: which they are, and whether they have rung.

An address leads to somebody's phone, so it lies encrypted, and nobody but its owner sees that it is there.
"""

import json
from hashlib import sha256
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone

from home.at_rest import decrypt, encrypt
from home.delivery import web_push

from ..models import PushSubscription

MOST = 10
PARTS = ("endpoint", "p256dh", "auth")

_signer = Signer(salt=__name__)


def subscribe(user: Any, address: dict[str, str], device: str) -> PushSubscription:
    """Let this browser ring for `user`, and for nobody it rang for before. The oldest beyond ten goes.

    `address` has endpoint, p256dh and auth. Raises ValueError where a ring would be refused there.
    """
    if not web_push.accepts(address):
        raise ValueError("not the address of a browser that can be rung")
    endpoint, kept = address["endpoint"], {name: address[name] for name in PARTS}
    with transaction.atomic():
        known = PushSubscription.objects.filter(digest=digest_of(endpoint)).first()
        row = known or PushSubscription(digest=digest_of(endpoint))
        if row.user_id != user.pk:
            row.user, row.heard_at, row.made_at = user, None, timezone.now()
        row.sealed, row.device = encrypt(json.dumps(kept)), device[:80]
        row.save()
        own = PushSubscription.objects.filter(user=user).exclude(pk=row.pk).order_by("-made_at", "-pk")
        too_many = list(own.values_list("pk", flat=True)[MOST - 1 :])
        PushSubscription.objects.filter(pk__in=too_many).delete()
    return row


def digest_of(endpoint: str) -> str:
    """By which a browser is found again."""
    return sha256(endpoint.encode()).hexdigest()


def address_of(row: PushSubscription) -> dict[str, str]:
    """Endpoint, p256dh and auth. Raises home.at_rest.Unreadable."""
    found: dict[str, str] = json.loads(decrypt(row.sealed))
    return found


def ack_token(row: PushSubscription) -> str:
    """What a ring carries, so that the browser can tell that it rang."""
    return _signer.sign(str(row.pk))


def acknowledge(token: str) -> bool:
    """Note that the browser has rung. False for a token of nobody, or of a browser that is gone."""
    try:
        pk = int(_signer.unsign(token))
    except (BadSignature, ValueError):
        return False
    return bool(PushSubscription.objects.filter(pk=pk).update(heard_at=timezone.now()))
