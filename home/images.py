"""The form of Wagtail's own image upload: the library keeps no photo that tells where it was taken.

All of Wagtail's uploads, one picture or many or from the chooser, pass this form.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.forms import FileField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from .pictures import MAX_PIXELS, Picture, PictureError, Problem, load

LONGEST_SIDE = 2560
QUALITY = 85
# Drawings keep their lines and their transparency. Whatever moves stands still: pages show no more of it.
KEPT_FORMATS = {"PNG": "PNG", "GIF": "PNG", "WEBP": "WEBP"}
WORDS = {
    Problem.TOO_MANY_PIXELS: gettext_lazy(
        "This picture has more than %(megapixels)s megapixels. Save a smaller copy of it and try again."
    ),
    Problem.INCOMPLETE: gettext_lazy(
        "This picture is incomplete or damaged: a part of the file is missing. Take the original, or ask the"
        " sender to send it again."
    ),
    Problem.UNREADABLE: gettext_lazy("This picture cannot be read. Save it as JPEG and try again."),
}


class PictureField(WagtailImageField):
    """Hands on a re-encoded picture. Wagtail's own field goes by the name, and fails at what is no pixels."""

    def to_python(self, data: Any) -> Any:
        file: Any = FileField.to_python(self, data)
        if file is None:
            return None
        self.check_image_file_size(file)
        try:
            picture = load(file, longest_side=LONGEST_SIDE)
            if not picture.complete:
                raise PictureError(Problem.INCOMPLETE)
        except PictureError as error:
            words = WORDS[error.problem] % {"megapixels": MAX_PIXELS // 1_000_000}
            raise ValidationError(words, code="invalid_image") from error
        return _as_file(picture, file.name)


class PixelsOnlyForm(BaseImageForm):
    """Replaces an uploaded picture by one re-encoded from its pixels."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stock = self.fields.get("file")
        if stock is not None:
            self.fields["file"] = PictureField(label=stock.label, widget=stock.widget)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        # Wagtail's upload of many would put the file aside as it came, to be completed later.
        if self.errors and "file" in self.fields and "file" not in self.errors:
            reasons = [str(reason) for errors in self.errors.values() for reason in errors]
            self.add_error("file", " ".join([_("Please choose the picture again."), *reasons]))
        return cleaned


def _as_file(picture: Picture, name: str) -> ContentFile:
    stem = name.rpartition(".")[0] or name
    format_ = KEPT_FORMATS.get(picture.format)
    if format_ is None:
        return ContentFile(picture.as_jpeg(QUALITY), name=f"{stem}.jpg")
    return ContentFile(picture.as_drawing(format_), name=f"{stem}.{format_.lower()}")
