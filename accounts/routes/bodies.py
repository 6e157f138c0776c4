"""The register of councils, for everybody."""

from __future__ import annotations

import csv
import io

from litestar import Response, Router, get
from litestar.params import FromPath, FromQuery

from accounts import queries as register
from accounts.queries import bodies as queries
from accounts.queries.bodies import SORTS, BodyFilter
from accounts.routes.session import Db
from web.pages import AnyRequest, Page
from web.paging import Column, Listing

COLUMNS = (
    Column("Name", sort="name"),
    Column("Code"),
    Column("Type", sort="type"),
    Column("Region", sort="region"),
    Column("Population in 2020", numeric=True, sort="population"),
)
CSV_FIELDS = (
    "code",
    "gss_code",
    "name",
    "type_name",
    "region_code",
    "region_name",
    "population",
    "valid_from",
)


@get("/bodies", name="accounts.bodies")
async def bodies(
    request: AnyRequest,
    db: Db,
    q: FromQuery[str] = "",
    region: FromQuery[str] = "",
    type: FromQuery[str] = "",  # noqa: A002 -- the name in the address
) -> Page:
    """List the English councils: search, filter, sort."""
    listing = Listing.of(request, sorts=SORTS, default="name")
    wanted = BodyFilter(
        words=q.strip()[:100],
        region_code=region[:20],
        type_name=type[:60],
        sort=listing.sort,
        descending=listing.descending,
    )
    total, found = await queries.bodies(db, wanted, offset=listing.offset, limit=listing.per_page)
    return Page(
        "accounts/bodies.html",
        context={
            "bodies": found,
            "total": total,
            "wanted": wanted,
            "regions": await queries.regions(db),
            "types": await queries.council_types(db),
            "listing": listing,
            "columns": COLUMNS,
        },
        fragment="results",
    )


@get("/bodies.csv", name="accounts.bodies_csv")
async def bodies_csv(db: Db) -> Response[bytes]:
    """Hand out the English councils as CSV."""
    written = io.StringIO(newline="")
    lines = csv.writer(written)
    lines.writerow(CSV_FIELDS)
    lines.writerows([getattr(body, name) for name in CSV_FIELDS] for body in await register.councils(db))
    return Response(
        written.getvalue().encode(),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="councils.csv"'},
    )


@get("/bodies/{code:str}", name="accounts.body")
async def body(db: Db, code: FromPath[str]) -> Page:
    """Show what is known of a body, and who came before and after it."""
    return Page("accounts/body.html", context={"page": await queries.body_page(db, code)})


router = Router("/", route_handlers=[bodies, bodies_csv, body], include_in_schema=False)
