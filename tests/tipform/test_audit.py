import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from communes.models import CommunePage
from tipform import vault
from tipform.audit import canonical, record
from tipform.keys import keyring
from tipform.models import AuditEntry, Tip

pytestmark = pytest.mark.django_db


def _tip(page: CommunePage) -> Tip:
    return Tip(unit=page.unit, uuid=uuid4())


def test_entries_are_chained_each_to_the_last_of_its_unit(
    commune: CommunePage, other_commune: CommunePage, officer: Any
) -> None:
    first = record(_tip(commune), AuditEntry.Action.RECEIVED)
    elsewhere = record(_tip(other_commune), AuditEntry.Action.RECEIVED)
    second = record(_tip(commune), AuditEntry.Action.OPENED, actor=officer)
    assert bytes(first.previous_hash) == bytes(elsewhere.previous_hash) == b""
    assert bytes(second.previous_hash) == bytes(first.hash)


def test_an_altered_entry_shows(commune: CommunePage, officer: Any) -> None:
    record(_tip(commune), AuditEntry.Action.OPENED, actor=officer)
    entry = AuditEntry.objects.get()
    assert keyring().verify(vault.AUDIT, canonical(entry), bytes(entry.hash))
    entry.actor = None
    assert not keyring().verify(vault.AUDIT, canonical(entry), bytes(entry.hash))


def test_the_hour_at_which_a_reporter_wrote_is_not_told(commune: CommunePage, officer: Any) -> None:
    record(_tip(commune), AuditEntry.Action.RECEIVED)
    record(_tip(commune), AuditEntry.Action.OPENED, actor=officer)
    received, opened = AuditEntry.objects.order_by("pk")
    local = timezone.localtime(received.at)
    assert local.time() == datetime.time(0)
    assert local.date() == timezone.localdate()
    assert timezone.now() - opened.at < datetime.timedelta(minutes=1)
    assert keyring().verify(vault.AUDIT, canonical(received), bytes(received.hash))
