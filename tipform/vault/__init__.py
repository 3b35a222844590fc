"""The vault: every key and every sealed byte of the tip line. The formats are in docs/envelope.md.

Its promise: nothing here logs, caches or writes anywhere but into the file it was given; no exception
carries content, a key or a code, neither in its message nor as its context; the ``repr`` of an object
that holds a secret does not show it. It imports PyNaCl and the standard library, never Django.
"""
# ruff: noqa: F401 (these are the package's public names)

from .envelope import Context, new_part_key, open_json, open_key, open_part, seal, seal_json, seal_key
from .errors import KeyringError, OpenError, ReceiptFormatError, RecoveryFormatError, VaultError
from .keyring import (
    AUDIT,
    LIMITS,
    OFFICER_WRAP,
    PUBLIC_MAC,
    RECEIPT,
    ROW_MAC,
    SENT,
    UPLOAD,
    WITHDRAWN,
    Keyring,
)
from .keys import KeyPair, fingerprint, grant, open_grant, unwrap, wrap
from .password import Cost, new_salt, new_secret, password_key
from .primitives import packed
from .receipt import ReceiptKeys, display, new_code, normalise
from .recovery import RecoveryCode
from .stream import CHUNK, SealingWriter, StreamReader
