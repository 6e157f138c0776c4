"""The list of tenders: a council's own, whatever their state, and for everybody those that are published."""

from __future__ import annotations

from typing import Final

from litestar import Response, Router, get
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Anybody, Db
from spend.queries import own_code
from spend.rules.categories import taxonomy
from tenders.queries import tenders as queries
from tenders.queries.tenders import SORTS, TenderFilter
from tenders.rules.states import CHANGEABLE, STATE_WORDS, TenderState
from values.actors import Actor, Role
from web.exports import csv_file, csv_of
from web.pages import AnyRequest, Page
from web.paging import Column, Listing

COLUMNS: Final = (
    Column("Tender", sort="title"),
    Column("Led by", sort="lead"),
    Column("Category", sort="category"),
    Column("Councils", numeric=True),
    Column("Tenders due", sort="due"),
    Column("State since", sort="changed"),
)
EXPORTED: Final = (
    "id",
    "title",
    "category",
    "lead_name",
    "procedure",
    "model",
    "buyers",
    "state",
    "published_at",
    "tenders_due_at",
)
MOST_EXPORTED: Final = 100_000


async def _wanted(request: AnyRequest, db: AsyncSession, visitor: Actor, listing: Listing) -> TenderFilter:
    # Not as parameters: Litestar keeps `state` for itself.
    query = request.query_params
    state = query.get("state", "")
    return TenderFilter(
        words=query.get("q", "").strip()[:100],
        category=query.get("category", "")[:60],
        state=state if state in tuple(TenderState) else "",
        own=(await own_code(db, visitor) or "-") if query.get("whose") == "own" else "",
        sort=listing.sort,
        descending=listing.descending,
    )


@get("/tenders", name="tenders.tenders")
async def tenders(request: AnyRequest, db: Db, visitor: Anybody) -> Page:
    """List the tenders that the reader may see: search, filter, sort."""
    listing = Listing.of(request, sorts=SORTS, default="-changed")
    wanted = await _wanted(request, db, visitor, listing)
    total, found = await queries.listed_tenders(db, wanted, offset=listing.offset, limit=listing.per_page)
    inside = visitor.has(Role.OFFICER, Role.APPROVER, Role.SECTOR_LEAD)
    return Page(
        "tenders/list.html",
        context={
            "tenders": found,
            "total": total,
            "wanted": wanted,
            "categories": taxonomy().categories,
            "states": {
                state: words for state, words in STATE_WORDS.items() if inside or state not in CHANGEABLE
            },
            "listing": listing,
            "columns": COLUMNS,
            "of_council": visitor.has(Role.OFFICER, Role.APPROVER),
        },
        fragment="results",
    )


@get("/tenders.csv", name="tenders.tenders_csv")
async def tenders_csv(request: AnyRequest, db: Db, visitor: Anybody) -> Response[bytes]:
    """Hand out the list as CSV, filtered as the page was."""
    listing = Listing.of(request, sorts=SORTS, default="-changed")
    wanted = await _wanted(request, db, visitor, listing)
    _, found = await queries.listed_tenders(db, wanted, offset=0, limit=MOST_EXPORTED)
    return csv_file("tenders.csv", csv_of(EXPORTED, found))


router = Router("/", route_handlers=[tenders, tenders_csv], include_in_schema=False)
