"""Planned procurements for everybody: found, read, followed, before there is a tender."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.datastructures import MultiDict
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.queries.bodies import regions
from accounts.routes.session import Anybody, Db, Someone
from sourcing.actions import following
from sourcing.queries.following import follows
from sourcing.rules.law import law
from spend.rules.categories import taxonomy
from tenders.actions import following_planned
from tenders.forms.early import FindPlannedForm
from tenders.queries import early_notices, planned
from tenders.queries.planned import PlannedRow
from tenders.rules.early_notices import Early
from tenders.rules.finding import TenderFilter
from values.years import london_today
from web.fields import SelectChoice  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
from web.icalendar import Event, calendar
from web.pages import AnyRequest, Page, to
from web.paging import Column, Listing

COLUMNS: Final = (
    Column("Procurement"),
    Column("Led by"),
    Column("Category"),
    Column("Suppliers are asked until"),
    Column("Tender notice planned for"),
)
MOST_DATED: Final = 1_000
USUAL: Final = "-confirmed"
SHORT_NAMES: Final = {Early.ENGAGEMENT.value: "Engagement", Early.PLANNED.value: "Planned"}


async def _asked(request: AnyRequest, db: AsyncSession) -> tuple[FindPlannedForm, TenderFilter]:
    """Return the search that an address asks for, as a form and as what is wanted."""
    form = FindPlannedForm(MultiDict(request.query_params.multi_items()))
    form.category.choices = [
        SelectChoice("", "All"),
        *(SelectChoice(each.code, each.name) for each in taxonomy().categories),
    ]
    form.region.choices = [
        SelectChoice("", "All of England"),
        *(SelectChoice(code, name) for code, name in await regions(db)),
    ]
    form.validate()
    wanted = TenderFilter(words=form.said("q"), category=form.said("category"), region=form.said("region"))
    return form, wanted


@get("/tenders/planned", name="tenders.planned")
async def planned_page(request: AnyRequest, db: Db, visitor: Anybody) -> Page:
    """List what councils plan to buy and what they ask suppliers, as the platform published it."""
    del visitor
    form, wanted = await _asked(request, db)
    listing = Listing.of(request, sorts=["confirmed"], default=USUAL)
    total, found = await planned.listed(db, wanted, offset=listing.offset, limit=listing.per_page)
    return Page(
        "tenders/early/list.html",
        context={
            "form": form,
            "wanted": wanted,
            "found": found,
            "total": total,
            "listing": listing,
            "columns": COLUMNS,
            "short_names": SHORT_NAMES,
        },
        fragment="results",
        status_code=422 if form.error_list else 200,
    )


@get("/tenders/planned.ics", name="tenders.planned_calendar")
async def planned_calendar(request: AnyRequest, db: Db, visitor: Anybody) -> Response[bytes]:
    """Hand out the days of the list for calendar programs to subscribe to, filtered as the page was."""
    del visitor
    _, wanted = await _asked(request, db)
    _, found = await planned.listed(db, wanted, limit=MOST_DATED)
    address = request.app.state.settings.public_url
    return Response(
        calendar("Planned procurements of councils", [e for row in found for e in _events(row, address)]),
        media_type="text/calendar; charset=utf-8",
        headers={"cache-control": "private, max-age=900"},
    )


def _events(row: PlannedRow, address: str) -> list[Event]:
    told = row.facts
    host = address.split("://", 1)[-1].split("/", 1)[0]
    href = f"{address}/tenders/planned/{row.tender_id}"
    days = (
        ("asked", told.engaging.ends_on if told.engaging else None, "Suppliers are asked until"),
        ("tender", told.tender_on, "Tender notice planned"),
    )
    return [
        Event(f"planned-{kind}-{row.tender_id}@{host}", row.confirmed_at, on, f"{words}: {row.title}", href)
        for kind, on, words in days
        if on is not None
    ]


@get("/tenders/planned/{tender_id:uuid}", name="tenders.planned_one")
async def planned_one(db: Db, visitor: Anybody, tender_id: FromPath[UUID]) -> Page:
    """Show what the notices of a planned procurement say, with the versions before."""
    found = await early_notices.confirmed(db, tender_id)
    today = london_today()
    return Page(
        "tenders/early/planned.html",
        context={
            "tender_id": tender_id,
            "title": found[0].title,
            "current": [each for each in found if each.counts],
            "earlier": [each for each in found if not each.counts],
            "names": {each.value: law().notice(each.value, today).name for each in Early},
            "ended_at": found[0].ended_at,
            "invented": found[0].demonstration,
            "published": await early_notices.is_published(db, tender_id),
            "follows": await follows(db, visitor, tender_id),
            "can_follow": visitor.person_id is not None,
        },
    )


@post("/tenders/planned/{tender_id:uuid}/follow", name="tenders.follow_planned", status_code=200)
async def follow(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Redirect:
    """Hear of a planned procurement from now on, and later of its tender."""
    await following_planned.follow(db, actor, tender_id)
    return to(request, f"/tenders/planned/{tender_id}", notice="You follow this procurement")


@post("/tenders/planned/{tender_id:uuid}/unfollow", name="tenders.unfollow_planned", status_code=200)
async def unfollow(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Redirect:
    """Hear of it no more."""
    await following.unfollow(db, actor, tender_id)
    return to(request, f"/tenders/planned/{tender_id}", notice="You no longer follow this procurement")


router = Router(
    "/",
    route_handlers=[planned_page, planned_calendar, planned_one, follow, unfollow],
    include_in_schema=False,
)
