"""The addresses that Django answers, and the table of who may use them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import URLResolver, get_resolver

from .world import ROLES

TABLE = Path(__file__).with_name("table.txt")
# Answered with 404 by an earlier entry of portal.urls: accounts are given, not made, and there is one log-in.
SHUT = (
    "accounts/signup/",
    "accounts/email/",
    "accounts/confirm-email/",
    "accounts/password/reset/",
    "documents/authenticate_with_password/",
    "_util/",
    "en/_util/",
)
PREFIXES = ("admin/", "accounts/", "documents/", "api/")


@dataclass(frozen=True)
class Row:
    allowed: str
    address: str

    def __str__(self) -> str:
        return self.address

    @property
    def takes_an_object(self) -> bool:
        """Whether others are turned away; of a list they only see their own part."""
        return "{" in self.address.split("?")[0]


def rows() -> list[Row]:
    lines = [line.split() for line in TABLE.read_text(encoding="utf-8").splitlines()]
    found = []
    for line in lines:
        if not line or line[0].startswith("#"):
            continue
        allowed, address = line
        letters = allowed.replace("-", "")
        assert set(letters) <= set(ROLES), f"{address}: the roles are {''.join(ROLES)}, not {allowed}"
        found.append(Row(letters, address))
    return found


def routes(resolver: Any = None, before: str = "") -> Iterator[str]:
    """Every address pattern of the portal, written as `resolve(address).route` writes it."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = str(entry.pattern)
        route = before + (pattern.removeprefix("^") if before else pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        elif not route.startswith(SHUT):
            yield route
