"""Whoever takes the database, the stored files, the backup, the cache and the logs reads nothing of a tip.

Also not with every officer's password, as long as the environment's keyring is not taken, too; and not with
the keyring, as long as nobody's password is.
"""

import base64
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.cache import caches
from django.db import connection
from PIL import Image

from communes.models import CommunePage
from tests.conftest import PASSWORD
from tests.tipform.conftest import photo
from tests.tipform.officers import give_birth, log_in, page, press, read
from tests.tipform.residents import Resident, code_on, hidden_fields, named
from tipform import sealing, vault
from tipform.keys.opening import grant_context
from tipform.keys.ring import identity
from tipform.models import KeyGrant, OfficerKey, PartKey, RecoveryWrap, Tip

pytestmark = pytest.mark.django_db

TEXT = "Chim hoàng yến kêu ở bến đò lúc nửa đêm, ai cũng nghe"
ANSWER = "Cán bộ trả lời chim hoàng yến bằng lời dài"
AGAIN = "Người báo viết thêm về chim hoàng yến"
NAME, PHONE = "Hoàng Yến Báo Tin", "0912345679"
FILE_NAME = "hoang-yen-ben-do.jpg"
COMMENT = "hoang-yen-trong-anh"
LATITUDE = "18.2468101"


def _picture() -> bytes:
    """A photo that says in its metadata where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = COMMENT
    exif.get_ifd(0x8825)[0x001D] = LATITUDE
    content = io.BytesIO()
    Image.open(io.BytesIO(photo())).save(content, "JPEG", exif=exif, comment=COMMENT.encode())
    return content.getvalue()


@pytest.fixture
def day(
    commune: CommunePage, officer: Any, sealed_folder: Path, caplog: Any
) -> tuple[list[bytes], list[Tip]]:
    """A day's traffic; what was planted in it, and the tip."""
    caplog.set_level(logging.DEBUG)
    client = log_in(officer)
    groups = give_birth(client, commune.unit)
    resident, content = Resident(), _picture()
    response = resident.send(
        message=TEXT,
        place=f"{TEXT} ({LATITUDE})",
        contact="callback",
        name=NAME,
        phone=PHONE,
        attachments=[named(content, FILE_NAME)],
    )
    code = code_on(response)
    assert code
    tip = Tip.objects.get()
    assert tip.parts.filter(label="file").exists()
    read(client, tip)
    assert press(client, tip, "reply", text=ANSWER).status_code == 302
    assert NAME in press(client, tip, "identity").content.decode()
    shown = " ".join(code[start : start + 4] for start in range(0, 16, 4))
    hidden = resident.look_up(shown).content.decode()
    assert ANSWER in hidden
    written = resident.client.post(
        "/tra-cuu/", {**hidden_fields(hidden), "code": code, "message": AGAIN}
    ).content.decode()
    assert AGAIN in written
    assert AGAIN in read(client, tip)
    page(client, "/admin/tips/")
    planted = [TEXT, ANSWER, NAME, PHONE, FILE_NAME, COMMENT, LATITUDE, code, shown, "".join(groups)]
    return [text.encode() for text in planted] + [content[100:160], PASSWORD.encode()], [tip]


def forms_of(canary: bytes) -> Iterator[bytes]:
    """How the same words may lie in a file."""
    yield canary
    yield canary.hex().encode()
    for shift in range(3):
        # Somewhere inside a longer Base64 text, at each of its three positions.
        encoded = base64.b64encode(b"x" * shift + canary)
        yield encoded[4 if shift else 0 : len(encoded) // 4 * 4 - 4]
        yield base64.urlsafe_b64encode(b"x" * shift + canary)[4 if shift else 0 : len(encoded) // 4 * 4 - 4]
    try:
        text = canary.decode()
    except UnicodeDecodeError:
        return
    yield text.encode("utf-16-le")
    yield text.encode("utf-16-be")
    yield json.dumps(text)[1:-1].encode()
    yield ascii(text)[1:-1].encode()


def loot(caplog: Any, sealed_folder: Path) -> bytes:
    """Everything that can be taken without the environment."""
    taken = [_database(), caplog.text.encode()]
    folders = [sealed_folder, Path(django_settings.VAR_DIR)]
    for folder in folders:
        taken += [
            file.read_bytes() for file in folder.rglob("*") if file.is_file() and "keys" not in file.parts
        ]
        taken += [str(file).encode() for file in folder.rglob("*")]
    cached: dict[str, bytes] = caches["default"]._cache  # what LocMemCache keeps
    taken += [key.encode() for key in cached]
    taken += [bytes(value) for value in cached.values()]
    return b"\n".join(taken)


def _database() -> bytes:
    """Every row of every table, that of the sessions included."""
    cells: list[bytes] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                for cell in row:
                    cells.append(bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode())
    from django.contrib.sessions.models import Session

    cells += [json.dumps(session.get_decoded()).encode() for session in Session.objects.all()]
    assert len(cells) > len(apps.get_models())
    return b"\n".join(cells)


def test_nothing_that_was_told_lies_anywhere(
    day: tuple[list[bytes], list[Tip]], caplog: Any, sealed_folder: Path
) -> None:
    planted, _tips = day
    taken = loot(caplog, sealed_folder)
    assert len(list(sealed_folder.rglob("*"))) > 2
    for canary in planted:
        for form in forms_of(canary):
            assert len(form) >= 6
            assert form not in taken, (canary, form)


def test_the_search_finds_what_lies_there(sealed_folder: Path, caplog: Any) -> None:
    """The search is tried on what was put there on purpose, in each of its forms."""
    sealed_folder.mkdir()
    for number, form in enumerate(forms_of(TEXT.encode())):
        (sealed_folder / f"leak-{number}").write_bytes(b"\x00\xff" + form + b"\x00")
    taken = loot(caplog, sealed_folder)
    assert all(form in taken for form in forms_of(TEXT.encode()))
    caches["default"].set("key", TEXT)
    assert TEXT.encode() in loot(caplog, sealed_folder.parent / "nothing")


def _try_everything(tip: Tip, passwords: list[str], keyring: vault.Keyring) -> list[str]:
    """All that a thief could do with the rows, these passwords and this keyring; what he reads in the end."""
    unit_keys: dict[int | None, bytes] = {}
    for officer_key in OfficerKey.objects.all():
        for password in passwords:
            cost = vault.Cost(officer_key.passes, officer_key.memory)
            key_ids = [officer_key.pepper_id, *keyring.ids]
            for key_id in key_ids:
                try:
                    kek = vault.password_key(password, bytes(officer_key.salt), cost, keyring, key_id)
                    context = vault.packed(b"password", identity(officer_key))
                    private = vault.unwrap(bytes(officer_key.wrapped_private_key), kek, context)
                except vault.VaultError:
                    continue
                for grant in KeyGrant.objects.filter(officer_key=officer_key).select_related(
                    "unit_key__unit"
                ):
                    context = grant_context(grant.unit_key, officer_key)
                    unit_keys[grant.unit_key_id] = vault.open_grant(
                        bytes(grant.sealed_private_key), private, context
                    )
    for secret in _guesses(keyring):
        for wrap in RecoveryWrap.objects.select_related("unit_key__unit", "recovery_key__unit"):
            try:
                context = grant_context(wrap.unit_key, wrap.recovery_key)
                unit_keys[wrap.unit_key_id] = vault.open_grant(
                    bytes(wrap.sealed_private_key), secret, context
                )
            except vault.VaultError:
                continue
        for row in PartKey.objects.all():
            try:
                vault.open_key(bytes(row.sealed_key), secret, sealing.context_of(row.part))
            except vault.VaultError:
                continue
            return ["opened by a secret of the environment"]
    return [str(part.content) for part in sealing.open_parts(tip, unit_keys, tip.parts.all())]


def _guesses(keyring: vault.Keyring) -> list[bytes]:
    labels = (vault.OFFICER_WRAP, vault.PUBLIC_MAC, vault.RECEIPT, vault.LIMITS, vault.AUDIT)
    return [keyring.subkey(label, key_id) for key_id in keyring.ids for label in labels]


def test_with_every_officers_password_but_not_the_keyring_nothing_opens(
    day: tuple[list[bytes], list[Tip]], settings: Any
) -> None:
    _planted, [tip] = day
    without = vault.Keyring.parse(f"{settings.TIP_KEYRING.split(':')[0]}:{'00' * 32}")
    assert _try_everything(tip, [PASSWORD], without) == []


def test_with_the_keyring_but_no_password_nothing_opens(
    day: tuple[list[bytes], list[Tip]], settings: Any
) -> None:
    _planted, [tip] = day
    keyring = vault.Keyring.parse(settings.TIP_KEYRING)
    assert _try_everything(tip, ["", "123456", "quantri", PASSWORD + "x"], keyring) == []


def test_with_both_it_opens_so_that_the_attempts_are_real(
    day: tuple[list[bytes], list[Tip]], settings: Any
) -> None:
    _planted, [tip] = day
    opened = _try_everything(tip, [PASSWORD], vault.Keyring.parse(settings.TIP_KEYRING))
    assert any(TEXT in content for content in opened)
    assert any(NAME in content for content in opened)
