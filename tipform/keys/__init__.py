"""Who can open what is told: units' and officers' keys, from birth to rotation.

A unit's private key exists only sealed to its officers' keys and to its recovery code; an officer's private
key only wrapped under his password and a pepper of the environment. `private_keys` is the one door to a
unit's private key: it opens in the session of an officer who logged in, and nowhere else.
"""
# ruff: noqa: F401 (these are the package's public names)

from ..keyring import keyring
from .current import current_key
from .opening import KeyAwaited, KeyLocked, private_keys, require
