"""What a council says became of a duty of its own, or of one of its contracts."""

from __future__ import annotations

from typing import Any

from litestar import Router, get, post
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from sourcing.rules import prepared
from sourcing.rules.duties import Duty
from spend.queries import own_code
from tenders.actions import duties as actions
from tenders.forms.deciding import DutyForm
from tenders.queries import duties as queries
from tenders.rules.duties import Outcome
from values.actors import Actor, Role
from values.refusals import Missing, NotAllowed
from values.years import london_today
from web.pages import AnyRequest, Page, to


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


def _shown(duty: Duty, form: DutyForm) -> dict[str, Any]:
    words = prepared.ELSEWHERE_WORDS if prepared.is_elsewhere(duty.notice) else ""
    return {"duty": duty, "form": form, "elsewhere": words}


@get("/duties/record", name="tenders.duty_page")
async def duty_page(request: AnyRequest, db: Db, actor: Someone) -> Page:
    """Ask what became of a duty."""
    duty = await _own_duty(request, db, actor)
    return Page("tenders/duty.html", context=_shown(duty, DutyForm()))


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
    return Page("tenders/duty.html", context=_shown(duty, form), status_code=422)


@post("/duties/take-back", name="tenders.take_back_duty", status_code=200)
async def take_back(request: AnyRequest, db: Db, actor: Someone) -> Redirect:
    """Take a record back."""
    duty = await _own_duty(request, db, actor)
    if duty.due_on:
        await actions.take_back(db, actor, duty.code, duty.due_on)
    return to(request, "/duties", notice="The record was taken back")


router = Router("/", route_handlers=[duty_page, record, take_back], include_in_schema=False)
