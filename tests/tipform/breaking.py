"""Makes one function fail, while a request goes through it, with an error that holds what was told."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).parents[2]
# Where what is told passes: the whole floor of tips, and what the portal does before its views.
PASSED = (
    f"{ROOT}/tipform/",
    *(f"{ROOT}/site/portal/{name}.py" for name in ("bodies", "csrf", "middleware")),
    f"{ROOT}/home/stale.py",
)


def is_ours(code: CodeType) -> bool:
    # Comprehensions and class bodies run inside a function that is named itself. What guards a stream has
    # nothing of ours around it that could catch its own error.
    named = not code.co_name.startswith("<") and code.co_name != "_until_it_breaks"
    return code.co_filename.startswith(PASSED) and named


@contextmanager
def noting() -> Iterator[list[CodeType]]:
    """The functions of ours that were called, in their order."""
    called: dict[CodeType, None] = {}
    found: list[CodeType] = []

    def watch(frame: FrameType, event: str, argument: Any) -> None:
        if is_ours(frame.f_code):
            called[frame.f_code] = None

    sys.settrace(watch)
    try:
        yield found
    finally:
        sys.settrace(None)
        found += called


@contextmanager
def breaking(code: CodeType, event: str, error: Callable[[], Exception]) -> Iterator[list[str]]:
    """The function fails as it begins (`call`) or with its result in hand (`return`); yields if it did."""
    broke: list[str] = []

    def fail(frame: FrameType, happened: str, argument: Any) -> Any:
        # A function that is left by an error of its own has no result.
        if happened == event and not broke and (event == "call" or argument is not None):
            broke.append(code.co_qualname)
            raise error()
        return fail

    def watch(frame: FrameType, happened: str, argument: Any) -> Any:
        if frame.f_code is code:
            return fail(frame, happened, argument)
        return None

    sys.settrace(watch)
    try:
        yield broke
    finally:
        sys.settrace(None)
