"""An officer's opened key for the time of a session.

The server keeps it encrypted under a secret that lives in a cookie of its own and nowhere else, so that
neither a copy of the session table nor the cookie alone opens anything. It is usable only once the log-in is
complete: until then `request.user` is nobody.
"""

import time
from base64 import b64decode, b64encode
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from .. import vault
from ..models import OfficerKey
from .officers import Opened
from .ring import identity, is_genuine

SLOT = "tip_key"
# How precisely idle time is measured: a session is not written on each request.
SEEN_EVERY = 60


def put(request: HttpRequest, opened: Opened) -> None:
    """Keep the officer's opened key for this session; the middleware sends the cookie."""
    key, private = opened
    secret = vault.new_secret()
    request.session[SLOT] = {
        "key": key.pk,
        "user": key.user_id,
        "sealed": _text(vault.wrap(private, secret, _context(key))),
        "since": time.time(),
        "seen": time.time(),
    }
    request.tip_key_cookie = _text(secret)  # type: ignore[attr-defined]


def get(request: HttpRequest) -> Opened | None:
    """The logged-in officer's key; None when this session holds none, or no longer."""
    slot = request.session.get(SLOT)
    user: Any = request.user
    if not slot or not user.is_authenticated or slot["user"] != user.pk:
        return None
    now = time.time()
    idle, age = now - slot["seen"], now - slot["since"]
    # A clock that was set back ends it, too.
    if not (0 <= idle <= settings.TIP_KEY_IDLE and 0 <= age <= settings.TIP_KEY_LONGEST):
        forget(request)
        return None
    key = OfficerKey.objects.filter(pk=slot["key"], user=user, superseded__isnull=True).first()
    if key is None or not is_genuine(key):
        forget(request)
        return None
    try:
        private = vault.unwrap(_bytes(slot["sealed"]), _secret(request), _context(key))
    except vault.VaultError:
        return None  # another browser's cookie, or none: asking for the password puts it right
    if idle > SEEN_EVERY:
        request.session[SLOT] = {**slot, "seen": now}
    return key, private


def forget(request: HttpRequest) -> None:
    """End what `put` began."""
    if request.session.pop(SLOT, None):
        request.tip_key_cookie = ""  # type: ignore[attr-defined]


def keep(request: HttpRequest, name: str, secret: bytes) -> None:
    """Keep 32 more bytes beside the opened key, encrypted in the same way and ending with it."""
    sealed = _text(vault.wrap(secret, _secret(request), vault.packed(b"kept", name.encode())))
    request.session[SLOT] = {**request.session[SLOT], name: sealed}


def kept(request: HttpRequest, name: str) -> bytes | None:
    """What `keep` was given under this name."""
    sealed = request.session.get(SLOT, {}).get(name)
    if not sealed:
        return None
    try:
        return vault.unwrap(_bytes(sealed), _secret(request), vault.packed(b"kept", name.encode()))
    except vault.VaultError:
        return None


def drop(request: HttpRequest, name: str) -> None:
    """End what `keep` began."""
    slot = request.session.get(SLOT, {})
    if name in slot:
        request.session[SLOT] = {key: value for key, value in slot.items() if key != name}


def _context(key: OfficerKey) -> bytes:
    return vault.packed(b"session", identity(key))


def _secret(request: HttpRequest) -> bytes:
    text = getattr(request, "tip_key_cookie", None) or request.COOKIES.get(settings.TIP_KEY_COOKIE, "")
    return _bytes(text[:64])


def _text(data: bytes) -> str:
    return b64encode(data, b"-_").decode()


def _bytes(text: str) -> bytes:
    """The bytes; none at all for what is not Base64, with which then nothing opens."""
    try:
        return b64decode(text.encode(), b"-_", validate=True)
    except ValueError:
        return b""
