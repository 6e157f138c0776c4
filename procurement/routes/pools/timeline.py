"""The timeline of a pool: what was done in it, by whom and when, from the audit trail."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import FromPath

from accounts.queries import trail
from accounts.routes.session import Db, Someone
from procurement.routes.pools.showing import head_of_member
from procurement.rules.pools.timeline import WORDS
from web.exports import csv_bytes, csv_file
from web.pages import AnyRequest, Page
from web.paging import Column, Listing

TAB: Final = "Timeline"
COLUMNS: Final = (Column("When"), Column("Who"), Column("What"))
EXPORTED: Final = ("at", "person", "council", "about_council", "action", "what", "reason")
MOST_EXPORTED: Final = 100_000


@get("/pools/{pool_id:uuid}/timeline", name="procurement.pool_timeline")
async def timeline(request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Page:
    """Show what was done in a pool, the newest first."""
    head = await head_of_member(db, actor, pool_id, TAB)
    listing = Listing.of(request, sorts=["at"], default="-at")
    total, entries = await trail.entries(
        db, "pool", pool_id, WORDS, offset=listing.offset, limit=listing.per_page
    )
    return Page(
        "procurement/pools/timeline.html",
        context={"head": head, "entries": entries, "total": total, "listing": listing, "columns": COLUMNS},
    )


@get("/pools/{pool_id:uuid}/timeline.csv", name="procurement.pool_timeline_csv")
async def timeline_csv(db: Db, actor: Someone, pool_id: FromPath[UUID]) -> Response[bytes]:
    """Hand out the whole timeline as CSV."""
    await head_of_member(db, actor, pool_id, TAB)
    _, entries = await trail.entries(db, "pool", pool_id, WORDS, offset=0, limit=MOST_EXPORTED)
    rows = (
        [
            entry.at.isoformat(timespec="seconds"),
            entry.person_name,
            entry.of,
            entry.about,
            entry.action,
            entry.sentence,
            entry.own_words,
        ]
        for entry in entries
    )
    return csv_file("pool-timeline.csv", csv_bytes(EXPORTED, rows))


router = Router("/", route_handlers=[timeline, timeline_csv], include_in_schema=False)
