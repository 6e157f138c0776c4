"""What was read, kept in this process for the next who asks the same."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

Value = TypeVar("Value")


class Memory(Generic[Value]):
    """Some values under the whole of what they were read from.

    It is for what everybody may see: no policy of a table is asked again.

    Args:
        size: so many are kept; the one that was asked for longest ago goes first.
        seconds: how long each is good; None: for good, because what it was read from never changes.
        now: the clock.
    """

    def __init__(
        self, size: int, *, seconds: float | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._size = size
        self._seconds = seconds
        self._now = now
        self._kept: OrderedDict[Hashable, tuple[float, Value]] = OrderedDict()
        self._reading: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    async def recall(self, key: Hashable, read: Callable[[], Awaitable[Value]]) -> Value:
        """Return what is kept under a key; read it first where nothing is, once for all who wait.

        `read` must need nothing that others may hold while they wait for it, such as the last connection:
        a transaction that reads has begun before. What it raises is not kept.
        """
        if (kept := self._fresh(key)) is not None:
            return kept[1]
        lock = self._reading.setdefault(key, asyncio.Lock())
        async with lock:
            if (kept := self._fresh(key)) is not None:
                return kept[1]
            value = await read()
            self._kept[key] = (self._now(), value)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
            return value

    def _fresh(self, key: Hashable) -> tuple[float, Value] | None:
        kept = self._kept.get(key)
        if kept is None:
            return None
        if self._seconds is not None and self._now() - kept[0] >= self._seconds:
            del self._kept[key]
            return None
        self._kept.move_to_end(key)
        return kept
