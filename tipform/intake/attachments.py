"""What residents attach: every file that can be taken is taken, and none holds the words back."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from ..box.file_types import safe_name, type_of
from ..box.receiving import Attachment
from ..uploads import NAME_LENGTH, Refused

MAX_FILES = 5


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class AttachmentsField(forms.FileField):
    """Several files of one input, not judged: see `sort_out`."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return list(data or [])


def sort_out(uploads: Iterable[UploadedFile]) -> tuple[list[Attachment], list[Refused]]:
    """The first five that can be taken, and the others with the reason."""
    taken: list[Attachment] = []
    left_out: list[Refused] = []
    for upload in uploads:
        name = upload.name or ""
        type_ = type_of(upload)  # type: ignore[arg-type]
        if not upload.size:
            left_out.append(Refused(name[:NAME_LENGTH], Refused.EMPTY))
        elif type_ is None:
            left_out.append(Refused(name[:NAME_LENGTH], Refused.OTHER_TYPE))
        elif len(taken) == MAX_FILES:
            left_out.append(Refused(name[:NAME_LENGTH], Refused.TOO_MANY))
        else:
            taken.append(Attachment(safe_name(name, type_), type_, upload.size, upload))  # type: ignore[arg-type]
    return taken, left_out
