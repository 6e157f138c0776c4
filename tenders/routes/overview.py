"""A tender: its task list for the buyers, and all of it for whoever may read it."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Anybody, Db
from sourcing.rules import obligations
from sourcing.rules.law import law
from tenders.queries import approvals, awards, checking, progress
from tenders.queries import content as content_queries
from tenders.queries import notices as notice_queries
from tenders.queries import tenders as tender_queries
from tenders.routes import showing
from tenders.routes.showing import Head
from tenders.rules import notices, tasks
from tenders.rules.content import MODEL_NOTES, MODEL_WORDS, Content, Engagement
from tenders.rules.linting import value
from tenders.rules.linting.checking import blocking
from tenders.rules.linting.findings import SEVERITY_WORDS
from tenders.rules.next_steps import NextStep, next_step
from tenders.rules.states import TENDER_MOVES, TenderState
from values.actors import Actor
from values.years import london_today
from web.pages import Page


@get("/tenders/{tender_id:uuid}", name="tenders.tender")
async def overview(db: Db, visitor: Anybody, tender_id: FromPath[UUID]) -> Page:
    """Show the buyers how far the tender is and what is missing, and everybody else what is published."""
    head = await showing.head(db, visitor, tender_id, "Overview")
    content = await content_queries.content(db, tender_id)
    today = london_today()
    checked = head.inside and head.tender.changeable
    found = await checking.found(db, tender_id, content, today) if checked else []
    return Page(
        "tenders/overview.html",
        context={
            "head": head,
            "content": content,
            "tasks": tasks.tasks(found),
            "severity_words": SEVERITY_WORDS,
            "blocking": len(blocking(found)),
            "standing": value.standing(content, law(), today),
            "follows": _follows(content),
            "model_words": MODEL_WORDS,
            "model_notes": MODEL_NOTES,
            "shares": await tender_queries.shares(db, tender_id) if head.inside else {},
            "answers": await approvals.approvals(db, tender_id) if head.inside else [],
            "confirmed": await notice_queries.confirmed(db, tender_id, notices.Code.TENDER),
            "due": notices.due(head.tender.state, published=head.tender.published),
            "ended": head.tender.state == TenderState.TERMINATED,
            "ends": TenderState.TERMINATED in TENDER_MOVES[TenderState(head.tender.state)],
            "step": await _step(db, visitor, head),
            "told": await awards.own_summaries(db, visitor, tender_id) if head.bids else [],
        },
    )


async def _step(db: AsyncSession, visitor: Actor, head: Head) -> NextStep | None:
    """Return what somebody of a buyer does next with a published tender."""
    if not head.takes_part or head.tender.changeable:
        return None
    code = head.own_code or ""
    return next_step(await progress.progress(db, visitor, head.tender, head.buyers, code))


def _follows(content: Content) -> list[obligations.Obligation]:
    """Return the notices that the tender owes until its contracts, by its procedure."""
    return obligations.of_procurement(
        law(),
        content.course.procedure,
        on=content.notice_on(london_today()),
        engaged=content.engagement in (Engagement.NOTICE, Engagement.REASON),
        planned=content.dates.planned_notice_on is not None,
    )


@get("/tenders/{tender_id:uuid}/all", name="tenders.all")
async def everything(db: Db, visitor: Anybody, tender_id: FromPath[UUID]) -> Page:
    """Show all that the tender says, as it would be printed."""
    head = await showing.head(db, visitor, tender_id, "All of it")
    content = await content_queries.content(db, tender_id)
    context = {"head": head, "content": content, "model_words": MODEL_WORDS}
    return Page("tenders/all.html", context=context)


router = Router("/", route_handlers=[overview, everything], include_in_schema=False)
