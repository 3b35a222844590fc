"""The MACs by which the portal knows the public keys that it made itself."""

import datetime

from .. import vault
from ..keyring import keyring
from ..models import OfficerKey, RecoveryKey, Tip, UnitKey

AnyKey = UnitKey | RecoveryKey | OfficerKey


def identity(key: AnyKey) -> bytes:
    """Whose public key it is, and which generation: what its MAC covers."""
    if isinstance(key, OfficerKey):
        kind, owner = b"officer", str(key.user_id).encode()
    else:
        kind, owner = b"unit" if isinstance(key, UnitKey) else b"recovery", key.unit.uuid.bytes
    return vault.packed(kind, owner, key.generation.to_bytes(4, "big"), bytes(key.public_key))


def sign(key: AnyKey) -> None:
    """Set the MAC under the primary key of the ring; saving is the caller's."""
    ring = keyring()
    key.keyring_id = ring.primary
    key.mac = ring.mac(vault.PUBLIC_MAC, _mac_input(key))


def is_genuine(key: AnyKey) -> bool:
    """Whether the portal itself made the key: a row that somebody wrote into the database has no MAC."""
    return keyring().verify(vault.PUBLIC_MAC, _mac_input(key), bytes(key.mac))


def _mac_input(key: AnyKey) -> bytes:
    """Of a recovery key also that its code was typed back: nobody else can put one in force."""
    if isinstance(key, RecoveryKey) and key.confirmed:
        confirmed = key.confirmed.astimezone(datetime.UTC).isoformat()
        return vault.packed(identity(key), confirmed.encode())
    return identity(key)


def reporter_mac(tip: Tip) -> bytes:
    """The MAC of the reporter's public key, made at submission under the key that his code needs, too."""
    return keyring().mac(vault.ROW_MAC, _reporter(tip), tip.receipt_keyring_id)


def is_reporters(tip: Tip) -> bool:
    """Whether the public key in the tip's row is the one that its reporter was given."""
    return keyring().verify(vault.ROW_MAC, _reporter(tip), bytes(tip.reporter_mac))


def _reporter(tip: Tip) -> bytes:
    return vault.packed(b"reporter", tip.uuid.bytes, tip.received_by.bytes, bytes(tip.reporter_public_key))
