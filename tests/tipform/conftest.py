"""Tips of every kind, as the form stores them."""

import io
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from communes.models import Unit
from communes.roles import officer_units
from tests.conftest import PASSWORD
from tests.tipform.officers import (
    ensure_unit_key,
    give_birth,
    grant,
    log_in,
    new_officer,
    own_digits,
    unlocked,
)
from tests.tipform.residents import Resident
from tests.tipform.uploading import FILM, Phone
from tipform.box.file_types import type_of
from tipform.box.receiving import Attachment, Submission, submit
from tipform.keys.officers import make
from tipform.kinds import ANSWERS
from tipform.models import Category, Tip

MESSAGE = "Đêm qua có hai tàu hút cát dưới chân cầu."
REPORTER = {"name": "Người Báo Tin", "phone": "0900000001"}


@pytest.fixture
def send_tip() -> Callable[..., Tip]:
    """Send a tip to a unit, whose key is made if need be; keywords as of Submission, and its answers."""

    def send(unit: Unit, **values: Any) -> Tip:
        ensure_unit_key(unit)
        defaults: dict[str, Any] = {"kind": "tip", "category": None}
        if values.get("kind", "tip") == "tip":
            defaults["category"] = Category.objects.get(slug="illegal-sand-mining")
        answers = {name: values.pop(name) for name in ANSWERS if name in values}
        submission = Submission(answers={"message": MESSAGE, **answers}, **{**defaults, **values})
        submit(unit, submission, secrets.token_bytes(16))
        return Tip.objects.latest("pk")

    return send


@pytest.fixture
def tip(commune: Any, send_tip: Callable[..., Tip]) -> Tip:
    """A tip to xã Cẩm Trung, with the reporter's name and number and a photo."""
    return send_tip(
        commune.unit,
        place="Thôn 4",
        occurred="đêm qua",
        attachments=[attachment(photo(), "tau.jpg")],
        **REPORTER,
    )


def photo(colour: str = "navy") -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(content, "JPEG", comment=b"SECRET-PLACE")
    return content.getvalue()


def attachment(content: bytes, name: str) -> Attachment:
    type_ = type_of(io.BytesIO(content))
    assert type_
    return Attachment(name=name, type=type_, size=len(content), file=io.BytesIO(content))


@pytest.fixture
def as_user() -> Callable[[Any], Client]:
    """A browser in which this user is logged in; an officer through the page, so that he can read."""

    def log_in(user: Any) -> Client:
        if officer_units(user).exists():
            return unlocked(user)
        client = Client()
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def officer(commune: Any) -> Any:
    return new_officer("truc", commune.unit)


@pytest.fixture
def colleague(commune: Any) -> Any:
    """An officer beside `officer`, who waits for the key as long as nobody grants it."""
    return new_officer("truc-2", commune.unit)


@pytest.fixture
def reader(commune: Any, officer: Any) -> Client:
    """The browser in which `officer` opened the box of his commune."""
    client = log_in(officer)
    give_birth(client, commune.unit)
    return client


@pytest.fixture
def second_reader(commune: Any, reader: Client, colleague: Any) -> Client:
    """The browser of `colleague`, to whom the officer in `reader` granted the key."""
    client = log_in(colleague)
    grant(reader, commune.unit, colleague, own_digits(client))
    return client


@pytest.fixture
def second_officer(commune: Any) -> Any:
    """A colleague of `officer` in the same commune."""
    from communes.models import Membership, User

    user = User.objects.create_user("truc-2")
    Membership.objects.create(user=user, unit=commune.unit, role="officer")
    return user


@pytest.fixture
def resident(commune: Any) -> Resident:
    """A resident of xã Cẩm Trung, whose tip box is open."""
    ensure_unit_key(commune.unit)
    return Resident()


@pytest.fixture
def sealed_folder(own_files: Path) -> Path:
    """The folder of the storage `tips`."""
    return own_files / "tips"


@pytest.fixture
def unit_officer(unit: Any) -> Any:
    """A tip officer of the unit above; its box is open, and he holds its key."""
    from communes.models import Membership, User

    user = User.objects.create_user("truc-huyen")
    Membership.objects.create(user=user, unit=unit, role="officer")
    ensure_unit_key(unit)
    unlocked(user)
    return user


@pytest.fixture
def thief(other_commune: Any) -> Any:
    """An officer of the next commune, who has a key of his own and can write to the database."""
    user = new_officer("ke-gian", other_commune.unit)
    make(user, PASSWORD)
    return user


@pytest.fixture
def phone(db: None) -> Phone:
    """A phone that has begun to send FILM ahead of a form."""
    phone = Phone()
    phone.create(len(FILM))
    return phone
