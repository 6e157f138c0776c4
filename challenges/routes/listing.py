"""Search for challenges, for everybody; a list to take away, and a calendar of their dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from litestar import Response, Router, get
from litestar.datastructures import MultiDict
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.queries.bodies import regions
from accounts.routes.session import Anybody, Db
from challenges.forms.finding import FindForm
from challenges.queries import finding as queries
from challenges.queries import offers
from challenges.queries.challenges import ChallengeRow
from challenges.queries.finding import BEST_MATCH, SORTS, DateRow
from challenges.rules import finding
from challenges.rules.finding import ChallengeFilter
from challenges.rules.proposing import MOST_PROPOSED
from spend.queries import own_code
from spend.rules.categories import taxonomy
from values.actors import Actor, Role
from values.years import london_today
from web.exports import Cell, csv_bytes, csv_file
from web.icalendar import Event, calendar
from web.pages import AnyRequest, Page
from web.paging import Column, Listing

COLUMNS: Final = (
    Column("Challenge", sort="title"),
    Column("Led by", sort="lead"),
    Column("Category", sort="category"),
    Column("Budget of a pilot", numeric=True, sort="budget"),
    Column("Responses due", sort="due"),
    Column("State since", sort="changed"),
)
ORDERS: Final = (
    ("-changed", "Newest first"),
    (BEST_MATCH, "Best match of the words"),
    ("due", "Due soonest"),
    ("-budget", "Highest budget"),
    ("title", "Title"),
)
HEADINGS: Final = (
    "id",
    "title",
    "category",
    "region",
    "lead_name",
    "budget_with_vat_pence",
    "state",
    "published_at",
    "questions_until",
    "responses_due_at",
    "showcase_on",
)
USUAL: Final = "-changed"
MOST_EXPORTED: Final = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as its reader asked for it, with the names of what can be asked for."""

    form: FindForm
    wanted: ChallengeFilter
    listing: Listing
    names: Mapping[str, str]


async def asked_of(request: AnyRequest, db: AsyncSession, visitor: Actor) -> Asked:
    """Return the search that an address asks for."""
    # Not as parameters: Litestar keeps `state` for itself.
    query = request.query_params
    listing = Listing.of(request, sorts=[*SORTS, BEST_MATCH], default=USUAL)
    form = FindForm(MultiDict([*query.multi_items(), ("sort", listing.order)]))
    found = await regions(db)
    inside = visitor.has(Role.OFFICER, Role.APPROVER, Role.SECTOR_LEAD)
    categories = [(each.code, each.name) for each in taxonomy().categories]
    form.offer(
        category=[("", "All"), *categories],
        region=[("", "All of England"), *found],
        state=[("", "All"), *finding.states_offered(inside=inside).items()],
        whose=[("", "All challenges"), ("own", "Challenges my council sponsors")],
        sort=ORDERS
        if listing.order in dict(ORDERS)
        else [(listing.order, "As the table is sorted"), *ORDERS],
    )
    form.validate()
    own = (await own_code(db, visitor) or "-") if form.whose.data == "own" else ""
    return Asked(form, form.wanted(own), listing, dict([*categories, *found]))


@get("/challenges", name="challenges.challenges")
async def challenges(request: AnyRequest, db: Db, visitor: Anybody) -> Page:
    """List the challenges that the reader may see: search, filter, sort; and the showcases to come."""
    asked = await asked_of(request, db, visitor)
    wanted, listing = asked.wanted, asked.listing
    total, found = await queries.listed_challenges(
        db,
        wanted,
        sort=listing.sort,
        descending=listing.descending,
        offset=listing.offset,
        limit=listing.per_page,
    )
    return Page(
        "challenges/list.html",
        context={
            "form": asked.form,
            "challenges": found,
            "total": total,
            "wanted": wanted,
            "query": wanted.query,
            "looser": [] if found or wanted.plain else await _looser(db, asked),
            "listing": listing,
            "columns": COLUMNS,
            "signed_in": visitor.person_id is not None,
            "proposals": await offers.proposals(db, visitor, MOST_PROPOSED)
            if visitor.has(Role.SUPPLIER) and wanted.plain
            else None,
            "writes": visitor.has(Role.OFFICER),
            "of_council": visitor.has(Role.OFFICER, Role.APPROVER),
            "showcases": (await queries.showcases(db, london_today()))[:5],
        },
        fragment="results",
        status_code=422 if asked.form.error_list else 200,
    )


async def _looser(db: AsyncSession, asked: Asked) -> list[tuple[str, int, str]]:
    """Return what to leave out where nothing is found: in words, what is found then, its query."""
    said = dict(finding.said(asked.wanted, asked.names))
    counts = await queries.loosened(db, asked.wanted, list(said))
    return [(said[name], count, asked.wanted.without(name).query) for name, count in counts.items()]


@get("/challenges.csv", name="challenges.challenges_csv")
async def challenges_csv(request: AnyRequest, db: Db, visitor: Anybody) -> Response[bytes]:
    """Hand out the list as CSV, filtered as the page was."""
    asked = await asked_of(request, db, visitor)
    _, found = await queries.listed_challenges(
        db, asked.wanted, sort=asked.listing.sort, descending=asked.listing.descending, limit=MOST_EXPORTED
    )
    return csv_file("challenges.csv", csv_bytes(HEADINGS, (_line(each, asked.names) for each in found)))


def _line(row: ChallengeRow, names: Mapping[str, str]) -> tuple[Cell, ...]:
    return (
        row.id,
        row.title,
        row.category,
        names.get(row.region_code, row.region_code),
        row.lead_name,
        row.budget_gross_pence,
        row.state,
        row.published_at,
        row.questions_until,
        row.responses_due_at,
        row.showcase_on,
    )


@get("/challenges/calendar.ics", name="challenges.calendar")
async def dates(request: AnyRequest, db: Db) -> Response[bytes]:
    """Hand out the dates of all published challenges, for calendar programs to subscribe to."""
    address = request.app.state.settings.public_url
    rows = await queries.calendar_rows(db, london_today())
    events = [event for row in rows for event in _events(row, address)]
    return Response(
        calendar("Challenges of councils", events),
        media_type="text/calendar; charset=utf-8",
        headers={"cache-control": "public, max-age=900"},
    )


def _events(row: DateRow, address: str) -> list[Event]:
    href = f"{address}/challenges/{row.id}"
    host = address.split("://", 1)[-1].split("/", 1)[0]
    told = (
        ("questions", row.questions_until, f"Last time for questions: {row.title}", ""),
        ("responses", row.responses_due_at, f"Responses due: {row.title}", ""),
        ("showcase", row.showcase_on, f"Showcase: {row.title}", row.showcase_where),
        ("decision", row.decision_on, f"Decision: {row.title}", ""),
    )
    return [
        Event(f"challenge-{kind}-{row.id}@{host}", row.changed_at, on, summary, href, where)
        for kind, on, summary, where in told
        if on is not None
    ]


router = Router("/", route_handlers=[challenges, challenges_csv, dates], include_in_schema=False)
