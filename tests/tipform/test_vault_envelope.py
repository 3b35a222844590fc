"""A sealed part opens with its key, in its place, whole and unaltered; otherwise not at all."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipform.vault import (
    Context,
    KeyPair,
    OpenError,
    VaultError,
    new_part_key,
    open_json,
    open_key,
    open_part,
    seal,
    seal_json,
    seal_key,
    unwrap,
    wrap,
)
from tipform.vault.envelope import MAX_PART
from tipform.vault.primitives import seal_box

KEY = new_part_key()
CONTEXT = Context(tip=uuid4(), unit=uuid4(), part=uuid4(), label="message", version=1)
ELSEWHERE = {
    "tip": replace(CONTEXT, tip=uuid4()),
    "unit": replace(CONTEXT, unit=uuid4()),
    "part": replace(CONTEXT, part=uuid4()),
    "label": replace(CONTEXT, label="place"),
    "version": replace(CONTEXT, version=2),
    "tip and part exchanged": replace(CONTEXT, tip=CONTEXT.part, part=CONTEXT.tip),
}
somewhere_else = pytest.mark.parametrize("elsewhere", ELSEWHERE.values(), ids=ELSEWHERE)
PAIR = KeyPair.generate()
SEALED = seal("Có xe hút cát ngoài sông".encode(), CONTEXT, KEY)
SEALED_KEY = seal_key(KEY, PAIR.public, CONTEXT)


def flipped(data: bytes, bit: int) -> bytes:
    return data[: bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1 :]


@given(st.binary(max_size=600) | st.sampled_from([2047, 2048, 2049, 4095, 4096, 70_000]).map(bytes))
def test_what_was_sealed_comes_back(plaintext):
    assert open_part(seal(plaintext, CONTEXT, KEY), CONTEXT, KEY) == plaintext


@pytest.mark.parametrize("ending", [b"\x80", b"\x80\x00", b"\x00" * 300, b"\x80" * 256])
def test_content_that_looks_like_padding_comes_back(ending):
    assert open_part(seal(b"x" + ending, CONTEXT, KEY), CONTEXT, KEY) == b"x" + ending


@pytest.mark.parametrize(
    ("size", "padded"),
    [(0, 256), (3, 256), (200, 256), (255, 256), (256, 512), (1000, 1024), (2047, 2048), (2048, 4096)]
    + [(4095, 4096), (4096, 6144), (MAX_PART, MAX_PART + 2048)],
)
def test_padding_leaves_only_the_block_to_see(size, padded):
    assert len(seal(b"a" * size, CONTEXT, KEY)) == 1 + 24 + padded + 16


def test_the_same_text_never_seals_to_the_same_bytes():
    assert len({seal(b"text", CONTEXT, KEY)[1:25] for _ in range(100)}) == 100
    assert len({seal_key(KEY, PAIR.public, CONTEXT) for _ in range(100)}) == 100
    assert len({new_part_key() for _ in range(100)}) == 100


@somewhere_else
def test_a_part_moved_elsewhere_is_refused(elsewhere):
    with pytest.raises(OpenError):
        open_part(SEALED, elsewhere, KEY)


@somewhere_else
def test_a_sealed_key_moved_elsewhere_is_refused(elsewhere):
    with pytest.raises(OpenError):
        open_key(SEALED_KEY, PAIR.private, elsewhere)


@given(st.integers(0, len(SEALED) * 8 - 1))
def test_a_part_with_one_bit_flipped_is_refused(bit):
    with pytest.raises(OpenError):
        open_part(flipped(SEALED, bit), CONTEXT, KEY)


def test_a_sealed_key_with_any_bit_flipped_is_refused():
    for bit in range(len(SEALED_KEY) * 8):
        with pytest.raises(OpenError):
            open_key(flipped(SEALED_KEY, bit), PAIR.private, CONTEXT)


def test_a_part_cut_short_or_grown_is_refused():
    for damaged in [SEALED[:cut] for cut in range(len(SEALED))] + [SEALED + b"\0", SEALED + SEALED]:
        with pytest.raises(OpenError):
            open_part(damaged, CONTEXT, KEY)


def test_a_sealed_key_cut_short_or_grown_is_refused():
    for damaged in [SEALED_KEY[:cut] for cut in range(len(SEALED_KEY))] + [SEALED_KEY + b"\0"]:
        with pytest.raises(OpenError):
            open_key(damaged, PAIR.private, CONTEXT)


@pytest.mark.parametrize(
    "key", [new_part_key(), KEY[:-1], KEY + b"\0", b""], ids=["another", "short", "long", "none"]
)
def test_a_wrong_key_opens_nothing(key):
    with pytest.raises(OpenError):
        open_part(SEALED, CONTEXT, key)
    with pytest.raises(OpenError):
        open_key(SEALED_KEY, key, CONTEXT)


def test_a_part_key_opens_for_each_of_its_recipients_and_for_nobody_else():
    commune, reporter, stranger = KeyPair.generate(), KeyPair.generate(), KeyPair.generate()
    for recipient in (commune, reporter):
        sealed = seal_key(KEY, recipient.public, CONTEXT)
        assert len(sealed) == 97
        assert open_key(sealed, recipient.private, CONTEXT) == KEY
        with pytest.raises(OpenError):
            open_key(sealed, stranger.private, CONTEXT)


def test_a_key_that_is_none_is_refused_when_sealing():
    for bad_key in (b"", KEY[:-1], KEY + b"\0"):
        with pytest.raises(VaultError):
            seal(b"text", CONTEXT, bad_key)
        with pytest.raises(VaultError):
            seal_key(bad_key, PAIR.public, CONTEXT)
        with pytest.raises(VaultError):
            seal_key(KEY, bad_key, CONTEXT)
    with pytest.raises(VaultError):  # a point of low order: anybody could open what is sealed to it
        seal_key(KEY, bytes(32), CONTEXT)


def test_a_part_longer_than_a_mebibyte_is_refused():
    with pytest.raises(VaultError):
        seal(bytes(MAX_PART + 1), CONTEXT, KEY)


def test_one_format_does_not_open_as_another():
    wrapped_like_a_part = wrap(KEY, KEY, CONTEXT.encode())
    with pytest.raises(OpenError):
        open_part(wrapped_like_a_part, CONTEXT, KEY)
    with pytest.raises(OpenError):
        unwrap(SEALED, KEY, CONTEXT.encode())


@pytest.mark.parametrize("padded", [b"", b"\x80", bytes(256), b"text".ljust(256, b" "), b"\x80" + bytes(256)])
def test_a_part_with_bad_padding_is_refused_even_under_the_right_key(padded):
    with pytest.raises(OpenError):
        open_part(seal_box(b"part", padded, CONTEXT.encode(), KEY), CONTEXT, KEY)


@pytest.mark.parametrize(
    ("content", "padded_to"),
    [(b"a" * (2048 - 257), 2048), (b"", 2048), (b"a" * 2047, 4096)],
    ids=["one byte too much for a small block", "nothing in a large block", "nearly two large blocks"],
)
def test_a_part_padded_by_more_than_a_block_is_refused_even_under_the_right_key(content, padded_to):
    """Of every content there is one padded form only."""
    padded = (content + b"\x80").ljust(padded_to, b"\0")
    with pytest.raises(OpenError):
        open_part(seal_box(b"part", padded, CONTEXT.encode(), KEY), CONTEXT, KEY)


@given(st.integers(0, 255).filter(lambda version: version != 1))
def test_an_unknown_version_is_refused(version):
    with pytest.raises(OpenError):
        open_part(bytes([version]) + SEALED[1:], CONTEXT, KEY)
    with pytest.raises(OpenError):
        open_key(bytes([version]) + SEALED_KEY[1:], PAIR.private, CONTEXT)


def test_what_a_database_hands_over_as_memoryview_opens_too():
    assert open_part(memoryview(SEALED), CONTEXT, KEY) == open_part(SEALED, CONTEXT, KEY)
    assert open_key(memoryview(SEALED_KEY), PAIR.private, CONTEXT) == KEY


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abcđê", max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(json_values)
def test_json_comes_back_as_it_was(value):
    assert open_json(seal_json(value, CONTEXT, KEY), CONTEXT, KEY) == value


def test_json_is_compact_sorted_and_keeps_the_text_as_typed():
    decomposed = "Cẩm Trung"  # as an iPhone may send it: letter and marks apart
    sealed = seal_json({"b": decomposed, "a": [1, None]}, CONTEXT, KEY)
    assert open_part(sealed, CONTEXT, KEY) == b'{"a":[1,null],"b":"%s"}' % decomposed.encode()


@pytest.mark.parametrize("value", [{1, 2}, float("nan"), b"bytes", "half a pair \ud83d", {(): 1}])
def test_what_is_not_json_is_refused(value):
    with pytest.raises(VaultError) as caught:
        seal_json(value, CONTEXT, KEY)
    assert not isinstance(caught.value, OpenError)


@pytest.mark.parametrize("plaintext", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_part_that_is_not_json_is_refused_when_opened_as_json(plaintext):
    with pytest.raises(OpenError):
        open_json(seal(plaintext, CONTEXT, KEY), CONTEXT, KEY)


contexts = st.builds(
    Context,
    tip=st.integers(0, 1).map(lambda number: UUID(int=number)),
    unit=st.integers(0, 1).map(lambda number: UUID(int=number)),
    part=st.integers(0, 1).map(lambda number: UUID(int=number)),
    label=st.text("a\0\4", min_size=1, max_size=5),
    version=st.integers(0, 2**32 - 1),
)


@given(contexts, contexts)
def test_two_contexts_never_share_their_bytes(one, other):
    assert (one == other) == (one.encode() == other.encode())


@pytest.mark.parametrize(
    "change", [{"label": ""}, {"label": "a" * 65}, {"label": "ộ" * 22}, {"version": -1}, {"version": 2**32}]
)
def test_a_context_out_of_bounds_is_refused(change):
    with pytest.raises(VaultError):
        replace(CONTEXT, **change)


@pytest.mark.parametrize(
    "change",
    [{"label": "a"}, {"label": "a" * 64}, {"label": "ộ" * 21 + "a"}, {"version": 0}, {"version": 2**32 - 1}],
)
def test_a_context_on_the_bounds_seals_and_opens(change):
    context = replace(CONTEXT, **change)
    assert open_part(seal(b"text", context, KEY), context, KEY) == b"text"
