"""The work of this slice: saved searches are held against new challenges; what the clock brings is told."""

from __future__ import annotations

from typing import Any, Final, cast

from challenges.actions import times
from challenges.queries import finding as queries
from challenges.rules import finding
from sourcing.actions import searches
from sourcing.actions.searches import Thing
from sourcing.queries.searches import queries_of
from store.db import transaction
from store.jobs import Task, Work

KIND: Final = "challenges"
SEARCH: Final = "challenges.search_published"
TIMES: Final = "challenges.record_times"


async def search_published(work: Work) -> dict[str, int]:
    """Hold the challenges that were published since the last time against all saved searches.

    One transaction: killed in between, all of it is left to the next run. Safe to run twice and at once.
    """
    async with transaction(work.sessions, work.actor) as db:
        fresh = await searches.begin_looking(db, await queries.not_looked_at(db))
        if not fresh:
            return {"challenges": 0, "queries": 0}
        asked = await queries_of(db, KIND)
        titles = await queries.titles(db, fresh)
        found = {
            query: [
                Thing(each, titles[each], f"/challenges/{each}")
                for each in await queries.published_matches(db, finding.read(query), fresh)
            ]
            for query in asked
        }
        await searches.tell(db, work.actor, KIND, found)
    return {"challenges": len(fresh), "queries": len(asked)}


async def record_times(work: Work) -> dict[str, int]:
    """Write down which times have come, so that people are told. Safe to run twice and at once."""
    async with transaction(work.sessions, work.actor) as db:
        return {"times": await times.record_passed(db, work.actor)}


TASKS: Final[dict[str, Task]] = {
    SEARCH: cast("Any", search_published),
    TIMES: cast("Any", record_times),
}
