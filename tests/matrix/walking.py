"""What an address does for somebody who has not given both password and second factor, whatever he sends.

Judged by what happens, not by names: a password is checked, a session begins or becomes whole, a row is
written.
"""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import get_hasher
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve
from django.utils import translation

from tests.conftest import PASSWORD
from tests.tipform.residents import MESSAGE, hidden_fields

from .addresses import routes, rows
from .asking import OWN_TRACES, WRITES, filled
from .posts import PLAUSIBLE, POSTS
from .world import World

LIST = Path(__file__).with_name("doors.txt")

USERNAME = "cua-hau"
NEW_PASSWORD = "câu khác hẳn 2026"
# One form for all: what a log-in, a sign-up, a reset, a confirmation and the tip form ask for, under the
# names that Django's, Wagtail's, allauth's and our own forms give it. Account, password and codes are right.
TYPED = {
    **dict.fromkeys(("login", "username", "user", "name"), USERNAME),
    **dict.fromkeys(("password", "oldpassword", "old_password", "unlock-password"), PASSWORD),
    **dict.fromkeys(("password1", "password2", "new_password1", "new_password2"), NEW_PASSWORD),
    "email": "cua-hau@example.vn",
    "code": "<slip_code>",
    "unlock-first": "get",
    "confirm": "1",
    "kind": "tip",
    "category": "fraud",
    "message": MESSAGE,
    "contact": "callback",
    "phone": "0900000001",
}
ALSO_TYPED = {
    "/chuong-bao/da-reo/": {"token": "<ack>"},
    "/tra-cuu/": {"code": "<receipt>"},
    "/en/tra-cuu/": {"code": "<receipt>"},
    "/accounts/2fa/authenticate/": {"code": "<recovery_code>"},
    "/accounts/2fa/reauthenticate/": {"code": "<recovery_code>"},
}
# Beside those of table.txt: the public patterns, a page of each kind included.
PUBLIC = [
    "/",
    "/moi/",
    "/tim-kiem/goi-y/",
    "/en/tim-kiem/goi-y/",
    "/robots.txt",
    "/favicon.ico",
    "/site.webmanifest",
    "/admin.webmanifest",
    "/service-worker.js",
    "/chuong-bao/da-reo/",
    "/chuong-bao/viec-moi/",
    "/khong-co-mang/",
    "/en/khong-co-mang/",
    "/sitemap.xml",
    "/sitemap-0.xml",
    "/health/live/",
    "/health/ready/",
    "/health/jobs/",
    "/media/images/00000000000000000000000000000000.jpg",
    "/tra-cuu/",
    "/tep/",
    "/tep/00000000000000000000000000000000/",
    "/tim-kiem/?q=cam",
    "/_util/login/",
    "/_util/authenticate_with_password/{restriction}/{post}/",
    "/tin-tuc/",
    "/thu-tuc/",
    "/cam-trung/",
    "/cam-trung/tin-tuc/",
    "/cam-trung/tin-tuc/da-dang/",
    "/cam-trung/thu-tuc/",
    "/cam-trung/lien-he/",
    "/cam-trung/gui-tin-bao/",
    "/en/",
    "/en/tra-cuu/",
    "/en/tim-kiem/?q=cam",
    "/en/_util/login/",
]


def addresses() -> list[str]:
    return [row.address for row in rows()] + PUBLIC


def all_routes() -> set[str]:
    """Every URL pattern of every app in both languages, but for those that an earlier one shuts."""
    found = set(routes())
    with translation.override("en"):
        return found | set(routes())


def routes_walked(world: World) -> set[str]:
    walked = set()
    for address in addresses():
        with translation.override("en" if address.startswith("/en/") else "vi"):
            walked.add(resolve(address.format(**world.names).split("?")[0]).route)
    return walked


@dataclass(frozen=True)
class Door:
    acts: frozenset[str]
    reason: str


def listed() -> dict[str, Door]:
    """By address: what it may do, and why."""
    doors = {}
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            acts, address, reason = line.split(maxsplit=2)
            doors[address] = Door(frozenset(acts.split(",")), reason)
    return doors


def acts_at(address: str, clients: list[Client], world: World) -> frozenset[str]:
    """All that a GET and a POST of these clients do at the address. Each is undone."""
    url = address.format(**world.names)
    typed = {**PLAUSIBLE, **POSTS.get(address, {}), **TYPED, **ALSO_TYPED.get(address, {})}
    data = {filled(name, world): filled(value, world) for name, value in typed.items()}
    found: set[str] = set()
    for client in clients:
        page = _send(client, "get", url + ("&" if "?" in url else "?") + urlencode(data), {}, found)
        _send(client, "post", url, {**hidden_fields(page), **data}, found)
    return frozenset(found)


def _send(client: Client, method: str, url: str, data: dict[str, Any], found: set[str]) -> str:
    """The page that comes back; adds to `found` what the request did."""
    cookies = client.cookies.output(header="", sep=";")
    before = _logged_in(client)
    # The password in a header as well, as interfaces for programs take it.
    basic = b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
    with transaction.atomic(), _watching(found):
        response = getattr(client, method)(url, data, headers={"Authorization": f"Basic {basic}"})
        body = b"".join(response.streaming_content) if response.streaming else response.content
        if settings.SESSION_COOKIE_NAME in response.cookies and not before:
            found.add("session")
        if _logged_in(client) - before:
            found.add("login")
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)
    return str(body.decode(errors="replace"))


def _logged_in(client: Client) -> set[str]:
    """Who this session is, and whether it has given a second factor."""
    if settings.SESSION_COOKIE_NAME not in client.cookies:
        return set()
    session = client.session
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    factors = {"second factor" for record in records if record["method"] == "mfa"}
    return factors | ({f"user {session[SESSION_KEY]}"} if SESSION_KEY in session else set())


@contextmanager
def _watching(found: set[str]) -> Iterator[None]:
    """Notes what is written to the database, and each password that is compared with a stored one."""

    def watch(execute: Any, sql: str, *args: Any) -> Any:
        written = WRITES.match(sql)
        if written and written[1] not in OWN_TRACES:
            found.add("writes")
        return execute(sql, *args)

    hasher: Any = type(get_hasher())
    verify = hasher.verify

    def note(self: Any, *args: Any) -> Any:
        found.add("password")
        return verify(self, *args)

    hasher.verify = note
    try:
        with connection.execute_wrapper(watch):
            yield
    finally:
        hasher.verify = verify
