"""The vault's promise: it depends on libsodium only, writes nowhere, and its failures carry no content."""

import ast
import base64
import io
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

import tipform.vault as vault
from tipform.vault import (
    Context,
    Cost,
    KeyPair,
    Keyring,
    ReceiptKeys,
    RecoveryCode,
    SealingWriter,
    StreamReader,
    VaultError,
)

SOURCES = sorted(Path(vault.__file__).parent.glob("*.py"))
STANDARD = {
    "collections",
    "contextlib",
    "dataclasses",
    "base64",
    "json",
    "os",
    "re",
    "threading",
    "typing",
    "unicodedata",
    "uuid",
}

CANARY = "Chim Hoàng Yến 0912345678"
SECRET = bytes(range(100, 132))
CODE = "9081726354455463"
CONTEXT = Context(tip=uuid4(), unit=uuid4(), part=uuid4(), label="message", version=1)
KEYRING = Keyring.parse(f"k1:{SECRET.hex()}")
RECOVERY = RecoveryCode(SECRET)


def imports_of(file: Path) -> set[str]:
    """The packages that a file imports by their full names."""
    imported = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            imported.add(str(node.module).split(".")[0])
    return imported


def test_the_vault_imports_only_pynacl_and_a_few_standard_modules():
    for source in SOURCES:
        assert imports_of(source) <= STANDARD | {"nacl"}
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Name) and node.id in {"print", "open", "input", "breakpoint"})


# What Web Push demands of a server, and addresses of staff, which nobody tells in private.
OUTSIDE_THE_VAULT = {"home/at_rest.py", "home/delivery/vapid.py", "home/delivery/web_push.py"}


def test_cryptography_is_in_the_vault_alone_and_is_pynacl_alone():
    """What is hashed elsewhere for want of a name is no secret; nobody else encrypts, signs or stretches."""
    root = Path(vault.__file__).parents[2]
    others = {"cryptography", "Crypto", "Cryptodome", "OpenSSL", "jwt", "jose", "gnupg", "argon2", "bcrypt"}
    folders = [root / name for name in ("tipform", "home", "communes", "site", "deploy")]
    files = [file for folder in folders for file in folder.rglob("*.py")]
    assert len(files) > 150
    for file in files:
        if str(file.relative_to(root)) in OUTSIDE_THE_VAULT:
            continue
        imported = imports_of(file)
        assert not imported & (others | {"hmac", "ssl"}), file
        assert "nacl" not in imported or file in SOURCES, file


def test_the_vault_works_without_django():
    code = "import sys, tipform.vault; sys.exit('django' in sys.modules)"
    root = Path(vault.__file__).parents[2]
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True)


def test_the_vault_stays_small_enough_to_be_read_in_one_sitting():
    assert sum(len(source.read_text(encoding="utf-8").splitlines()) for source in SOURCES) <= 700


def flip(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def sealed_file(content: bytes) -> bytes:
    target = io.BytesIO()
    with SealingWriter(target, CONTEXT, SECRET) as writer:
        writer.write(content)
    return target.getvalue()


def failures() -> dict[str, Callable[[], object]]:
    content, pair = CANARY.encode(), KeyPair(SECRET, KeyPair.generate().public)
    sealed, sealed_key = vault.seal(content, CONTEXT, SECRET), vault.seal_key(SECRET, pair.public, CONTEXT)
    not_text = vault.seal(content + b"\xff", CONTEXT, SECRET)
    long_file = flip(sealed_file(content * 10_000))
    elsewhere = replace(CONTEXT, version=2)
    return {
        "part altered": lambda: vault.open_part(flip(sealed), CONTEXT, SECRET),
        "part moved": lambda: vault.open_part(sealed, elsewhere, SECRET),
        "part under a wrong key": lambda: vault.open_part(sealed, CONTEXT, SECRET[1:]),
        "part not text": lambda: vault.open_json(not_text, CONTEXT, SECRET),
        "part not json": lambda: vault.open_json(sealed, CONTEXT, SECRET),
        "part too long": lambda: vault.seal(content * 100_000, CONTEXT, SECRET),
        "part sealed with a bad key": lambda: vault.seal(content, CONTEXT, SECRET[1:]),
        "half a surrogate": lambda: vault.seal_json({"text": CANARY + "\ud800"}, CONTEXT, SECRET),
        "not to be written as json": lambda: vault.seal_json({CANARY: {CANARY}}, CONTEXT, SECRET),
        "a number out of json": lambda: vault.seal_json({CANARY: float("inf")}, CONTEXT, SECRET),
        "key of another": lambda: vault.open_key(sealed_key, SECRET, CONTEXT),
        "key cut short": lambda: vault.open_key(sealed_key[:40], SECRET, CONTEXT),
        "key sealed badly": lambda: vault.seal_key(SECRET, bytes(32), CONTEXT),
        "wrap altered": lambda: vault.unwrap(flip(vault.wrap(SECRET, SECRET, b"")), SECRET, b""),
        "wrap of half a key": lambda: vault.wrap(SECRET[1:], SECRET, b""),
        "file altered": lambda: list(StreamReader(io.BytesIO(long_file), CONTEXT, SECRET)),
        "file moved": lambda: StreamReader(io.BytesIO(sealed_file(content)), elsewhere, SECRET),
        "file sealed with a bad key": lambda: SealingWriter(io.BytesIO(), CONTEXT, SECRET[1:]).close(),
        "code mistyped": lambda: vault.normalise(CODE + "x"),
        "code mistyped at look-up": lambda: ReceiptKeys.derive(CODE[1:], KEYRING),
        "code mistyped in print": lambda: vault.display(CODE[1:]),
        "nonce too short": lambda: vault.new_code(SECRET[:8], KEYRING),
        "recovery code mistyped": lambda: RecoveryCode.parse(" ".join(RECOVERY.groups)[:-1] + "1"),
        "recovery code cut short": lambda: RecoveryCode.parse(" ".join(RECOVERY.groups[1:])),
        "recovery code too long": lambda: RecoveryCode.parse(" ".join(RECOVERY.groups) * 10),
        "grant moved": lambda: vault.open_grant(vault.grant(SECRET, pair.public, b"x"), SECRET, b"y"),
        "grant to no key": lambda: vault.grant(SECRET, bytes(32), b"x"),
        "pair of half a key": lambda: KeyPair.of(SECRET[1:]),
        "password at no cost": lambda: vault.password_key(CANARY, SECRET[:16], Cost(0, 0), KEYRING),
        "password at any cost": lambda: vault.password_key(CANARY, SECRET[:16], Cost(3, 2**40), KEYRING),
        "password without salt": lambda: vault.password_key(CANARY, b"", Cost(1, 8192), KEYRING),
        "keyring malformed": lambda: Keyring.parse(f"k1:{SECRET.hex()},{SECRET.hex()}"),
    }


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and all that hangs on it, also what ``from None`` only hides."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("what", failures())
def test_a_failure_carries_no_content_key_or_code_and_logs_nothing(what, caplog, capfd):
    with caplog.at_level(logging.DEBUG), pytest.raises((VaultError, ValueError)) as caught:
        failures()[what]()
    assert isinstance(caught.value, VaultError)
    forbidden = [CANARY, repr(CANARY.encode())[2:-1], CANARY.encode().hex(), CODE, CODE[1:]]
    forbidden += RECOVERY.groups
    forbidden += [SECRET.hex()[2:], repr(SECRET[1:])[2:-1], base64.b64encode(CANARY.encode()).decode()[:-4]]
    for error in chain(caught.value):
        shown = f"{error} {error!r} {error.args!r} {vars(error)!r}"
        assert not [text for text in forbidden if text in shown]
    assert not caplog.records
    assert capfd.readouterr() == ("", "")
