"""What officers look at in place of a picture: a copy rebuilt from its pixels alone.

The original is evidence and stays as it came. The copy shows no place, device or comment that was hidden in
the file, and no malformed file reaches a browser. Of what cannot be shown both sides are told why.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from home.pictures import PictureError, Problem, load

from ..uploads import Refused
from .file_types import NOT_TAKEN, Type

_LONGEST_SIDE = 2000
_JPEG_QUALITY = 80

# What the officer reads, beside the link to the original.
NOT_SHOWN: dict[str, Any] = {
    Problem.TOO_MANY_PIXELS: _(
        "This picture has more than 50 megapixels and is not shown here. The original is kept as it came:"
        " download it to see it."
    ),
    Problem.INCOMPLETE: _(
        "The file is incomplete or damaged, so that not all of the picture can be shown here. The original is"
        " kept as it came."
    ),
    Problem.UNREADABLE: _(
        "Pictures of this kind are not shown here. The original is kept as it came: download it to see it."
    ),
}
# What the resident reads on the receipt, after the file's name.
KEPT_UNSEEN: dict[str, Any] = {
    Problem.TOO_MANY_PIXELS: _("kept as it is. It is very large: the officer has to download it to see it."),
    Problem.INCOMPLETE: _(
        "kept as it is, but the file is incomplete or damaged. If you have a whole one, send it in another"
        " tip."
    ),
    Problem.UNREADABLE: _("kept as it is. The officer has to download it to see it."),
}
# Of a file that was not kept. Resident and officer read the same.
NOT_KEPT: dict[str, Any] = {
    Refused.TOO_LARGE: _("“%(name)s” is larger than 25 MB."),
    Refused.TOO_MANY: _("“%(name)s” was one too many: only 5 files can be sent at once."),
    Refused.NO_ROOM: _("“%(name)s” found no room on the server just now."),
    Refused.EMPTY: _("“%(name)s” is empty."),
    Refused.OTHER_TYPE: NOT_TAKEN,
    Refused.NOT_WHOLE: _("“%(name)s” did not arrive whole."),
}
# These may do better when they are chosen once more.
CHOOSE_AGAIN = (Refused.NO_ROOM, Refused.NOT_WHOLE)


@dataclass(frozen=True)
class View:
    """`jpeg` is None for what has no copy. `problem` tells why a picture has none, or not all of it."""

    jpeg: bytes | None
    problem: Problem | None = None


def not_kept(name: str, reason: str) -> str:
    """The sentence that says so."""
    return str(NOT_KEPT[reason]) % {"name": name}


def left_out_of(content: Mapping[str, Any]) -> list[str]:
    """The sentences of the files that were not kept with a message or an entry."""
    return [not_kept(*file) for file in content.get("left_out", [])]


def view_of(file: BinaryIO, type_: Type) -> View:
    """A JPEG of at most 2000 pixels a side, re-encoded from the pixels, or why there is none.

    Never an error: what no decoder reads is evidence all the same.
    """
    if not type_.is_picture:
        return View(None)
    if not type_.pillow:
        return View(None, Problem.UNREADABLE)
    try:
        picture = load(file, formats=[type_.pillow], longest_side=_LONGEST_SIDE)
    except PictureError as error:
        return View(None, error.problem)
    finally:
        file.seek(0)
    return View(picture.as_jpeg(_JPEG_QUALITY), None if picture.complete else Problem.INCOMPLETE)
