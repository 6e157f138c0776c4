"""The home of a council: contracts that end, its needs and pools, what is suggested, what waits for whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from litestar import Router, get

from accounts.routes.session import Db, Someone
from analytics import timeline
from analytics.timeline import Ending
from procurement.models import Contract
from procurement.queries import contracts as contract_queries
from procurement.queries import council as queries
from procurement.queries.council import OwnPool
from procurement.routes.register import STATE_WORDS
from procurement.rules import needs as rules
from procurement.rules import proposals
from procurement.rules.pools.states import OPEN, PoolState
from procurement.rules.soon import Dated, soon
from spend.queries import own_code
from values.actors import Role
from values.dates import day
from values.refusals import NotAllowed
from values.years import london_today
from web.figures import drawn
from web.pages import AnyRequest, Page
from web.paging import Column

MONTHS: Final = 24
DAYS_A_MONTH: Final = 365.25 / 12
CAPTION: Final = "Contracts that end in the next 24 months"
NEED_COLUMNS: Final = (
    Column("Need"),
    Column("Category"),
    Column("State"),
    Column("Estimated value", numeric=True),
)
POOL_COLUMNS: Final = (Column("Pool"), Column("State"), Column("We are"), Column("Next date"))
SUGGESTED_COLUMNS: Final = (
    Column("Category"),
    Column("Councils", numeric=True),
    Column("Our fair share", numeric=True),
    Column("Expected saving of all", numeric=True),
)


@get("/council", name="procurement.council")
async def council(request: AnyRequest, db: Db, actor: Someone) -> Page:
    """Show a council what is its own, and what waits for somebody."""
    code = await own_code(db, actor)
    if not rules.may_see_own(actor) or code is None:
        raise NotAllowed("This page is for people of a council.")
    today = london_today()
    last = proposals.add_months(today, MONTHS)
    ending = await contract_queries.ending_contracts(db, code, today, last)
    need_total, needs = await queries.own_needs(db, code)
    pools = await queries.own_pools(db, code)
    suggested_total, suggested = await queries.own_suggested(db, code)
    approver = actor.has(Role.APPROVER)
    bars = [_ending(each, today) for each in ending]
    return Page(
        "procurement/council.html",
        context={
            "terms": await queries.terms_not_met(db, code),
            "to_sign": await queries.agreements_to_sign(db, code) if approver else [],
            "offers": await queries.leads_offered(db, code) if actor.has(Role.OFFICER) else [],
            "votes": await queries.ballots_to_cast(db, code),
            "soon": soon([*_pool_dates(pools), *_contract_dates(ending)], today),
            "chart": await drawn(
                request, CAPTION, lambda width: timeline.endings(CAPTION, bars, months=MONTHS, width=width)
            )
            if bars
            else None,
            "need_total": need_total,
            "needs": needs,
            "need_columns": NEED_COLUMNS,
            "need_states": STATE_WORDS,
            "pools": [(pool, _next(pool)) for pool in pools],
            "pool_columns": POOL_COLUMNS,
            "suggested_total": suggested_total,
            "suggested": suggested,
            "suggested_columns": SUGGESTED_COLUMNS,
            "officer": actor.has(Role.OFFICER),
        },
    )


def _ending(contract: Contract, today: date) -> Ending:
    assert contract.end_on is not None

    def months(day: date) -> float:
        return round((day - today).days / DAYS_A_MONTH, 2)

    extension, notice = contract.extension_months, contract.notice_on
    return Ending(
        contract.title,
        months(contract.end_on),
        day(contract.end_on),
        months(proposals.add_months(contract.end_on, extension)) if extension else None,
        months(notice) if notice else None,
        day(notice) if notice else "",
    )


def _next(pool: OwnPool) -> tuple[str, date] | None:
    """Return what the clock of a pool waits for, and when."""
    if pool.state == PoolState.FORMING:
        return "Joining closes", london_today(pool.joins_until)
    if pool.state == PoolState.AGREEING:
        return "Signing closes", london_today(pool.signs_until)
    return None


def _pool_dates(pools: Sequence[OwnPool]) -> Iterator[Dated]:
    for pool in pools:
        if pool.state in OPEN and (step := _next(pool)):
            yield Dated(step[1], f"{step[0]} in {pool.title}", f"/pools/{pool.id}")


def _contract_dates(contracts: Sequence[Contract]) -> Iterator[Dated]:
    for contract in contracts:
        if contract.notice_on:
            yield Dated(contract.notice_on, f"Notice is due for {contract.title}", "/contracts")
        if contract.end_on:
            yield Dated(contract.end_on, f"{contract.title} ends", "/contracts")


router = Router("/", route_handlers=[council], include_in_schema=False)
