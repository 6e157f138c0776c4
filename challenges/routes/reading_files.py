"""Readings of a measure as a CSV file: recorded from one, all its lines or none, and handed out as one."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Anybody, Db, Someone
from challenges.actions import results
from challenges.forms.pilots import MOST_BYTES, ReadingsFileForm
from challenges.queries import evidence, pilots
from challenges.routes.pilots import PilotHead, pilot_head
from challenges.rules.measuring import HEADINGS
from challenges.rules.pilots import Measure
from values.actors import Actor
from values.refusals import NotAllowed
from web import uploads
from web.exports import csv_bytes, csv_file
from web.pages import AnyRequest, Page, to


async def _asked(db: AsyncSession, actor: Actor, pilot_id: UUID, position: int) -> tuple[PilotHead, Measure]:
    head = await pilot_head(db, actor, pilot_id)
    if not head.runs:
        raise NotAllowed("Only an officer of the council that runs the pilot can do this.")
    return head, await pilots.measure(db, pilot_id, position)


def _page(head: PilotHead, measure: Measure, form: ReadingsFileForm) -> Page:
    context = {"head": head, "measure": measure, "form": form, "headings": HEADINGS}
    return Page("challenges/pilot_upload.html", context=context, status_code=422 if form.error_list else 200)


PLACE: Final = "/pilots/{pilot_id:uuid}/measures/{position:int}/upload"


@get(PLACE, name="challenges.readings_file_page")
async def upload_page(db: Db, actor: Someone, pilot_id: FromPath[UUID], position: FromPath[int]) -> Page:
    """Ask for a file of readings."""
    head, measure = await _asked(db, actor, pilot_id, position)
    return _page(head, measure, ReadingsFileForm())


@post(PLACE, name="challenges.readings_file", status_code=200, request_max_body_size=None)
async def upload(
    request: AnyRequest, db: Db, actor: Someone, pilot_id: FromPath[UUID], position: FromPath[int]
) -> Page | Redirect:
    """Record the readings of a file."""
    head, measure = await _asked(db, actor, pilot_id, position)
    form = ReadingsFileForm()
    try:
        lines = await _lines(request)
    except HTTPException as error:
        form.refuse(error.detail, "lines")
        return _page(head, measure, form)
    if not lines:
        form.refuse("Choose a file that has lines", "lines")
        return _page(head, measure, form)
    async with form.attempt(db):
        count = await results.record_readings(db, actor, pilot_id, position, lines=lines)
        place = f"/pilots/{pilot_id}/measures/{position}"
        return to(request, place, notice=f"{count} readings were recorded")
    return _page(head, measure, form)


# What a file of readings is read by, then what became of each since.
KEPT: Final = (
    *HEADINGS,
    "comparison",
    "counts",
    "id",
    "corrects",
    "reason",
    "recorded_at",
    "sha256_of_files",
)


@get("/pilots/{pilot_id:uuid}/measures/{position:int}/readings.csv", name="challenges.readings_csv")
async def download(
    db: Db, visitor: Anybody, pilot_id: FromPath[UUID], position: FromPath[int]
) -> Response[bytes]:
    """Hand out all readings of a measure, corrected ones too, to whoever reads the pilot."""
    await pilot_head(db, visitor, pilot_id)
    await pilots.measure(db, pilot_id, position)
    sites = {each.position: each for each in await pilots.sites(db, pilot_id)}
    files = await evidence.evidence(db, pilot_id)
    rows = [
        (
            *(each.read_on, sites[each.site].place, each.value, each.cases, each.evidence),
            *(sites[each.site].compares, each.counts, each.id, each.corrects, each.reason),
            each.read_at.isoformat(),
            " ".join(file.sha256.hex() for file in files if each.id in file.readings),
        )
        for each in await pilots.readings(db, pilot_id)
        if each.position == position
    ]
    return csv_file("readings.csv", csv_bytes(KEPT, rows))


async def _lines(request: AnyRequest) -> str:
    """Return the text of the file that was sent; what is no UTF-8 is taken as Windows wrote it."""
    folder = Path(request.app.state.settings.home) / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with uploads.received(request, folder, most_bytes=MOST_BYTES, takes=frozenset({"text"})) as sent:
        content = sent.files[0].path.read_bytes() if sent.files else b""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


router = Router("/", route_handlers=[upload_page, upload, download], include_in_schema=False)
