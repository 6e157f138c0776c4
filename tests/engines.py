"""Engines of one test process share what SQLAlchemy has worked out about statements.

Every test has a database of its own, and so engines of its own. Each would compile every statement again,
which took a sixth of the processor of tests that ask the database.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import LRUCache

STATEMENTS = 5_000


def sharing(create: Callable[..., AsyncEngine]) -> Callable[..., AsyncEngine]:
    """Return what creates engines in the same way, all with one dialect, which is part of the key."""
    compiled: LRUCache[Any, Any] = LRUCache(STATEMENTS)
    first: list[AsyncEngine] = []

    def created(*args: Any, **options: Any) -> AsyncEngine:
        engine = create(*args, **options)
        first[:] = first or [engine]
        engine.sync_engine.dialect = first[0].sync_engine.dialect
        engine.sync_engine.update_execution_options(compiled_cache=compiled)
        return engine

    return created
