"""What was kept out of markets and why, for everybody; it adds up to the register of files."""

from __future__ import annotations

from typing import Final

from litestar import Response, Router, get
from litestar.params import FromQuery

from accounts.routes.session import Anybody, Db
from spend import queries
from spend.queries.kept_out import NO_YEAR
from spend.rules.marking import COUNTED, KEPT_OUT
from web.exports import csv_bytes, csv_file
from web.pages import AnyRequest, Page
from web.paging import Column, Listing

COLUMNS: Final = (
    Column("Council"),
    Column("Financial year"),
    Column("Lines published", numeric=True),
    Column("Sum", numeric=True),
    Column("Lines kept out", numeric=True),
    Column("Sum kept out", numeric=True),
)
REASON_COLUMNS: Final = (
    Column("What became of them"),
    Column("Lines", numeric=True),
    Column("Sum", numeric=True),
)
CSV_HEADINGS: Final = ("body_code", "body", "year", "lines", "pence", "counted_lines", "counted_pence")
NO_DATE_CHOICE: Final = "none"


def _year(text: str) -> int:
    if text == NO_DATE_CHOICE:
        return NO_YEAR
    return int(text) if len(text) == 4 and text.isascii() and text.isdigit() else 0


def _body(request: AnyRequest) -> str:
    # Not as a parameter: Litestar keeps `body` for itself.
    return request.query_params.get("body", "")[:10]


@get("/spend/kept-out", name="spend.kept_out")
async def kept_out(request: AnyRequest, db: Db, visitor: Anybody, year: FromQuery[str] = "") -> Page:
    """Show how many lines and pounds stand behind no figure, and why."""
    body = _body(request)
    wanted_year = _year(year)
    found = await queries.outcomes(db, body=body, year=wanted_year)
    years = await queries.body_years(db, body=body, year=wanted_year)
    listing = Listing.of(request, sorts=[], default="")
    return Page(
        "spend/kept_out.html",
        context={
            "found": found,
            "reasons": KEPT_OUT,
            "counted": found.get(COUNTED),
            "lines": sum(each.lines for each in found.values()),
            "pence": sum(each.pence for each in found.values()),
            "years": years[listing.offset : listing.offset + listing.per_page],
            "total": len(years),
            "choices": sorted({each.year for each in years if each.year is not None}, reverse=True),
            "reconciled": await queries.reconciliation(db, body=body),
            "bodies": await queries.bodies_with_files(db),
            "body": body,
            "year": wanted_year,
            "no_year": NO_YEAR,
            "listing": listing,
            "columns": COLUMNS,
            "reason_columns": REASON_COLUMNS,
        },
    )


@get("/spend/kept-out.csv", name="spend.kept_out_csv")
async def kept_out_csv(request: AnyRequest, db: Db) -> Response[bytes]:
    """Hand out what every body published in every year, and how much of it is in markets."""
    rows = (
        (
            each.body_code,
            each.body_name,
            each.year,
            each.lines,
            each.pence,
            each.counted_lines,
            each.counted_pence,
        )
        for each in await queries.body_years(db, body=_body(request))
    )
    return csv_file("kept-out.csv", csv_bytes(CSV_HEADINGS, rows))


router = Router("/", route_handlers=[kept_out, kept_out_csv], include_in_schema=False)
