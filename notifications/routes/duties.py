"""The register of duties: what is due when, for whom, and under which rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from litestar import Response, Router, get
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from notifications.queries import duties as queries
from sourcing.rules.duties import STATE_WORDS, Duty, DutyState
from sourcing.rules.law import law
from spend.queries import own_code
from tenders.rules.touching import trigger
from values.actors import Actor, Role
from values.refusals import NotAllowed
from values.years import london_today
from web.exports import csv_bytes, csv_file
from web.pages import AnyRequest, Page
from web.paging import Column, Listing

COLUMNS: Final = (Column("By"), Column("What, for whom, and under which rule"), Column("State"))
HEADINGS: Final = (
    "due_on", "state", "duty", "notice", "council_code", "council", "tender_id", "tender", "rule", "source",
    "reference", "contract", "person", "challenge_id", "challenge", "pilot_id",
)  # fmt: skip


async def _found(request: AnyRequest, db: AsyncSession, actor: Actor) -> Sequence[Duty]:
    """Return the duties that are asked for: of one's own council, or of all for a sector lead."""
    if not actor.has(Role.OFFICER, Role.APPROVER, Role.SECTOR_LEAD):
        raise NotAllowed("Duties are for people of councils and sector bodies.")
    code = "" if actor.has(Role.SECTOR_LEAD) else await own_code(db, actor) or "-"
    found = await queries.register(db, london_today(), body_code=code)
    if _mine(request):
        found = [each for each in found if each.person_id and each.person_id == actor.person_id]
    wanted = _wanted(request)
    if wanted == "open":
        return [each for each in found if each.is_open]
    return [each for each in found if wanted in ("all", each.state)]


def _wanted(request: AnyRequest) -> str:
    # Not as a parameter: Litestar keeps `state` for itself.
    wanted = request.query_params.get("state", "open")
    return wanted if wanted in ("all", *DutyState) else "open"


def _mine(request: AnyRequest) -> bool:
    """Tell whether only duties of contracts are asked for that the reader looks after."""
    return request.query_params.get("mine", "") == "yes"


@get("/duties", name="notifications.duties")
async def duties(request: AnyRequest, db: Db, actor: Someone) -> Page:
    """List what is due, the most urgent first."""
    listing = Listing.of(request, sorts=["due"], default="due")
    found = await _found(request, db, actor)
    return Page(
        "notifications/duties.html",
        context={
            "duties": found[listing.offset : listing.offset + listing.per_page],
            "total": len(found),
            "listing": listing,
            "columns": COLUMNS,
            "wanted": _wanted(request),
            "mine": _mine(request),
            "triggers": {each.notice: trigger(each, law()) for each in found if each.of_council},
            "states": {state.value: words for state, (words, _) in STATE_WORDS.items()},
            "everybody": actor.has(Role.SECTOR_LEAD),
            "own_code": await own_code(db, actor) if actor.has(Role.OFFICER) else None,
            "has_calendar": actor.has(Role.OFFICER, Role.APPROVER),
        },
        fragment="results",
    )


@get("/duties.csv", name="notifications.duties_csv")
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
            each.about if each.tender_id else "",
            each.rule,
            each.source,
            each.done,
            each.contract,
            each.person,
            each.challenge_id,
            each.about if each.challenge_id else "",
            each.pilot_id,
        )
        for each in await _found(request, db, actor)
    ]
    return csv_file("duties.csv", csv_bytes(HEADINGS, cells))


router = Router("/", route_handlers=[duties, duties_csv], include_in_schema=False)
