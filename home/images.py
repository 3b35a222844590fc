"""The form of Wagtail's own image upload: the library keeps no photo that tells where it was taken."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image
from wagtail.images.forms import BaseImageForm

from .pictures import jpeg_of_pixels, same_format_of_pixels

LONGEST_SIDE = 2560
QUALITY = 85
# These keep their transparency. A GIF may move and is kept as it is: no camera makes one.
KEPT_FORMATS = ("PNG", "WEBP")


class PixelsOnlyForm(BaseImageForm):
    """Replaces an uploaded picture by one re-encoded from its pixels."""

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        try:
            return _rebuilt(file)
        except Exception as error:  # noqa: BLE001 - decoders raise anything at a malformed file
            raise ValidationError(_("This picture cannot be read. Save it as JPEG and try again.")) from error


def _rebuilt(file: Any) -> Any:
    file.seek(0)
    with Image.open(file) as picture:
        format_ = str(picture.format)
    file.seek(0)
    if format_ == "GIF":
        return file
    stem = file.name.rpartition(".")[0] or file.name
    if format_ in KEPT_FORMATS:
        content = same_format_of_pixels(file, format_, longest_side=LONGEST_SIDE)
        name = f"{stem}.{format_.lower()}"
    else:
        content = jpeg_of_pixels(file, [format_], longest_side=LONGEST_SIDE, quality=QUALITY)
        name = f"{stem}.jpg"
    if content is None:
        raise ValueError("too many pixels")
    return ContentFile(content, name=name)
