"""A pool for a need that the last run did not know: the quick method on its market, while the page loads."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Router, get
from litestar.params import FromPath

from accounts.routes.session import Db, Someone
from analytics.pooling import suggesting
from analytics.pooling.elasticity import Elasticity
from analytics.pooling.needs import Need
from analytics.pooling.optimising import at_once
from procurement.queries import needs as need_queries
from procurement.queries.pools import candidates as candidate_queries
from procurement.queries.pools import suggestions as queries
from procurement.queries.pools import wishes as wish_queries
from procurement.routes.pools.showing import check_may_see
from procurement.routes.pools.suggested import MEMBER_COLUMNS
from procurement.rules.pools import candidates, reasons
from procurement.rules.pools.candidates import MODEL, Candidate
from procurement.rules.pools.wishes import WishKind
from spend.queries import own_code
from values.actors import Role
from values.years import london_today
from web.pages import Page


@dataclass(frozen=True, slots=True)
class Member:
    """A need in the pool, and what the pool is worth to its council."""

    need: Candidate
    fair_pence: int
    proportional_pence: int


@get("/pools/suggested/now/{need_id:uuid}", name="procurement.pool_at_once")
async def pool_at_once(db: Db, actor: Someone, need_id: FromPath[UUID]) -> Page:
    """Show which pool the quick method finds for a need, and whether the nightly run has a better answer."""
    check_may_see(actor)
    need = await need_queries.need_row(db, need_id)
    found = candidates.taken(await candidate_queries.open_needs(db, category=need.category), london_today())
    out = {
        name
        for each in await wish_queries.live_wishes(db)
        if each.kind is WishKind.OUT
        for name in each.names
    }
    own = next((each for each in found.needs if each.id == str(need_id) and each.id not in out), None)
    told = None
    if own is not None:
        here = [each for each in candidates.market(found.needs, own) if each.id not in out]
        told = await asyncio.to_thread(_pool_of, here, own)
    run = await queries.last_run(db)
    members = [
        Member(found.by_id[share["need"]], share["fair_pence"], share["proportional_pence"])
        for share in (told["shares"] if told else ())
    ]
    kept_out = candidates.OUT if str(need_id) in out else "it is not open"
    return Page(
        "procurement/pools/at_once.html",
        context={
            "need": need,
            "why_not": found.left_out.get(need_id, "" if own else kept_out),
            "told": told,
            "members": sorted(members, key=lambda each: -(each.need.value_pence or 0)),
            "joint_pence": sum(each.need.value_pence or 0 for each in members),
            "first_on": candidates.first_of(told["first_month"]) if told else None,
            "last_on": candidates.last_of(told["last_month"]) if told else None,
            "columns": MEMBER_COLUMNS,
            "run": run,
            "pool_id": await queries.pool_with(db, run.id, need_id) if run else None,
            "assumed": reasons.assumed(MODEL),
            "starts_it": actor.has(Role.OFFICER) and need.body_code == await own_code(db, actor),
        },
    )


def _pool_of(here: Sequence[Need], own: Need) -> dict[str, Any] | None:
    """Return the pool with a need among those that the quick method forms, or None."""
    by_id = {each.id: each for each in here}
    pool = next((names for names in at_once(here, MODEL) if own.id in names), None)
    if pool is None:
        return None
    draws = Elasticity(MODEL.elasticity, MODEL.elasticity_error).draws(0)
    return suggesting.pool_as_told([by_id[name] for name in pool], MODEL, draws)


router = Router("/", route_handlers=[pool_at_once], include_in_schema=False)
