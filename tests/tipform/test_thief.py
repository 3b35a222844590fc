"""Whoever takes the database, the stored files, the backup, the cache and the logs reads nothing of a tip.

Also not with every officer's password, as long as the environment's keyring is not taken, too; and not with
the keyring, as long as nobody's password is. tests/services/test_thief.py steals from real servers.
"""

import base64
import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, override_settings

from tests.conftest import _commune, _unit
from tests.tipform.canaries import found_in
from tests.tipform.day import BROWSER, CHOSEN, MARK, NAME, PHONE, VISITOR, Day
from tests.tipform.officers import log_in
from tests.tipform.residents import stored_objects
from tests.tipform.thief import cells, opens
from tipform import vault
from tipform.box.reporter import find
from tipform.models import Part, PartKey, Tip

pytestmark = pytest.mark.django_db

OLD, NEW = "t1:" + "5a" * 32, "t2:" + "6b" * 32


@dataclass
class Loot:
    day: Day
    folder: Path
    everything: bytes


def browser(*, resident: bool = False) -> Client:
    if resident:
        return Client(enforce_csrf_checks=True, REMOTE_ADDR=VISITOR, HTTP_USER_AGENT=BROWSER)
    return Client()


@pytest.fixture(scope="module")
def loot(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loot]:
    """What there is to be taken after a day, at the end of which the keyring was replaced."""
    folder = tmp_path_factory.mktemp("tips")
    tips = {**settings.STORAGES["tips"], "OPTIONS": {"location": folder, "base_url": None}}
    log, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(log), root.level
    caches["default"].clear()
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(STORAGES={**settings.STORAGES, "tips": tips}, TIP_KEYRING=OLD),
    ):
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        unit = _unit()
        communes = [_commune(unit, name).unit for name in ("Cẩm Trung", "Cẩm Duệ")]
        day = Day(browser, unit, *communes).spend()
        with override_settings(TIP_KEYRING=f"{NEW},{OLD}"):
            call_command("rotate_keyring", stdout=log, stderr=log)
            log_in(day.people["an"], CHOSEN)
            root.removeHandler(handler)
            root.setLevel(level)
            yield Loot(day, folder, everything(folder, log.getvalue()))
        transaction.set_rollback(True)


def everything(folder: Path, log: str) -> bytes:
    """All that can be taken without the environment: rows, sessions, files, cache and logs."""
    taken = [*cells(), log.encode()]
    for place in (folder, Path(settings.VAR_DIR)):
        # The folder of keys stands for the environment.
        files = [file for file in place.rglob("*") if file.is_file() and "keys" not in file.parts]
        taken += [str(file).encode() for file in files] + [file.read_bytes() for file in files]
    cached: dict[str, bytes] = caches["default"]._cache  # type: ignore[attr-defined]  # LocMemCache's own
    taken += [key.encode() for key in cached] + [bytes(value) for value in cached.values()]
    return b"\n".join(taken)


def ring(text: str) -> vault.Keyring:
    return vault.Keyring.parse(text)


def test_nothing_that_was_told_lies_anywhere(loot: Loot) -> None:
    # Film, photo and its copy; three films that were sent, and two that wait. Those taken back are gone.
    assert len(stored_objects(loot.folder)) == 3 + 3 + 2
    assert len(loot.everything) > 200_000
    assert found_in(loot.everything, loot.day.planted) == []


@pytest.mark.parametrize("where", ["row", "session", "file", "file name", "log", "cache"])
def test_the_search_finds_what_lies_there(where: str, tmp_path: Path, db: None) -> None:
    """The test above would be worth nothing if it did not look there."""
    if where == "row":
        connection.cursor().execute("UPDATE django_content_type SET model = %s WHERE id = 1", [f"x{MARK}y"])
    elif where == "session":
        session = SessionStore()
        session["slip"] = MARK
        session.save()
    elif where == "file":
        (tmp_path / "leak").write_text(f"x{MARK}y")
    elif where == "file name":
        (tmp_path / f"{MARK}.jpg").touch()
    elif where == "cache":
        caches["default"].set("key", MARK)
    assert found_in(everything(tmp_path, MARK if where == "log" else ""), [MARK])


@pytest.mark.parametrize(
    "hidden",
    [
        MARK.encode(),
        MARK.encode().hex().encode(),
        base64.b64encode(f"ab{MARK}c".encode()),
        f'{{"text": "{MARK}"}}'.encode("utf-16"),
        json.dumps({"text": f"a{MARK}"}).encode(),
        quote(MARK).encode(),
        b"hoang yen",
        str(MARK.encode()).encode(),
    ],
)
def test_the_search_knows_the_words_in_each_of_their_forms(hidden: bytes) -> None:
    assert found_in(b"\x00\xff" + hidden + b"\x00", [MARK])


def test_with_every_officers_password_but_not_the_keyring_nothing_opens(loot: Loot) -> None:
    without = ring("t1:" + "00" * 32 + ",t2:" + "11" * 32)
    assert opens(loot.day.passwords, without, loot.day.codes) == []


def test_with_the_keyring_but_no_password_nothing_opens(loot: Loot) -> None:
    guessed = ["", "123456", "quantri", CHOSEN + "x"]
    assert opens(guessed, ring(f"{NEW},{OLD}"), ["1234567890123456"]) == []


def test_with_both_it_opens_so_that_the_attempts_are_real(loot: Loot) -> None:
    read = opens(loot.day.passwords, ring(f"{NEW},{OLD}"))
    for words in (*loot.day.told, NAME, PHONE):
        assert any(words in content for content in read), words


def test_a_receipt_code_with_the_keyring_opens_its_own_tip_and_no_other(loot: Loot) -> None:
    code = loot.day.codes[0]
    [text] = [content for content in opens([], ring(f"{NEW},{OLD}"), [code]) if "'message'" in content]
    assert "kêu ở bến đò" in text


def test_of_a_tip_that_was_taken_back_nothing_is_left_for_whoever_has_everything(loot: Loot) -> None:
    assert loot.day.taken_back_code
    assert len(loot.day.taken_back) > 20
    assert found_in(loot.everything, loot.day.taken_back) == []
    tip = Tip.objects.get(status="withdrawn")
    assert not Part.objects.filter(tip=tip).exists()
    assert not PartKey.objects.filter(part__tip=tip).exists()
    read = opens(loot.day.passwords, ring(f"{NEW},{OLD}"), [loot.day.taken_back_code])
    assert not any("xin rút lại" in content or "Cảm ơn" in content for content in read)
    assert find(loot.day.taken_back_code) is None
