"""The assessment of a tender: what is looked at in each bid, how the lots come out, how firmly."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from analytics.assessment.totals import PRICE
from sourcing.rules.panels import hidden_words
from tenders.actions import assessing as actions
from tenders.forms.assessing import CheckForm
from tenders.queries import assessments as queries
from tenders.routes import showing
from tenders.routes.panels import PRIVATE
from tenders.routes.showing import Head
from tenders.rules import outcomes
from tenders.rules.checks import BASIS, KIND_WORDS, STEP_HINTS, STEP_WORDS
from tenders.rules.content import FORMULA_WORDS
from values.actors import Actor
from values.refusals import Missing, NotAllowed
from web.exports import csv_bytes, csv_file
from web.forms import Form
from web.pages import AnyRequest, Page, to

TAB: Final = "Assessment"


async def _inside(db: AsyncSession, actor: Actor, tender_id: UUID) -> Head:
    head = await showing.head_inside(db, actor, tender_id, TAB)
    if not head.takes_part:
        raise Missing("assessment")
    return head


async def _tab(db: AsyncSession, head: Head, form: Form) -> Page:
    page = await queries.page(db, head.tender.id)
    return Page(
        "tenders/assessment.html",
        context={
            "head": head,
            "form": form,
            "page": page,
            "kept_words": hidden_words(page.hidden, "bid") if page.hidden else "",
            "kind_words": KIND_WORDS,
            "step_words": STEP_WORDS,
            "basis": BASIS,
            "price": PRICE,
            "names": {str(each.candidate.number): each.candidate.name or "" for each in page.bids},
            "formula_words": FORMULA_WORDS,
        },
        status_code=422 if form.error_list else 200,
        headers=PRIVATE,
    )


@get("/tenders/{tender_id:uuid}/assessment", name="tenders.assessment")
async def assessment(db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Show how far the assessment is, and how each lot comes out."""
    return await _tab(db, await _inside(db, actor, tender_id), Form())


@get("/tenders/{tender_id:uuid}/assessment.csv", name="tenders.assessment_csv")
async def as_csv(db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Response[bytes]:
    """Hand out every point of every bid."""
    await _inside(db, actor, tender_id)
    page = await queries.page(db, tender_id)
    rows = outcomes.as_rows(page.lots, page.titles)
    return csv_file("assessment.csv", csv_bytes(outcomes.HEADINGS, rows))


@post("/tenders/{tender_id:uuid}/assessment", name="tenders.assess", status_code=200)
async def assess(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Compute the assessment and keep it."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    form = Form()
    async with form.attempt(db):
        await actions.assess(db, actor, tender_id)
        return to(request, f"/tenders/{tender_id}/assessment", notice="The assessment was made")
    return await _tab(db, head, form)


CHECK: Final = "/tenders/{tender_id:uuid}/assessment/bids/{number:int}"


async def _check_page(db: AsyncSession, head: Head, number: int, form: CheckForm) -> Page:
    page = await queries.page(db, head.tender.id)
    row = next((each for each in page.bids if each.candidate.number == number), None)
    if row is None:
        raise Missing("bid")
    if row.hidden:
        raise NotAllowed("This bid is hidden from you, because you declared a conflict.")
    return Page(
        "tenders/assessment_check.html",
        context={
            "head": head,
            "form": form,
            "row": row,
            "titles": {each.id: each.title for each in page.asked.conditions},
            "settled": page.settled,
            "conditions": page.asked.conditions,
            "said": await queries.said_of_conditions(db, head.tender.id, row.candidate.number),
            "step_hints": STEP_HINTS,
            "kind_words": KIND_WORDS,
            "step_words": STEP_WORDS,
            "basis": BASIS,
        },
        status_code=422 if form.error_list else 200,
        headers=PRIVATE,
    )


async def _check_form(db: AsyncSession, tender_id: UUID, typed: Any = None) -> CheckForm:
    form = CheckForm(typed)
    form.offer((await queries.page(db, tender_id)).asked.conditions)
    return form


@get(CHECK, name="tenders.check_page")
async def check_page(db: Db, actor: Someone, tender_id: FromPath[UUID], number: FromPath[int]) -> Page:
    """Show what was looked at in a bid, and ask for the next step."""
    head = await _inside(db, actor, tender_id)
    return await _check_page(db, head, number, await _check_form(db, tender_id))


@post(CHECK, name="tenders.check", status_code=200)
async def check(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], number: FromPath[int]
) -> Page | Redirect:
    """Record a step about a bid."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    form = await _check_form(db, tender_id, await request.form())
    if form.validate():
        async with form.attempt(db):
            kind, criterion_id, step = form.said
            await actions.record_check(
                db,
                actor,
                tender_id,
                number,
                kind=kind,
                criterion_id=criterion_id,
                step=step,
                reason=form.reason.data or "",
            )
            place = f"/tenders/{tender_id}/assessment/bids/{number}"
            return to(request, place, notice="It was recorded")
    return await _check_page(db, head, number, form)


router = Router("/", route_handlers=[assessment, as_csv, assess, check_page, check], include_in_schema=False)
