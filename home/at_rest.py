"""Small texts that lie encrypted in the database: addresses of people and of their phones.

Under the environment's keyring, so that a copy of the database alone tells none of them.
"""

import base64
from functools import cache
from hashlib import blake2b

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """No key of the ring opens it: it was altered, or made under a key that is gone."""


@cache
def _keys(keyring: str) -> MultiFernet:
    # What the setting must look like is checked where the vault reads it.
    secrets = [bytes.fromhex(entry.strip().rpartition(":")[2]) for entry in keyring.split(",")]
    derived = [blake2b(key=secret, digest_size=32, person=b"at-rest").digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])


def encrypt(text: str) -> str:
    """Under the ring's first key. What it gives tells the text's length and the minute."""
    return _keys(settings.TIP_KEYRING).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Raises Unreadable."""
    try:
        return _keys(settings.TIP_KEYRING).decrypt(token.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


def renew(token: str) -> str:
    """The same text under the ring's first key. Raises Unreadable."""
    try:
        return _keys(settings.TIP_KEYRING).rotate(token.encode()).decode()
    except InvalidToken:
        raise Unreadable from None
