"""A sealed file opens whole, in order, unaltered, from any position; a damaged one gives no wrong byte."""

import io
import itertools
import os
import random
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipform.vault import (
    CHUNK,
    Context,
    OpenError,
    SealingWriter,
    StreamReader,
    VaultError,
    new_part_key,
    stream,
)

KEY = new_part_key()
CONTEXT = Context(tip=uuid4(), unit=uuid4(), part=uuid4(), label="file", version=1)
HEADER, SEALED_CHUNK = 20, CHUNK + 16
CONTENT = random.Random(1).randbytes(2 * CHUNK + 12_345)


def sealed(content: bytes, key: bytes = KEY) -> bytes:
    target = io.BytesIO()
    with SealingWriter(target, CONTEXT, key) as writer:
        assert writer.write(content) == len(content)
    return target.getvalue()


def opened(data: bytes, context: Context = CONTEXT, key: bytes = KEY) -> bytes:
    return b"".join(StreamReader(io.BytesIO(data), context, key))


def read_until_refused(data: bytes) -> bytes:
    """Return what came out before the refusal that must come."""
    out = b""
    with pytest.raises(OpenError):
        for piece in StreamReader(io.BytesIO(data), CONTEXT, KEY):
            out += piece
    return out


SEALED = sealed(CONTENT)
CHUNKS = [SEALED[start : start + SEALED_CHUNK] for start in range(HEADER, len(SEALED), SEALED_CHUNK)]


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Chunks of 64 bytes, so that every position of a file can be tried."""
    monkeypatch.setattr(stream, "CHUNK", 64)
    monkeypatch.setattr(stream, "_SEALED_CHUNK", 80)
    yield 64


@pytest.mark.parametrize(
    "size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1, 3 * CHUNK]
)
def test_a_file_of_any_size_comes_back(size):
    content = os.urandom(size)
    data = sealed(content)
    chunks = max(1, -(-size // CHUNK))
    assert len(data) == HEADER + size + 16 * chunks
    reader = StreamReader(io.BytesIO(data), CONTEXT, KEY)
    assert reader.size == size
    assert b"".join(reader) == content
    assert b"".join(reader) == content  # and again


def test_every_size_around_small_chunks_comes_back(small_chunks):
    for size in range(4 * small_chunks + 2):
        assert opened(sealed(bytes(size))) == bytes(size)


@settings(deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=12))
def test_it_does_not_matter_in_which_pieces_a_file_is_written(pieces):
    target = io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "CHUNK", 64)
        patch.setattr(stream, "_SEALED_CHUNK", 80)
        with SealingWriter(target, CONTEXT, KEY) as writer:
            for piece in pieces:
                writer.write(memoryview(piece))
        assert opened(target.getvalue()) == b"".join(pieces)


borders = st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, len(CONTENT)])
positions = borders | st.integers(0, len(CONTENT))


@settings(deadline=None)
@given(positions, positions)
def test_a_range_is_what_a_slice_would_be(one, other):
    start, end = sorted((one, other))
    pieces = list(StreamReader(io.BytesIO(SEALED), CONTEXT, KEY).read_range(start, end))
    assert b"".join(pieces) == CONTENT[start:end]
    assert all(0 < len(piece) <= CHUNK for piece in pieces)


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 4), (0, len(CONTENT) + 1), (len(CONTENT) + 1,) * 2])
def test_a_range_outside_the_file_is_refused_at_once(start, end):
    reader = StreamReader(io.BytesIO(SEALED), CONTEXT, KEY)
    with pytest.raises(ValueError, match="outside the file"):
        reader.read_range(start, end)


def test_a_range_reads_only_the_chunks_it_needs():
    source = io.BytesIO(SEALED)
    reader = StreamReader(source, CONTEXT, KEY)
    damaged = bytearray(SEALED)
    damaged[HEADER] ^= 1
    source.seek(0)
    source.write(damaged)
    assert b"".join(reader.read_range(CHUNK, CHUNK + 10)) == CONTENT[CHUNK : CHUNK + 10]
    with pytest.raises(OpenError):
        next(reader.read_range(0, 1))


@pytest.mark.parametrize(
    "cut",
    [
        border + offset
        for border in (0, HEADER, HEADER + SEALED_CHUNK, HEADER + 2 * SEALED_CHUNK, len(SEALED))
        for offset in (-SEALED_CHUNK // 2, -17, -16, -15, -1, 0, 1, 15, 16, 17, SEALED_CHUNK // 2)
        if 0 <= border + offset < len(SEALED)
    ],
)
def test_a_file_cut_at_or_inside_a_chunk_is_refused_before_its_first_byte(cut):
    with pytest.raises(OpenError):
        StreamReader(io.BytesIO(SEALED[:cut]), CONTEXT, KEY)


@pytest.mark.parametrize("size", [0, 64, 2 * 64, 2 * 64 + 40, 3 * 64])
def test_a_file_cut_anywhere_is_refused_before_its_first_byte(size, small_chunks):
    data = sealed(os.urandom(size))
    for cut in range(len(data)):
        with pytest.raises(OpenError):
            StreamReader(io.BytesIO(data[:cut]), CONTEXT, KEY)


@pytest.mark.parametrize("content", [b"", CONTENT, CONTENT[: 2 * CHUNK]], ids=["empty", "partial", "full"])
@pytest.mark.parametrize(
    "more",
    [b"\0", bytes(15), bytes(16), bytes(17), CHUNKS[0], CHUNKS[2]],
    ids=["1", "15", "16", "17", "a full chunk", "a last chunk"],
)
def test_a_file_with_bytes_after_its_end_is_refused_before_its_first_byte(content, more):
    with pytest.raises(OpenError):
        StreamReader(io.BytesIO(sealed(content) + more), CONTEXT, KEY)


def test_chunks_in_any_other_order_number_or_repetition_are_refused():
    tried = 0
    for count in range(5):
        for order in itertools.product(range(3), repeat=count):
            if order != (0, 1, 2):
                out = read_until_refused(SEALED[:HEADER] + b"".join(CHUNKS[number] for number in order))
                assert CONTENT.startswith(out)
                tried += 1
    assert tried == 1 + 3 + 9 + 27 + 81 - 1


def test_full_chunks_in_any_other_order_are_refused_too():
    content = os.urandom(3 * CHUNK)
    data = sealed(content)
    chunks = [data[start : start + SEALED_CHUNK] for start in range(HEADER, len(data), SEALED_CHUNK)]
    for order in itertools.permutations(range(3)):
        if order != (0, 1, 2):
            out = read_until_refused(data[:HEADER] + b"".join(chunks[number] for number in order))
            assert content.startswith(out)


def test_a_chunk_of_another_file_under_the_same_key_is_refused():
    other = sealed(CONTENT)
    for number in range(3):
        start = HEADER + number * SEALED_CHUNK
        end = min(start + SEALED_CHUNK, len(SEALED))
        out = read_until_refused(SEALED[:start] + other[start:end] + SEALED[end:])
        assert out == (b"" if number == 2 else CONTENT[: number * CHUNK])


def test_an_empty_chunk_after_a_full_one_is_refused(small_chunks):
    """Even one made with the right key: a content has one form only."""
    target = io.BytesIO()
    writer = SealingWriter(target, CONTEXT, KEY)
    writer.write(bytes(64))
    writer._emit(last=False)
    writer.close()
    assert len(target.getvalue()) == HEADER + 80 + 16
    with pytest.raises(OpenError):
        StreamReader(io.BytesIO(target.getvalue()), CONTEXT, KEY)


@settings(deadline=None)
@given(st.integers(0, len(SEALED) * 8 - 1))
def test_a_flipped_bit_is_refused_before_any_byte_of_its_chunk(bit):
    data = bytearray(SEALED)
    data[bit // 8] ^= 1 << bit % 8
    out = read_until_refused(bytes(data))
    number = (bit // 8 - HEADER) // SEALED_CHUNK
    assert out == (CONTENT[: number * CHUNK] if number in (0, 1) else b"")


def test_any_flipped_bit_of_a_small_file_is_refused(small_chunks):
    content = os.urandom(2 * 64 + 5)
    data = sealed(content)
    for bit in range(len(data) * 8):
        damaged = bytearray(data)
        damaged[bit // 8] ^= 1 << bit % 8
        assert content.startswith(read_until_refused(bytes(damaged)))


@pytest.mark.parametrize(
    "change", [{"tip": uuid4()}, {"unit": uuid4()}, {"part": uuid4()}, {"label": "preview"}, {"version": 2}]
)
def test_a_file_moved_elsewhere_is_refused(change):
    for data in (SEALED, sealed(b"")):
        with pytest.raises(OpenError):
            opened(data, context=replace(CONTEXT, **change))


@pytest.mark.parametrize("key", [new_part_key(), b"", KEY[:-1]], ids=["another", "none", "short"])
def test_a_wrong_key_opens_no_file(key):
    for data in (SEALED, sealed(b"")):
        with pytest.raises(OpenError):
            opened(data, key=key)


def test_a_file_whose_writing_broke_off_can_never_be_opened():
    for written in (b"", b"a few bytes", CONTENT, CONTENT[: 2 * CHUNK]):
        target = io.BytesIO()
        writer = SealingWriter(target, CONTEXT, KEY)
        with pytest.raises(ConnectionError), writer:
            writer.write(written)
            raise ConnectionError
        writer.close()
        with pytest.raises(OpenError):
            opened(target.getvalue())
        with pytest.raises(VaultError):
            writer.write(b"more")


def test_a_full_disk_is_reported_and_uses_no_nonce_twice(monkeypatch):
    class Disk(io.BytesIO):
        room = HEADER + SEALED_CHUNK

        def write(self, data, /):
            if self.tell() + len(data) > self.room:
                raise OSError(28, "No space left on device")
            return super().write(data)

    nonces: list[bytes] = []
    real = stream.encrypt

    def encrypt(plaintext, associated, nonce, key):
        nonces.append(nonce)
        return real(plaintext, associated, nonce, key)

    monkeypatch.setattr(stream, "encrypt", encrypt)
    disk = Disk()
    writer = SealingWriter(disk, CONTEXT, KEY)
    writer.write(CONTENT[: 2 * CHUNK])
    for _ in range(2):
        with pytest.raises(OSError, match="No space"):
            writer.write(CONTENT[:CHUNK])
    with pytest.raises(OSError, match="No space"):
        writer.close()
    assert len(set(nonces)) == len(nonces) == 4
    with pytest.raises(OpenError):
        opened(disk.getvalue())


def test_closing_twice_writes_one_end_and_writing_after_it_is_refused():
    target = io.BytesIO()
    writer = SealingWriter(target, CONTEXT, KEY)
    writer.write(b"text")
    writer.close()
    writer.close()
    assert opened(target.getvalue()) == b"text"
    assert not target.closed
    with pytest.raises(VaultError):
        writer.write(b"more")


def test_a_key_that_is_none_seals_nothing():
    with pytest.raises(VaultError), SealingWriter(io.BytesIO(), CONTEXT, b"short") as writer:
        writer.write(b"text")


def test_the_same_file_never_seals_to_the_same_bytes():
    assert len({sealed(b"text")[1:20] for _ in range(100)}) == 100


def test_memory_is_bounded_by_a_few_chunks(tmp_path):
    path = tmp_path / "sealed"
    pieces = 256  # 16 MiB
    at_once = bytes(pieces * CHUNK)
    tracemalloc.start()
    with path.open("wb") as target, SealingWriter(target, CONTEXT, KEY) as writer:
        for _ in range(pieces):
            writer.write(bytes(CHUNK))
        writer.write(at_once)
    with path.open("rb") as source:
        reader = StreamReader(source, CONTEXT, KEY)
        assert sum(len(piece) for piece in reader) == reader.size == 2 * pieces * CHUNK
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12 * CHUNK
