"""Rows of a tip that was handed on, moved about by somebody who writes to the database: all are refused."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.tipform.conftest import MESSAGE
from tests.tipform.officers import asked_by, hand, read
from tipform import vault
from tipform.box import sealing
from tipform.keys import private_keys
from tipform.models import Part, PartKey, Tip

pytestmark = pytest.mark.django_db

Log = Callable[[Any], Client]


@pytest.fixture
def handed(officer: Any, unit: Any, unit_officer: Any, tip: Tip, as_user: Log) -> Tip:
    """The commune's tip with all its parts but the identity, handed on to the unit above."""
    file = f"file:{tip.parts.get(label='file').uuid}"
    assert hand(as_user(officer), tip, unit, parts=["message", "place", file]).status_code == 302
    return Tip.objects.get(pk=tip.pk)


@pytest.fixture
def keys(handed: Tip, unit_officer: Any, unit: Any) -> sealing.Keys:
    return private_keys(asked_by(unit_officer), unit)


def opened(tip: Tip, keys: sealing.Keys, label: str) -> list[sealing.OpenedPart]:
    return sealing.open_parts(tip, keys, tip.parts.filter(label=label).prefetch_related("keys"))


def row(tip: Tip, label: str, keys: sealing.Keys) -> PartKey:
    return PartKey.objects.get(part__tip=tip, part__label=label, unit_key__in=keys)


def test_what_was_handed_on_opens_for_the_receiver(handed: Tip, keys: sealing.Keys) -> None:
    assert opened(handed, keys, "message")[0].content["message"] == MESSAGE
    assert not opened(handed, keys, "identity")


def test_another_units_row_does_not_open_with_this_units_key(handed: Tip, keys: sealing.Keys) -> None:
    """The row that the commune has for the identity, written under the receiver's name."""
    [own_key] = keys
    PartKey.objects.filter(part__tip=handed, part__label="identity").exclude(unit_key=None).update(
        unit_key=own_key
    )
    with pytest.raises(vault.OpenError):
        opened(handed, keys, "identity")


def test_the_reporters_row_does_not_open_with_a_units_key(handed: Tip, keys: sealing.Keys) -> None:
    [own_key] = keys
    PartKey.objects.filter(part__tip=handed, part__label="identity", unit_key=None).update(unit_key=own_key)
    with pytest.raises(vault.OpenError):
        opened(handed, keys, "identity")


@pytest.mark.parametrize("other", ["place", "file", "header"])
def test_a_row_moved_to_another_part_is_refused(other: str, handed: Tip, keys: sealing.Keys) -> None:
    moved = row(handed, other, keys).sealed_key
    PartKey.objects.filter(pk=row(handed, "message", keys).pk).update(sealed_key=moved)
    with pytest.raises(vault.OpenError):
        opened(handed, keys, "message")


def test_a_part_moved_under_another_is_refused(handed: Tip, keys: sealing.Keys) -> None:
    place = handed.parts.get(label="place")
    Part.objects.filter(tip=handed, label="message").update(sealed=place.sealed)
    with pytest.raises(vault.OpenError):
        opened(handed, keys, "message")


def test_a_part_with_its_row_moved_to_another_tip_is_refused(
    handed: Tip, keys: sealing.Keys, unit: Any, send_tip: Callable[..., Tip]
) -> None:
    other = send_tip(unit, message="Một tin khác")
    other.parts.filter(label="message").delete()
    Part.objects.filter(tip=handed, label="message").update(tip=other)
    with pytest.raises(vault.OpenError):
        opened(other, keys, "message")


@pytest.mark.parametrize("changed", ["version", "label", "uuid", "unit"])
def test_a_part_of_another_version_label_id_or_unit_is_refused(
    changed: str, handed: Tip, keys: sealing.Keys, unit: Any
) -> None:
    message = Part.objects.filter(tip=handed, label="message")
    if changed == "version":
        message.update(version=2)
    elif changed == "label":
        handed.parts.filter(label="place").delete()
        message.update(label="place")
    elif changed == "uuid":
        message.update(uuid=uuid4())
    else:  # as if the unit that holds it now had been the first to receive it
        Tip.objects.filter(pk=handed.pk).update(received_by=unit.uuid)
    tip = Tip.objects.get(pk=handed.pk)
    with pytest.raises(vault.OpenError):
        opened(tip, keys, "place" if changed == "label" else "message")


def test_a_file_put_in_anothers_place_is_refused(
    handed: Tip, keys: sealing.Keys, unit: Any, send_tip: Callable[..., Tip]
) -> None:
    view = Part.objects.get(tip=handed, label="view")
    Part.objects.filter(tip=handed, label="file").update(object_name=view.object_name)
    [file] = opened(handed, keys, "file")
    with pytest.raises(vault.OpenError):
        b"".join(sealing.open_file(file))


def test_a_swapped_part_is_one_plain_line_on_the_receivers_page(
    handed: Tip, keys: sealing.Keys, unit_officer: Any, as_user: Log
) -> None:
    place = handed.parts.get(label="place")
    Part.objects.filter(tip=handed, label="message").update(sealed=place.sealed)
    page = read(as_user(unit_officer), handed)
    assert "1 phần của tin này không mở được" in page
    assert "Thôn 4" in page and MESSAGE not in page
    assert "Không được gửi kèm đến đơn vị mình" not in page
