"""What one supplier sold, for the supplier's own page, which asks for it by address."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Router, get
from litestar.params import FromPath

from accounts.routes.session import Db
from insights import queries
from insights.queries.supplied import SALE_SORTS, Sales, sales
from spend.rules.categories import taxonomy
from values.refusals import Missing
from web.pages import AnyRequest, Page
from web.paging import Column, Listing

COLUMNS: Final = (
    Column("Financial year", sort="year"),
    Column("Council", sort="council"),
    Column("Category", sort="category"),
    Column("Lines", numeric=True, sort="lines"),
    Column("Spend", numeric=True, sort="spend"),
)
YEAR_COLUMNS: Final = (
    Column("Financial year"),
    Column("Councils", numeric=True),
    Column("Lines", numeric=True),
    Column("Spend", numeric=True),
)


@get("/market/by-supplier/{supplier_id:uuid}", name="insights.by_supplier")
async def by_supplier(request: AnyRequest, db: Db, supplier_id: FromPath[UUID]) -> Page:
    """Show what councils paid a supplier, by year and category, with the lines behind each sum."""
    name = (await queries.supplier_names(db, [supplier_id])).get(supplier_id)
    if name is None:
        raise Missing("supplier")
    listing = Listing.of(request, sorts=SALE_SORTS, default="-year")
    release = await queries.current_release(db)
    found = Sales(0, [], [])
    if release is not None:
        found = await sales(
            db,
            release,
            supplier_id,
            sort=listing.sort,
            descending=listing.descending,
            offset=listing.offset,
            limit=listing.per_page,
        )
    return Page(
        "insights/by_supplier.html",
        context={
            "supplier_id": supplier_id,
            "name": name,
            "release": release,
            "found": found,
            "categories": {category.code: category.name for category in taxonomy().categories},
            "listing": listing,
            "columns": COLUMNS,
            "year_columns": YEAR_COLUMNS,
        },
        fragment="sold",
    )


router = Router("/", route_handlers=[by_supplier])
