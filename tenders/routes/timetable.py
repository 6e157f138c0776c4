"""The timetable of a tender, and the days that a named officer sets in place of the law's tables."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Anybody, Db, Someone
from sourcing.forms import query_of
from sourcing.queries import overrides as queries
from sourcing.rules.law import law
from sourcing.rules.prepared import elsewhere
from tenders.actions import overriding
from tenders.forms.deciding import OverrideForm, ReasonForm
from tenders.queries import content as content_queries
from tenders.queries import early_notices
from tenders.routes import showing
from tenders.routes.showing import Head
from tenders.rules import states, timetabling
from tenders.rules.timetabling import Calendar
from values.refusals import Missing
from values.years import LONDON, london_today
from web.pages import AnyRequest, Page, to
from web.paging import Column

TAB: Final = "Timetable"
STEP_COLUMNS: Final = (Column("Step and day"), Column("Rule, and where it stands"))


async def _calendar(db: AsyncSession, head: Head) -> Calendar:
    published = head.tender.published_at
    return timetabling.calendar(
        await content_queries.content(db, head.tender.id),
        law(),
        london_today(),
        published_on=published.astimezone(LONDON).date() if published else None,
        overrides=await queries.overrides_of(db, head.tender.id),
    )


@get("/tenders/{tender_id:uuid}/timetable", name="tenders.timetable")
async def timetable(db: Db, visitor: Anybody, tender_id: FromPath[UUID]) -> Page:
    """Show the lawful calendar that follows from the tender's days."""
    head = await showing.head(db, visitor, tender_id, TAB)
    found = await _calendar(db, head)
    return Page(
        "tenders/timetable.html",
        context={
            "head": head,
            "found": found,
            "columns": STEP_COLUMNS,
            "query": query_of(found.asked),
            "early": [each for each in await early_notices.notices(db, tender_id) if each.counts],
            "elsewhere": elsewhere(law(), london_today()),
            "overrides": await queries.history(db, tender_id) if head.inside else [],
        },
    )


async def _form_page(db: AsyncSession, head: Head, form: OverrideForm) -> Page:
    return Page(
        "tenders/override.html",
        context={"head": head, "form": form},
        status_code=422 if form.error_list else 200,
    )


async def _offered(db: AsyncSession, head: Head, form: OverrideForm) -> OverrideForm:
    """Offer the steps of the timetable; without one, those that its own days bar."""
    found = await _calendar(db, head)
    steps = found.timetable.steps if found.timetable else ()
    form.offer([(step.code, step.name) for step in steps] or [("tenders-due", "tenders due")])
    return form


@get("/tenders/{tender_id:uuid}/override", name="tenders.override_page")
async def override_page(db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Ask which day an officer sets in place of the tables, and why."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    return await _form_page(db, head, await _offered(db, head, OverrideForm()))


@post("/tenders/{tender_id:uuid}/override", name="tenders.override", status_code=200)
async def override(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Set a day in place of the tables, under the officer's own name."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    states.check_changeable(head.tender.state)
    form = await _offered(db, head, OverrideForm(await request.form()))
    day = form.day.data if form.validate() else None
    if day is not None:
        asked = (await _calendar(db, head)).asked
        async with form.attempt(db):
            await overriding.set_day(
                db, actor, tender_id, asked, code=form.code.data, value=day, reason=form.reason.data or ""
            )
            return to(request, f"/tenders/{tender_id}/timetable", notice="The day was set in your name")
    return await _form_page(db, head, form)


async def _withdraw_page(db: AsyncSession, head: Head, code: str, form: ReasonForm) -> Page:
    held = (await queries.overrides_of(db, head.tender.id)).get(code)
    if held is None:
        raise Missing("override")
    return Page(
        "tenders/override_withdraw.html",
        context={"head": head, "form": form, "code": code, "held": held},
        status_code=422 if form.error_list else 200,
    )


@get("/tenders/{tender_id:uuid}/override/{code:str}", name="tenders.withdraw_override_page")
async def withdraw_page(db: Db, actor: Someone, tender_id: FromPath[UUID], code: FromPath[str]) -> Page:
    """Ask why the tables are to count again."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    return await _withdraw_page(db, head, code, ReasonForm())


@post("/tenders/{tender_id:uuid}/override/{code:str}", name="tenders.withdraw_override", status_code=200)
async def withdraw(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], code: FromPath[str]
) -> Page | Redirect:
    """Let the tables count again for a step."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    form = ReasonForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await overriding.withdraw(db, actor, tender_id, code=code, reason=form.reason.data or "")
            return to(request, f"/tenders/{tender_id}/timetable", notice="The law’s tables count again")
    return await _withdraw_page(db, head, code, form)


router = Router(
    "/",
    route_handlers=[timetable, override_page, override, withdraw_page, withdraw],
    include_in_schema=False,
)
