"""What the market is told of pools: a public list, and a page for each."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Router, get
from litestar.params import FromPath

from accounts.routes.session import Anybody, Db
from analytics.disclosure import LEAST_CONTRIBUTORS
from procurement.queries.pools import demand as queries
from procurement.queries.pools.demand import SORTS
from spend.rules.categories import taxonomy
from web.pages import AnyRequest, Page
from web.paging import Column, Listing

COLUMNS: Final = (
    Column("Pool", sort="title"),
    Column("Category", sort="category"),
    Column("Could start", sort="start"),
    Column("Councils", numeric=True),
    Column("Together", numeric=True),
)


@get("/demand", name="procurement.demand", include_in_schema=False)
async def demand_list(request: AnyRequest, db: Db, visitor: Anybody) -> Page:
    """List what councils plan to buy together."""
    listing = Listing.of(request, sorts=SORTS, default="start")
    category = request.query_params.get("category", "")[:60]
    total, found = await queries.listed_demand(
        db,
        category=category,
        sort=listing.sort,
        descending=listing.descending,
        offset=listing.offset,
        limit=listing.per_page,
    )
    return Page(
        "procurement/pools/demand.html",
        context={
            "pools": found,
            "total": total,
            "category": category,
            "categories": taxonomy().categories,
            "columns": COLUMNS,
            "listing": listing,
            "least": LEAST_CONTRIBUTORS,
        },
        fragment="results",
    )


@get("/demand/{pool_id:uuid}", name="procurement.demand_page", include_in_schema=False)
async def demand_page(db: Db, visitor: Anybody, pool_id: FromPath[UUID]) -> Page:
    """Show one pool as the market sees it."""
    context = {"pool": await queries.demand(db, pool_id), "least": LEAST_CONTRIBUTORS}
    return Page("procurement/pools/demand_page.html", context=context)


@get("/api/v1/demand", name="procurement.api_demand", tags=["demand"])
async def api_demand(request: AnyRequest, db: Db, visitor: Anybody) -> dict[str, Any]:
    """Return what councils plan to buy together, fifty a page.

    Query: `category`, `page`. `council_count` and `value_pence` are null where a total would let somebody
    work out what one council plans; the rule is at /demand.
    """
    listing = Listing.of(request, sorts=SORTS, default="start")
    total, found = await queries.listed_demand(
        db,
        category=request.query_params.get("category", "")[:60],
        sort=listing.sort,
        descending=listing.descending,
        offset=listing.offset,
        limit=listing.per_page,
    )
    return {"total": total, "rows": [_as_row(each) for each in found]}


def _as_row(each: queries.Demand) -> dict[str, Any]:
    return {
        "id": str(each.id),
        "title": each.title,
        "category": each.category,
        "region": each.region_code,
        "first_start_on": each.first_start_on.isoformat(),
        "last_start_on": each.last_start_on.isoformat(),
        "state": each.state,
        "council_count": each.council_count,
        "value_pence": each.value_pence,
        "told_at": each.told_at.isoformat() if each.told_at else None,
        "invented": each.demonstration,
    }


router = Router("/", route_handlers=[demand_list, demand_page, api_demand])
