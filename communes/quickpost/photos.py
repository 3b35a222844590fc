"""Photos of a quick post: rebuilt from their pixels, so that none tells where and with what it was taken."""

import io
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.images import ImageFile
from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model
from wagtail.models import Collection

from home.focal_points import focus_on
from home.pictures import MAX_PIXELS, PictureError, Problem, load

MAX_PHOTOS = 10
LONGEST_SIDE = 2560
QUALITY = 80
WORDS = {
    Problem.TOO_MANY_PIXELS: _("“%(name)s” has more than %(megapixels)s megapixels. Choose a smaller one."),
    Problem.INCOMPLETE: _(
        "“%(name)s” is incomplete or damaged: a part of the file is missing. Take the original, or ask the"
        " sender to send it again."
    ),
    Problem.UNREADABLE: _(
        "“%(name)s” is no photo that can be read here. Save it as JPEG, or take a screenshot of it."
    ),
}


# Percent from the left and from the top.
Point = tuple[int, int]


@dataclass(frozen=True)
class Photo:
    content: bytes  # a JPEG made here
    alt: str
    focus: Point | None = None  # what its author tapped on


def rebuilt(upload: BinaryIO, name: str) -> bytes:
    """The uploaded photo as a new JPEG. Raises ValidationError, in words for the editor."""
    try:
        picture = load(upload, longest_side=LONGEST_SIDE)
        if not picture.complete:
            raise PictureError(Problem.INCOMPLETE)
    except PictureError as error:
        named = {"name": name, "megapixels": MAX_PIXELS // 1_000_000}
        raise ValidationError(WORDS[error.problem], params=named) from error
    return picture.as_jpeg(QUALITY)


def stored(photo: Photo, title: str, collection: Collection, user: Any) -> Any:
    """The photo as an image of the collection. The storage draws its name (`home.storage`)."""
    file = ImageFile(io.BytesIO(photo.content), name="bai.jpg")
    image = get_image_model()(
        title=(photo.alt or title)[:255], file=file, collection=collection, uploaded_by_user=user
    )
    image._set_image_file_metadata()
    if photo.focus:
        focus_on(image, photo.focus)
    image.save()
    return image
