"""What a posted form brought: every file that can be taken is taken, and none holds the words back.

Files come with the form, or went up ahead of it and are named by it (`upload`). Where the form is given back,
for whatever reason, the files that came with it wait like the others, so that nobody chooses them twice.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from .. import limits, uploads
from ..box.attachments import Attachment
from ..box.file_types import TAKEN, accept, safe_name, type_of
from ..box.files import CHOOSE_AGAIN, not_kept
from ..models import WaitingUpload
from ..uploads import NAME_LENGTH, NAMES_NOTED, EncryptedUpload, Refused
from . import waiting
from .waiting import Handle

logger = logging.getLogger(__name__)

MAX_FILES = 5
# Names of one form that are looked at: more files than it may have, so that what is one too many is said.
_MOST_HANDLES = 20


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class AttachmentsField(forms.FileField):
    """Several files of one input. What is taken of them stands in `Brought`, which judges no form."""

    widget = FilesInput(attrs={"accept": accept()})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, help_text=TAKEN, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> None:
        return None


@dataclass(frozen=True)
class Brought:
    """Of the files of one posted form what is taken, at most five, and what is not."""

    taken: Sequence[Attachment] = ()
    left_out: Sequence[Refused] = ()
    # How many are left out beyond those of which a name is kept.
    unnamed: int = 0
    # What the form names of files that went up before, and which of them wait here.
    uploads: Sequence[UUID] = ()
    waiting: Sequence[UUID] = ()

    def not_there_again(self) -> list[Refused]:
        """What is left out of a form that was sent before: what waited for it was taken the first time."""
        return [file for file in self.left_out if file.reason != Refused.NOT_WHOLE]


@dataclass(frozen=True)
class Kept:
    """A file that waits, as the form lists it."""

    handle: str = field(repr=False)
    name: str = field(repr=False)
    size: int


def brought(request: HttpRequest) -> Brought:
    """What can be taken of the files of a posted form, in the order in which they came."""
    handles = _handles(request)
    there = waiting.found(handles) if handles else {}
    waited, gone = _waited(handles, there)
    taken, left_out = _sort_out([*waited, *request.FILES.getlist("attachments")])
    held_back = _held_back(request)
    offered = len(handles) + uploads.offered(request) + len(held_back)
    named = [*left_out, *gone, *uploads.refused(request), *held_back][:NAMES_NOTED]
    unnamed = max(offered - len(taken) - len(named), 0)
    return Brought(taken, named, unnamed, [handle.uuid for handle in handles], list(there))


def given_back(request: HttpRequest, files: Brought, form: Any, *, hangs: bool = False) -> dict[str, Any]:
    """Let the files of a form that is given back wait, as no browser fills them in again, in `form.kept`.

    Where the store `hangs`, only those that wait already do. Returns what the page says of those that cannot.
    """
    left_out = list(files.left_out)
    form.kept = []
    for file in files.taken:
        handle = file.handle or ("" if hangs else _keep(request, file))
        if handle:
            form.kept.append(Kept(handle, file.name, file.size))
        else:
            left_out.append(Refused(file.name, Refused.NO_ROOM))
    said = list(form.errors.get("attachments", []))
    sentences = [not_kept(file.name, file.reason) for file in left_out]
    return {
        "left_out": [sentence for sentence in sentences if sentence not in said],
        "files_again": any(file.reason in CHOOSE_AGAIN for file in left_out),
    }


def discard(files: Brought) -> None:
    """Erase what waited for a form whose content is stored now. What fails is left to the scheduled jobs."""
    try:
        waiting.discard(files.waiting)
    except Exception as error:  # noqa: BLE001 - the form is stored, and that is what its sender must hear
        logger.error("Files of a form that was sent could not be erased: %s", type(error).__name__)


def _handles(request: HttpRequest) -> list[Handle]:
    """Each file once. What is no handle was not written by our pages."""
    parsed = [Handle.parse(text) for text in request.POST.getlist("upload")[:_MOST_HANDLES]]
    return list({handle.uuid: handle for handle in parsed if handle}.values())


def _waited(
    handles: list[Handle], there: Mapping[UUID, WaitingUpload]
) -> tuple[list[UploadedFile], list[Refused]]:
    """Those that are whole, to be read, and the others."""
    files: list[UploadedFile] = []
    gone: list[Refused] = []
    for handle in handles:
        upload = there.get(handle.uuid)
        if upload is None or not upload.is_whole:
            gone.append(Refused(handle.name[:NAME_LENGTH], Refused.NOT_WHOLE))
            continue
        content = waiting.opened(upload, handle.key)
        file = EncryptedUpload(content, handle.name, None, upload.length)
        file.handle = handle  # type: ignore[attr-defined]
        files.append(file)
    return files, gone


def _sort_out(files: list[Any]) -> tuple[list[Attachment], list[Refused]]:
    """The first five that can be taken, and the others with the reason."""
    taken: list[Attachment] = []
    left_out: list[Refused] = []
    for file in files:
        name = file.name or ""
        try:
            type_ = type_of(file)
        except Exception as error:  # noqa: BLE001 - gone with another click, or the store does not answer
            logger.error("A file that waited for its form cannot be read: %s", type(error).__name__)
            left_out.append(Refused(name[:NAME_LENGTH], Refused.NOT_WHOLE))
            continue
        if not file.size:
            left_out.append(Refused(name[:NAME_LENGTH], Refused.EMPTY))
        elif type_ is None:
            left_out.append(Refused(name[:NAME_LENGTH], Refused.OTHER_TYPE))
        elif len(taken) == MAX_FILES:
            left_out.append(Refused(name[:NAME_LENGTH], Refused.TOO_MANY))
        else:
            handle = str(getattr(file, "handle", ""))
            taken.append(Attachment(safe_name(name, type_), type_, file.size, file, handle))
    return taken, left_out


def _held_back(request: HttpRequest) -> list[Refused]:
    """What the page's script did not even send, so that the words need not wait for it."""
    return [
        Refused(name[:NAME_LENGTH], reason)
        for reason in (Refused.TOO_LARGE, Refused.TOO_MANY)
        for name in request.POST.getlist(reason)
    ]


def _keep(request: HttpRequest, file: Attachment) -> str:
    """Its handle; empty if it cannot wait."""
    if limits.upload_refused(request):
        return ""
    try:
        return str(waiting.keep(file.file, file.size, file.name))
    except Exception as error:  # noqa: BLE001 - whatever broke, the words go back to the one who wrote them
        logger.error("A file of a form given back could not be kept: %s", type(error).__name__)
        return ""
