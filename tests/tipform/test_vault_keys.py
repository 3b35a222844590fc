"""Key pairs, the fingerprint two officers compare, and private keys wrapped for storage."""

import re
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipform.vault import (
    Context,
    KeyPair,
    OpenError,
    RecoveryCode,
    RecoveryFormatError,
    VaultError,
    fingerprint,
    grant,
    open_grant,
    open_key,
    packed,
    seal_key,
    unwrap,
    wrap,
)

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


def test_a_private_key_brings_its_public_half():
    assert KeyPair.of(PAIR.private) == PAIR


@pytest.mark.parametrize(
    "private", [b"", PAIR.private[:-1], PAIR.private + b"\0"], ids=["none", "short", "long"]
)
def test_a_private_key_that_has_not_32_bytes_makes_no_pair(private):
    with pytest.raises(VaultError):
        KeyPair.of(private)


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


# --- Grants -----------------------------------------------------------------------------------------------

RECIPIENT = KeyPair.generate()
UNIT, OFFICER = packed(b"unit", b"\1" * 16, b"\0\0\0\1", PAIR.public), packed(b"officer", b"17", b"\0\0\0\1")
GRANTED_FOR = packed(b"grant", UNIT, OFFICER)
GRANTED = grant(PAIR.private, RECIPIENT.public, GRANTED_FOR)


def test_a_grant_comes_back_for_its_recipient_alone():
    assert len(GRANTED) == 97
    assert open_grant(GRANTED, RECIPIENT.private, GRANTED_FOR) == PAIR.private
    assert open_grant(memoryview(GRANTED), RECIPIENT.private, GRANTED_FOR) == PAIR.private
    for other in (KeyPair.generate().private, PAIR.private, b"", RECIPIENT.private[:-1]):
        with pytest.raises(OpenError):
            open_grant(GRANTED, other, GRANTED_FOR)


@pytest.mark.parametrize(
    "context",
    [
        packed(b"grant", OFFICER, UNIT),
        packed(b"grant", UNIT, packed(b"officer", b"18", b"\0\0\0\1")),
        packed(b"grant", UNIT, packed(b"officer", b"17", b"\0\0\0\2")),
        packed(b"grant", packed(b"unit", b"\2" * 16, b"\0\0\0\1", PAIR.public), OFFICER),
        packed(b"grant", packed(b"unit", b"\1" * 16, b"\0\0\0\2", PAIR.public), OFFICER),
        packed(b"grant" + UNIT, OFFICER),
        b"",
    ],
)
def test_a_grant_in_another_place_is_refused(context):
    with pytest.raises(OpenError):
        open_grant(GRANTED, RECIPIENT.private, context)


@given(st.integers(0, len(GRANTED) * 8 - 1), st.integers(0, len(GRANTED) - 1))
def test_a_grant_with_a_bit_flipped_or_cut_short_is_refused(bit, cut):
    flipped = bytearray(GRANTED)
    flipped[bit // 8] ^= 1 << bit % 8
    for touched in (bytes(flipped), GRANTED[:cut], GRANTED + b"\0"):
        with pytest.raises(OpenError):
            open_grant(touched, RECIPIENT.private, GRANTED_FOR)


def test_neither_a_part_key_passes_for_a_grant_nor_a_grant_for_a_part_key():
    context = Context(tip=uuid4(), unit=uuid4(), part=uuid4(), label="message", version=1)
    with pytest.raises(OpenError):
        open_grant(seal_key(PAIR.private, RECIPIENT.public, context), RECIPIENT.private, context.encode())
    with pytest.raises(OpenError):
        open_key(grant(PAIR.private, RECIPIENT.public, context.encode()), RECIPIENT.private, context)


# --- The recovery code ------------------------------------------------------------------------------------

CODE = "".join(RecoveryCode.generate().groups)


@given(st.integers(0, 55), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_a_recovery_code_with_one_character_wrong_is_refused(position, character):
    typed = CODE[:position] + character + CODE[position + 1 :]
    if typed != CODE:
        with pytest.raises(RecoveryFormatError):
            RecoveryCode.parse(typed)


@given(st.integers(0, 13), st.integers(0, 13))
def test_a_recovery_code_with_groups_left_out_or_exchanged_is_refused(one, other):
    groups = [CODE[start : start + 4] for start in range(0, 56, 4)]
    left_out = groups[:one] + groups[one + 1 :]
    groups[one], groups[other] = groups[other], groups[one]
    for typed in (left_out, groups):
        if "".join(typed) != CODE:
            with pytest.raises(RecoveryFormatError):
                RecoveryCode.parse(" ".join(typed))
