"""A tip's files, streamed as they are opened: the rebuilt picture on the page, the original as a download."""

import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from ... import audit, vault
from ...box import sealing
from ...keys import require
from ...models import AuditEntry, Part, Tip
from ..access import one_tip
from .reading import open_stored

logger = logging.getLogger(__name__)

# How long an entry in the audit log stands for the pictures that the page loads after it.
COVERED = timedelta(minutes=10)


@require_GET
def stored_file(request: HttpRequest, uuid: UUID, part: UUID) -> HttpResponseBase:
    """Stream one file. Only the JPEG that the portal made itself is ever shown by the browser.

    404 for everybody but officers of a unit that was given it, and for what does not open. An original is a
    download of no type, and each one is in the audit log; a display copy is unless opening
    the thread covers it.
    """
    tip, standing = one_tip(request.user, uuid)
    stored = get_object_or_404(
        Part.objects.filter(tip=tip, label__in=[Part.Label.FILE, Part.Label.VIEW]).prefetch_related("keys"),
        uuid=part,
    )
    stored.tip = tip
    require(request, standing.unit)
    original = stored.label == Part.Label.FILE
    if original or not _covered(request.user, tip, stored):
        detail = str(stored.uuid)
        audit.record(
            tip, AuditEntry.Action.FILE_OPENED, actor=request.user, detail=detail, unit=standing.unit
        )
    opened = open_stored(request, stored, standing.unit)
    if opened is None:
        raise Http404
    try:
        reader = sealing.open_file(opened)
    except (OSError, vault.OpenError):
        raise Http404 from None
    type_ = "application/octet-stream" if original else "image/jpeg"
    disposition = content_disposition_header(original, opened.content["name"]) or "inline"
    return _sandboxed(reader, type_, disposition)


def _sandboxed(reader: vault.StreamReader, type_: str, disposition: str) -> StreamingHttpResponse:
    """What a stranger sent: no browser may run it, guess its type or show it inside another site."""
    response = StreamingHttpResponse(_until_it_breaks(reader), content_type=type_)
    response["Content-Length"] = str(reader.size)
    response["Content-Disposition"] = disposition
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _until_it_breaks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """An error on the way would be told by the server, past our log; browsers see that some is missing."""
    try:
        yield from pieces
    except Exception as error:  # noqa: BLE001 - whatever it is, its text stays here
        logger.error("A file broke off while it was sent: %s", type(error).__name__)


def _covered(user: Any, tip: Tip, view: Part) -> bool:
    """Whether this officer opened the thread, or this very picture, so lately that the log tells of it."""
    said = Q(action=AuditEntry.Action.OPENED) | Q(action=AuditEntry.Action.FILE_OPENED, detail=str(view.uuid))
    since = timezone.now() - COVERED
    return AuditEntry.objects.filter(said, tip=tip.uuid, actor=user, at__gte=since).exists()
