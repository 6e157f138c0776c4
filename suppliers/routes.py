"""Pages of suppliers, for everybody."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Router, get
from litestar.params import FromPath, FromQuery

from accounts.routes.session import Db
from suppliers import queries
from suppliers.queries import SCHEMES, SORTS, SupplierFilter
from web.pages import AnyRequest, Page
from web.paging import Column, Listing

COLUMNS: Final = (
    Column("Name", sort="name"),
    Column("Company number"),
    Column("Names seen", numeric=True),
)


@get("/suppliers", name="suppliers.suppliers")
async def suppliers(request: AnyRequest, db: Db, q: FromQuery[str] = "") -> Page:
    """List who was paid: search by name or company number."""
    listing = Listing.of(request, sorts=SORTS, default="name")
    wanted = SupplierFilter(q.strip()[:100], listing.sort, listing.descending)
    total, found = await queries.suppliers(db, wanted, offset=listing.offset, limit=listing.per_page)
    return Page(
        "suppliers/suppliers.html",
        context={
            "suppliers": found,
            "total": total,
            "wanted": wanted,
            "listing": listing,
            "columns": COLUMNS,
        },
        fragment="results",
    )


@get("/suppliers/{supplier_id:uuid}", name="suppliers.supplier")
async def supplier(db: Db, supplier_id: FromPath[UUID]) -> Page:
    """Show who a supplier is: numbers, names, and where each was seen."""
    page = await queries.supplier_page(db, supplier_id)
    return Page("suppliers/supplier.html", context={"page": page, "schemes": SCHEMES})


router = Router("/", route_handlers=[suppliers, supplier], include_in_schema=False)
routers = (router,)
