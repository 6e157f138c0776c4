"""Search for tenders: a council's own, whatever their state, and for everybody those that are published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from litestar import Response, Router, get
from litestar.datastructures import MultiDict
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.queries.bodies import regions
from accounts.routes.session import Anybody, Db
from spend.queries import own_code
from spend.rules.categories import taxonomy
from tenders.forms.finding import FindForm
from tenders.queries import finding as queries
from tenders.queries import planned
from tenders.queries.finding import BEST_MATCH, SORTS, DateRow
from tenders.queries.tenders import TenderRow
from tenders.rules import finding
from tenders.rules.finding import TenderFilter
from values.actors import Actor, Role
from values.years import london_today
from web.exports import Cell, csv_bytes, csv_file
from web.icalendar import Event, calendar
from web.pages import AnyRequest, Page
from web.paging import Column, Listing

COLUMNS: Final = (
    Column("Tender", sort="title"),
    Column("Led by", sort="lead"),
    Column("Category", sort="category"),
    Column("Councils", numeric=True),
    Column("Value with VAT", numeric=True, sort="value"),
    Column("Tenders due", sort="due"),
    Column("State since", sort="changed"),
)
ORDERS: Final = (
    ("-changed", "Newest first"),
    (BEST_MATCH, "Best match of the words"),
    ("due", "Due soonest"),
    ("-value", "Highest value"),
    ("value", "Lowest value"),
    ("title", "Title"),
)
HEADINGS: Final = (
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
    "value_with_vat_pence",
    "suitable_for_small_firms",
    "regions",
)
USUAL: Final = "-changed"
MOST_DATED: Final = 1_000
MOST_EXPORTED: Final = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as its reader asked for it, with the names of what can be asked for."""

    form: FindForm
    wanted: TenderFilter
    listing: Listing
    names: Mapping[str, str]


async def asked_of(request: AnyRequest, db: AsyncSession, visitor: Actor) -> Asked:
    """Return the search that an address asks for."""
    # Not as parameters: Litestar keeps `state` for itself.
    query = request.query_params
    listing = Listing.of(request, sorts=[*SORTS, BEST_MATCH], default=USUAL)
    state = finding.state_asked(query.get("state", ""))
    form = FindForm(MultiDict([*query.multi_items(), ("sort", listing.order)]))
    form.state.data = state
    found = await regions(db)
    inside = visitor.has(Role.OFFICER, Role.APPROVER, Role.SECTOR_LEAD)
    categories = [(each.code, each.name) for each in taxonomy().categories]
    form.offer(
        category=[("", "All"), *categories],
        region=[("", "All of England"), *found],
        state=[("", "All"), *finding.states_offered(inside=inside).items()],
        small=[("", "All tenders"), ("yes", "Suitable for small firms or voluntary bodies")],
        whose=[("", "All tenders"), ("own", "Tenders my council is in")],
        sort=ORDERS
        if listing.order in dict(ORDERS)
        else [(listing.order, "As the table is sorted"), *ORDERS],
    )
    form.validate()
    own = (await own_code(db, visitor) or "-") if form.whose.data == "own" else ""
    return Asked(form, form.wanted(own), listing, dict([*categories, *found]))


@get("/tenders", name="tenders.tenders")
async def tenders(request: AnyRequest, db: Db, visitor: Anybody) -> Page:
    """List the tenders that the reader may see: search, filter, sort."""
    asked = await asked_of(request, db, visitor)
    wanted, listing = asked.wanted, asked.listing
    total, found = await queries.listed_tenders(
        db,
        wanted,
        sort=listing.sort,
        descending=listing.descending,
        offset=listing.offset,
        limit=listing.per_page,
    )
    return Page(
        "tenders/list.html",
        context={
            "form": asked.form,
            "tenders": found,
            "planned": await planned.count(db),
            "total": total,
            "wanted": wanted,
            "query": wanted.query,
            "looser": [] if found or wanted.plain else await _looser(db, asked),
            "listing": listing,
            "columns": COLUMNS,
            "signed_in": visitor.person_id is not None,
            "of_council": visitor.has(Role.OFFICER, Role.APPROVER),
        },
        fragment="results",
        status_code=422 if asked.form.error_list else 200,
    )


async def _looser(db: AsyncSession, asked: Asked) -> list[tuple[str, int, str]]:
    """Return what to leave out where nothing is found: in words, what is found then, its query."""
    said = dict(finding.said(asked.wanted, asked.names))
    counts = await queries.loosened(db, asked.wanted, list(said))
    return [(said[name], count, asked.wanted.without(name).query) for name, count in counts.items()]


@get("/tenders.csv", name="tenders.tenders_csv")
async def tenders_csv(request: AnyRequest, db: Db, visitor: Anybody) -> Response[bytes]:
    """Hand out the list as CSV, filtered as the page was."""
    asked = await asked_of(request, db, visitor)
    _, found = await queries.listed_tenders(
        db, asked.wanted, sort=asked.listing.sort, descending=asked.listing.descending, limit=MOST_EXPORTED
    )
    return csv_file("tenders.csv", csv_bytes(HEADINGS, (_line(each, asked.names) for each in found)))


@get("/tenders.ics", name="tenders.tenders_calendar")
async def tenders_calendar(request: AnyRequest, db: Db, visitor: Anybody) -> Response[bytes]:
    """Hand out the dates of the list for calendar programs to subscribe to, filtered as the page was."""
    asked = await asked_of(request, db, visitor)
    address = request.app.state.settings.public_url
    rows = await queries.dates(db, asked.wanted, london_today(), limit=MOST_DATED)
    return Response(
        calendar("Joint tenders of councils", [event for row in rows for event in _events(row, address)]),
        media_type="text/calendar; charset=utf-8",
        headers={"cache-control": "private, max-age=900"},
    )


def _events(row: DateRow, address: str) -> list[Event]:
    href = f"{address}/tenders/{row.id}"
    host = address.split("://", 1)[-1].split("/", 1)[0]
    told = (
        ("questions", row.questions_until, f"Last time for questions: {row.title}"),
        ("tenders", row.due_at, f"Tenders due: {row.title}"),
        ("award", row.award_on, f"Award expected: {row.title}"),
    )
    return [
        Event(f"tender-{kind}-{row.id}@{host}", row.changed_at, on, summary, href)
        for kind, on, summary in told
        if on is not None
    ]


def _line(row: TenderRow, names: Mapping[str, str]) -> tuple[Cell, ...]:
    return (
        row.id,
        row.title,
        row.category,
        row.lead_name,
        row.procedure,
        row.model,
        row.buyers,
        row.state,
        row.published_at,
        row.tenders_due_at,
        row.gross_pence,
        row.suits_small_firms,
        "; ".join(names.get(code, code) for code in row.region_codes),
    )


router = Router("/", route_handlers=[tenders, tenders_csv, tenders_calendar], include_in_schema=False)
