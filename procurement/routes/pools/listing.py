"""The list of pools."""

from __future__ import annotations

from typing import Final

from litestar import Response, Router, get
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.queries.bodies import regions
from accounts.routes.session import Db, Someone
from procurement.queries.pools import listing as queries
from procurement.queries.pools.listing import SORTS, PoolFilter
from procurement.routes.pools.showing import check_may_see
from procurement.rules.pools.states import STATE_WORDS, PoolState
from spend.queries import own_code
from spend.rules.categories import taxonomy
from values.actors import Actor, Role
from web.exports import csv_file, csv_of
from web.pages import AnyRequest, Page
from web.paging import Column, Listing

COLUMNS: Final = (
    Column("Pool", sort="title"),
    Column("Led by", sort="lead"),
    Column("Category", sort="category"),
    Column("Councils", numeric=True, sort="councils"),
    Column("Join by", sort="joins_until"),
    Column("State since", sort="changed"),
)
EXPORTED: Final = (
    "id",
    "title",
    "category",
    "lead_name",
    "region_code",
    "state",
    "councils",
    "quorum",
    "largest",
    "cap_pence",
    "first_start_on",
    "last_start_on",
    "joins_until",
    "signs_until",
)
MOST_EXPORTED: Final = 100_000


async def _wanted(request: AnyRequest, db: AsyncSession, actor: Actor, listing: Listing) -> PoolFilter:
    # Not as parameters: Litestar keeps `state` for itself.
    query = request.query_params
    state = query.get("state", "")
    return PoolFilter(
        words=query.get("q", "").strip()[:100],
        category=query.get("category", "")[:60],
        region=query.get("region", "")[:20],
        state=state if state in tuple(PoolState) else "",
        own=(await own_code(db, actor) or "-") if query.get("whose") == "own" else "",
        sort=listing.sort,
        descending=listing.descending,
    )


@get("/pools", name="procurement.pools")
async def pools(request: AnyRequest, db: Db, actor: Someone) -> Page:
    """List pools: search, filter, sort."""
    check_may_see(actor)
    listing = Listing.of(request, sorts=SORTS, default="-changed")
    wanted = await _wanted(request, db, actor, listing)
    total, found = await queries.listed_pools(db, wanted, offset=listing.offset, limit=listing.per_page)
    return Page(
        "procurement/pools/list.html",
        context={
            "pools": found,
            "total": total,
            "wanted": wanted,
            "categories": taxonomy().categories,
            "regions": await regions(db),
            "states": STATE_WORDS,
            "listing": listing,
            "columns": COLUMNS,
            "officer": actor.has(Role.OFFICER),
            "of_council": actor.has(Role.OFFICER, Role.APPROVER),
        },
        fragment="results",
    )


@get("/pools.csv", name="procurement.pools_csv")
async def pools_csv(request: AnyRequest, db: Db, actor: Someone) -> Response[bytes]:
    """Hand out the list as CSV, filtered as the page was; what members bring is never in it."""
    check_may_see(actor)
    listing = Listing.of(request, sorts=SORTS, default="-changed")
    wanted = await _wanted(request, db, actor, listing)
    _, found = await queries.listed_pools(db, wanted, offset=0, limit=MOST_EXPORTED)
    return csv_file("pools.csv", csv_of(EXPORTED, found))


router = Router("/", route_handlers=[pools, pools_csv], include_in_schema=False)
