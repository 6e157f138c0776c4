"""The work of this slice: new tenders are held against saved searches, and what the clock brings is told."""

from __future__ import annotations

from typing import Any, Final, cast

from sourcing.actions import searches
from sourcing.actions.searches import Thing
from sourcing.queries.searches import queries_of
from store.db import transaction
from store.jobs import Task, Work
from tenders.actions import times
from tenders.actions.contracts import reminding
from tenders.queries import finding as queries
from tenders.queries import planned
from tenders.rules import finding
from values.years import london_today

KIND: Final = "tenders"
SEARCH: Final = "tenders.search_published"
TIMES: Final = "tenders.record_times"
REMIND: Final = "tenders.remind"


async def search_published(work: Work) -> dict[str, int]:
    """Hold tenders and plans for tenders that became public since the last time against all saved searches.

    One transaction: killed in between, all of it is left to the next run. Safe to run twice and at once.
    """
    async with transaction(work.sessions, work.actor) as db:
        fresh = await searches.begin_looking(db, await queries.not_looked_at(db))
        plans = {each.id: each for each in await planned.not_looked_at(db)}
        new = await searches.begin_looking(db, list(plans))
        if not fresh and not new:
            return {"tenders": 0, "planned": 0, "queries": 0}
        asked = await queries_of(db, KIND)
        titles = await queries.titles(db, fresh)
        found = {
            query: [
                *(
                    Thing(each, titles[each], f"/tenders/{each}")
                    for each in await queries.published_matches(db, finding.read(query), fresh)
                ),
                *(
                    Thing(each, f"{plans[each].kind}: {plans[each].title}", plans[each].href)
                    for each in await planned.matches(db, finding.read(query), new)
                ),
            ]
            for query in asked
        }
        await searches.tell(db, work.actor, KIND, found)
    return {"tenders": len(fresh), "planned": len(new), "queries": len(asked)}


async def record_times(work: Work) -> dict[str, int]:
    """Write down which times of tenders have come, so that people are told. Safe to run twice and at once."""
    async with transaction(work.sessions, work.actor) as db:
        return {"times": await times.record_passed(db, work.actor)}


async def remind(work: Work) -> dict[str, int]:
    """Write down which duties of contracts come near, so that people are told. Safe to run twice."""
    async with transaction(work.sessions, work.actor) as db:
        return {"duties": await reminding.remind(db, work.actor, london_today())}


TASKS: Final[dict[str, Task]] = {
    SEARCH: cast("Any", search_published),
    TIMES: cast("Any", record_times),
    REMIND: cast("Any", remind),
}
