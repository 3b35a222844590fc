"""What somebody can read who took the database, with what else he has: passwords, keyring, receipt codes."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterable

from django.contrib.sessions.models import Session
from django.db import connection

from tipform import vault
from tipform.box import sealing
from tipform.box.reporter import reporter_context
from tipform.keys.opening import grant_context
from tipform.keys.ring import identity
from tipform.keys.session import SLOT
from tipform.models import KeyGrant, OfficerKey, Part, PartKey, RecoveryKey, RecoveryWrap, Tip, UnitKey

LABELS = (vault.OFFICER_WRAP, vault.PUBLIC_MAC, vault.RECEIPT, vault.LIMITS, vault.AUDIT, vault.UPLOAD)


def cells() -> list[bytes]:
    """Every cell of every row of every table; of a session also what stands in it."""
    found: list[bytes] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                for cell in row:
                    found.append(bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode())
    return found + [str(session.get_decoded()).encode() for session in Session.objects.all()]


def opens(passwords: Iterable[str], keyring: vault.Keyring, codes: Iterable[str] = ()) -> list[str]:
    """Whatever can be read of any tip, in the end, with these and the rows."""
    secrets = {
        *_lying_about(),
        *(keyring.subkey(label, key_id) for label in LABELS for key_id in keyring.ids),
    }
    private = _private_keys(secrets) | _of_officers(passwords, keyring, secrets)
    private |= _granted(private)
    private |= _of_reporters(codes, keyring, secrets)
    return [*_read_with_private_keys(private), *_read_with_part_keys(secrets)]


def _lying_about() -> set[bytes]:
    """Everything of 32 bytes that stands in a row, raw, in hexadecimal or in Base64."""
    found = set()
    for cell in cells():
        if len(cell) == 32:
            found.add(cell)
        for text in re.findall(rb"[0-9a-f]{64}", cell):
            found.add(bytes.fromhex(text.decode()))
        for text in re.findall(rb"[A-Za-z0-9+/_-]{43}=", cell):
            try:
                found.add(b64decode(text.replace(b"-", b"+").replace(b"_", b"/")))
            except Error:
                continue
    return {secret for secret in found if len(secret) == 32}


def _private_keys(secrets: Iterable[bytes]) -> dict[bytes, bytes]:
    """Those of the secrets that are a private key or a recovery code, by their public key."""
    known = {
        bytes(key.public_key) for model in (UnitKey, OfficerKey, RecoveryKey) for key in model.objects.all()
    }
    known |= {bytes(tip.reporter_public_key) for tip in Tip.objects.all()}
    pairs = [vault.KeyPair.of(secret) for secret in secrets]
    pairs += [vault.RecoveryCode(secret).pair() for secret in secrets]
    return {pair.public: pair.private for pair in pairs if pair.public in known}


def _of_officers(
    passwords: Iterable[str], keyring: vault.Keyring, secrets: Iterable[bytes]
) -> dict[bytes, bytes]:
    found = {}
    for key in OfficerKey.objects.all():
        cost, context = vault.Cost(key.passes, key.memory), vault.packed(b"password", identity(key))
        wrapping = list(secrets)
        for password in passwords:
            wrapping += [
                vault.password_key(password, bytes(key.salt), cost, keyring, one) for one in keyring.ids
            ]
        wrapped = [(bytes(key.wrapped_private_key), context)]
        for session in Session.objects.all():
            sealed = session.get_decoded().get(SLOT, {}).get("sealed", "")
            wrapped.append((b64decode(sealed, b"-_"), vault.packed(b"session", identity(key))))
        for sealed_key, bound in wrapped:
            for secret in wrapping:
                try:
                    found[bytes(key.public_key)] = vault.unwrap(sealed_key, secret, bound)
                except vault.OpenError:
                    continue
    return found


def _granted(private: dict[bytes, bytes]) -> dict[bytes, bytes]:
    """The private keys of units that open with those of officers and of recovery codes."""
    found = {}
    grants = KeyGrant.objects.select_related("unit_key__unit", "officer_key")
    wraps = RecoveryWrap.objects.select_related("unit_key__unit", "recovery_key__unit")
    rows = [(row.unit_key, row.officer_key, row.sealed_private_key) for row in grants]
    rows += [(row.unit_key, row.recovery_key, row.sealed_private_key) for row in wraps]
    for unit_key, recipient, sealed in rows:
        own = private.get(bytes(recipient.public_key))
        if own and bytes(sealed):
            found[bytes(unit_key.public_key)] = vault.open_grant(
                bytes(sealed), own, grant_context(unit_key, recipient)
            )
    return found


def _of_reporters(
    codes: Iterable[str], keyring: vault.Keyring, secrets: Iterable[bytes]
) -> dict[bytes, bytes]:
    wrapping = [*secrets]
    for code in codes:
        wrapping += [vault.ReceiptKeys.derive(code, keyring, key_id).wrap_key for key_id in keyring.ids]
    found = {}
    for tip in Tip.objects.all():
        for secret in wrapping:
            try:
                wrapped = bytes(tip.reporter_wrapped_key)
                found[bytes(tip.reporter_public_key)] = vault.unwrap(wrapped, secret, reporter_context(tip))
            except vault.OpenError:
                continue
    return found


def _read_with_private_keys(private: dict[bytes, bytes]) -> list[str]:
    read = []
    for row in PartKey.objects.select_related("part__tip", "unit_key"):
        public = row.unit_key.public_key if row.unit_key else row.part.tip.reporter_public_key
        if bytes(public) in private:
            context = sealing.context_of(row.part)
            part_key = vault.open_key(bytes(row.sealed_key), private[bytes(public)], context)
            read.append(str(vault.open_json(bytes(row.part.sealed), context, part_key)))
    return read


def _read_with_part_keys(secrets: Iterable[bytes]) -> list[str]:
    read = []
    for part in Part.objects.select_related("tip"):
        for secret in secrets:
            try:
                read.append(str(vault.open_json(bytes(part.sealed), sealing.context_of(part), secret)))
            except vault.OpenError:
                continue
    return read
