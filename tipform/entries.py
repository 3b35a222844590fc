"""The conversation of a tip: entries of both sides, each a sealed part of its own."""

from collections.abc import Iterable
from typing import Any, Literal
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from . import audit
from .models import AuditEntry, Part, Tip, UnitKey
from .sealing import seal_part

Side = Literal["officer", "reporter"]

ACTIONS = {"officer": AuditEntry.Action.REPLIED, "reporter": AuditEntry.Action.REPORTER_WROTE}


def entry_uuid(tip: Tip, by: Side, nonce: str) -> UUID:
    """The part that a form with this nonce writes: one for all its clicks, another for the other side."""
    return uuid5(tip.uuid, f"{by}:{nonce}")


def add_entry(
    tip: Tip, by: Side, text: str, nonce: str, unit_keys: Iterable[UnitKey], *, actor: Any = None
) -> bool:
    """Seal `text` to the units and the reporter and note it in the audit log; False for a second click.

    `nonce` is the one that the form was drawn with. `actor` is the officer, None for the reporter.
    """
    uuid = entry_uuid(tip, by, nonce)
    content = {"v": 1, "by": by, "at": timezone.localtime().isoformat(timespec="seconds"), "text": text}
    try:
        with transaction.atomic():
            if Part.objects.filter(uuid=uuid).exists():
                return False
            seal_part(tip, Part.Label.ENTRY, content, unit_keys, uuid=uuid)
            audit.record(tip, ACTIONS[by], actor=actor)
    except IntegrityError:  # both clicks passed the look above; the other one has written it
        return False
    return True
