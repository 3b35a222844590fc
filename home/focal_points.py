"""Which part of a picture stays where it is cut, in cards and shared links. Wagtail's fill filters obey."""

from typing import Any

from django.db.models import Model

FIELDS = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")


def upper_third(sender: type[Model], instance: Any, raw: bool, **kwargs: Any) -> None:
    """Before a new picture is saved: an upright one is cut below the heads unless somebody said otherwise."""
    upright = instance.height > instance.width
    if raw or not instance._state.adding or not upright or instance.has_focal_point():
        return
    third = instance.height // 3
    _set(instance, (instance.width // 2, third // 2, instance.width, third))


def focus_on(image: Any, point: tuple[int, int]) -> bool:
    """Keep what is around the point, in percent from the left and the top. False if it was so already."""
    size = min(image.width, image.height) // 4
    x, y = (
        min(max(side * percent // 100, size // 2), side - size // 2)
        for side, percent in zip((image.width, image.height), point, strict=True)
    )
    before = [getattr(image, name) for name in FIELDS]
    _set(image, (x, y, size, size))
    return before != [x, y, size, size]


def shares(image: Any) -> list[float]:
    """Centre, width and height of what is kept, as shares of the picture's sides: 0 to 1."""
    if not image.has_focal_point():
        return [0.5, 0.5, 0, 0]
    sides = (image.width, image.height, image.width, image.height)
    return [getattr(image, name) / side for name, side in zip(FIELDS, sides, strict=True)]


def _set(image: Any, values: tuple[int, int, int, int]) -> None:
    for name, value in zip(FIELDS, values, strict=True):
        setattr(image, name, value)
