"""The tab on what a pool is worth: saving with its interval, shares, what leaving does, what came of it."""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from analytics.pooling import charts
from analytics.pooling.worth import Worth, worth
from procurement.actions.pools import worth as actions
from procurement.forms.worth import OutcomeForm
from procurement.queries.pools import pool as pools
from procurement.queries.pools import worth as queries
from procurement.queries.pools.worth import Basis
from procurement.routes.pools.showing import Head, head_of_member
from procurement.rules.pools.states import PoolState, Stage
from values.actors import Actor, Role
from web.exports import csv_bytes, csv_file
from web.figures import drawn
from web.pages import AnyRequest, Page, to

TAB: Final = "Worth"
EXPORTED: Final = (
    "council",
    "value_pence",
    "saving_pence",
    "saving_low_pence",
    "saving_high_pence",
    "proportional_pence",
)


@get("/pools/{pool_id:uuid}/worth", name="procurement.pool_worth")
async def worth_page(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page:
    """Show what a pool is expected to be worth, and what it came to."""
    return await _shown(request, db, actor, pool_id, OutcomeForm())


async def _shown(
    request: AnyRequest, db: AsyncSession, actor: Actor, pool_id: UUID, form: OutcomeForm
) -> Page:
    head = await head_of_member(db, actor, pool_id, TAB)
    basis, found = await _computed(db, head)
    names = {member.body_code: member.body_name for member in head.members}
    caption = f"Fair and proportional shares of the saving of {head.pool.title}"
    bars = [
        charts.Parts(names[member.id], member.saving_pence, member.proportional_pence)
        for member in (found.members if found else ())
    ]
    chart = (
        await drawn(request, caption, lambda width: charts.parts(caption, bars, width=width))
        if bars
        else None
    )
    own = head.own is not None and head.own.stage == Stage.BOUND and actor.has(Role.OFFICER)
    return Page(
        "procurement/pools/worth.html",
        context={
            "head": head,
            "basis": basis,
            "worth": found,
            "names": names,
            "chart": chart,
            "baseline": await queries.baseline(db, pool_id),
            "outcomes": await queries.outcomes(db, pool_id),
            "told": await queries.last_total(db, pool_id),
            "tells": own and head.pool.state in (PoolState.HANDED_OVER, PoolState.CLOSED),
            "form": form,
        },
        status_code=422 if form.error_list else 200,
    )


async def _computed(db: AsyncSession, head: Head) -> tuple[Basis, Worth | None]:
    stakes = await pools.stakes(db, head.pool.id)
    here = {member.body_code for member in head.here}
    basis = await queries.basis(
        db, head.pool.id, head.pool.category, [stake for stake in stakes if stake.body_code in here]
    )
    if len(basis.values) < 2:
        return basis, None
    # Up to twelve members: some tens of milliseconds, and once for the same values.
    return basis, await asyncio.to_thread(worth, basis.values, basis.model)


@get("/pools/{pool_id:uuid}/worth.csv", name="procurement.pool_worth_csv")
async def worth_csv(db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Response[bytes]:
    """Hand out each member's share as CSV."""
    head = await head_of_member(db, actor, pool_id, TAB)
    _, found = await _computed(db, head)
    names = {member.body_code: member.body_name for member in head.members}
    rows = (
        (
            names[member.id],
            str(member.value_pence),
            str(member.saving_pence),
            str(member.low_pence),
            str(member.high_pence),
            str(member.proportional_pence),
        )
        for member in (found.members if found else ())
    )
    return csv_file("worth.csv", csv_bytes(EXPORTED, rows))


@post("/pools/{pool_id:uuid}/worth", name="procurement.tell_outcome", status_code=200)
async def tell_outcome(
    request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]
) -> Page | Redirect:
    """Write down what the own council paid before, and pays now."""
    form = OutcomeForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.tell_outcome(
                db,
                actor,
                pool_id,
                before_pence=form.before_pence.data,
                after_pence=form.after_pence.data,
            )
            return to(request, f"/pools/{pool_id}/worth", notice="Your prices were saved")
    return await _shown(request, db, actor, pool_id, form)


router = Router("/", route_handlers=[worth_page, worth_csv, tell_outcome], include_in_schema=False)
