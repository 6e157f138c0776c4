"""Suggested pools: the list, one with its members and reasons, and asking for them to be worked out again."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts import queries as accounts
from accounts.routes.session import Db, Someone
from procurement.queries.pools import candidates as candidate_queries
from procurement.queries.pools import suggestions as queries
from procurement.queries.pools import wishes as wish_queries
from procurement.queries.pools.suggestions import SORTS, SuggestionFilter
from procurement.routes.pools.showing import check_may_see
from procurement.rules.pools import candidates, reasons
from procurement.rules.pools.candidates import MODEL
from procurement.rules.pools.reasons import Part
from spend.queries import own_code
from spend.rules.categories import taxonomy
from store import jobs
from values.actors import Actor, Role
from values.refusals import NotAllowed
from values.years import london_today
from web.exports import csv_file, csv_of
from web.jobs import Kind
from web.pages import AnyRequest, Page, to
from web.paging import Column, Listing

JOB: Final = "procurement.suggest_pools"
JOBS: Final = {JOB: Kind("Working out which pools to suggest", "See the suggested pools", "/pools/suggested")}
COLUMNS: Final = (
    Column("Category", sort="category"),
    Column("Region"),
    Column("Could start", sort="start"),
    Column("Councils", numeric=True, sort="councils"),
    Column("Joint value", numeric=True, sort="value"),
    Column("Expected saving, 95% interval", numeric=True, sort="saving"),
)
MEMBER_COLUMNS: Final = (
    Column("Need"),
    Column("Council"),
    Column("Could start"),
    Column("Estimated value", numeric=True),
    Column("Fair share of the saving", numeric=True),
    Column("Share by value", numeric=True),
)
EXPORTED: Final = (
    "id",
    "category",
    "region_code",
    "first_start_on",
    "last_start_on",
    "need_count",
    "council_count",
    "joint_value_pence",
    "saving_pence",
    "saving_low_pence",
    "saving_high_pence",
)
MOST_EXPORTED: Final = 100_000


def may_work_out(actor: Actor) -> bool:
    """Tell whether an actor may have the suggestions worked out again."""
    return actor.has(Role.OFFICER, Role.SECTOR_LEAD)


async def _wanted(
    request: AnyRequest, db: AsyncSession, actor: Actor, listing: Listing
) -> tuple[SuggestionFilter, str | None]:
    query, code = request.query_params, await own_code(db, actor)
    wanted = SuggestionFilter(
        category=query.get("category", "")[:60],
        region_code=query.get("region", "")[:20],
        own=(code or "-") if query.get("whose", "") == "own" else "",
        sort=listing.sort,
        descending=listing.descending,
    )
    return wanted, code


@get("/pools/suggested", name="procurement.suggested_pools")
async def suggested_pools(request: AnyRequest, db: Db, actor: Someone) -> Page:
    """List the pools that the last run suggests, with how good the run is at least."""
    check_may_see(actor)
    listing = Listing.of(request, sorts=SORTS, default="-saving")
    wanted, code = await _wanted(request, db, actor, listing)
    run = await queries.last_run(db)
    total, found = 0, []
    if run is not None:
        total, found = await queries.listed(db, run.id, wanted, offset=listing.offset, limit=listing.per_page)
    today = london_today()
    waiting = await candidate_queries.own_waiting(db, code, run.id if run else None) if code else []
    return Page(
        "procurement/pools/suggested.html",
        context={
            "run": run,
            "pools": found,
            "total": total,
            "wanted": wanted,
            "listing": listing,
            "columns": COLUMNS,
            "categories": taxonomy().categories,
            "regions": await accounts.regions(db),
            "waiting": [(need, candidates.why_not(need, today)) for need in waiting],
            "wishes": await wish_queries.shown_wishes(db),
            "assumed": reasons.assumed(reasons.model_of(run.model) if run else MODEL),
            "own_shown": code is not None,
            "works_out": may_work_out(actor),
            "under_way": await jobs.under_way(db, JOB),
            "officer": actor.has(Role.OFFICER),
        },
        fragment="results",
    )


@get("/pools/suggested.csv", name="procurement.suggested_pools_csv")
async def suggested_pools_csv(request: AnyRequest, db: Db, actor: Someone) -> Response[bytes]:
    """Hand out the list as CSV, filtered as the page was."""
    check_may_see(actor)
    listing = Listing.of(request, sorts=SORTS, default="-saving")
    wanted, _ = await _wanted(request, db, actor, listing)
    run = await queries.last_run(db)
    found = (await queries.listed(db, run.id, wanted, offset=0, limit=MOST_EXPORTED))[1] if run else []
    return csv_file("suggested-pools.csv", csv_of(EXPORTED, found))


@get("/pools/suggested/{pool_id:uuid}", name="procurement.suggested_pool")
async def suggested_pool(db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page:
    """Show one suggested pool: who, when, what it is worth to each, why these, what limits it."""
    check_may_see(actor)
    pool = await queries.suggested(db, pool_id)
    run, is_last = await queries.run_of(db, pool)
    members = await queries.suggested_members(db, pool_id)
    code = await own_code(db, actor)
    regions = dict(await accounts.regions(db))
    region = regions.get(pool.region_code) if pool.region_code else None
    model = reasons.model_of(run.model)
    parts = [Part(each.told, each.value_pence, each.first_start_on, each.last_start_on) for each in members]
    ids = {member.need_id for member in members}
    return Page(
        "procurement/pools/suggestion.html",
        context={
            "pool": pool,
            "run": run,
            "is_last": is_last,
            "members": members,
            "columns": MEMBER_COLUMNS,
            "gone": pool.need_count - len(members),
            "region": region,
            "why": reasons.why_these(pool.category, region, parts) if parts else [],
            "limits": reasons.what_limits(pool.category, pool.council_count, parts, model) if parts else [],
            "assumed": reasons.assumed(model),
            "wishes": [
                shown for shown in await wish_queries.shown_wishes(db) if ids & set(shown.wish.need_ids)
            ],
            "own": [member for member in members if member.body_code == code],
            "officer": actor.has(Role.OFFICER),
        },
    )


@get("/pools/suggested/with/{need_id:uuid}", name="procurement.suggested_pool_with", status_code=200)
async def suggested_pool_with(
    request: AnyRequest, db: Db, actor: Someone, need_id: FromPath[UUID]
) -> Redirect:
    """Lead to the suggested pool that holds a need today, under an address that outlives runs."""
    check_may_see(actor)
    run = await queries.last_run(db)
    found = await queries.pool_with(db, run.id, need_id) if run else None
    if found is None:
        return to(
            request,
            f"/needs/{need_id}",
            notice="No pool is suggested for this need any more",
            kind="information",
        )
    return to(request, f"/pools/suggested/{found}")


@post("/pools/suggested/work-out", name="procurement.work_out_suggestions", status_code=200)
async def work_out(request: AnyRequest, db: Db, actor: Someone) -> Redirect:
    """Have the suggestions worked out again, and watch; not while that is under way."""
    if not may_work_out(actor):
        raise NotAllowed("Only officers of councils and sector leads can ask for this.")
    job_id = await jobs.enqueue_alone(db, actor, JOB)
    if job_id is None:
        return to(
            request,
            "/pools/suggested",
            notice="Pools are being worked out already. They show here when that is done",
            kind="information",
        )
    return to(request, f"/jobs/{job_id}")


router = Router(
    "/",
    route_handlers=[suggested_pools, suggested_pools_csv, suggested_pool, suggested_pool_with, work_out],
    include_in_schema=False,
)
