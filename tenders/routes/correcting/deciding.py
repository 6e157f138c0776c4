"""A correction is approved by every buyer with a second factor, and published with its notice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.confirming import refused_as, take_code
from accounts.routes.session import Anybody, Db, Someone
from tenders.actions.correcting import deciding as actions
from tenders.actions.correcting import publishing
from tenders.forms.deciding import ApproveForm, ConfirmForm, RefuseForm
from tenders.queries import content as content_queries
from tenders.queries import corrections as queries
from tenders.routes import showing
from tenders.routes.correcting.drafting import PLACE
from tenders.routes.correcting.showing import TAB, page, shown
from tenders.routes.showing import Head
from tenders.rules import approving as rules
from tenders.rules.content import MODEL_WORDS
from tenders.rules.correcting import places
from values.actors import Actor
from values.refusals import Missing, Refused
from web.forms import Form, seen_hash
from web.pages import AnyRequest, Page, to

# What the lead does next with a correction, by what follows its address, and what is said once it is done.
STEPS: Final[Mapping[str, tuple[Callable[..., Awaitable[Any]], str]]] = {
    "submit": (actions.submit, "The buyers are asked for approval of the correction"),
    "take-back": (actions.take_back, "The correction is a draft again"),
    "prepare": (publishing.prepare, "The notice was prepared. Take it to the central platform"),
}


@get(PLACE, name="tenders.correction")
async def correction(db: Db, visitor: Anybody, tender_id: FromPath[UUID], number: FromPath[int]) -> Page:
    """Show a correction line by line, how far it is, and what comes next."""
    head = await showing.head_once_public(db, visitor, tender_id, TAB)
    return await page(db, head, number, ConfirmForm())


@post([f"{PLACE}/{step}" for step in STEPS], name="tenders.correction_step", status_code=200)
async def step(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], number: FromPath[int]
) -> Page | Redirect:
    """Ask the buyers, take it back, or prepare its notice."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    action, notice = STEPS[str(request.scope["path"]).rstrip("/").rsplit("/", 1)[-1]]
    form = ConfirmForm()
    async with form.attempt(db):
        await action(db, actor, tender_id, number)
        return to(request, f"/tenders/{tender_id}/corrections/{number}", notice=notice)
    return await page(db, head, number, form)


@post(f"{PLACE}/confirm", name="tenders.confirm_correction", status_code=200)
async def confirm(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], number: FromPath[int]
) -> Page | Redirect:
    """Record what the central platform confirmed, which publishes the correction here."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    form = ConfirmForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await publishing.confirm(
                db,
                actor,
                tender_id,
                number,
                reference=form.reference.data or "",
                published_at=form.published_at,
            )
            return to(
                request, f"/tenders/{tender_id}/corrections/{number}", notice="The correction is published"
            )
    return await page(db, head, number, form)


async def _head(db: AsyncSession, actor: Actor, tender_id: UUID) -> Head:
    rules.check_approver(actor)
    head = await showing.head_inside(db, actor, tender_id, TAB)
    if not head.approves:
        raise Missing("tender")
    return head


async def _approve_page(
    db: AsyncSession, actor: Actor, head: Head, number: int, form: Form, *, status: int = 0
) -> Page:
    row = await queries.correction(db, head.tender.id, number)
    standing = await actions.standing(db, actor, head.tender, row)
    in_the_way = ""
    try:
        rules.check_can_approve(standing)
    except Refused as refused:
        in_the_way = refused.message
    content = await content_queries.content(db, head.tender.id)
    (found,) = await shown(db, content, [row])
    changes = [each.change for each in found.told]
    return Page(
        "tenders/corrections/approve.html",
        context={
            "head": head,
            "row": row,
            "form": form,
            "found": found,
            "standing": standing,
            "in_the_way": in_the_way,
            "content": places.corrected(content, changes, until=row.until),
            "model_words": MODEL_WORDS,
        },
        status_code=status or (422 if form.error_list else 200),
        headers={"cache-control": "no-store"},
    )


@get(f"{PLACE}/approve", name="tenders.approve_correction_page")
async def approve_page(db: Db, actor: Someone, tender_id: FromPath[UUID], number: FromPath[int]) -> Page:
    """Show an approver what changes, and all that the tender would then say."""
    head = await _head(db, actor, tender_id)
    return await _approve_page(db, actor, head, number, ApproveForm())


@post(f"{PLACE}/approve", name="tenders.approve_correction", status_code=200)
async def approve(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], number: FromPath[int]
) -> Page | Redirect:
    """Approve what was before the approver, with a code for this approval."""
    head = await _head(db, actor, tender_id)
    typed = await request.form()
    form = ApproveForm(typed)
    if not form.validate():
        return await _approve_page(db, actor, head, number, form)
    seen = seen_hash(typed.get("seen"))
    try:
        await actions.check(db, actor, head.tender, await queries.correction(db, tender_id, number), seen)
        await take_code(request, form, doing="tender.approve")
    except Refused as refused:
        return await _approve_page(db, actor, head, number, form, status=refused_as(form, refused))
    async with form.attempt(db):
        whole = await actions.approve(db, actor, tender_id, number, seen=seen)
        more = ". It was the last: the notice can be prepared" if whole else ""
        notice = f"You approved the correction for your council{more}"
        return to(request, f"/tenders/{tender_id}/corrections/{number}", notice=notice)
    return await _approve_page(db, actor, head, number, form)


async def _refuse_page(db: AsyncSession, head: Head, number: int, form: RefuseForm) -> Page:
    return Page(
        "tenders/corrections/refuse.html",
        context={"head": head, "row": await queries.correction(db, head.tender.id, number), "form": form},
        status_code=422 if form.error_list else 200,
    )


@get(f"{PLACE}/refuse", name="tenders.refuse_correction_page")
async def refuse_page(db: Db, actor: Someone, tender_id: FromPath[UUID], number: FromPath[int]) -> Page:
    """Ask what would have to change."""
    return await _refuse_page(db, await _head(db, actor, tender_id), number, RefuseForm())


@post(f"{PLACE}/refuse", name="tenders.refuse_correction", status_code=200)
async def refuse(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], number: FromPath[int]
) -> Page | Redirect:
    """Refuse with a reason; the correction is a draft again."""
    head = await _head(db, actor, tender_id)
    form = RefuseForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.refuse(db, actor, tender_id, number, reason=form.reason.data or "")
            return to(
                request,
                f"/tenders/{tender_id}/corrections/{number}",
                notice="You refused. The correction is a draft again",
            )
    return await _refuse_page(db, head, number, form)


router = Router(
    "/",
    route_handlers=[correction, step, confirm, approve_page, approve, refuse_page, refuse],
    include_in_schema=False,
)
