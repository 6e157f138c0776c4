"""Questions about a tender: suppliers ask and take back, everybody reads the answers, people follow it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from accounts.routes.session import Anybody, Db, Someone
from sourcing.actions import following
from sourcing.actions import questions as actions
from sourcing.forms.asking import AskForm
from sourcing.queries import questions as queries
from sourcing.queries.following import follows
from sourcing.queries.questions import QuestionRow
from sourcing.queries.subjects import questions_until
from tenders.routes import showing
from tenders.routes.showing import Head
from tenders.rules import answering
from tenders.rules.fitting import days_left
from values.actors import Actor, Role
from values.refusals import Missing
from web.pages import AnyRequest, Page, to
from web.paging import Listing

TAB: Final = "Questions"


@get("/tenders/{tender_id:uuid}/questions", name="tenders.questions")
async def questions(request: AnyRequest, db: Db, visitor: Anybody, tender_id: FromPath[UUID]) -> Page:
    """Show what was asked and answered, and to buyers also what waits."""
    head = await showing.head_once_public(db, visitor, tender_id, TAB)
    listing = Listing.of(request, sorts=["number"], default="-number", per_page=20)
    total, rows = await queries.questions(db, tender_id, offset=listing.offset, limit=listing.per_page)
    until, now = await questions_until(db, tender_id), datetime.now(UTC)
    drafts = await queries.drafted(db, tender_id) if head.takes_part else []
    return Page(
        "tenders/questions.html",
        context={
            "head": head,
            "rows": rows,
            "total": total,
            "listing": listing,
            "until": until,
            "open": until is not None and now < until,
            "left": days_left(until, now),
            "asks": answering.is_supplier(visitor),
            "signed_in": visitor.person_id is not None,
            "follows": await follows(db, visitor, tender_id),
            "answers": head.takes_part and visitor.has(Role.OFFICER),
            "drafts": len(drafts),
        },
    )


async def _asking(db: Db, actor: Actor, tender_id: UUID) -> Head:
    answering.check_supplier(actor)
    return await showing.head_once_public(db, actor, tender_id, TAB)


async def _ask_page(db: Db, head: Head, form: AskForm) -> Page:
    until = await questions_until(db, head.tender.id)
    return Page(
        "tenders/ask.html",
        context={"head": head, "form": form, "left": days_left(until, datetime.now(UTC))},
        status_code=422 if form.error_list else 200,
    )


@get("/tenders/{tender_id:uuid}/questions/ask", name="tenders.ask_page")
async def ask_page(db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Ask what a supplier wants to know."""
    return await _ask_page(db, await _asking(db, actor, tender_id), AskForm(data={"follow": True}))


@post("/tenders/{tender_id:uuid}/questions/ask", name="tenders.ask", status_code=200)
async def ask(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Send a question."""
    head = await _asking(db, actor, tender_id)
    form = AskForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.ask(
                db, actor, tender_id, words=form.words.data or "", sensitive=form.sensitive.data or ""
            )
            if form.follow.data:
                await following.follow(db, actor, tender_id)
            return to(request, f"/tenders/{tender_id}/questions", notice="Your question was sent")
    return await _ask_page(db, head, form)


async def _own(db: Db, tender_id: UUID, question_id: UUID) -> QuestionRow:
    row = await queries.question(db, tender_id, question_id)
    if not row.mine:
        raise Missing("question")
    return row


@get("/tenders/{tender_id:uuid}/questions/{question_id:uuid}/withdraw", name="tenders.withdraw_question_page")
async def withdraw_page(
    db: Db, actor: Someone, tender_id: FromPath[UUID], question_id: FromPath[UUID]
) -> Page:
    """Ask whether it is meant."""
    head = await _asking(db, actor, tender_id)
    row = await _own(db, tender_id, question_id)
    return Page("tenders/question_withdraw.html", context={"head": head, "row": row})


@post(
    "/tenders/{tender_id:uuid}/questions/{question_id:uuid}/withdraw",
    name="tenders.withdraw_question",
    status_code=200,
)
async def withdraw(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], question_id: FromPath[UUID]
) -> Redirect:
    """Take a question back."""
    await actions.withdraw(db, actor, tender_id, question_id)
    return to(request, f"/tenders/{tender_id}/questions", notice="Your question was taken back")


@post("/tenders/{tender_id:uuid}/follow", name="tenders.follow", status_code=200)
async def follow(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Redirect:
    """Hear of a tender from now on."""
    await following.follow(db, actor, tender_id)
    return to(request, f"/tenders/{tender_id}/questions", notice="You follow this tender")


@post("/tenders/{tender_id:uuid}/unfollow", name="tenders.unfollow", status_code=200)
async def unfollow(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Redirect:
    """Hear of it no more."""
    await following.unfollow(db, actor, tender_id)
    return to(request, f"/tenders/{tender_id}/questions", notice="You no longer follow this tender")


router = Router(
    "/",
    route_handlers=[questions, ask_page, ask, withdraw_page, withdraw, follow, unfollow],
    include_in_schema=False,
)
