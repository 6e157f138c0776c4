"""Joining a pool, what a council brings, its terms, leaving."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from procurement.actions.pools import joining as actions
from procurement.actions.pools import leaving
from procurement.forms.pools import JoinForm, ReasonForm, StakeForm, TermsForm, typed_terms
from procurement.queries.pools import pool as queries
from procurement.queries.pools import stakes
from procurement.queries.pools import terms as terms_queries
from procurement.queries.pools.pool import StakeRow
from procurement.routes.pools import showing
from procurement.routes.pools.showing import Head
from procurement.rules.pools import joining as rules
from procurement.rules.pools import states
from procurement.rules.pools.states import Stage
from values.actors import Actor
from values.refusals import Missing
from web.forms import Form
from web.pages import AnyRequest, Page, to


@get("/pools/{pool_id:uuid}/join", name="procurement.join_page")
async def join_page(db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page:
    """Show what joining means, and ask for the need that the council brings."""
    return await _join_page(db, JoinForm(), await _entering(db, actor, pool_id))


async def _entering(db: AsyncSession, actor: Actor, pool_id: UUID) -> Head:
    """Return a pool that the actor, an officer, may join."""
    states.check_officer(actor)
    head = await showing.head(db, actor, pool_id, "Overview")
    rules.check_can_join(
        head.pool,
        stage=head.own.stage if head.own else None,
        members=len(head.here),
        region_code=await stakes.region_of(db, head.own_code or ""),
        now=datetime.now(UTC),
    )
    return head


@post("/pools/{pool_id:uuid}/join", name="procurement.join_pool", status_code=200)
async def join(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page | Redirect:
    """Join a pool."""
    head = await _entering(db, actor, pool_id)
    form = JoinForm(await request.form())
    form.offer(await stakes.offered(db, head.own_code or "", head.pool.category))
    if not form.need_id.choices:
        form.refuse("Your council has no need that it could bring")
    elif form.validate():
        async with form.attempt(db):
            need_id = UUID(form.need_id.data)
            await actions.join_pool(db, actor, pool_id, need_id, now=datetime.now(UTC))
            return to(
                request, f"/pools/{pool_id}", notice="Your council is in the pool. Nothing binds it yet"
            )
    return await _join_page(db, form, head)


async def _join_page(db: AsyncSession, form: JoinForm, head: Head) -> Page:
    needs = await stakes.offered(db, head.own_code or "", head.pool.category)
    form.offer(needs)
    context = {
        "form": form,
        "pool": head.pool,
        "here": head.here,
        "unvalued": [need for need in needs if need.value_pence is None],
    }
    return Page("procurement/pools/join.html", context=context, status_code=422 if form.error_list else 200)


async def _member(db: AsyncSession, actor: Actor, pool_id: UUID) -> Head:
    """Return a pool that the actor, an officer, may set terms in."""
    states.check_officer(actor)
    head = await showing.head(db, actor, pool_id, "Overview")
    if head.own is None:
        raise Missing("member")
    rules.check_can_set_terms(head.pool, head.own.stage)
    return head


@get("/pools/{pool_id:uuid}/stake", name="procurement.stake_page")
async def stake_page(db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page:
    """Show what the council brings."""
    head = await _member(db, actor, pool_id)
    brought = await _brought(db, head)
    return _stake_page(StakeForm(data={"value_pence": brought.value_pence, "volume": brought.volume}), head)


@post("/pools/{pool_id:uuid}/stake", name="procurement.change_stake", status_code=200)
async def change_stake(
    request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]
) -> Page | Redirect:
    """Correct what the council brings."""
    head = await _member(db, actor, pool_id)
    form = StakeForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.change_stake(
                db, actor, pool_id, value_pence=form.value_pence.data, volume=form.volume.data
            )
            return to(request, f"/pools/{pool_id}", notice="What your council brings was changed")
    return _stake_page(form, head)


async def _brought(db: AsyncSession, head: Head) -> StakeRow:
    for stake in await queries.stakes(db, head.pool.id):
        if stake.body_code == head.own_code:
            return stake
    raise Missing("stake")


def _stake_page(form: StakeForm, head: Head) -> Page:
    context = {"form": form, "pool": head.pool}
    return Page("procurement/pools/stake.html", context=context, status_code=422 if form.error_list else 200)


@get("/pools/{pool_id:uuid}/terms", name="procurement.terms_page")
async def terms_page(db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page:
    """Show the council's own terms."""
    head = await _member(db, actor, pool_id)
    own = await terms_queries.own_terms(db, pool_id, head.own_code or "")
    return _terms_page(TermsForm(data=typed_terms(own) if own else {}), head)


@post("/pools/{pool_id:uuid}/terms", name="procurement.set_terms", status_code=200)
async def set_terms(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page | Redirect:
    """Save the council's terms."""
    head = await _member(db, actor, pool_id)
    form = TermsForm(await request.form())
    form.offer(_others(head))
    if form.validate():
        async with form.attempt(db):
            await actions.set_terms(db, actor, pool_id, form.terms())
            return to(
                request, f"/pools/{pool_id}", notice="Your terms were saved. Only your council sees them"
            )
    return _terms_page(form, head)


def _others(head: Head) -> list[queries.MemberRow]:
    return [member for member in head.here if member.body_code != head.own_code]


def _terms_page(form: TermsForm, head: Head) -> Page:
    form.offer(_others(head))
    context = {"form": form, "pool": head.pool, "others": _others(head)}
    return Page("procurement/pools/terms.html", context=context, status_code=422 if form.error_list else 200)


@get("/pools/{pool_id:uuid}/withdraw", name="procurement.withdraw_page")
async def withdraw_page(db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page:
    """Ask whether the council shall leave."""
    head = await showing.head(db, actor, pool_id, "Overview")
    if head.own is None:
        raise Missing("member")
    leads = head.own_code == head.pool.lead_code
    rules.check_can_withdraw(head.pool, head.own.stage, leads=leads, reason="asked for below")
    return _withdraw_page(ReasonForm(), head)


@post("/pools/{pool_id:uuid}/withdraw", name="procurement.withdraw", status_code=200)
async def withdraw(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page | Redirect:
    """Take the council out of the pool."""
    head = await showing.head(db, actor, pool_id, "Overview")
    form = ReasonForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await leaving.withdraw(db, actor, pool_id, reason=form.reason.data or "")
            return to(request, f"/pools/{pool_id}", notice="Your council has left the pool")
    return _withdraw_page(form, head)


def _withdraw_page(form: Form, head: Head) -> Page:
    context = {
        "form": form,
        "pool": head.pool,
        "bound": head.own is not None and head.own.stage == Stage.BOUND,
    }
    return Page(
        "procurement/pools/withdraw.html", context=context, status_code=422 if form.error_list else 200
    )


router = Router(
    "/",
    route_handlers=[
        join_page,
        join,
        stake_page,
        change_stake,
        terms_page,
        set_terms,
        withdraw_page,
        withdraw,
    ],
    include_in_schema=False,
)
