"""Words planted where a resident or an officer writes, and how they may lie in a file, a row or a log."""

import base64
import json
from collections.abc import Iterable, Iterator
from unicodedata import normalize
from urllib.parse import quote

from home.text import fold

Canary = str | bytes
SHORTEST = 6  # bytes; what is shorter could stand there by chance


def forms_of(canary: Canary) -> set[bytes]:
    """Raw, in hexadecimal, Base64 at any offset, UTF-16, JSON and percent escapes, as Python shows bytes."""
    return set(_forms_of(canary))


def _forms_of(canary: Canary) -> Iterator[bytes]:
    plain = canary.encode() if isinstance(canary, str) else canary
    yield plain
    yield plain.hex().encode()
    yield plain.hex().upper().encode()
    yield repr(plain)[2:-1].encode()
    for offset in range(3):
        # The middle of the encoding is the same whatever stands around it.
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(bytes(offset) + plain)[4:-4]
    if isinstance(canary, str):
        yield normalize("NFD", canary).encode()
        yield canary.encode("utf-16-le")
        yield canary.encode("utf-16-be")
        yield json.dumps(canary)[1:-1].encode()
        yield quote(canary).encode()
        yield fold(canary).encode()


def found_in(data: bytes, canaries: Iterable[Canary]) -> list[tuple[Canary, bytes]]:
    """Which canaries lie in `data`, each with the form in which it was found."""
    found = []
    for canary in canaries:
        for form in forms_of(canary):
            assert len(form) >= SHORTEST, canary
            if form in data:
                found.append((canary, form))
    return found
