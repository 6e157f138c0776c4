"""What is sealed opens whole, with its key, at its place; or not at all."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import sealing
from store.sealing import KeyLost, Sealer, SealingKey, Tampered

MASTER = b"a master key that only tests use"
SUBJECT = "tender 1"
KEY = sealing.new_key(MASTER, SUBJECT)
CONTEXT = b"bid 1, part prices"


def read(header: bytes, chunks: list[bytes], *, key: SealingKey = KEY, context: bytes = CONTEXT) -> bytes:
    private = sealing.unlock(MASTER, key, SUBJECT)
    return b"".join(sealing.opened(private, header, context, chunks))


def in_three() -> tuple[bytes, list[bytes]]:
    sealer = Sealer(KEY.public, CONTEXT)
    parts = [sealer.chunk(part, last=part == b"three") for part in (b"one", b"two", b"three")]
    return sealer.header, parts


@given(st.binary(max_size=2_000), st.integers(1, 700))
def test_content_comes_back_whole_however_it_is_cut(content: bytes, size: int):
    sealer = Sealer(KEY.public, CONTEXT)
    cut = [content[at : at + size] for at in range(0, len(content), size)] or [b""]
    chunks = [sealer.chunk(part, last=place == len(cut)) for place, part in enumerate(cut, start=1)]
    assert read(sealer.header, chunks) == content


@pytest.mark.parametrize(
    "size", [0, 1, sealing.CHUNK_BYTES - 1, sealing.CHUNK_BYTES, sealing.CHUNK_BYTES + 1]
)
def test_a_whole_object_is_cut_into_chunks(size: int):
    sealer = Sealer(KEY.public, CONTEXT)
    content = bytes(range(256)) * (size // 256) + bytes(size % 256)
    chunks = sealer.whole(content)
    assert len(chunks) == max(1, -(-size // sealing.CHUNK_BYTES))
    assert all(len(chunk) <= sealing.CHUNK_BYTES + sealing.OVERHEAD_BYTES for chunk in chunks)
    assert read(sealer.header, chunks) == content


def test_neither_content_nor_its_key_is_in_what_is_kept():
    content = b"our price is 123456 pounds, our price is 123456 pounds"
    first, second = Sealer(KEY.public, CONTEXT), Sealer(KEY.public, CONTEXT)
    kept = [first.header + b"".join(first.whole(content)), second.header + b"".join(second.whole(content))]
    assert all(b"123456" not in each for each in kept)
    assert kept[0] != kept[1], "equal bids cannot be told to be equal"
    private = sealing.unlock(MASTER, KEY, SUBJECT).private_bytes_raw()
    assert private not in KEY.locked
    assert MASTER not in KEY.locked


@pytest.mark.parametrize(
    "spoil",
    [
        lambda chunks: chunks[:2],
        lambda chunks: chunks[1:],
        lambda chunks: [chunks[0], chunks[2]],
        lambda chunks: [chunks[1], chunks[0], chunks[2]],
        lambda chunks: [chunks[0], chunks[0], chunks[1], chunks[2]],
        lambda chunks: [*chunks, chunks[2]],
        lambda chunks: [chunks[0], chunks[1][:-1], chunks[2]],
        lambda chunks: [chunks[0], bytes([chunks[1][0] ^ 1]) + chunks[1][1:], chunks[2]],
        lambda chunks: [chunks[0], in_three()[1][1], chunks[2]],
        lambda _: [],
    ],
)
def test_chunks_that_are_missing_moved_changed_or_of_another_object_are_noticed(spoil):
    header, chunks = in_three()
    assert read(header, chunks) == b"onetwothree"
    with pytest.raises(Tampered):
        read(header, spoil(chunks))


def test_an_object_opens_at_its_place_alone():
    header, chunks = in_three()
    with pytest.raises(Tampered):
        read(header, chunks, context=b"bid 2, part prices")
    with pytest.raises(Tampered):
        read(in_three()[0], chunks)
    with pytest.raises(Tampered):
        read(header[:-1], chunks)
    with pytest.raises(Tampered, match="form"):
        read(b"\x02" + header[1:], chunks)


def test_a_key_opens_for_its_subject_alone():
    with pytest.raises(Tampered):
        sealing.unlock(MASTER, KEY, "tender 2")
    other = sealing.new_key(MASTER, SUBJECT)
    with pytest.raises(Tampered, match="public key"):
        sealing.unlock(MASTER, dataclasses.replace(KEY, public=other.public), SUBJECT)
    header, chunks = in_three()
    with pytest.raises(Tampered):
        read(header, chunks, key=other)


def test_a_lost_master_key_is_told_from_a_changed_key_and_says_what_to_do():
    with pytest.raises(KeyLost) as lost:
        sealing.unlock(b"another master key, made anew...", KEY, SUBJECT)
    assert sealing.fingerprint(MASTER).hex() in str(lost.value)
    assert "keys/master.key" in str(lost.value)
    spoiled = KEY.locked[:-1] + bytes([KEY.locked[-1] ^ 1])
    with pytest.raises(Tampered):
        sealing.unlock(MASTER, dataclasses.replace(KEY, locked=spoiled), SUBJECT)
    with pytest.raises(Tampered, match="form"):
        sealing.unlock(MASTER, dataclasses.replace(KEY, locked=b"\x02" + KEY.locked[1:]), SUBJECT)


def test_nothing_follows_the_last_chunk():
    sealer = Sealer(KEY.public, CONTEXT)
    sealer.chunk(b"all", last=True)
    with pytest.raises(ValueError, match="last chunk"):
        sealer.chunk(b"more", last=True)
