"""Key pairs, the fingerprint two officers compare, and private keys wrapped for storage."""

import re

import pytest

from tipform.vault import KeyPair, OpenError, VaultError, fingerprint, packed, unwrap, wrap

PAIR = KeyPair.generate()
WRAPPING_KEY = bytes(range(32))
CONTEXT = packed(b"unit", b"cam-trung", b"1")
WRAPPED = wrap(PAIR.private, WRAPPING_KEY, CONTEXT)


def test_every_pair_is_new_and_its_private_half_is_not_shown():
    pairs = [KeyPair.generate() for _ in range(50)]
    assert len({pair.private for pair in pairs} | {pair.public for pair in pairs}) == 100
    assert {len(half) for pair in pairs for half in (pair.private, pair.public)} == {32}
    assert "private" not in repr(PAIR)
    assert repr(PAIR.private) not in repr(PAIR)


def test_a_fingerprint_is_twenty_digits_in_fives_and_changes_with_the_key():
    pairs = [KeyPair.generate() for _ in range(50)]
    fingerprints = {fingerprint(pair.public) for pair in pairs}
    assert len(fingerprints) == 50
    assert all(re.fullmatch(r"\d{5}( \d{5}){3}", text) for text in fingerprints)
    assert fingerprint(PAIR.public) == fingerprint(PAIR.public)


def test_a_wrapped_key_comes_back():
    assert len(WRAPPED) == 73
    assert PAIR.private not in WRAPPED
    assert unwrap(WRAPPED, WRAPPING_KEY, CONTEXT) == PAIR.private
    assert unwrap(memoryview(WRAPPED), WRAPPING_KEY, CONTEXT) == PAIR.private
    assert wrap(PAIR.private, WRAPPING_KEY, CONTEXT) != WRAPPED


@pytest.mark.parametrize(
    ("wrapping_key", "context"),
    [
        (bytes(32), CONTEXT),
        (WRAPPING_KEY[:-1], CONTEXT),
        (WRAPPING_KEY, packed(b"unit", b"cam-due", b"1")),
        (WRAPPING_KEY, packed(b"unit", b"cam-trung", b"2")),
        (WRAPPING_KEY, packed(b"unitcam", b"-trung", b"1")),
        (WRAPPING_KEY, b""),
    ],
)
def test_a_wrapped_key_opens_with_its_wrapping_key_and_in_its_place_only(wrapping_key, context):
    with pytest.raises(OpenError):
        unwrap(WRAPPED, wrapping_key, context)


def test_a_wrapped_key_that_was_touched_is_refused():
    for position in range(len(WRAPPED)):
        for bit in range(8):
            touched = bytearray(WRAPPED)
            touched[position] ^= 1 << bit
            with pytest.raises(OpenError):
                unwrap(bytes(touched), WRAPPING_KEY, CONTEXT)
        with pytest.raises(OpenError):
            unwrap(WRAPPED[:position], WRAPPING_KEY, CONTEXT)
    with pytest.raises(OpenError):
        unwrap(WRAPPED + b"\0", WRAPPING_KEY, CONTEXT)


@pytest.mark.parametrize(
    ("private", "key"), [(b"", WRAPPING_KEY), (bytes(33), WRAPPING_KEY), (bytes(32), b"short")]
)
def test_only_whole_keys_are_wrapped(private, key):
    with pytest.raises(VaultError):
        wrap(private, key, CONTEXT)
