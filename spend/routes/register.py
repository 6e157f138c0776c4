"""What was imported: the register of published files, for everybody."""

from __future__ import annotations

from typing import Final

from litestar import Response, Router, get

from accounts.routes.session import Anybody, Db
from spend import queries
from spend.models import FileState
from spend.queries import ALL, FileFilter
from spend.queries.register import SORTS, STATES
from spend.routes.showing import BASIS_WORDS, STATE_WORDS
from spend.rules import access
from web.exports import csv_file, csv_of
from web.pages import AnyRequest, Page
from web.paging import Column, Listing

COLUMNS: Final = (
    Column("File", sort="name"),
    Column("Council", sort="body"),
    Column("Period", sort="period"),
    Column("Imported", sort="imported"),
    Column("Lines", numeric=True, sort="lines"),
    Column("Set aside", numeric=True, sort="set_aside"),
    Column("Sum read", numeric=True, sort="sum"),
)
STATE_CHOICES: Final = (
    *((state.value, STATE_WORDS[state][0]) for state in STATES),
    (ALL, "All versions"),
)
EXPORTED: Final = (
    "id",
    "name",
    "body_code",
    "body_name",
    "state",
    "first_on",
    "last_on",
    "lines",
    "read",
    "set_aside",
    "amount_read_pence",
    "amount_basis",
)
MOST_EXPORTED: Final = 100_000


def _wanted(request: AnyRequest, listing: Listing) -> FileFilter:
    # Not as parameters: Litestar keeps `body` and `state` for itself.
    query = request.query_params
    state = query.get("state", "")
    return FileFilter(
        words=query.get("q", "").strip()[:100],
        body=query.get("body", "")[:10],
        state=state if state in (*STATES, ALL) else FileState.CURRENT,
        sort=listing.sort,
        descending=listing.descending,
    )


@get("/spend", name="spend.files")
async def files(request: AnyRequest, db: Db, visitor: Anybody) -> Page:
    """List the files that were imported: search, filter, sort, what they come to."""
    listing = Listing.of(request, sorts=SORTS, default="-imported")
    wanted = _wanted(request, listing)
    return Page(
        "spend/files.html",
        context={
            "files": await queries.listed_files(db, wanted, offset=listing.offset, limit=listing.per_page),
            "totals": await queries.totals(db, wanted),
            "bodies": await queries.bodies_with_files(db),
            "wanted": wanted,
            "states": STATE_CHOICES,
            "state_words": STATE_WORDS,
            "basis_words": BASIS_WORDS,
            "listing": listing,
            "columns": COLUMNS,
            "uploads": access.may_upload(visitor),
        },
        fragment="results",
    )


@get("/spend/files.csv", name="spend.files_csv")
async def files_csv(request: AnyRequest, db: Db) -> Response[bytes]:
    """Hand out the list as CSV, filtered as the page was."""
    listing = Listing.of(request, sorts=SORTS, default="-imported")
    found = await queries.listed_files(db, _wanted(request, listing), offset=0, limit=MOST_EXPORTED)
    return csv_file("published-files.csv", csv_of(EXPORTED, found))


router = Router("/", route_handlers=[files, files_csv], include_in_schema=False)
