"""A tip taken back by its reporter: first the keys are gone, then what they opened, then the files.

Of the tip stays an empty shell (unit, day, "taken back") and the audit log, so that counts stay true. A mark
that leads to no tip keeps a reload of the receipt from storing it again.
"""

import logging

from django.db import transaction
from django.utils import timezone

from communes.models import Unit

from .. import audit
from ..models import AuditEntry, Category, Leftover, Part, PartKey, Tip, WithdrawnMark
from .holders import locked
from .leftovers import erase, leave
from .receiving import FORM_LIVES, withdrawn_mark
from .reporter import Reporter

logger = logging.getLogger(__name__)
ERASED_AT_ONCE = 500


def withdraw(reporter: Reporter) -> None:
    """Make the tip unreadable for everybody, then erase it. Raises NoLongerHeld if it was done already.

    Once this returns no key opens any of it. Sealed bytes that could not be deleted at once are left to
    `erase_leftovers`.
    """
    with transaction.atomic():
        tip = locked(reporter.tip)
        names = list(tip.parts.exclude(object_name="").values_list("object_name", flat=True))
        leave(names)
        PartKey.objects.filter(part__tip=tip).delete()
        _mark_form(tip)
        tip.status, tip.outcome, tip.category = Tip.Status.WITHDRAWN, "", Category.neutral()
        tip.receipt_lookup, tip.receipt_keyring_id, tip.receipt_params = None, "", 0
        tip.reporter_public_key = tip.reporter_wrapped_key = tip.reporter_mac = b""
        tip.save()
        for unit in Unit.objects.filter(pk__in=tip.holdings.values("unit")).order_by("pk"):
            audit.record(tip, AuditEntry.Action.WITHDRAWN, unit=unit)
    try:
        with transaction.atomic():
            tip.parts.all().delete()
        erase(names)
    except Exception as error:  # noqa: BLE001 - it is taken back all the same; the job erases the rest
        logger.error("What is left of a tip could not be erased yet: %s", type(error).__name__)


def _mark_form(tip: Tip) -> None:
    key_id = tip.receipt_keyring_id
    mac = withdrawn_mark(bytes(tip.receipt_lookup or b""), key_id)
    WithdrawnMark.objects.get_or_create(mac=mac, defaults={"keyring_id": key_id, "day": timezone.localdate()})


def forget_forms() -> None:
    """Delete the marks of forms that have expired since; for the scheduled jobs."""
    WithdrawnMark.objects.filter(day__lt=timezone.localdate() - FORM_LIVES).delete()


def erase_leftovers() -> None:
    """Erase what `withdraw` could not; for the scheduled jobs."""
    Part.objects.filter(tip__status=Tip.Status.WITHDRAWN).delete()
    erase(list(Leftover.objects.values_list("object_name", flat=True)[:ERASED_AT_ONCE]))
