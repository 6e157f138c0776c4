"""The overview of a pool: its rules, its members, who is in if who is in, what one can do now."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from litestar import Router, get
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.queries.bodies import regions
from accounts.routes.session import Db, Someone
from procurement.queries.pools import lead as lead_queries
from procurement.queries.pools import pool as queries
from procurement.queries.pools import stakes
from procurement.queries.pools import terms as terms_queries
from procurement.queries.pools.lead import OfferRow
from procurement.routes.pools import showing
from procurement.routes.pools.showing import Head
from procurement.rules.pools import states, terms
from procurement.rules.pools import steps as rules
from procurement.rules.pools.joining import VOTE_WORDS
from procurement.rules.pools.states import OPEN
from procurement.rules.pools.steps import Standing
from values.actors import Actor, Role
from web.pages import AnyRequest, Page, wants_fragment
from web.paging import Column

MEMBER_COLUMNS = (
    Column("Council"),
    Column("Stage"),
    Column("Standing"),
    Column("Estimated value", numeric=True),
    Column("Joined"),
)


@get("/pools/{pool_id:uuid}", name="procurement.pool")
async def overview(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page:
    """Show a pool; while its terms are being solved, htmx asks for the outlook again."""
    head = await showing.head(db, actor, pool_id, "Overview")
    settling = await queries.is_settling(db, pool_id)
    outlook = await terms_queries.outlook(db, pool_id)
    offer = await lead_queries.offer(db, pool_id) if head.inside and head.pool.state in OPEN else None
    standing = await _standing(db, actor, head, offer)
    holds = outlook is not None and outlook.holds and not settling
    brought = await queries.stakes(db, pool_id)
    names = {member.body_code: member.body_name for member in head.members}
    polled = wants_fragment(request)
    return Page(
        "procurement/pools/overview.html",
        context={
            "head": head,
            "settling": settling,
            "outlook": outlook,
            "names": names,
            "own": await _own(db, head, names),
            "value_of": {stake.body_code: stake.value_pence for stake in brought},
            "joint_pence": sum(stake.value_pence for stake in brought),
            "sees_stakes": head.takes_part or actor.has(Role.SECTOR_LEAD),
            "columns": MEMBER_COLUMNS,
            "region": dict(await regions(db)).get(head.pool.region_code or "", ""),
            "vote": VOTE_WORDS[states.VoteRule(head.pool.vote_rule)],
            "steps": rules.steps(head.pool, standing, holds=holds),
            "joinable": _joinable(head, standing),
            "open": head.pool.state in OPEN,
            "offer": offer,
        },
        fragment="outlook",
        # When it is worked out, the whole page may be another: its state, its members, what one can do.
        headers={"hx-refresh": "true"} if polled and not settling else None,
    )


async def _standing(db: AsyncSession, actor: Actor, head: Head, offer: OfferRow | None) -> Standing:
    return Standing(
        stage=head.own.stage if head.own else None,
        of_lead=head.own_code == head.pool.lead_code,
        leads=head.leads,
        officer=actor.has(Role.OFFICER),
        approver=actor.has(Role.APPROVER),
        region_code=await stakes.region_of(db, head.own_code) if head.own_code else None,
        offered_lead=offer is not None and offer.body_code == head.own_code,
    )


def _joinable(head: Head, standing: Standing) -> str | None:
    """Return why not, or an empty text: it can; None where nobody asks."""
    if not standing.officer or head.takes_part:
        return None
    why = rules.why_not_join(head.pool, standing, members=len(head.here), now=datetime.now(UTC))
    return why or ""


async def _own(db: AsyncSession, head: Head, names: dict[str, str]) -> dict[str, object] | None:
    if not head.takes_part or head.own_code is None:
        return None
    kept = await terms_queries.own_terms(db, head.pool.id, head.own_code)
    if kept is None:
        return None
    return {
        "terms": terms.said(kept.member, kept.conditions, names),
        "lacking": terms.lacking_words(kept.lacking, names),
    }


router = Router("/", route_handlers=[overview], include_in_schema=False)
