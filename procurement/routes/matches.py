"""Matches of a need: the first on its page, all on a page of their own, and saying that two are not alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from accounts.routes.session import Db, Someone
from procurement.actions import labelling
from procurement.queries import matches as queries
from procurement.queries import needs
from procurement.queries.matches import SORTS, Matches, MatchFilter, MatchRow
from procurement.queries.needs import NeedPage
from procurement.routes.register import check_may_see
from procurement.rules import matching as rules
from procurement.rules.matching import Reasons
from spend.queries import own_code
from values.actors import Actor
from web.exports import csv_bytes, csv_file
from web.pages import AnyRequest, Page, to
from web.paging import Column, Listing

FIRST: Final = 10
COLUMNS: Final = (
    Column("Need", sort="title"),
    Column("Council", sort="council"),
    Column("Points", numeric=True, sort="score"),
    Column("Text alike", numeric=True, sort="text"),
    Column("Why", sort="window"),
)
EXPORTED: Final = (
    "id",
    "body_code",
    "body_name",
    "title",
    "category",
    "earliest_start_on",
    "latest_start_on",
    "volume",
    "unit",
    "score_points",
    "text_alike_share",
    "reasons",
    "conflicts",
)


def matches_shown(page: NeedPage, found: Matches, actor: Actor, code: str | None) -> dict[str, Any]:
    """Return what the first matches on a need's page are made of."""
    return {
        "matches": found,
        "first": _explained(found, found.found[:FIRST]),
        "labels_it": {
            match.id: rules.may_label(actor, code, (page.need.body_code, match.body_code))
            for match in (*found.found, *found.not_alike)
        },
    }


def _explained(found: Matches, some: Sequence[MatchRow]) -> list[tuple[MatchRow, Reasons]]:
    return [(match, found.reasons(match)) for match in some]


@get("/needs/{need_id:uuid}/matches/first", name="procurement.first_matches")
async def first_matches(db: Db, actor: Someone, need_id: FromPath[UUID]) -> Page:
    """The part of a need's page that shows its first matches; asked for until they are worked out."""
    check_may_see(actor)
    page = await needs.need_page(db, need_id)
    code = await own_code(db, actor)
    found = await queries.matches(db, page, code)
    return Page(
        "procurement/_matches.html",
        context={"need": page.need, **matches_shown(page, found, actor, code)},
    )


@get("/needs/{need_id:uuid}/matches", name="procurement.matches")
async def all_matches(request: AnyRequest, db: Db, actor: Someone, need_id: FromPath[UUID]) -> Page:
    """List all matches of a need: filter, sort, page by page."""
    check_may_see(actor)
    listing = Listing.of(request, sorts=SORTS, default="-score", per_page=20)
    wanted = _wanted(request, listing)
    page = await needs.need_page(db, need_id)
    code = await own_code(db, actor)
    found = await queries.matches(db, page, code)
    kept = queries.listed(found.found, wanted)
    shown = kept[listing.offset : listing.offset + listing.per_page]
    return Page(
        "procurement/matches.html",
        context={
            "need": page.need,
            "wanted": wanted,
            "listing": listing,
            "columns": COLUMNS,
            "total": len(kept),
            "rows": _explained(found, shown),
            **matches_shown(page, found, actor, code),
        },
        fragment="results",
    )


@get("/needs/{need_id:uuid}/matches.csv", name="procurement.matches_csv")
async def matches_csv(
    request: AnyRequest, db: Db, actor: Someone, need_id: FromPath[UUID]
) -> Response[bytes]:
    """Hand out the matches of a need as CSV, filtered as the page was."""
    check_may_see(actor)
    listing = Listing.of(request, sorts=SORTS, default="-score")
    page = await needs.need_page(db, need_id)
    found = await queries.matches(db, page, await own_code(db, actor))
    kept = queries.listed(found.found, _wanted(request, listing))
    rows = (_cells(match, reasons) for match, reasons in _explained(found, kept))
    return csv_file("matches.csv", csv_bytes(EXPORTED, rows))


@post(
    "/needs/{need_id:uuid}/matches/{other_id:uuid}/not-alike",
    name="procurement.not_alike",
    status_code=200,
)
async def not_alike(
    request: AnyRequest, db: Db, actor: Someone, need_id: FromPath[UUID], other_id: FromPath[UUID]
) -> Redirect:
    """Take a match out for the council of whoever says so."""
    await labelling.say_not_alike(db, actor, need_id, other_id)
    place = f"/needs/{need_id}/matches"
    return to(
        request,
        place,
        notice="The two are not alike: your council no longer sees them matched",
        link=("Undo it at the end of the list", f"{place}#not-alike"),
    )


@post(
    "/needs/{need_id:uuid}/matches/{other_id:uuid}/alike",
    name="procurement.alike_again",
    status_code=200,
)
async def alike_again(
    request: AnyRequest, db: Db, actor: Someone, need_id: FromPath[UUID], other_id: FromPath[UUID]
) -> Redirect:
    """Show a match again that the council had taken out."""
    await labelling.take_back(db, actor, need_id, other_id)
    return to(request, f"/needs/{need_id}/matches", notice="The match is shown again")


def _wanted(request: AnyRequest, listing: Listing) -> MatchFilter:
    query = request.query_params
    category = query.get("category", "")
    return MatchFilter(
        category=category if category in ("same", "sibling") else "",
        region="same" if query.get("region") == "same" else "",
        window="meets" if query.get("window") == "meets" else "",
        sort=listing.sort,
        descending=listing.descending,
    )


def _cells(match: MatchRow, reasons: Reasons) -> list[Any]:
    side = match.side
    against = [f"{each.about}: “{each.own}” and “{each.other}”" for each in reasons.conflicts]
    return [
        str(match.id),
        match.body_code,
        match.body_name,
        match.title,
        side.category,
        side.earliest_start_on,
        side.latest_start_on,
        side.volume,
        side.unit,
        round(match.score_points, 1),
        round(match.cosine, 3),
        "; ".join(reasons.words),
        "; ".join(against),
    ]


router = Router(
    "/",
    route_handlers=[first_matches, all_matches, matches_csv, not_alike, alike_again],
    include_in_schema=False,
)
