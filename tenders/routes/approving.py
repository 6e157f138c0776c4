"""Approval by every buyer: asked for, given with a second factor, refused with a reason."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.confirming import refused_as, take_code
from accounts.routes.session import Db, Someone
from tenders.actions import approving as actions
from tenders.forms.deciding import ApproveForm, RefuseForm
from tenders.queries import approvals as queries
from tenders.queries import checking, tenders
from tenders.queries import content as content_queries
from tenders.routes import showing
from tenders.routes.showing import Head
from tenders.rules import approving as rules
from tenders.rules.content import MODEL_WORDS
from tenders.rules.linting.findings import SEVERITY_WORDS
from values.actors import Actor
from values.refusals import Missing, Refused
from values.years import london_today
from web.forms import Form, seen_hash
from web.pages import AnyRequest, Page, to

TAB = "Approval"


async def _tab(db: AsyncSession, head: Head, form: Form) -> Page:
    return Page(
        "tenders/approval.html",
        context={
            "head": head,
            "form": form,
            "answers": await queries.approvals(db, head.tender.id),
            "shares": await tenders.shares(db, head.tender.id),
        },
        status_code=422 if form.error_list else 200,
    )


@get("/tenders/{tender_id:uuid}/approval", name="tenders.approval")
async def approval(db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Show who approved which content, who refused and why."""
    return await _tab(db, await showing.head_inside(db, actor, tender_id, TAB), Form())


@post("/tenders/{tender_id:uuid}/submit", name="tenders.submit", status_code=200)
async def submit(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Ask every buyer for approval."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    form = Form(await request.form())
    async with form.attempt(db):
        await actions.submit(db, actor, tender_id)
        return to(request, f"/tenders/{tender_id}/approval", notice="The buyers are asked for approval")
    return await _tab(db, head, form)


async def _head(db: AsyncSession, actor: Actor, tender_id: UUID) -> Head:
    rules.check_approver(actor)
    head = await showing.head_inside(db, actor, tender_id, TAB)
    if not head.approves:
        raise Missing("tender")
    return head


async def _approve_page(
    db: AsyncSession, actor: Actor, head: Head, form: ApproveForm, *, status: int = 0
) -> Page:
    standing = await queries.standing(db, actor, head.tender)
    in_the_way = ""
    try:
        rules.check_can_approve(standing)
    except Refused as refused:
        in_the_way = refused.message
    content = await content_queries.content(db, head.tender.id)
    return Page(
        "tenders/approve.html",
        context={
            "head": head,
            "form": form,
            "standing": standing,
            "in_the_way": in_the_way,
            "content": content,
            "findings": await checking.found(db, head.tender.id, content, london_today()),
            "severity_words": SEVERITY_WORDS,
            "model_words": MODEL_WORDS,
            "failed": bool(form.error_list),
        },
        status_code=status or (422 if form.error_list else 200),
        headers={"cache-control": "no-store"},
    )


@get("/tenders/{tender_id:uuid}/approve", name="tenders.approve_page")
async def approve_page(db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Show an approver all that the council would approve."""
    return await _approve_page(db, actor, await _head(db, actor, tender_id), ApproveForm())


@post("/tenders/{tender_id:uuid}/approve", name="tenders.approve", status_code=200)
async def approve(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Approve what was before the approver, with a code for this approval."""
    head = await _head(db, actor, tender_id)
    typed = await request.form()
    form = ApproveForm(typed)
    if not form.validate():
        return await _approve_page(db, actor, head, form)
    seen = seen_hash(typed.get("seen"))
    try:
        await actions.check(db, actor, head.tender, seen)
        await take_code(request, form, doing="tender.approve")
    except Refused as refused:
        return await _approve_page(db, actor, head, form, status=refused_as(form, refused))
    async with form.attempt(db):
        whole = await actions.approve(db, actor, tender_id, seen=seen)
        more = ". It was the last: the tender is approved" if whole else ""
        return to(
            request,
            f"/tenders/{tender_id}/approval",
            notice=f"You approved the tender for your council{more}",
        )
    return await _approve_page(db, actor, head, form)


def _refuse_page(head: Head, form: RefuseForm) -> Page:
    return Page(
        "tenders/refuse.html",
        context={"head": head, "form": form},
        status_code=422 if form.error_list else 200,
    )


@get("/tenders/{tender_id:uuid}/refuse", name="tenders.refuse_page")
async def refuse_page(db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Ask what would have to change."""
    return _refuse_page(await _head(db, actor, tender_id), RefuseForm())


@post("/tenders/{tender_id:uuid}/refuse", name="tenders.refuse", status_code=200)
async def refuse(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Refuse with a reason; the tender is a draft again."""
    head = await _head(db, actor, tender_id)
    form = RefuseForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.refuse(db, actor, tender_id, reason=form.reason.data or "")
            return to(
                request, f"/tenders/{tender_id}/approval", notice="You refused. The tender is a draft again"
            )
    return _refuse_page(head, form)


router = Router(
    "/",
    route_handlers=[approval, submit, approve_page, approve, refuse_page, refuse],
    include_in_schema=False,
)
