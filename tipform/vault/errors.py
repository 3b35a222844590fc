"""What the vault raises. No message holds content, a key, a code or any input."""


class VaultError(Exception):
    """Base of the vault's errors; raised itself for an argument that cannot be sealed (size, form)."""


class OpenError(VaultError):
    """Sealed data cannot be opened: wrong key, altered, moved, cut short or of an unknown version."""

    def __init__(self) -> None:
        # One message for every cause: which check failed helps only an attacker.
        super().__init__("Sealed data cannot be opened")


class KeyringError(VaultError):
    """The setting TIP_KEYRING is missing, malformed or lacks a key that a record was made with."""


class ReceiptFormatError(VaultError, ValueError):
    """What was typed is not a receipt code. The message does not repeat it."""


class RecoveryFormatError(VaultError, ValueError):
    """What was typed is not a recovery code. The message does not repeat it."""
