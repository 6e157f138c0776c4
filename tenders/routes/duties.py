"""The register of duties: what is due when, for whom, and under which rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from litestar import Response, Router, get, post
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from sourcing.rules.law import law
from spend.queries import own_code
from tenders.actions import duties as actions
from tenders.forms.deciding import DutyForm
from tenders.queries import duties as queries
from tenders.rules.duties import STATE_WORDS, Duty, DutyState, Outcome
from tenders.rules.touching import trigger
from values.actors import Actor, Role
from values.refusals import Missing, NotAllowed
from values.years import london_today
from web.exports import csv_bytes, csv_file
from web.pages import AnyRequest, Page, to
from web.paging import Column, Listing

COLUMNS: Final = (Column("By"), Column("What, for whom, and under which rule"), Column("State"))
HEADINGS: Final = (
    "due_on", "state", "duty", "notice", "council_code", "council", "tender_id", "tender", "rule", "source",
    "reference", "contract", "person",
)  # fmt: skip


async def _found(request: AnyRequest, db: AsyncSession, actor: Actor) -> Sequence[Duty]:
    """Return the duties that are asked for: of one's own council, or of all for a sector lead."""
    if not actor.has(Role.OFFICER, Role.APPROVER, Role.SECTOR_LEAD):
        raise NotAllowed("Duties are for people of councils and sector bodies.")
    code = "" if actor.has(Role.SECTOR_LEAD) else await own_code(db, actor) or "-"
    found = await queries.duties(db, london_today(), body_code=code)
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
            "mine": _mine(request),
            "triggers": {each.notice: trigger(each, law()) for each in found if not each.tender_id},
            "states": {state.value: words for state, (words, _) in STATE_WORDS.items()},
            "everybody": actor.has(Role.SECTOR_LEAD),
            "own_code": await own_code(db, actor) if actor.has(Role.OFFICER) else None,
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
            each.contract,
            each.person,
        )
        for each in await _found(request, db, actor)
    ]
    return csv_file("duties.csv", csv_bytes(HEADINGS, cells))


async def _own_duty(request: AnyRequest, db: AsyncSession, actor: Actor) -> Duty:
    """Return the duty of the actor's own council that the address names."""
    code = await own_code(db, actor)
    if code is None or not actor.has(Role.OFFICER):
        raise NotAllowed("Only an officer of a council can do this.")
    query = request.query_params
    wanted = (query.get("duty", ""), query.get("due", ""))
    for each in await queries.duties(db, london_today(), body_code=code):
        if (each.code, str(each.due_on), each.body_code) == (*wanted, code) and each.recordable:
            return each
    raise Missing("duty")


@get("/duties/record", name="tenders.duty_page")
async def duty_page(request: AnyRequest, db: Db, actor: Someone) -> Page:
    """Ask what became of a duty."""
    duty = await _own_duty(request, db, actor)
    return Page("tenders/duty.html", context={"duty": duty, "form": DutyForm()})


@post("/duties/record", name="tenders.record_duty", status_code=200)
async def record(request: AnyRequest, db: Db, actor: Someone) -> Page | Redirect:
    """Record what became of a duty."""
    duty = await _own_duty(request, db, actor)
    form = DutyForm(await request.form())
    if form.validate() and duty.due_on:
        async with form.attempt(db):
            await actions.record(
                db,
                actor,
                duty.code,
                duty.due_on,
                outcome=Outcome(form.outcome.data),
                words=form.words.data or "",
            )
            return to(request, "/duties", notice="It was recorded")
    return Page("tenders/duty.html", context={"duty": duty, "form": form}, status_code=422)


@post("/duties/take-back", name="tenders.take_back_duty", status_code=200)
async def take_back(request: AnyRequest, db: Db, actor: Someone) -> Redirect:
    """Take a record back."""
    duty = await _own_duty(request, db, actor)
    if duty.due_on:
        await actions.take_back(db, actor, duty.code, duty.due_on)
    return to(request, "/duties", notice="The record was taken back")


router = Router(
    "/", route_handlers=[duties, duties_csv, duty_page, record, take_back], include_in_schema=False
)
