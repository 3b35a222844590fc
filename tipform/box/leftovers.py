"""Sealed objects that nothing refers to any more: noted with what referred to them, then deleted."""

import logging
from collections.abc import Iterable

from django.core.files.storage import storages

from ..models import Leftover

logger = logging.getLogger(__name__)


def leave(names: Iterable[str]) -> None:
    """Note the objects, in the transaction that deletes the rows which named them."""
    Leftover.objects.bulk_create(Leftover(object_name=name) for name in names)


def erase(names: Iterable[str]) -> None:
    """Delete the objects, once that transaction is over. One that resists is left to the scheduled jobs."""
    for name in names:
        try:
            storages["tips"].delete(name)
        except Exception as error:  # noqa: BLE001 - one object that resists must not keep the others
            logger.error("A sealed object could not be deleted: %s", type(error).__name__)
            continue
        Leftover.objects.filter(object_name=name).delete()
