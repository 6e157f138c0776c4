"""A measure with its readings; results that travel, their library, and the funnel from entries to use."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Anybody, Db
from analytics.trials import charts
from analytics.trials.charts import Point
from challenges.models import PilotMeasureChange
from challenges.queries import evidence as evidence_queries
from challenges.queries import open_results, pilots
from challenges.queries import results as queries
from challenges.queries.evidence import EvidenceRow
from challenges.queries.open_results import ResultLine
from challenges.queries.pilots import ReadingRow
from challenges.queries.results import Wanted
from challenges.routes.pilots import PilotHead, pilot_head
from challenges.rules import funnel as funnel_rules
from challenges.rules import measuring
from challenges.rules.measuring import Found
from challenges.rules.pilots import DECISIONS, WAYS, Measure, Site
from spend.rules.categories import taxonomy
from values.refusals import Missing
from values.years import london_today
from web.exports import csv_bytes, csv_file
from web.figures import drawn
from web.pages import AnyRequest, Page
from web.paging import Column, Listing

LIBRARY: Final = (
    Column("Pilot", sort="title"),
    Column("Problem", sort="problem"),
    Column("Category"),
    Column("Decision"),
    Column("Published", sort="published"),
)
READINGS: Final = (
    Column("Day"),
    Column("Place"),
    Column("Value", numeric=True),
    Column("Of", numeric=True),
    Column("What shows it"),
    Column("Read by"),
)
FUNNEL: Final = (
    Column("Step"),
    Column("How many", numeric=True),
    Column("Challenges", numeric=True),
    Column("Median days from the step before", numeric=True),
)
OPEN_DATA: Final = (
    *("id", "title", "challenge", "category", "council", "firm", "started_on", "ended_on", "decision"),
    *("reason", "measure", "unit", "baseline", "target", "method", "estimate", "low", "high", "readings"),
    *("paid_gross_pence", "use_gross_pence_a_year", "staff_hours", "published_at"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A measure with what was found, first by the method that was fixed, and by later changes.

    Attributes:
        before, after: means (or shares in per cent) over all sites of the pilot; None without readings.
        changed: what a later change of target or method would say, beside the original.
    """

    measure: Measure
    found: Sequence[Found]
    before: float | None
    after: float | None
    changed: Sequence[tuple[PilotMeasureChange, Found]]

    @property
    def first(self) -> Found:
        """What the method that was fixed says."""
        return self.found[0]


async def shown(db: AsyncSession, head: PilotHead) -> list[Shown]:
    """Return the measures of a pilot with what their readings show."""
    one = head.row.pilot
    sites = await pilots.sites(db, one.id)
    rows = await pilots.readings(db, one.id)
    changes = await pilots.changes(db, one.id)
    measures = await pilots.measures(db, one.id)

    def compute() -> list[Shown]:
        return [_shown(each, sites, rows, changes, head) for each in measures]

    return await asyncio.to_thread(compute)


def _shown(
    measure: Measure,
    sites: Sequence[Site],
    rows: Sequence[ReadingRow],
    changes: Sequence[PilotMeasureChange],
    head: PilotHead,
) -> Shown:
    start = head.row.pilot.starts_on
    readings = [each.reading for each in rows if each.position == measure.position and each.counts]
    tried = {each.position for each in sites if not each.compares}
    own = [each for each in readings if each.site in tried]
    changed = [
        (each, measuring.found(_changed(measure, each), sites, readings, start)[0])
        for each in changes
        if each.position == measure.position
    ]
    return Shown(
        measure,
        measuring.found(measure, sites, readings, start),
        measuring.level(measure, [each for each in own if each.read_on < start]),
        measuring.level(measure, [each for each in own if each.read_on >= start]),
        changed,
    )


def _changed(measure: Measure, change: PilotMeasureChange) -> Measure:
    return replace(measure, target=change.target, method=change.method)


@get("/pilots/{pilot_id:uuid}/measures/{position:int}", name="challenges.pilot_measure")
async def measure(
    request: AnyRequest, db: Db, visitor: Anybody, pilot_id: FromPath[UUID], position: FromPath[int]
) -> Page:
    """Show a measure: its result in words, its chart, and the readings behind it."""
    head = await pilot_head(db, visitor, pilot_id)
    found = next((each for each in await shown(db, head) if each.measure.position == position), None)
    if found is None:
        raise Missing("measure")
    sites = {each.position: each for each in await pilots.sites(db, pilot_id)}
    rows = [each for each in await pilots.readings(db, pilot_id) if each.position == position]
    files = [each for each in await evidence_queries.evidence(db, pilot_id) if each.position == position]
    points = [_point(found.measure, each, sites[each.site]) for each in rows if each.counts]
    caption = f"{found.measure.title}: readings"
    start = head.row.pilot.starts_on
    unit = "%" if found.measure.kind == "share" else found.measure.unit
    chart = None
    if points:
        chart = await drawn(
            request,
            caption,
            lambda width: charts.readings(
                caption, points, starts_on=start, target=found.measure.target, unit=unit, width=width
            ),
        )
    return Page(
        "challenges/pilot_measure.html",
        context={
            "head": head,
            "shown": found,
            "sites": sites,
            "rows": rows,
            "chart": chart,
            "columns": READINGS,
            "evidence": files,
            "files_of": _by_reading(files),
            "marks": head.runs,
            "methods": measuring.METHODS,
        },
    )


def _by_reading(files: Sequence[EvidenceRow]) -> dict[UUID, list[tuple[int, EvidenceRow]]]:
    """Return the files that show each reading, with their numbers on the list."""
    found: dict[UUID, list[tuple[int, EvidenceRow]]] = defaultdict(list)
    for number, file in enumerate(files, 1):
        for reading_id in file.readings:
            found[reading_id].append((number, file))
    return found


def _point(measure: Measure, row: ReadingRow, site: Site) -> Point:
    value = measuring.level(measure, [row.reading])
    return Point(row.read_on, site.place, row.value if value is None else value, site.compares)


@get("/results/{pilot_id:uuid}", name="challenges.result")
async def result(db: Db, visitor: Anybody, pilot_id: FromPath[UUID]) -> Page:
    """Show a result that travels: what was tried, measured against promised, where it does not carry over."""
    head = await pilot_head(db, visitor, pilot_id)
    if head.row.pilot.published_at is None:
        raise Missing("result")
    paid = await pilots.milestones(db, pilot_id)
    return Page(
        "challenges/result.html",
        context={
            "head": head,
            "shown": await shown(db, head),
            "sites": await pilots.sites(db, pilot_id),
            "paid_pence": sum(each.gross_pence for each in paid if each.paid_on),
            "adoptions": await pilots.adoptions(db, pilot_id),
            "ways": WAYS,
            "today": london_today(),
            "evidence": await evidence_queries.evidence(db, pilot_id),
            "marks": head.runs,
        },
    )


def _asked(request: AnyRequest) -> Wanted:
    """Return the words, category and decision that are looked for; what is not known is left out."""
    asked = {
        name: str(request.query_params.get(name, ""))[:200] for name in ("words", "category", "decision")
    }
    known = {"category": {each.code for each in taxonomy().categories}, "decision": set(DECISIONS)}
    said = {name: text if name == "words" or text in known[name] else "" for name, text in asked.items()}
    return Wanted(**said)


@get("/results", name="challenges.results")
async def results(request: AnyRequest, db: Db) -> Page:
    """Show the library of results, for whoever has the same problem."""
    asked = _asked(request)
    listing = Listing.of(request, sorts=queries.SORTS, default="-published")
    total = await queries.published_count(db, asked)
    rows = await queries.published(
        db,
        asked,
        sort=listing.sort,
        descending=listing.descending,
        offset=listing.offset,
        limit=listing.per_page,
    )
    return Page(
        "challenges/results.html",
        context={
            "asked": asked,
            "rows": rows,
            "total": total,
            "listing": listing,
            "columns": LIBRARY,
            "categories": taxonomy().categories,
            "decisions": DECISIONS,
            "overdue": await queries.overdue(db, london_today()),
        },
    )


@get("/results.csv", name="challenges.results_csv")
async def results_csv(request: AnyRequest, db: Db) -> Response[bytes]:
    """Hand out all results as CSV, a line each measure, filtered and sorted as the page was."""
    listing = Listing.of(request, sorts=queries.SORTS, default="-published")
    asked = _asked(request)
    found = await open_results.lines(db, asked, sort=listing.sort, descending=listing.descending)
    return csv_file("results.csv", csv_bytes(OPEN_DATA, map(_line, found)))


def _line(line: ResultLine) -> tuple[str | int | float | None, ...]:
    one, measure, shown = line.pilot, line.measure, line.shown
    start, end = one.starts_on.isoformat(), one.ended_at.date().isoformat() if one.ended_at else ""
    published = one.published_at.isoformat() if one.published_at else ""
    return (
        *(str(one.id), one.title, line.challenge_title, line.category, line.runs_name, one.firm, start, end),
        *(one.decision, one.decision_reason, measure.title, measure.unit, measure.baseline, measure.target),
        *(measure.method, shown.estimate, shown.low, shown.high, shown.readings),
        *(line.paid_pence, one.use_gross_pence, one.staff_hours, published),
    )


@get("/challenges/funnel", name="challenges.funnel")
async def funnel(request: AnyRequest, db: Db) -> Page:
    """Show how many entries, pilots and councils in use there are; each number opens its challenges."""
    courses = await queries.courses(db)
    step = str(request.query_params.get("step", ""))
    listed = funnel_rules.reached(courses, step) if step in funnel_rules.STEPS else courses
    steps = funnel_rules.steps(courses)
    return Page(
        "challenges/funnel.html",
        context={
            "courses": listed,
            "step": next((each for each in steps if each.key == step), None),
            "steps": steps,
            "columns": FUNNEL,
            "pilot_pence": sum(each.pilot_pence for each in courses),
            "yearly_pence": sum(each.yearly_pence for each in courses),
            "asked": sum(each.asked for each in courses),
            "sizes": await queries.sizes(db),
        },
    )


@get("/challenges/funnel.csv", name="challenges.funnel_csv")
async def funnel_csv(db: Db) -> Response[bytes]:
    """Hand out the funnel as CSV, a line each challenge."""
    names = [name for name in funnel_rules.Course.__dataclass_fields__ if name != "state"]
    rows = [[getattr(each, name) for name in names] for each in await queries.courses(db)]
    return csv_file("funnel.csv", csv_bytes(names, rows))


router = Router(
    "/",
    route_handlers=[measure, result, results, results_csv, funnel, funnel_csv],
    include_in_schema=False,
)
