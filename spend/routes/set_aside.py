"""Lines that could not be read, for the body's own people, sector leads and operators."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import FromPath, FromQuery
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from spend import queries
from spend.reading import REASONS
from spend.rules import access
from values.actors import Actor
from values.refusals import Missing
from web.exports import csv_bytes, csv_file
from web.pages import AnyRequest, Page
from web.paging import Column, Listing

COLUMNS: Final = (Column("Line", numeric=True), Column("Why it was set aside"), Column("What it says"))


@get("/spend/files/{file_id:uuid}/set-aside", name="spend.set_aside")
async def set_aside(
    request: AnyRequest, db: Db, actor: Someone, file_id: FromPath[UUID], reason: FromQuery[str] = ""
) -> Page:
    """List what was set aside of a file, with the reason for each line."""
    source = await _seen(db, actor, file_id)
    counts = source.reasons
    reason = reason if reason in counts else ""
    listing = Listing.of(request, sorts=[], default="")
    return Page(
        "spend/set_aside.html",
        context={
            "file": source,
            "lines": await queries.set_aside_lines(
                db, file_id, reason=reason, offset=listing.offset, limit=listing.per_page
            ),
            "counts": counts,
            "reason": reason,
            "words": {name: name for name in counts} | REASONS,
            "total": counts[reason] if reason else sum(counts.values()),
            "columns": COLUMNS,
            "listing": listing,
        },
    )


@get("/spend/files/{file_id:uuid}/set-aside.csv", name="spend.set_aside_csv")
async def set_aside_csv(
    db: Db, actor: Someone, file_id: FromPath[UUID], reason: FromQuery[str] = ""
) -> Response[bytes]:
    """Hand out what was set aside as CSV."""
    source = await _seen(db, actor, file_id)
    lines = await queries.all_set_aside(db, file_id, reason=reason[:40])
    rows = ((line.line_no, line.reason, REASONS.get(line.reason, line.reason), line.raw) for line in lines)
    return csv_file(
        f"set-aside-{source.digest[:12]}.csv", csv_bytes(("line", "reason", "meaning", "text"), rows)
    )


async def _seen(db: AsyncSession, actor: Actor, file_id: UUID) -> queries.Source:
    """Return the file, if the actor may read what was set aside of it.

    Raises:
        Missing: there is no such file, or its lines are not theirs to see.
    """
    source = await queries.source_of_set_aside(db, file_id)
    if not access.may_see_set_aside(actor, source.body_code, source.own_code):
        raise Missing("set-aside lines")
    return source


router = Router("/", route_handlers=[set_aside, set_aside_csv], include_in_schema=False)
