"""The payment lines behind a figure: read, sorted, downloaded."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from litestar import Router, get
from litestar.params import FromPath
from litestar.response import Stream

from accounts.routes.session import Db
from insights import queries
from insights.queries import LineFilter, MarketOf, ReleaseView
from insights.routes.asking import Asked, asked, category_of
from store.lake import Lake
from values.refusals import Missing, Refused
from web.exports import BOM, harmless
from web.pages import AnyRequest, Page
from web.paging import Column, Listing

COLUMNS: Final = (
    Column("Paid on", sort="paid"),
    Column("Council", sort="body"),
    Column("Payee", sort="payee"),
    Column("What for", sort="label"),
    Column("Amount", numeric=True, sort="amount"),
)


@get("/market/{category:str}/lines", name="insights.lines")
async def lines(request: AnyRequest, db: Db, category: FromPath[str]) -> Page:
    """Show the payment lines that a figure is made of; they add up to it."""
    of, found, supplier_id = category_of(category), await _found(request, db), _supplier(request)
    listing = Listing.of(request, sorts=queries.SORTS, default="-amount")
    wanted = LineFilter(
        category,
        found.choice.year,
        found.choice.bodies,
        supplier_id,
        listing.sort,
        listing.descending,
    )
    page = await queries.line_page(
        request.app.state.lake, found.release, wanted, offset=listing.offset, limit=listing.per_page
    )
    seen = {line.supplier_id for line in page.lines if line.supplier_id} | ({supplier_id} - {None})
    return Page(
        "insights/lines.html",
        context={
            "asked": found,
            "category": of,
            "page": page,
            "supplier_id": supplier_id,
            "names": await queries.supplier_names(db, [each for each in seen if each]),
            "body_names": dict(found.choice.publishing),
            "columns": COLUMNS,
            "listing": listing,
            "market": MarketOf(category, found.choice.year, found.choice.bodies),
        },
    )


@get("/market/{category:str}/lines.csv", name="insights.lines_csv")
async def lines_csv(request: AnyRequest, db: Db, category: FromPath[str]) -> Stream:
    """Download all lines behind a figure."""
    of, found = category_of(category), await _found(request, db)
    wanted = LineFilter(category, found.choice.year, found.choice.bodies, _supplier(request))
    name = f"payments-{of.code}-{found.choice.area.code}-{found.choice.year}.csv"
    return Stream(
        _csv(request.app.state.lake, found.release, wanted),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _csv(lake: Lake, release: ReleaseView, wanted: LineFilter) -> Iterator[bytes]:
    """Write lines as CSV, some at a time; a name that a spreadsheet would run is marked harmless."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    yield BOM
    writer.writerow(queries.EXPORTED)
    for batch in queries.line_batches(lake, release, wanted):
        writer.writerows([harmless(cell) for cell in row] for row in batch)
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode()


async def _found(request: AnyRequest, db: Db) -> Asked:
    found = await asked(request, db)
    if found is None:
        raise Missing("market")
    if found.refused:
        raise Refused(found.refused)
    return found


def _supplier(request: AnyRequest) -> UUID | None:
    text = request.query_params.get("supplier", "")
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Missing("supplier") from error


router = Router("/", route_handlers=[lines, lines_csv])
