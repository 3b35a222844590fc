"""After somebody left, open tips move to the new key, a batch at each visit, whatever comes between."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communes.models import CommunePage, Membership
from tests.tipform.conftest import MESSAGE
from tests.tipform.officers import INBOX, page, thread_of
from tests.tipform.residents import Resident, code_on, tells
from tipform import vault
from tipform.box import resealing
from tipform.desk.inbox import views
from tipform.keys import current_key
from tipform.models import PartKey, Tip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _colleague_who_will_leave(second_reader: Client) -> None:
    """Beside the officer in `reader`, who stays, a colleague holds the key too, until `leave`."""


def leave(commune: CommunePage) -> int:
    """The colleague leaves; the new key's id."""
    Membership.objects.get(user__username="truc-2").delete()
    key = current_key(commune.unit)
    assert key
    return int(key.pk)


def keys_of(tip: Tip) -> set[int]:
    rows = PartKey.objects.filter(part__tip=tip, unit_key__isnull=False)
    return set(rows.values_list("unit_key", flat=True))


def test_a_batch_moves_at_each_visit_and_every_tip_stays_readable(
    commune: CommunePage, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tips = [tells(commune.unit) for _number in range(3)]
    new = leave(commune)
    monkeypatch.setattr(views, "reseal", lambda request, unit: resealing.reseal(request, unit, 4))
    left = PartKey.objects.filter(unit_key__isnull=False).count()
    while left > 4:
        left -= 4
        assert f"còn {left} phần" in page(reader, INBOX)
        assert all(MESSAGE in page(reader, thread_of(tip)) for tip in tips)
    page(reader, INBOX)
    assert all(keys_of(tip) == {new} for tip in tips)


def test_a_visit_that_breaks_off_leaves_everything_as_it_was_and_the_next_one_goes_on(
    commune: CommunePage, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = tells(commune.unit)
    before = keys_of(tip)
    new = leave(commune)
    sealed: list[bytes] = []
    seal_key = vault.seal_key

    def breaks_off(*args: Any) -> bytes:
        if len(sealed) == 2:
            raise MemoryError
        sealed.append(seal_key(*args))
        return sealed[-1]

    with monkeypatch.context() as patched:
        patched.setattr(resealing.vault, "seal_key", breaks_off)
        with pytest.raises(MemoryError):
            reader.get(INBOX)
    assert len(sealed) == 2
    assert keys_of(tip) == before
    assert MESSAGE in page(reader, thread_of(tip))
    page(reader, INBOX)
    assert keys_of(tip) == {new}


def test_a_closed_tip_stays_under_the_key_it_had_and_is_read_all_the_same(
    commune: CommunePage, reader: Client
) -> None:
    closed, still_open = tells(commune.unit), tells(commune.unit)
    Tip.objects.filter(pk=closed.pk).update(status=Tip.Status.CLOSED)
    before = keys_of(closed)
    new = leave(commune)
    page(reader, INBOX)
    assert (keys_of(closed), keys_of(still_open)) == (before, {new})
    assert MESSAGE in page(reader, thread_of(closed))


def test_no_key_comes_back_of_a_tip_that_is_taken_back_meanwhile(
    commune: CommunePage, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident = Resident()
    code = code_on(resident.send())
    tip = Tip.objects.get()
    other = tells(commune.unit)
    new = leave(commune)

    def after_the_reporter(**options: Any) -> Any:
        monkeypatch.undo()
        resident.look_up(code, act="erase", sure="on")
        return Tip.objects.select_for_update(**options)

    monkeypatch.setattr(Tip.objects, "select_for_update", after_the_reporter)
    page(reader, INBOX)
    tip.refresh_from_db()
    assert tip.status == Tip.Status.WITHDRAWN
    assert not PartKey.objects.filter(part__tip=tip).exists()
    assert keys_of(other) == {new}


def test_a_list_opens_the_headers_of_one_page_in_the_same_queries_however_many_tips(
    commune: CommunePage, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def queries() -> tuple[int, int]:
        opened.clear()
        with CaptureQueriesContext(connection) as captured:
            page(reader, INBOX)
        return len(captured), len(opened)

    opened: list[int] = []
    open_json = vault.open_json

    def counted(*args: Any) -> Any:
        opened.append(1)
        return open_json(*args)

    monkeypatch.setattr("tipform.box.sealing.vault.open_json", counted)
    monkeypatch.setattr(views.InboxView, "paginate_by", 5)
    for _number in range(2):
        tells(commune.unit)
    page(reader, INBOX)
    few = queries()
    for _number in range(10):
        tells(commune.unit)
    many = queries()
    assert (few[1], many[1]) == (2, 5)
    assert few[0] == many[0] < 60
