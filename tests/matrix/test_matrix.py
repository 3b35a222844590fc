"""Every address under the admin, the accounts, the documents and the API × every role (table.txt)."""

import pytest
from django.urls import resolve

from .addresses import PREFIXES, TABLE, Row, routes, rows
from .asking import ask
from .posts import POSTS
from .world import READERS, ROLES, World

pytestmark = pytest.mark.django_db

ROWS = rows()


def test_every_address_has_a_row(world: World) -> None:
    covered = {resolve(row.address.format(**world.names).split("?")[0]).route for row in ROWS}
    missing = [route for route in routes() if route.lstrip("^").startswith(PREFIXES) and route not in covered]
    assert not missing, (
        f"Say who may use these addresses: add a line for each to {TABLE.relative_to(TABLE.parents[2])}, "
        f"whose head explains how: {', '.join(missing)}"
    )


def test_no_row_stands_twice_and_what_is_posted_is_posted_to_a_row() -> None:
    addresses = [row.address for row in ROWS]
    assert len(addresses) == len(set(addresses))
    assert set(POSTS) <= set(addresses)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_only_those_in_the_table_may(row: Row, world: World) -> None:
    mistakes = []
    for role, who in ROLES.items():
        allowed = role in row.allowed
        methods = ["get"] if allowed or not (row.takes_an_object or row.address in POSTS) else ["get", "post"]
        answers = {method: ask(world, role, method, row.address) for method in methods}
        if allowed and answers["get"].status == 405:
            answers = {"post": ask(world, role, "post", row.address)}
        for method, answer in answers.items():
            asked = f"{who}, {method.upper()} → {answer.status}"
            for canary in answer.canaries:
                if role not in READERS[canary] or not allowed:
                    mistakes.append(f"{asked}: reads “{canary}…”")
            if row.takes_an_object and allowed and not answer.let_in:
                mistakes.append(f"{asked}: is refused, but stands in the table")
            if row.takes_an_object and not allowed and not answer.turned_away:
                mistakes.append(f"{asked}: is not refused")
            if not row.takes_an_object and allowed and not answer.canaries and row.address not in POSTS:
                mistakes.append(f"{asked}: finds nothing of his own")
            if (row.takes_an_object or row.address in POSTS) and not allowed and answer.written:
                mistakes.append(f"{asked}: writes {', '.join(sorted(answer.written))}")
    assert not mistakes, "\n".join([row.address, *mistakes, f"Close the leak, or correct {TABLE.name}."])


@pytest.mark.parametrize("row", [row for row in ROWS if row.address in POSTS and row.allowed], ids=str)
def test_what_the_refused_post_would_work_for_others(row: Row, world: World) -> None:
    """Otherwise a refusal proves nothing: the form might be wrong."""
    answers = [ask(world, role, "post", row.address) for role in row.allowed]
    assert any(answer.written for answer in answers), answers
