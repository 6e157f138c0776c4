"""Some containers have no /dev/shm that may be written to: importing many files still works there."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from spend.actions.readers import FILES_WORTH_PROCESSES, readers


async def test_without_semaphores_threads_read(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(multiprocessing.get_context("forkserver"), "Lock", refuse, raising=False)
    monkeypatch.setattr("multiprocessing.synchronize.Lock", refuse)
    async with readers(FILES_WORTH_PROCESSES) as pool:
        assert isinstance(pool, ThreadPoolExecutor)
        assert pool.submit(len, b"four").result() == 4
