"""The tenders of a pool, and making one from it; a pool's page asks for this by its address."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from procurement.rules.pools import states as pool_states
from spend.queries import own_code
from tenders.actions import making as actions
from tenders.queries import making as queries
from tenders.queries import tenders
from tenders.rules import making as rules
from tenders.rules.states import TenderState
from values.actors import Actor
from values.refusals import NotAllowed, Refused
from web.forms import Form
from web.pages import AnyRequest, Page, to


async def _page(db: AsyncSession, actor: Actor, pool_id: UUID, form: Form) -> Page:
    if not pool_states.may_see_pools(actor):
        raise NotAllowed("This page is for people of councils and sector leads.")
    taken = await queries.taken(db, pool_id)
    found = await tenders.of_pool(db, pool_id)
    leads = pool_states.may_lead(actor, taken.pool.lead_code, await own_code(db, actor))
    in_the_way = ""
    try:
        rules.check_can_make(
            taken.pool.state,
            has_tender=any(each.state != TenderState.TERMINATED for each in found),
            bound=[each.body_code for each in taken.bound],
            signed=taken.signed,
        )
    except Refused as refused:
        in_the_way = refused.message
    if not leads:
        in_the_way = "An officer of the lead council makes the tender."
    return Page(
        "tenders/by_pool.html",
        context={"taken": taken, "tenders": found, "form": form, "leads": leads, "in_the_way": in_the_way},
        fragment="results",
        status_code=422 if form.error_list else 200,
    )


@get("/tenders/by-pool/{pool_id:uuid}", name="tenders.by_pool")
async def by_pool(db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page:
    """Show the tenders of a pool, and to its lead what a new one would take over."""
    return await _page(db, actor, pool_id, Form())


@post("/tenders/by-pool/{pool_id:uuid}", name="tenders.make", status_code=200)
async def make(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page | Redirect:
    """Make a tender from a pool, and hand the pool over."""
    form = Form(await request.form())
    async with form.attempt(db):
        tender_id = await actions.make_tender(db, actor, pool_id)
        return to(
            request,
            f"/tenders/{tender_id}",
            notice="The tender was made, and the pool was handed over to it",
        )
    return await _page(db, actor, pool_id, form)


router = Router("/", route_handlers=[by_pool, make], include_in_schema=False)
