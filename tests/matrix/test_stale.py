"""Every form of staff, sent with a token that is refused: nothing is done, and what was typed comes back."""

from collections.abc import Iterator

import pytest
from django.urls import resolve

from .addresses import Row, rows
from .asking import ask
from .posts import PLAUSIBLE, POSTS
from .world import World

pytestmark = pytest.mark.django_db

ALLOWED = {row.address: row.allowed for row in rows()}
FORMS = [row for row in rows() if row.address in POSTS and row.allowed]
# Wagtail's own screens answer with a page that says to go back; a browser then still has what was typed.
WAGTAILS = ("/admin/pages/", "/admin/images/", "/admin/documents/", "/admin/collections/", "/admin/localize/")
# Who has opened a tip or a waiting post is noted, whatever he sends.
OPENED = {"tipform_auditentry", "tipform_audithead", "tipform_unread", "wagtailadmin_editingsession"}


@pytest.fixture(autouse=True)
def refused_tokens(world: World) -> Iterator[None]:
    for client in world.clients.values():
        client.handler.enforce_csrf_checks = True
    yield
    for client in world.clients.values():
        client.handler.enforce_csrf_checks = False


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_nothing_is_done(row: Row, world: World) -> None:
    for role in row.allowed:
        answer = ask(world, role, "post", row.address)
        assert answer.status == 403, f"{role} is answered {answer.status}"
        assert not answer.written - OPENED, f"{role} writes {answer.written}"


# What is typed on these forms; most of it is posted by no other test of this folder.
TYPED = {
    "/admin/quick-post/": {"title": "Chiếm"},
    "/admin/quick-post/{quick}/": {"text": "Chiếm"},
    "/admin/approval/{waiting}/": {"act": "reject", "words": "Chiếm"},
    "/admin/approval/units/{unit}/": {"return_reasons-TOTAL_FORMS": "1", "return_reasons-0-text": "Chiếm"},
    "/admin/approval/units/{unit}/days/": {"reason": "Chiếm"},
    "/admin/approval/units/{unit}/bell/": {"again_after": "Chiếm"},
    "/admin/approval/units/{unit}/search-words/": {"words": "Chiếm"},
    "/admin/alerts/new/{commune_unit}/": {"text": "Chiếm"},
    "/admin/alerts/new/{unit}/": {"text": "Chiếm"},
    "/admin/alerts/{alert}/": {"act": "save", "text": "Chiếm"},
    "/admin/urgent/templates/new/{unit}/": {"text": "Chiếm"},
    "/admin/urgent/templates/{template}/": {"act": "send-back", "comment": "Chiếm"},
    "/admin/urgent/places/{commune_unit}/": {"places": "thôn Chiếm"},
    "/admin/bell/address/": {"address": "Chiếm"},
    "/admin/staff/open/": {"name": "Chiếm"},
    "/admin/staff/units/{commune_unit}/invite/": {"full_name": "Chiếm"},
    "/admin/staff/units/{commune_unit}/close/": {"day": "Chiếm"},
    "/admin/staff/units/{commune_unit}/former-names/": {"name": "Chiếm"},
    "/admin/staff/people/{user}/add/": {"place": "Chiếm"},
    "/admin/staff/memberships/{membership}/hand-over/": {"person": "new", "full_name": "Chiếm"},
    "/admin/duty/away/": {"first_day": "Chiếm"},
    "/admin/tips/{tip}/": {"text": "Chiếm"},
    "/admin/tips/{tip}/hand-on/": {"reason": "Chiếm"},
    "/admin/tip-categories/new/": {"name": "Chiếm"},
    "/admin/tip-categories/edit/{category}/": {"name": "Chiếm"},
    "/admin/keys/{commune_unit}/grant/{officer_key}/": {"digits": "Chiếm"},
    "/admin/keys/{commune_unit}/recover/": {"code": "Chiếm"},
}


@pytest.mark.parametrize("address", TYPED)
def test_what_was_typed_comes_back(address: str, world: World) -> None:
    roles = ALLOWED[address] or "U"
    for role in roles:
        typed = {**POSTS.get(address, {}), **TYPED[address]}
        answer = ask(world, role, "post", address, typed)
        assert "Chiếm" in answer.shown, role
        assert not answer.written - OPENED, f"{role} writes {answer.written}"


def test_no_form_with_words_of_its_own_is_left_out() -> None:
    with_words = {row.address for row in FORMS if "Chiếm" in str(list(POSTS[row.address].values()))}
    asks_only = {row.address for row in FORMS if POSTS[row.address] is PLAUSIBLE}
    missing = [address for address in with_words - asks_only - set(TYPED) if not address.startswith(WAGTAILS)]
    assert not missing


# Nothing is typed there; what is done by the third has tests of its own (tipform/test_people_begin.py).
NOTHING_TYPED = {"/admin/tips/", "/admin/tips/results/", "/admin/keys/{commune_unit}/confirm/"}
NOTHING_TYPED |= {"/admin/keys/", "/admin/keys/{commune_unit}/code/"}


def test_every_view_that_keeps_words_is_sent_a_form(world: World) -> None:
    """Whoever marks a view is shown at once whether it does anything all the same."""
    matches = {row.address: resolve(row.address.format(**world.names).split("?")[0]) for row in rows()}
    sent = {matches[address].route for address in {row.address for row in FORMS} | set(TYPED) | NOTHING_TYPED}
    marked = {match.route for match in matches.values() if hasattr(match.func, "keeps_words")}
    assert marked
    assert marked <= sent
