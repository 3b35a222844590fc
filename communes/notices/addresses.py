"""Where a member of staff wants mail: entered and confirmed by himself, shown to nobody else.

It is no way into the account: nothing is ever reset by it.
"""

import datetime
from typing import Any

from django.core.signing import BadSignature, TimestampSigner
from django.utils import timezone
from django.utils.crypto import salted_hmac

from home.at_rest import Unreadable, decrypt, encrypt

from ..models import MailAddress

LINK_LIVES = datetime.timedelta(hours=24)

_signer = TimestampSigner(salt=__name__)


def enter(user: Any, address: str) -> str:
    """Keep it, unconfirmed, in place of the one before. Returns the token of the mail that confirms it."""
    MailAddress.objects.update_or_create(
        user=user, defaults={"sealed": encrypt(address), "confirmed_at": None}
    )
    return _signer.sign(f"{user.pk}.{_digest(address)}")


def awaits(user: Any, token: str) -> bool:
    """Whether this token, not older than 24 hours, confirms the address that `user` has entered last."""
    try:
        named = _signer.unsign(token, max_age=LINK_LIVES)
    except BadSignature:
        return False
    address = address_of(user.pk)
    return address is not None and named == f"{user.pk}.{_digest(address)}"


def confirm(user: Any, token: str) -> bool:
    """What he pressed in the mail's link. False where the link is over, or another's."""
    if not awaits(user, token):
        return False
    MailAddress.objects.filter(user=user, confirmed_at=None).update(confirmed_at=timezone.now())
    return True


def remove(user: Any) -> None:
    MailAddress.objects.filter(user=user).delete()


def address_of(user_id: int) -> str | None:
    """As he entered it, confirmed or not; None also where the key that sealed it is gone."""
    return _read(MailAddress.objects.filter(user=user_id).first())


def confirmed_address(user_id: int) -> str | None:
    """Where his mail goes."""
    return _read(MailAddress.objects.filter(user=user_id, confirmed_at__isnull=False).first())


def _read(row: MailAddress | None) -> str | None:
    try:
        return decrypt(row.sealed) if row else None
    except Unreadable:
        return None


def _digest(address: str) -> str:
    # It stands in a link, which must not tell the address to whoever guesses.
    return salted_hmac(__name__, address).hexdigest()[:32]
