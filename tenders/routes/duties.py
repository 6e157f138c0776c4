"""The register of duties: what is due when, for whom, and under which rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from litestar import Response, Router, get
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from spend.queries import own_code
from tenders.queries import duties as queries
from tenders.rules.duties import STATE_WORDS, Duty, DutyState
from values.actors import Actor, Role
from values.refusals import NotAllowed
from values.years import london_today
from web.exports import csv_bytes, csv_file
from web.pages import AnyRequest, Page
from web.paging import Column, Listing

COLUMNS: Final = (Column("By"), Column("What, and under which rule"), Column("For whom"), Column("State"))
HEADINGS: Final = (
    "due_on", "state", "duty", "notice", "council_code", "council", "tender_id", "tender", "rule", "source",
    "reference",
)  # fmt: skip


async def _found(request: AnyRequest, db: AsyncSession, actor: Actor) -> Sequence[Duty]:
    """Return the duties that are asked for: of one's own council, or of all for a sector lead."""
    if not actor.has(Role.OFFICER, Role.APPROVER, Role.SECTOR_LEAD):
        raise NotAllowed("Duties are for people of councils and sector bodies.")
    code = "" if actor.has(Role.SECTOR_LEAD) else await own_code(db, actor) or "-"
    found = await queries.duties(db, london_today(), body_code=code)
    wanted = _wanted(request)
    if wanted == "open":
        return [each for each in found if each.is_open]
    return [each for each in found if wanted in ("all", each.state)]


def _wanted(request: AnyRequest) -> str:
    # Not as a parameter: Litestar keeps `state` for itself.
    wanted = request.query_params.get("state", "open")
    return wanted if wanted in ("all", *DutyState) else "open"


@get("/duties", name="tenders.duties")
async def duties(request: AnyRequest, db: Db, actor: Someone) -> Page:
    """List what is due, the most urgent first."""
    listing = Listing.of(request, sorts=["due"], default="due")
    found = await _found(request, db, actor)
    return Page(
        "tenders/duties.html",
        context={
            "duties": found[listing.offset : listing.offset + listing.per_page],
            "total": len(found),
            "listing": listing,
            "columns": COLUMNS,
            "wanted": _wanted(request),
            "states": {state.value: words for state, (words, _) in STATE_WORDS.items()},
            "everybody": actor.has(Role.SECTOR_LEAD),
            "has_calendar": actor.has(Role.OFFICER, Role.APPROVER),
        },
        fragment="results",
    )


@get("/duties.csv", name="tenders.duties_csv")
async def duties_csv(request: AnyRequest, db: Db, actor: Someone) -> Response[bytes]:
    """Hand out the same list as a file."""
    cells = [
        (
            each.due_on,
            each.state_words[0],
            each.name,
            each.notice,
            each.body_code,
            each.body_name,
            each.tender_id,
            each.tender_title,
            each.rule,
            each.source,
            each.done,
        )
        for each in await _found(request, db, actor)
    ]
    return csv_file("duties.csv", csv_bytes(HEADINGS, cells))


router = Router("/", route_handlers=[duties, duties_csv], include_in_schema=False)
