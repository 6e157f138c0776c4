"""The same figures for programs: CSV and a documented JSON API."""

from __future__ import annotations

from typing import Any, Final

from litestar import Router, get
from litestar.response import Response

from accounts.routes.session import Db
from insights import queries
from insights.queries import Choice, Figures
from insights.routes.asking import asked
from values.refusals import Missing, Refused
from web.exports import csv_bytes, csv_file
from web.pages import AnyRequest, Page

ALL_YEARS: Final = "all"


@get("/market.csv", name="insights.market_csv", include_in_schema=False)
async def market_csv(request: AnyRequest, db: Db) -> Response[bytes]:
    """Download the figures of all categories in an area and a year, or in all years."""
    choice, rows = await _figures(request, db)
    cells = [queries.as_cells(choice.area.name, row) for row in rows]
    year = choice.year if _one_year(request) else ALL_YEARS
    name = f"market-{choice.area.code}-{year}.csv"
    return csv_file(name, csv_bytes(queries.FLAT, cells))


@get("/api/v1/market", name="insights.api_market", tags=["market"])
async def api_market(request: AnyRequest, db: Db) -> dict[str, Any]:
    """Return the figures of markets.

    Query: `area` (GSS code or name) or `body` (repeated), `year` or "all", `category`. A figure under its
    minimum is null, and `not_computed` says why; definitions are at /method.
    """
    choice, rows = await _figures(request, db)
    return {"rows": [queries.as_row(choice.area.name, row) for row in rows]}


@get("/data", name="insights.data", include_in_schema=False)
async def data(request: AnyRequest, db: Db) -> Page:
    """Say what can be downloaded, and how programs ask."""
    return Page("insights/data.html", context={"asked": await asked(request, db)})


async def _figures(request: AnyRequest, db: Db) -> tuple[Choice, list[Figures]]:
    found = await asked(request, db)
    if found is None:
        raise Missing("market")
    if found.refused:
        raise Refused(found.refused)
    category = request.query_params.get("category")
    rows = await queries.chosen_figures(
        db,
        request.app.state.lake,
        found.release,
        found.choice,
        categories=[category] if category else None,
        years=[found.choice.year] if _one_year(request) else None,
    )
    return found.choice, rows


def _one_year(request: AnyRequest) -> bool:
    return request.query_params.get("year") != ALL_YEARS


router = Router("/", route_handlers=[market_csv, api_market, data])
