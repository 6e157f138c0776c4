"""A child process that notices when its parent is gone, however it went."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable

LOG = logging.getLogger(__name__)
# The process that starts children writes its own number here.
VARIABLE = "BUYTOGETHER_PARENT"


async def stop_with_parent(stop: Callable[[], object]) -> None:
    """Ask to stop when the process that started us is gone, however it went."""
    parent = os.environ.get(VARIABLE)
    while parent and str(os.getppid()) == parent:  # noqa: ASYNC110 -- nothing tells us when a parent dies
        await asyncio.sleep(1)
    if parent:
        LOG.warning("The parent process is gone; stopping")
        stop()
