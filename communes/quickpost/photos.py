"""Photos of a quick post: rebuilt from their pixels, so that none tells where and with what it was taken."""

import io
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.images import ImageFile
from django.utils.translation import gettext as _
from wagtail.images import get_image_model
from wagtail.models import Collection

from home.pictures import MAX_PIXELS, jpeg_of_pixels

MAX_PHOTOS = 10
LONGEST_SIDE = 2560
QUALITY = 80
FORMATS = ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "GIF"]


@dataclass(frozen=True)
class Photo:
    content: bytes  # a JPEG made here
    alt: str


def rebuilt(upload: BinaryIO, name: str) -> bytes:
    """The uploaded photo as a new JPEG. Raises ValidationError, in words for the editor."""
    try:
        content = jpeg_of_pixels(upload, FORMATS, longest_side=LONGEST_SIDE, quality=QUALITY)
    except Exception as error:  # noqa: BLE001 - decoders raise anything at a malformed file
        raise ValidationError(
            _("“%(name)s” is no photo that can be read here. Save it as JPEG, or take a screenshot of it."),
            params={"name": name},
        ) from error
    if content is None:
        raise ValidationError(
            _("“%(name)s” has more than %(megapixels)s megapixels. Choose a smaller one."),
            params={"name": name, "megapixels": MAX_PIXELS // 1_000_000},
        )
    return content


def stored(photo: Photo, title: str, collection: Collection, user: Any) -> Any:
    """The photo as an image of the collection. The storage draws its name (`home.storage`)."""
    file = ImageFile(io.BytesIO(photo.content), name="bai.jpg")
    image = get_image_model()(
        title=(photo.alt or title)[:255], file=file, collection=collection, uploaded_by_user=user
    )
    image._set_image_file_metadata()
    image.save()
    return image
