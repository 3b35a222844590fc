"""The key that a password gives: at a cost within bounds, for a whole salt, two at a time."""

import time
from concurrent.futures import ThreadPoolExecutor
from unicodedata import normalize

import pytest

from tipform.vault import Cost, Keyring, VaultError, new_salt, password_key

KEYRING = Keyring.parse(f"new:{'5a' * 32},old:{'1f' * 32}")
SALT = bytes(range(16))
CHEAPEST = Cost(passes=1, memory=8192)  # libsodium's least
MOST = Cost(passes=16, memory=1024**3)


def test_the_same_password_gives_the_same_key_however_the_keyboard_wrote_it():
    password = "mật khẩu của cán bộ"
    composed, decomposed = normalize("NFC", password), normalize("NFD", password)
    assert composed != decomposed
    assert password_key(composed, SALT, CHEAPEST, KEYRING) == password_key(
        decomposed, SALT, CHEAPEST, KEYRING
    )


def test_another_password_salt_cost_or_pepper_gives_another_key():
    keys = {
        password_key("mật khẩu", SALT, CHEAPEST, KEYRING),
        password_key("Mật khẩu", SALT, CHEAPEST, KEYRING),
        password_key("mật khẩu", new_salt(), CHEAPEST, KEYRING),
        password_key("mật khẩu", SALT, Cost(2, 8192), KEYRING),
        password_key("mật khẩu", SALT, Cost(1, 16384), KEYRING),
        password_key("mật khẩu", SALT, CHEAPEST, KEYRING, "old"),
    }
    assert len(keys) == 6


@pytest.fixture
def costless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id that asks for no memory: what is tried here is which costs come that far."""
    monkeypatch.setattr("tipform.vault.password.argon2id.kdf", lambda size, *_: bytes(size))


@pytest.mark.parametrize(
    "cost",
    [Cost(MOST.passes + 1, 8192), Cost(1, MOST.memory + 1)],
    ids=["one pass too many", "one byte too much"],
)
def test_a_cost_that_would_stop_the_server_is_refused(costless, cost):
    with pytest.raises(VaultError):
        password_key("mật khẩu", SALT, cost, KEYRING)


@pytest.mark.parametrize("cost", [CHEAPEST, Cost(MOST.passes, 8192), Cost(1, MOST.memory), MOST])
def test_a_cost_up_to_the_most_is_taken(costless, cost):
    assert len(password_key("mật khẩu", SALT, cost, KEYRING)) == 32


@pytest.mark.parametrize("cost", [Cost(0, 8192), Cost(-1, 8192), Cost(1, 8191), Cost(1, -1)])
def test_a_cost_below_the_least_is_refused(cost):
    with pytest.raises(VaultError):
        password_key("mật khẩu", SALT, cost, KEYRING)


@pytest.mark.parametrize("salt", [b"", SALT[:-1], SALT + b"\0"], ids=["none", "short", "long"])
def test_a_salt_that_has_not_16_bytes_is_refused(salt):
    with pytest.raises(VaultError):
        password_key("mật khẩu", salt, CHEAPEST, KEYRING)


def test_two_at_a_time_are_derived_so_that_a_rush_of_log_ins_takes_128_mib_and_not_more(monkeypatch):
    running, most = 0, 0

    def kdf(size, *_):
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.02)
        running -= 1
        return bytes(size)

    monkeypatch.setattr("tipform.vault.password.argon2id.kdf", kdf)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: password_key("mật khẩu", SALT, CHEAPEST, KEYRING), range(8)))
    assert most == 2
