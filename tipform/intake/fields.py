"""Form fields that take what people type and say in words what they cannot take."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from ..box.files import safe_name, type_of
from ..box.receiving import Attachment


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class AttachmentsField(forms.FileField):
    """Several files; the value is a list of `Attachment`. Errors name the file."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Attachment]:
        errors: list[ValidationError] = []
        attachments = []
        for upload in data or []:
            try:
                attachments.append(self._attachment(upload))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return attachments

    def _attachment(self, upload: UploadedFile) -> Attachment:
        named = {"name": upload.name}
        if not upload.size:
            raise ValidationError(_("“%(name)s” is empty."), params=named)
        type_ = type_of(upload)  # type: ignore[arg-type]
        if type_ is None:
            raise ValidationError(
                _("“%(name)s” is not a picture, video, sound recording or PDF and cannot be taken."),
                params=named,
            )
        return Attachment(safe_name(upload.name or "", type_), type_, upload.size, upload)  # type: ignore[arg-type]
