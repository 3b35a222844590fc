"""An authenticator app on a phone whose clock is off a little; each of its codes is good for once."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.mfa.utils import encrypt
from django.core.cache import caches
from django.test import Client

from tests.conftest import PASSWORD
from tests.portal.second_factors import GIVE, SET_UP, logged_in

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
# In the middle of a step of half a minute.
NOON = 1_798_000_005 // 30 * 30 + 15


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    at(monkeypatch, 0)


def at(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """The server's clock, by so much after noon. Another process would have an empty cache."""
    clock = type("clock", (), {"time": staticmethod(lambda: NOON + seconds)})
    monkeypatch.setattr(auth, "time", clock)
    caches["default"].clear()


@pytest.fixture
def owner(superuser: Any) -> Any:
    Authenticator.objects.create(user=superuser, type="totp", data={"secret": encrypt(SECRET)})
    return superuser


def shown(seconds: int) -> str:
    """What the app shows so many seconds after noon."""
    return auth.format_hotp_value(auth.hotp_value(SECRET, (NOON + seconds) // 30))


def gets_in(user: Any, code: str) -> bool:
    return logged_in(user, code).get("/admin/").status_code == 200


@pytest.mark.parametrize("seconds", [-30, 0, 30])
def test_half_a_minute_off_is_taken_once(seconds: int, owner: Any) -> None:
    assert gets_in(owner, shown(seconds))
    caches["default"].clear()
    assert not gets_in(owner, shown(seconds))


@pytest.mark.parametrize("seconds", [-60, 60, -46, 46])
def test_more_than_a_step_off_is_not(seconds: int, owner: Any) -> None:
    assert not gets_in(owner, shown(seconds))


def test_the_edges_of_the_steps(owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    code = shown(0)
    at(monkeypatch, 44)  # the last second of the next step
    assert gets_in(owner, code)


def test_one_second_later_it_is_over(owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    code = shown(0)
    at(monkeypatch, 45)
    assert not gets_in(owner, code)


def test_a_code_is_not_good_again_in_the_steps_after(owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    code = shown(30)
    assert gets_in(owner, code)
    for later in (1, 31, 59):
        at(monkeypatch, later)
        assert not gets_in(owner, code)


def test_an_older_code_than_the_last_one_is_not_taken(owner: Any) -> None:
    assert gets_in(owner, shown(0))
    assert not gets_in(owner, shown(-30))
    assert gets_in(owner, shown(30))


def test_a_code_of_the_log_in_does_not_confirm_in_the_session(owner: Any) -> None:
    client = logged_in(owner, shown(0))
    assert client.post(GIVE, {"code": shown(0), "next": "/admin/"}).status_code == 200
    assert client.post(GIVE, {"code": shown(30), "next": "/admin/"}).status_code == 302


def test_blanks_and_dashes_make_no_second_code(owner: Any) -> None:
    code = shown(0)
    assert gets_in(owner, f"{code[:3]} {code[3:]}")
    assert not gets_in(owner, f"{code[:3]}-{code[3:]}")


def test_the_code_that_set_it_up_does_not_log_in(
    superuser: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": superuser.username, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = client.get(SET_UP).context["form"].secret
    code = auth.format_hotp_value(auth.hotp_value(secret, NOON // 30))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(SET_UP, {"code": code}).status_code == 302
    assert not gets_in(superuser, code)
    following = auth.format_hotp_value(auth.hotp_value(secret, NOON // 30 + 1))
    assert gets_in(superuser, following)


def test_wrong_codes_count_for_all_processes(owner: Any) -> None:
    client = logged_in(owner)
    for _attempt in range(11):
        assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
        caches["default"].clear()  # as another process has it
    assert client.post("/accounts/2fa/authenticate/", {"code": shown(0)}).status_code == 200
    assert client.get("/admin/").status_code == 302


def test_right_codes_do_not_count(owner: Any) -> None:
    client = logged_in(owner)
    for _attempt in range(10):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
        caches["default"].clear()
    assert client.post("/accounts/2fa/authenticate/", {"code": shown(0)}).status_code == 302
