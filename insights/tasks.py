"""Long work of this slice."""

from __future__ import annotations

from typing import Any

from insights.actions.releasing import make_release
from store.jobs import Task, Work


async def release(work: Work) -> dict[str, Any]:
    """Bring the market report up to date. Safe to run twice."""
    release_id = await make_release(work, work.resources["lake"], work.resources["settings"].engine)
    return {"release_id": str(release_id) if release_id else None}


TASKS: dict[str, Task] = {"insights.release": release}
