"""Wrong passwords: one limit, whatever page takes them, and nobody locks out another network's officer."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from communes import passwords
from communes.models import Membership, User
from tests.conftest import PASSWORD
from tipform.models import Counter

pytestmark = pytest.mark.django_db

WORDS = "Mật khẩu sai quá nhiều lần"
STATION, STRANGER = "113.160.1.7", "14.160.2.9"
CHOSEN = "câu khác hẳn 2026"


def log_in(client: Client, password: str, username: str = "truc", **extra: Any) -> Any:
    return client.post("/accounts/login/", {"login": username, "password": password}, **extra)


def confirm(client: Client, password: str) -> Any:
    return client.post("/accounts/reauthenticate/", {"password": password})


def change(client: Client, password: str) -> Any:
    data = {"oldpassword": password, "password1": CHOSEN, "password2": CHOSEN}
    return client.post("/accounts/password/change/", data)


def unlock(client: Client, password: str) -> Any:
    return client.post("/admin/tips/", {"unlock-password": password, "unlock-first": "get"})


DOORS: list[Callable[[Client, str], Any]] = [log_in, confirm, change, unlock]


@pytest.fixture
def visitor(settings: Any) -> Callable[..., Client]:
    """A browser in a network."""
    return lambda address=STATION: Client(REMOTE_ADDR=address)


@pytest.fixture
def inside(officer: Any) -> Client:
    """An officer's open session, on a device that never logged in by itself."""
    officer.chose_own_password()
    client = Client(REMOTE_ADDR=STATION)
    client.force_login(officer)
    return client


def ask(door: Callable[[Client, str], Any], inside: Client, password: str) -> Any:
    return door(Client(REMOTE_ADDR=STATION) if door is log_in else inside, password)


def fail(times: int, address: str = STRANGER, username: str = "truc") -> None:
    for _time in range(times):
        log_in(Client(REMOTE_ADDR=address), "sai", username)


@pytest.mark.parametrize("last", DOORS)
def test_all_pages_that_take_a_password_share_one_limit(
    last: Callable[[Client, str], Any], officer: Any, inside: Client
) -> None:
    for number in range(11):
        assert WORDS not in ask(DOORS[number % 4], inside, "sai").content.decode()
    response = ask(last, inside, PASSWORD)
    assert WORDS in response.content.decode()
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_right_passwords_cost_nothing(officer: Any) -> None:
    for _time in range(15):
        assert log_in(Client(), PASSWORD).status_code == 302


def test_a_quarter_of_an_hour_later_it_is_tried_again(
    officer: Any, monkeypatch: pytest.MonkeyPatch, visitor: Any
) -> None:
    fail(11, STATION)
    assert log_in(visitor(), PASSWORD).status_code == 200
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 15 * 60)
    assert log_in(visitor(), PASSWORD).status_code == 302


def test_a_stranger_in_another_network_locks_nobody_out(officer: Any, visitor: Any) -> None:
    fail(40)
    assert WORDS in log_in(visitor(STRANGER), PASSWORD).content.decode()
    assert log_in(visitor(STATION), PASSWORD).status_code == 302


def test_many_networks_together_are_stopped_but_not_the_device_that_knows_the_account(
    officer: Any, visitor: Any
) -> None:
    known = visitor("10.9.0.1")
    assert log_in(known, PASSWORD).status_code == 302
    known.post("/accounts/logout/")
    for place in range(11):
        fail(10, f"10.0.{place}.1")
    assert WORDS in log_in(visitor("10.0.99.1"), PASSWORD).content.decode()
    assert log_in(known, PASSWORD).status_code == 302


def test_who_holds_the_known_device_does_not_guess_on_for_ever(officer: Any, visitor: Any) -> None:
    known = visitor()
    log_in(known, PASSWORD)
    known.post("/accounts/logout/")
    for _time in range(11):
        log_in(known, "sai")
    assert WORDS in log_in(known, PASSWORD).content.decode()


def test_a_device_is_known_to_its_own_account_only(officer: Any, editor: Any, visitor: Any) -> None:
    client = visitor()
    log_in(client, PASSWORD, "bientap")
    client.post("/accounts/logout/")
    fail(11, STATION)
    assert WORDS in log_in(client, PASSWORD).content.decode()
    client.cookies[passwords.DEVICE] = f"{officer.pk}:x:y"
    assert WORDS in log_in(client, PASSWORD).content.decode()


def test_a_log_in_that_stopped_at_the_second_step_makes_no_device_known(officer: Any, visitor: Any) -> None:
    from tests.portal.second_factors import has_second_factor

    code = has_second_factor(officer)[0]
    client = visitor()
    log_in(client, PASSWORD)
    assert passwords.DEVICE not in client.cookies
    client.post("/accounts/2fa/authenticate/", {"code": code})
    cookie = client.cookies[passwords.DEVICE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert "truc" not in cookie.value


def test_one_network_does_not_go_through_all_accounts(
    commune: Any, monkeypatch: pytest.MonkeyPatch, visitor: Any
) -> None:
    monkeypatch.setattr(passwords, "FROM_NETWORK", "20/15m")
    for number in range(7):
        User.objects.create_user(f"can-bo-{number}", password=PASSWORD)
        fail(3, STRANGER, f"can-bo-{number}")
    assert WORDS in log_in(visitor(STRANGER), PASSWORD, "can-bo-1").content.decode()
    assert log_in(visitor(STATION), PASSWORD, "can-bo-1").status_code == 302


def test_a_name_in_other_letters_is_the_same_account(officer: Any, visitor: Any) -> None:
    for number in range(11):
        log_in(visitor(), "sai", "TRUC" if number % 2 else "Truc")
    assert WORDS in log_in(visitor(), PASSWORD).content.decode()


def test_an_account_that_does_not_exist_answers_as_one_that_does(officer: Any, visitor: Any) -> None:
    pages = {}
    for username in ("truc", "khong-co"):
        fail(11, STATION, username)
        pages[username] = log_in(visitor(), "sai", username).content.decode()
        assert WORDS in pages[username]


def test_without_counters_staff_still_log_in(
    officer: Any, monkeypatch: pytest.MonkeyPatch, visitor: Any
) -> None:
    def broken(*args: Any, **kwargs: Any) -> bool:
        raise OSError("no counters")

    monkeypatch.setattr("communes.limits.is_ratelimited", broken)
    assert log_in(visitor(), PASSWORD).status_code == 302


def test_no_address_and_no_name_is_kept(officer: Any, visitor: Any) -> None:
    from django.core.cache import cache

    cache.clear()
    fail(3, STATION)
    kept = [*Counter.objects.values_list("key", flat=True), *cache._cache]  # type: ignore[attr-defined]
    assert kept
    assert not [key for key in kept if "truc" in key or STATION in key]


def test_codes_of_the_second_factor_are_limited_by_account(officer: Any, visitor: Any) -> None:
    from tests.portal.second_factors import has_second_factor

    code = has_second_factor(officer)[0]
    client = visitor()
    log_in(client, PASSWORD)
    for _time in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert client.get("/admin/").status_code == 302
    assert Membership.objects.filter(user=officer).exists()
