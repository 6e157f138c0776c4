"""Handing the lead of a pool to another council: offered on one side, accepted or declined on the other."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from procurement.actions.pools import lead as actions
from procurement.forms.pools import LeadForm
from procurement.queries.pools import lead as queries
from procurement.routes.pools import showing
from procurement.rules.pools import states
from procurement.rules.pools.states import OPEN
from values.actors import Actor
from web.pages import AnyRequest, Page, to


@get("/pools/{pool_id:uuid}/lead", name="procurement.pool_lead")
async def lead(db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page:
    """Show to whom the lead is offered, and what the reader can do about it."""
    return await _page(db, actor, pool_id, LeadForm())


@post("/pools/{pool_id:uuid}/lead", name="procurement.offer_lead", status_code=200)
async def offer(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page | Redirect:
    """Offer the lead to a council of the pool."""
    form = LeadForm(await request.form())
    head = await showing.head_of_member(db, actor, pool_id, "Overview")
    form.offer(head.here, head.pool.lead_code)
    if form.validate():
        async with form.attempt(db):
            await actions.offer_lead(db, actor, pool_id, form.to_code.data)
            return to(
                request, f"/pools/{pool_id}", notice="The lead was offered. Until it is accepted, you lead"
            )
    return await _page(db, actor, pool_id, form)


@post("/pools/{pool_id:uuid}/lead/accept", name="procurement.accept_lead", status_code=200)
async def accept(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page | Redirect:
    """Take the lead that was offered."""
    form = LeadForm()
    async with form.attempt(db):
        await actions.accept_lead(db, actor, pool_id)
        return to(request, f"/pools/{pool_id}", notice="Your council leads the pool")
    return await _page(db, actor, pool_id, form)


@post("/pools/{pool_id:uuid}/lead/end", name="procurement.end_lead_offer", status_code=200)
async def end(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page | Redirect:
    """Take the offer back, or decline it."""
    form = LeadForm()
    async with form.attempt(db):
        await actions.end_offer(db, actor, pool_id)
        return to(request, f"/pools/{pool_id}", notice="The offer was ended. The lead stays as it is")
    return await _page(db, actor, pool_id, form)


async def _page(db: AsyncSession, actor: Actor, pool_id: UUID, form: LeadForm) -> Page:
    states.check_officer(actor)
    head = await showing.head_of_member(db, actor, pool_id, "Overview")
    standing = await queries.offer(db, pool_id) if head.pool.state in OPEN else None
    form.offer(head.here, head.pool.lead_code)
    return Page(
        "procurement/pools/lead.html",
        context={
            "form": form,
            "pool": head.pool,
            "offer": standing,
            "asked": standing is not None and standing.body_code == head.own_code,
            "leads": head.leads,
            "open": head.pool.state in OPEN,
            "bound": await queries.bound(db, pool_id),
        },
        status_code=422 if form.error_list else 200,
    )


router = Router("/", route_handlers=[lead, offer, accept, end], include_in_schema=False)
