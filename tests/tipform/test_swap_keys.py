"""Keys and files moved from one owner to another by somebody who writes to the database: all are refused."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client

from communes.models import CommunePage
from tests.conftest import PASSWORD
from tests.tipform.conftest import MESSAGE, photo
from tests.tipform.officers import (
    asked_by,
    content,
    file_of,
    give_birth,
    grant,
    key_page,
    log_in,
    new_officer,
    own_digits,
    page,
    read,
    thread_of,
)
from tests.tipform.residents import Resident, code_on, named, tells
from tipform import vault
from tipform.box import sealing
from tipform.box.reporter import find
from tipform.keys import private_keys
from tipform.keys.officers import newest, unlock_existing
from tipform.models import KeyGrant, OfficerKey, Part, PartKey, RecoveryWrap, Tip, UnitKey

pytestmark = pytest.mark.django_db


@pytest.fixture
def codes(reader: Client, commune: CommunePage) -> list[str]:
    """Of two tips to one commune, each with a photo."""
    files = [named(photo(), f"{number}.jpg") for number in (1, 2)]
    return [code_on(Resident().send(message=f"Tin {file.name}", attachments=[file])) for file in files]


@pytest.fixture
def pair(codes: list[str]) -> tuple[Tip, Tip]:
    first, second = Tip.objects.order_by("pk")
    return first, second


@pytest.mark.parametrize("label", ["header", "message", "place", "identity", "file", "view"])
@pytest.mark.parametrize("who", ["unit", "reporter"])
def test_the_same_parts_row_of_another_tip_is_refused(
    label: str,
    who: str,
    codes: list[str],
    pair: tuple[Tip, Tip],
    commune: CommunePage,
    reader: Client,
    officer: Any,
) -> None:
    first, second = pair
    rows = PartKey.objects.filter(part__label=label, unit_key__isnull=who == "reporter")
    rows.filter(part__tip=first).update(sealed_key=rows.get(part__tip=second).sealed_key)
    reporter = find(codes[0])
    assert reporter
    keys: sealing.Keys = {None: reporter.private_key}
    if who == "unit":
        keys = private_keys(asked_by(officer, reader), commune.unit)
    with pytest.raises(vault.OpenError):
        sealing.open_parts(first, keys, first.parts.filter(label=label).prefetch_related("keys"))


@pytest.mark.parametrize("label", ["header", "message", "place", "identity", "file", "view"])
def test_a_part_with_its_rows_in_another_tips_place_is_refused(
    label: str, pair: tuple[Tip, Tip], commune: CommunePage, reader: Client, officer: Any
) -> None:
    first, second = pair
    first.parts.filter(label=label).delete()
    Part.objects.filter(tip=second, label=label).update(tip=first)
    keys = private_keys(asked_by(officer, reader), commune.unit)
    with pytest.raises(vault.OpenError):
        sealing.open_parts(first, keys, first.parts.filter(label=label).prefetch_related("keys"))
    response = reader.get(thread_of(first))
    assert "2.jpg" not in response.content.decode()


@pytest.mark.parametrize("label", ["file", "view"])
@pytest.mark.parametrize("damage", ["another tip's", "cut short", "grown", "a chunk of another's", "gone"])
def test_a_stored_file_that_is_not_the_parts_own_is_given_out_to_nobody(
    label: str, damage: str, pair: tuple[Tip, Tip], reader: Client
) -> None:
    first, second = pair
    own, other = (tip.parts.get(label=label) for tip in pair)
    assert content(reader.get(file_of(first, label)))
    with storages["tips"].open(own.object_name) as file:
        sealed = file.read()
    with storages["tips"].open(other.object_name) as file:
        foreign = file.read()
    storages["tips"].delete(own.object_name)
    if damage == "another tip's":
        Part.objects.filter(pk=own.pk).update(object_name=other.object_name)
    elif damage != "gone":
        damaged = {"cut short": sealed[:-1], "grown": sealed + b"\0"}.get(damage, sealed[:20] + foreign[20:])
        storages["tips"].save(own.object_name, ContentFile(damaged))
    assert reader.get(file_of(first, label)).status_code == 404


@pytest.mark.parametrize("label", ["file", "view"])
def test_a_stored_file_is_sealed_under_a_label_of_its_own(
    label: str, pair: tuple[Tip, Tip], commune: CommunePage, reader: Client, officer: Any
) -> None:
    """It has its part's key, so its context must be another one."""
    first, _second = pair
    keys = private_keys(asked_by(officer, reader), commune.unit)
    parts = first.parts.filter(label=label).prefetch_related("keys")
    [opened] = sealing.open_parts(first, keys, parts)
    own = sealing.context_of(opened.part)
    with storages["tips"].open(opened.part.object_name) as file:
        with pytest.raises(vault.OpenError):
            vault.StreamReader(file, own, opened.key)
        content_of_it = vault.StreamReader(file, replace(own, label=f"{label}-content"), opened.key)
        assert len(b"".join(content_of_it)) == opened.content["size"]


def test_a_reporters_wrapped_key_of_another_tip_is_refused(reader: Client, commune: CommunePage) -> None:
    code = code_on(Resident().send(message="Tin một"))
    first = Tip.objects.get()
    second = tells(commune.unit)
    Tip.objects.filter(pk=first.pk).update(reporter_wrapped_key=second.reporter_wrapped_key)
    with pytest.raises(vault.OpenError):
        find(code)
    response = Resident().look_up(code)
    assert response.status_code == 503
    assert "Tin một" not in response.content.decode()


def test_a_code_does_not_open_the_tip_to_which_its_lookup_was_moved(
    reader: Client, commune: CommunePage
) -> None:
    """Whoever has a code of his own and writes to the database still opens only his own tip."""
    victim = tells(commune.unit)
    code = code_on(Resident().send(message="Tin của kẻ gian"))
    own = Tip.objects.latest("pk")
    lookup, wrapped = own.receipt_lookup, own.reporter_wrapped_key
    own.delete()
    Tip.objects.filter(pk=victim.pk).update(receipt_lookup=lookup, reporter_wrapped_key=wrapped)
    with pytest.raises(vault.OpenError):
        find(code)


@pytest.fixture
def neighbour(other_commune: CommunePage) -> Client:
    client = log_in(new_officer("lang-gieng", other_commune.unit))
    give_birth(client, other_commune.unit)
    return client


def test_a_grant_written_under_another_officers_name_opens_nothing(
    commune: CommunePage, reader: Client, officer: Any, colleague: Any
) -> None:
    tip, waits = tells(commune.unit), log_in(colleague)
    given = KeyGrant.objects.get(officer_key__user=officer)
    KeyGrant.objects.create(
        unit_key=given.unit_key, officer_key=newest(colleague), sealed_private_key=given.sealed_private_key
    )
    assert MESSAGE not in page(waits, thread_of(tip), 403)


@pytest.mark.parametrize("moved", ["the grant", "the sealed key alone"])
def test_a_grant_of_one_commune_opens_nothing_of_another(
    moved: str,
    commune: CommunePage,
    other_commune: CommunePage,
    reader: Client,
    neighbour: Client,
    officer: Any,
) -> None:
    tip = tells(commune.unit)
    own = KeyGrant.objects.get(unit_key__unit=commune.unit)
    other = KeyGrant.objects.get(unit_key__unit=other_commune.unit)
    if moved == "the grant":
        other.officer_key, other.unit_key = own.officer_key, own.unit_key
        own.delete()
        other.save()
    else:
        KeyGrant.objects.filter(pk=own.pk).update(sealed_private_key=other.sealed_private_key)
    assert MESSAGE not in page(reader, thread_of(tip), 403)


def test_a_grant_of_another_generation_opens_nothing(
    commune: CommunePage, reader: Client, officer: Any, colleague: Any
) -> None:
    second = log_in(colleague)
    grant(reader, commune.unit, colleague, own_digits(second))
    colleague.memberships.get().delete()
    tip = tells(commune.unit)
    old, new = UnitKey.objects.filter(unit=commune.unit).order_by("generation")
    mine = KeyGrant.objects.filter(officer_key__user=officer)
    mine.filter(unit_key=new).update(sealed_private_key=mine.get(unit_key=old).sealed_private_key)
    assert MESSAGE not in read(reader, tip)
    # Not even as a wrong key, which would be found out only when nothing opens with it.
    assert list(private_keys(asked_by(officer, reader), commune.unit)) == [old.pk]


def test_an_officers_wrapped_key_under_another_officers_name_does_not_open(
    commune: CommunePage, reader: Client, officer: Any, colleague: Any
) -> None:
    """Both have the same password; even the salt is copied."""
    log_in(colleague)
    fields = ("wrapped_private_key", "salt", "passes", "memory", "pepper_id")
    own = OfficerKey.objects.get(user=officer)
    OfficerKey.objects.filter(user=colleague).update(**{name: getattr(own, name) for name in fields})
    assert unlock_existing(officer, PASSWORD)
    assert unlock_existing(colleague, PASSWORD) is None


def test_a_session_of_another_officer_opens_nothing(
    commune: CommunePage, reader: Client, officer: Any, colleague: Any
) -> None:
    tip, other = tells(commune.unit), log_in(colleague)
    session = other.session
    session["tip_key"] = {**reader.session["tip_key"], "user": colleague.pk}
    session.save()
    other.cookies["tipkey"] = reader.cookies["tipkey"].value
    assert MESSAGE not in page(other, thread_of(tip), 403)
    session["tip_key"] = {**session["tip_key"], "key": newest(colleague).pk}
    session.save()
    assert MESSAGE not in page(other, thread_of(tip), 403)


def test_a_recovery_wrap_of_another_unit_or_generation_opens_nothing(
    commune: CommunePage, other_commune: CommunePage, officer: Any, neighbour: Client
) -> None:
    client = log_in(officer)
    groups = give_birth(client, commune.unit)
    own = RecoveryWrap.objects.get(unit_key__unit=commune.unit)
    other = RecoveryWrap.objects.get(unit_key__unit=other_commune.unit)
    RecoveryWrap.objects.filter(pk=own.pk).update(sealed_private_key=other.sealed_private_key)
    response = client.post(key_page("recover", commune.unit), {"code": " ".join(groups)})
    assert "không mở được gì" in response.content.decode()
