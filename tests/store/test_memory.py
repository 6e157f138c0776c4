"""What was read is read once, kept for as long as it is good, and gone when it fails."""

from __future__ import annotations

import asyncio

import pytest

from store.memory import Memory


class Source:
    """Counts how often it is read."""

    def __init__(self) -> None:
        self.reads = 0
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def read(self) -> int:
        self.reads += 1
        await self.may_end.wait()
        return self.reads


async def test_what_is_kept_is_not_read_again():
    source, memory = Source(), Memory[int](2)
    assert [await memory.recall("a", source.read) for _ in range(3)] == [1, 1, 1]
    assert await memory.recall("b", source.read) == 2


async def test_many_who_ask_at_once_wait_for_one_reading():
    source, memory = Source(), Memory[int](2)
    source.may_end.clear()
    asking = [asyncio.create_task(memory.recall("a", source.read)) for _ in range(5)]
    await asyncio.sleep(0)
    source.may_end.set()
    assert await asyncio.gather(*asking) == [1] * 5


async def test_what_is_too_old_is_read_again():
    clock = [100.0]
    source, memory = Source(), Memory[int](2, seconds=60, now=lambda: clock[0])
    assert await memory.recall("a", source.read) == 1
    clock[0] += 59
    assert await memory.recall("a", source.read) == 1
    clock[0] += 1
    assert await memory.recall("a", source.read) == 2


async def test_the_one_that_was_asked_for_longest_ago_goes_first():
    source, memory = Source(), Memory[int](2)
    for key in ("a", "b", "a", "c"):
        await memory.recall(key, source.read)
    assert source.reads == 3
    assert await memory.recall("a", source.read) == 1
    assert await memory.recall("b", source.read) == 4


async def test_a_reading_that_fails_or_is_given_up_leaves_the_next_to_read():
    source, memory = Source(), Memory[int](2)

    async def fail() -> int:
        raise LookupError

    with pytest.raises(LookupError):
        await memory.recall("a", fail)
    source.may_end.clear()
    given_up = asyncio.create_task(memory.recall("a", source.read))
    await asyncio.sleep(0)
    following = asyncio.create_task(memory.recall("a", source.read))
    await asyncio.sleep(0)
    given_up.cancel()
    source.may_end.set()
    assert await following == 2
