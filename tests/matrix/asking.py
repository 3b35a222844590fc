"""One request as one role, undone afterwards: what it answered, showed and wrote."""

import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.db import connection, transaction

from .posts import PLAUSIBLE, POSTS
from .world import CANARIES, World

ANY_CANARY = re.compile("|".join(CANARIES), re.IGNORECASE)
WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
# A message for the next page, and a hit counted for a limit: nothing of anybody's.
OWN_TRACES = {"django_session", "tipform_counter"}


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    canaries: frozenset[str]
    written: frozenset[str]
    shown: str

    @property
    def turned_away(self) -> bool:
        return self.status >= 300

    @property
    def let_in(self) -> bool:
        """A page, a file, or a redirect; not the admin's "you have no permission", which writes nothing."""
        home = self.location.split("?")[0] in ("/admin/", "/accounts/login/")
        return self.status < 400 and (not home or bool(self.written))


def filled(text: Any, world: World) -> Any:
    """`<name>` in what is posted stands for what {name} stands for in the table."""
    if not isinstance(text, str):
        return text
    return re.sub(r"<(\w+)>", lambda name: str(world.names.get(name[1], name[0])), text)


def ask(world: World, role: str, method: str, address: str, data: dict[str, Any] | None = None) -> Answer:
    """What is posted stands in posts.py, or is `data`."""
    client = world.clients[role]
    cookies = client.cookies.output(header="", sep=";")
    written: set[str] = set()

    def watch(execute: Any, sql: str, *args: Any) -> Any:
        if found := WRITES.match(sql):
            written.add(found[1])
        return execute(sql, *args)

    url = address.format(**world.names)
    posted = data or POSTS.get(address, PLAUSIBLE)
    with transaction.atomic(), connection.execute_wrapper(watch):
        try:
            if method == "post":
                response = client.post(
                    url, {filled(key, world): filled(value, world) for key, value in posted.items()}
                )
            else:
                response = client.get(url)
        finally:
            client.cookies = SimpleCookie(cookies)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    headers = [response.headers.get(name, "") for name in ("Location", "Content-Disposition")]
    # What the address itself says, its owner knows; it comes again in links and redirects.
    shown = "\n".join([body.decode(errors="replace"), *headers]).replace(url, "")
    return Answer(
        response.status_code,
        headers[0],
        frozenset(found.lower() for found in ANY_CANARY.findall(shown)),
        frozenset(written - OWN_TRACES),
        shown,
    )
