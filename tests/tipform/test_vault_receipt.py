"""The receipt code: stable for one submission, unguessable, forgiving when typed; what is made of it."""

import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipform.vault import (
    Keyring,
    KeyringError,
    ReceiptFormatError,
    ReceiptKeys,
    VaultError,
    display,
    new_code,
    normalise,
)

KEYRING = Keyring.parse(f"new:{'5a' * 32},old:{'1f' * 32}")
NONCE = bytes(range(16))
CODE = "0123456789012345"


def test_a_second_click_gives_the_same_receipt():
    code = new_code(NONCE, KEYRING)
    assert new_code(NONCE, KEYRING) == code == normalise(code)


def test_any_change_of_nonce_or_keyring_gives_another_receipt():
    codes = {
        new_code(NONCE, KEYRING),
        new_code(NONCE[::-1], KEYRING),
        new_code(NONCE + NONCE, KEYRING),
        new_code(NONCE, KEYRING, "old"),
        new_code(NONCE, Keyring.parse(f"new:{'5b' * 32}")),
    }
    assert len(codes) == 5


@pytest.mark.parametrize("nonce", [b"", bytes(15), bytes(65)])
def test_a_nonce_of_less_than_16_or_more_than_64_bytes_is_refused(nonce):
    with pytest.raises(VaultError):
        new_code(nonce, KEYRING)


@pytest.mark.parametrize("nonce", [bytes(16), bytes(64)])
def test_a_nonce_of_16_to_64_bytes_gives_a_code(nonce):
    code = new_code(nonce, KEYRING)
    assert normalise(code) == code


def test_codes_are_spread_evenly_and_do_not_repeat():
    codes = [new_code(number.to_bytes(16, "big"), KEYRING) for number in range(5000)]
    assert len(set(codes)) == 5000
    for position in range(16):
        counts = Counter(code[position] for code in codes)
        # 500 of each digit are expected, with a standard deviation of 21. The inputs never change.
        assert all(400 < counts[digit] < 600 for digit in "0123456789")


@pytest.mark.parametrize(
    "typed",
    [
        "0123456789012345",
        "0123 4567 8901 2345",
        "  0123  4567 8901 2345\n",
        "0123.4567.8901.2345",
        "0123-4567-8901-2345",
        "0123–4567—8901−2345",
        "0123‑4567‐8901‒2345",
        "0123\u00a04567\u202f8901\u20072345",
        "0123\t4567\r\n8901\u30002345",
        "０１２３　４５６７．８９０１－２３４５",
        "0123·4567•8901。2345",
        "\ufeff0123\u200b4567\u2060\u00ad89012345\u200e",
        "(0123) 4567, 8901; 2345.",
        " " * 184 + "0123456789012345",
    ],
)
def test_a_code_is_read_however_it_was_typed_or_pasted(typed):
    assert normalise(typed) == CODE


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "012345678901234",
        "01234567890123456",
        "0123 4567 8901 234O",
        "Mã: 0123 4567 8901 2345",
        "٠١٢٣٤٥٦٧٨٩٠١٢٣٤٥",  # digits of another script
        "０１２３４５６７８９０１２３４",
        "①②③④⑤⑥⑦⑧⑨①②③④⑤⑥⑦",
        "²123456789012345",
        "+0123456789012345",
        " " * 185 + "0123456789012345",
        "0" * 1_000_000,
    ],
)
def test_what_is_not_sixteen_digits_is_refused_without_repeating_it(typed):
    with pytest.raises(ReceiptFormatError) as caught:
        normalise(typed)
    assert str(caught.value) == "A receipt code has 16 digits"
    assert isinstance(caught.value, ValueError)


@given(st.text(max_size=250))
def test_any_text_is_either_sixteen_digits_or_refused(typed):
    try:
        code = normalise(typed)
    except ReceiptFormatError:
        return
    assert len(code) == 16
    assert code.isascii()
    assert code.isdigit()


def test_a_code_is_shown_in_four_groups_and_read_back():
    assert display(CODE) == "0123 4567 8901 2345"
    assert normalise(display(CODE)) == CODE
    with pytest.raises(ReceiptFormatError):
        display("123")


def test_a_code_always_leads_to_the_same_two_values(record_property):
    started = time.perf_counter()
    keys = ReceiptKeys.derive(CODE, KEYRING)
    record_property("derive_ms", round((time.perf_counter() - started) * 1000))
    assert keys == ReceiptKeys.derive("０１２３ 4567-8901.2345", KEYRING, "new", params=1)
    assert (keys.key_id, keys.params) == ("new", 1)
    assert len(keys.lookup) == len(keys.wrap_key) == 32
    assert keys.lookup != keys.wrap_key


def test_another_code_or_another_pepper_leads_elsewhere():
    derived = [
        ReceiptKeys.derive(CODE, KEYRING),
        ReceiptKeys.derive(CODE, KEYRING, "old"),
        ReceiptKeys.derive("1123456789012345", KEYRING),
    ]
    assert len({value for keys in derived for value in (keys.lookup, keys.wrap_key)}) == 6


def test_a_code_still_leads_to_its_tip_after_the_keyring_was_rotated():
    before = ReceiptKeys.derive(CODE, Keyring.parse(f"old:{'1f' * 32}"))
    assert ReceiptKeys.derive(CODE, KEYRING, before.key_id, before.params) == before


def test_what_a_code_leads_to_is_not_shown():
    keys = ReceiptKeys.derive(CODE, KEYRING)
    assert repr(keys) == "ReceiptKeys(key_id='new', params=1)"


def test_unknown_parameters_an_unknown_key_and_a_malformed_code_are_refused():
    with pytest.raises(VaultError):
        ReceiptKeys.derive(CODE, KEYRING, params=0)
    with pytest.raises(KeyringError):
        ReceiptKeys.derive(CODE, KEYRING, "gone")
    with pytest.raises(ReceiptFormatError):
        ReceiptKeys.derive("123", KEYRING)


def test_derivations_take_turns_so_that_a_flood_takes_32_mib_and_not_more(monkeypatch):
    from concurrent.futures import ThreadPoolExecutor

    running, most = 0, 0

    def kdf(size, *_):
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.01)
        running -= 1
        return bytes(size)

    monkeypatch.setattr("tipform.vault.receipt.argon2id.kdf", kdf)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: ReceiptKeys.derive(CODE, KEYRING), range(8)))
    assert most == 1


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 15), st.integers(1, 9))
def test_a_code_with_one_digit_wrong_leads_nowhere_near(position, step):
    digit = (int(CODE[position]) + step) % 10
    other = ReceiptKeys.derive(f"{CODE[:position]}{digit}{CODE[position + 1 :]}", KEYRING)
    right = ReceiptKeys.derive(CODE, KEYRING)
    assert other.lookup != right.lookup
    assert other.wrap_key != right.wrap_key
