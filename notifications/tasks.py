"""The work of this slice: telling people of what was done, and their summaries of a day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, Protocol, cast

from accounts.actions import mail
from notifications.actions import telling as actions
from notifications.queries import notices as queries
from notifications.rules import telling
from store.db import transaction
from store.jobs import Task, Work

TELL: Final = "notifications.tell"


class Addressed(Protocol):
    """Settings that say at which address people find the service."""

    @property
    def public_url(self) -> str:
        """What people type."""
        ...


async def tell(work: Work) -> dict[str, int]:
    """Tell people of what the audit trail holds since the last time. Safe to run twice and at once."""
    address = cast("Addressed", work.resources["settings"]).public_url
    now, batches, more = datetime.now(UTC), 0, True
    while more:
        async with transaction(work.sessions, work.actor) as db:
            more = await actions.tell_next(db, address=address, now=now)
            batches += 1
    summaries = await _summaries(work, address, now)
    return {"batches": batches, "summaries": summaries}


async def _summaries(work: Work, address: str, now: datetime) -> int:
    """Write the summaries that are due, each in a transaction of its own."""
    until = telling.summary_time(now)
    async with transaction(work.sessions, work.actor) as db:
        due = await queries.due_for_summary(db, until)
    written = 0
    for person_id in due:
        async with transaction(work.sessions, work.actor) as db:
            written += await actions.send_summary(db, person_id, address=address, until=until)
    if written:
        async with transaction(work.sessions, work.actor) as db:
            await mail.send_soon(db, work.actor)
    return written


TASKS: Final[dict[str, Task]] = {TELL: cast("Any", tell)}
