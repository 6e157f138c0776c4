"""The list of needs: the own council's, and the open ones of all others."""

from __future__ import annotations

from typing import Final

from litestar import Response, Router, get
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from procurement.queries import needs as queries
from procurement.queries.needs import SORTS, NeedFilter
from procurement.rules import needs as rules
from procurement.rules.needs import NeedState
from spend.queries import own_code
from spend.rules.categories import taxonomy
from values.actors import Actor, Role
from values.refusals import NotAllowed
from web.exports import csv_file, csv_of
from web.pages import AnyRequest, Page
from web.paging import Column, Listing

COLUMNS: Final = (
    Column("Need", sort="title"),
    Column("Council", sort="council"),
    Column("Category", sort="category"),
    Column("Volume", numeric=True),
    Column("Could start", sort="start"),
    Column("Changed", sort="changed"),
)
STATE_WORDS: Final = {
    NeedState.DRAFT: ("Draft", "grey"),
    NeedState.OPEN: ("Open", "green"),
    NeedState.ARCHIVED: ("Archived", "orange"),
}
EXPORTED: Final = (
    "id",
    "body_code",
    "body_name",
    "title",
    "category",
    "outcomes",
    "volume",
    "unit",
    "value_pence",
    "earliest_start_on",
    "latest_start_on",
    "state",
    "version",
)
MOST_EXPORTED: Final = 100_000


def check_may_see(actor: Actor) -> None:
    """Refuse whoever has no needs to look at.

    Raises:
        NotAllowed: not of a council, and no sector lead.
    """
    if not rules.may_see(actor):
        raise NotAllowed("Needs are for people of councils and sector leads.")


async def _wanted(request: AnyRequest, db: AsyncSession, actor: Actor, listing: Listing) -> NeedFilter:
    # Not as parameters: Litestar keeps `state` for itself.
    query = request.query_params
    state, whose = query.get("state", ""), query.get("whose", "")
    return NeedFilter(
        words=query.get("q", "").strip()[:100],
        category=query.get("category", "")[:60],
        state=state if state in tuple(NeedState) else "",
        own=(await own_code(db, actor) or "-") if whose == "own" else "",
        council=query.get("council", "")[:20],
        sort=listing.sort,
        descending=listing.descending,
    )


@get("/needs", name="procurement.needs")
async def needs(request: AnyRequest, db: Db, actor: Someone) -> Page:
    """List needs: search, filter, sort."""
    check_may_see(actor)
    listing = Listing.of(request, sorts=SORTS, default="-changed")
    wanted = await _wanted(request, db, actor, listing)
    total, found = await queries.listed_needs(db, wanted, offset=listing.offset, limit=listing.per_page)
    return Page(
        "procurement/needs.html",
        context={
            "needs": found,
            "total": total,
            "wanted": wanted,
            "categories": taxonomy().categories,
            "states": STATE_WORDS,
            "listing": listing,
            "columns": COLUMNS,
            "officer": actor.has(Role.OFFICER),
            "own_shown": rules.may_see_own(actor),
        },
        fragment="results",
    )


@get("/needs.csv", name="procurement.needs_csv")
async def needs_csv(request: AnyRequest, db: Db, actor: Someone) -> Response[bytes]:
    """Hand out the list as CSV, filtered as the page was; budgets are never in it."""
    check_may_see(actor)
    listing = Listing.of(request, sorts=SORTS, default="-changed")
    wanted = await _wanted(request, db, actor, listing)
    _, found = await queries.listed_needs(db, wanted, offset=0, limit=MOST_EXPORTED)
    return csv_file("needs.csv", csv_of(EXPORTED, found))


router = Router("/", route_handlers=[needs, needs_csv], include_in_schema=False)
