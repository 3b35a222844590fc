"""The environment's keyring: the secrets of the setting TIP_KEYRING."""

from functools import cache

from django.conf import settings

from . import vault


@cache
def _parsed(text: str) -> vault.Keyring:
    return vault.Keyring.parse(text)


def keyring() -> vault.Keyring:
    """The keyring of today. Raises vault.KeyringError, which names the setting."""
    return _parsed(settings.TIP_KEYRING)
