"""Every form of staff, sent after the session has ended: nothing is done, and its words come back whole."""

from http.cookies import SimpleCookie

import pytest
from django.test import Client

from portal.signed_out import LAST_ACCOUNT, signer
from tests.kept_forms import kept

from .asking import ask, filled
from .posts import POSTS
from .test_stale import ALLOWED, OPENED, TYPED
from .world import World, post_data

pytestmark = pytest.mark.django_db

PAGES = ("/admin/pages/{draft}/edit/", "/admin/pages/add/communes/newspage/{news}/")
FORMS = {**TYPED, **{address: post_data(title="Chiếm") for address in PAGES}}


def whose_session_ended(client: Client) -> Client:
    left = Client()
    left.cookies = SimpleCookie({LAST_ACCOUNT: signer.sign(client.session["_auth_user_id"])})
    return left


@pytest.mark.parametrize("address", FORMS)
def test_it_comes_back_whole_and_nothing_is_done(address: str, world: World) -> None:
    typed = {**POSTS.get(address, {}), **FORMS[address]}
    for role in ALLOWED[address] or "U":
        left = World({role: whose_session_ended(world.clients[role])}, world.names)
        answer = ask(left, role, "post", address, typed)
        assert answer.status == 401, role
        assert not answer.written, f"{role} writes {answer.written}"
        sent = {filled(name, world): str(filled(value, world)) for name, value in typed.items()}
        assert kept(answer.shown).items() >= sent.items(), role


@pytest.mark.parametrize("address", FORMS)
def test_another_account_that_logs_in_is_shown_nothing(address: str, world: World) -> None:
    for role in ALLOWED[address] or "U":
        typed = {**POSTS.get(address, {}), **FORMS[address], "kept-for": signer.sign("0")}
        answer = ask(world, role, "post", address, typed)
        assert answer.status == 403, role
        assert "Chiếm" not in answer.shown, role
        assert not answer.written - OPENED, f"{role} writes {answer.written}"
