"""What was sealed by an earlier build opens in this one, and the document describes it truly.

Each vector is checked twice: by the vault, and by following docs/envelope.md with hashlib, argon2-cffi and
bare libsodium. A vector is never changed: a new version of a format gets a new file.
"""

import hashlib
import io
import json
import re
import unicodedata
from base64 import b32encode, b64encode
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from argon2.low_level import Type, hash_secret_raw
from django.conf import settings
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt as decrypt,
)
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt,
)
from nacl.public import PrivateKey, SealedBox

from communes.models import Unit
from tipform.box.reporter import reporter_context
from tipform.keys import officers, session, signing
from tipform.keys.opening import grant_context
from tipform.keys.ring import identity
from tipform.models import Holding, OfficerKey, Tip, UnitKey
from tipform.vault import (
    AUDIT,
    LIMITS,
    OFFICER_WRAP,
    PUBLIC_MAC,
    RECEIPT,
    Context,
    Cost,
    KeyPair,
    Keyring,
    ReceiptKeys,
    RecoveryCode,
    SealingWriter,
    StreamReader,
    display,
    fingerprint,
    new_code,
    open_grant,
    open_json,
    open_key,
    open_part,
    password_key,
    seal,
    unwrap,
    wrap,
)

VECTORS = Path(__file__).with_name("vectors")


def vector(name: str) -> dict[str, Any]:
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


def raw(value: dict[str, Any], name: str) -> bytes:
    return bytes.fromhex(value[name])


def context_of(value: dict[str, Any]) -> Context:
    fields = value["context"]
    ids = {name: UUID(fields[name]) for name in ("tip", "unit", "part")}
    return Context(**ids, label=fields["label"], version=fields["version"])


def context_by_the_document(value: dict[str, Any]) -> bytes:
    fields = value["context"]
    values = [bytes.fromhex(fields[name].replace("-", "")) for name in ("tip", "unit", "part")]
    values += [fields["label"].encode(), fields["version"].to_bytes(4, "big")]
    return b"".join(len(field).to_bytes(4, "big") + field for field in values)


def blake2b(data: bytes, key: bytes = b"", person: bytes = b"", size: int = 32) -> bytes:
    return hashlib.blake2b(data, digest_size=size, key=key, person=person.ljust(16, b"\0")).digest()


@pytest.mark.parametrize("case", vector("envelope-v1")["parts"], ids=lambda case: case["what"])
def test_a_part_of_version_1(case, monkeypatch):
    sealed, key, plaintext = raw(case, "sealed"), raw(case, "part_key"), case["plaintext"].encode()
    assert context_of(case).encode() == context_by_the_document(case) == raw(case, "context_bytes")
    assert open_part(sealed, context_of(case), key) == plaintext
    assert open_json(sealed, context_of(case), key) == json.loads(plaintext)

    associated = b"part\x01" + context_by_the_document(case)
    padded = decrypt(sealed[25:], associated, sealed[1:25], key)
    assert sealed[0] == 1
    assert len(padded) % (256 if len(padded) <= 2048 else 2048) == 0
    assert padded.rstrip(b"\0") == plaintext + b"\x80"

    monkeypatch.setattr("tipform.vault.primitives.random", lambda size: sealed[1:25])
    assert seal(plaintext, context_of(case), key) == sealed


def test_a_sealed_key_of_version_1():
    case = vector("sealed-key-v1")
    sealed, private = raw(case, "sealed"), raw(case, "private_key")
    assert open_key(sealed, private, context_of(case)) == raw(case, "part_key")

    binding = blake2b(b"pkey\x01" + context_by_the_document(case), size=16)
    assert sealed[0] == 1
    assert SealedBox(PrivateKey(private)).decrypt(sealed[1:]) == raw(case, "part_key") + binding


def test_a_wrapped_key_and_a_fingerprint_of_version_1(monkeypatch):
    case = vector("wrap-v1")
    wrapped, key, private = raw(case, "wrapped"), raw(case, "wrapping_key"), raw(case, "private_key")
    assert unwrap(wrapped, key, raw(case, "context_bytes")) == private

    assert wrapped[0] == 1
    assert decrypt(wrapped[25:], b"wrap\x01" + raw(case, "context_bytes"), wrapped[1:25], key) == private

    monkeypatch.setattr("tipform.vault.primitives.random", lambda size: wrapped[1:25])
    assert wrap(private, key, raw(case, "context_bytes")) == wrapped

    public = PrivateKey(private).public_key.encode()
    number = int.from_bytes(blake2b(public, person=b"fingerprint"), "big") % 10**20
    assert fingerprint(KeyPair(private, public).public) == case["fingerprint"]
    assert case["fingerprint"].replace(" ", "") == f"{number:020d}"


@pytest.mark.parametrize("case", vector("stream-v1")["files"], ids=lambda case: case["what"])
def test_a_file_of_version_1(case, monkeypatch):
    key, prefix = raw(case, "key"), raw(case, "prefix")
    content = bytes(position % 251 for position in range(case["size"]))

    associated = b"file\x01" + context_by_the_document(case)
    numbers = range(max(1, -(-len(content) // 65536)))
    by_the_document = b"\x01" + prefix
    for number in numbers:
        nonce = prefix + number.to_bytes(4, "big") + (b"\1" if number == numbers[-1] else b"\0")
        chunk = content[number * 65536 : (number + 1) * 65536]
        by_the_document += encrypt(chunk, associated, nonce, key)
    assert hashlib.sha256(by_the_document).hexdigest() == case["sealed_sha256"]
    if "sealed" in case:
        assert by_the_document == raw(case, "sealed")

    reader = StreamReader(io.BytesIO(by_the_document), context_of(case), key)
    assert reader.size == case["size"]
    assert b"".join(reader) == content

    monkeypatch.setattr("tipform.vault.stream.random", lambda size: prefix)
    target = io.BytesIO()
    with SealingWriter(target, context_of(case), key) as writer:
        writer.write(content)
    assert target.getvalue() == by_the_document


def test_a_receipt_of_version_1():
    case = vector("receipt-v1")
    keyring = Keyring.parse(f"{case['key_id']}:{case['secret']}")
    nonce = raw(case, "nonce")
    code = new_code(nonce, keyring)
    assert display(code) == case["code"]
    keys = ReceiptKeys.derive(code, keyring, params=case["params"])
    assert keys.lookup == raw(case, "lookup")
    assert keys.wrap_key == raw(case, "wrap_key")

    pepper = blake2b(b"", key=raw(case, "secret"), person=b"receipt")
    joined = len(nonce).to_bytes(4, "big") + nonce
    number = int.from_bytes(blake2b(joined, key=pepper, person=b"receipt-code"), "big")
    assert code == f"{number % 10**16:016d}"
    salt = blake2b(b"\x01", key=pepper, person=b"receipt-salt", size=16)
    stretched = hash_secret_raw(code.encode(), salt, 3, 32 * 1024, 1, 32, Type.ID)
    assert keys.lookup == blake2b(stretched, key=pepper, person=b"receipt-lookup")
    assert keys.wrap_key == blake2b(stretched, key=pepper, person=b"receipt-wrap")


@pytest.mark.parametrize("case", vector("keyring-v1")["labels"], ids=lambda case: case["label"])
def test_a_subkey_and_a_mac_of_version_1(case):
    secret, label, data = raw(case, "secret"), case["label"].encode(), case["data"].encode()
    keyring = Keyring.parse(f"k1:{secret.hex()}")
    assert keyring.subkey(label) == blake2b(b"", key=secret, person=label) == raw(case, "subkey")
    assert (
        keyring.mac(label, data) == blake2b(data, key=raw(case, "subkey"), person=b"mac") == raw(case, "mac")
    )
    assert keyring.verify(label, data, raw(case, "mac"))


@pytest.mark.parametrize("case", vector("password-v1")["cases"], ids=lambda case: case["passes"])
def test_a_password_key_of_version_1(case):
    secret, salt = raw(vector("password-v1"), "secret"), raw(case, "salt")
    cost, keyring = Cost(case["passes"], case["memory"]), Keyring.parse(f"k1:{secret.hex()}")
    assert password_key(case["password"], salt, cost, keyring) == raw(case, "key")

    pepper = blake2b(b"", key=secret, person=b"officer-wrap")
    typed = unicodedata.normalize("NFC", case["password"]).encode()
    stretched = hash_secret_raw(typed, salt, cost.passes, cost.memory // 1024, 1, 32, Type.ID)
    assert blake2b(stretched, key=pepper, person=b"officer-kek") == raw(case, "key")


def test_a_recovery_code_of_version_1():
    case = vector("recovery-v1")
    code = RecoveryCode.parse(case["code"])
    assert code.seed == raw(case, "seed")
    assert code.pair() == KeyPair(raw(case, "private_key"), raw(case, "public_key"))

    check = b32encode(blake2b(code.seed, person=b"recovery-check")).decode()[:4]
    assert case["code"].replace(" ", "") == b32encode(code.seed).decode().strip("=") + check
    private = blake2b(code.seed, person=b"recovery-key")
    assert private == raw(case, "private_key")
    assert PrivateKey(private).public_key.encode() == raw(case, "public_key")


def test_a_granted_key_of_version_1():
    case = vector("grant-v1")
    unit, recipient = raw(case, "private_key"), raw(case, "recipient_private_key")
    context, sealed = raw(case, "context_bytes"), raw(case, "sealed")
    assert open_grant(sealed, recipient, context) == unit

    def identity(kind: bytes, owner: bytes, generation: int, private: bytes) -> bytes:
        public = PrivateKey(private).public_key.encode()
        return by_length(kind, owner, generation.to_bytes(4, "big"), public)

    of_unit = identity(b"unit", raw(case, "unit_uuid"), case["unit_generation"], unit)
    of_officer = identity(b"officer", case["user"].encode(), case["officer_generation"], recipient)
    assert context == by_length(b"grant", of_unit, of_officer)
    unit_key = UnitKey(
        unit=Unit(uuid=UUID(case["unit_uuid"])),
        generation=case["unit_generation"],
        public_key=PrivateKey(unit).public_key.encode(),
    )
    officer_key = OfficerKey(
        user_id=int(case["user"]),
        generation=case["officer_generation"],
        public_key=PrivateKey(recipient).public_key.encode(),
    )
    assert grant_context(unit_key, officer_key) == context
    binding = blake2b(b"grnt\x01" + context, size=16)
    assert SealedBox(PrivateKey(recipient)).decrypt(sealed[1:]) == unit + binding


def by_length(*fields: bytes) -> bytes:
    return b"".join(len(field).to_bytes(4, "big") + field for field in fields)


class Asking:
    """A request with a session and the cookie that opens what it keeps."""

    def __init__(self, kept: bytes, secret: bytes) -> None:
        self.session = {session.SLOT: {"recovery": b64encode(kept, b"-_").decode()}}
        self.COOKIES = {settings.TIP_KEY_COOKIE: b64encode(secret, b"-_").decode()}


@pytest.mark.parametrize("case", vector("identity-v1")["wrapped"], ids=lambda case: case["for"])
def test_whose_a_wrapped_key_is_in_version_1(case):
    """The portal's own rows, made by hand, lead to the same bytes."""
    given = vector("identity-v1")
    public, private, wrapping = (raw(given, name) for name in ("public_key", "private_key", "wrapping_key"))
    key = OfficerKey(user_id=int(given["user"]), generation=given["generation"], public_key=public)
    tip = Tip(uuid=UUID(given["tip"]))
    contexts = {
        "reporter": reporter_context(tip),
        "password": officers._context(key),
        "session": session._context(key),
        "kept": by_length(b"kept", b"recovery"),
    }
    context, sealed = raw(case, "context_bytes"), raw(case, "sealed")
    assert contexts[case["for"]] == context
    assert unwrap(sealed, wrapping, context) == private
    assert decrypt(sealed[25:], b"wrap\x01" + context, sealed[1:25], wrapping) == private
    if case["for"] == "kept":
        assert session.kept(Asking(sealed, wrapping), "recovery") == private


def test_an_identity_and_its_mac_of_version_1():
    given = vector("identity-v1")
    public, user = raw(given, "public_key"), given["user"]
    key = OfficerKey(user_id=int(user), generation=given["generation"], public_key=public)
    by_the_document = by_length(b"officer", user.encode(), given["generation"].to_bytes(4, "big"), public)
    assert identity(key) == by_the_document == raw(given, "identity")
    keyring = Keyring.parse(f"k1:{given['secret']}")
    assert keyring.mac(PUBLIC_MAC, identity(key)) == raw(given, "mac")
    subkey = blake2b(b"", key=raw(given, "secret"), person=b"public-mac")
    assert blake2b(by_the_document, key=subkey, person=b"mac") == raw(given, "mac")


def test_a_signed_row_of_version_1(settings):
    given = vector("row-v1")
    settings.TIP_KEYRING = f"{given['keyring_id']}:{given['secret']}"
    row = Holding(
        version=UUID(given["version"]),
        keyring_id=given["keyring_id"],
        tip=Tip(pk=1, uuid=UUID(given["tip"])),
        unit=Unit(pk=1, uuid=UUID(given["unit"])),
        until=given["until"],
        mac=raw(given, "mac"),
    )
    by_the_document = (
        '["tipform.holding", [["version", "' + given["version"] + '"], ["keyring_id", "v1"], '
        '["tip_id", "' + given["tip"] + '"], ["unit_id", "' + given["unit"] + '"], ["until", "2026-11-23"]]]'
    )
    assert signing.said(row).decode() == by_the_document == given["said"]
    assert signing.is_signed(row)
    row.until = None
    assert not signing.is_signed(row)


def test_every_format_and_every_version_of_the_document_has_a_vector():
    document = (Path(__file__).parents[2] / "docs" / "envelope.md").read_text(encoding="utf-8")
    described = {heading.lower() for heading in re.findall(r"^## (.+), version \d+$", document, re.M)}
    formats = " ".join(json.loads(path.read_text())["format"].lower() for path in VECTORS.glob("*.json"))
    assert len(described) >= 8
    for name in described:
        # "Sealed part" stands as "part" in the oldest vectors, which never change.
        assert name in formats or name.removeprefix("sealed ") in formats, name
    versions = set(re.findall(r"version (\d+)", formats))
    assert versions == set(re.findall(r"^## .+, version (\d+)$", document, re.M))
    assert {label.decode() for label in (OFFICER_WRAP, PUBLIC_MAC, RECEIPT, LIMITS, AUDIT)} <= {
        case["label"] for case in vector("keyring-v1")["labels"]
    }
