"""Feeds for programs: pages of releases, the newest first, and the record of a tender.

Whoever asks, a session of the public reads: answers may be kept by any cache, and hold nothing of anybody's.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import FromPath
from litestar.response import Redirect

from accounts.routes.session import entrance_of
from ocds.queries import events, processes
from ocds.queries.events import Wanted
from ocds.routes import answering
from ocds.rules import asking, ids, packages, records
from ocds.rules.asking import Event
from ocds.rules.ids import Publisher
from ocds.rules.releases import Release, releases
from store.db import transaction
from values.actors import PUBLIC
from values.refusals import Missing
from web.pages import AnyRequest

PER_PAGE: Final = 100
SUFFIX: Final = ".json"
FEED: Final = "/ocds/releases.json"


@get(FEED, name="ocds.releases", tags=["open data"])
async def release_feed(request: AnyRequest) -> Response[bytes]:
    """Return a release package, the newest releases first, at most 100.

    Query: `since`, a day or an instant, from which on releases are asked for. `links.next` leads to older
    ones. To follow along, ask again with the `date` of the newest release that you have.
    """
    query = request.query_params
    publisher = answering.publisher_of(request)
    since = asking.since(query.get("since", ""))
    wanted = Wanted(since=since, before=asking.cursor(query.get("cursor", "")))
    async with transaction(entrance_of(request).sessions, PUBLIC) as db:
        found = await events.events(db, wanted, limit=PER_PAGE + 1)
        page = found[:PER_PAGE]
        whole = await processes.processes(db, list(dict.fromkeys(each.tender_id for each in page)))
    made = {
        (process.tender_id, release.name): release
        for process in whole
        for release in releases(publisher, process)
    }
    bodies = [made[each.tender_id, each.name].body for each in page]
    at = page[0].at if page else datetime.now(UTC)
    links = {"next": _next(publisher, query.get("since", ""), page[-1])} if len(found) > PER_PAGE else {}
    package = packages.of_releases(publisher, bodies, path=answering.path_of(request), at=at, links=links)
    return answering.json_of(request, package, at if page else None)


def _next(publisher: Publisher, since: str, last: Event) -> str:
    asked = {"since": since} if since else {}
    return f"{publisher.address}{FEED}?{urlencode({**asked, 'cursor': asking.written(last)})}"


@get("/ocds/records/{name:str}", name="ocds.record", tags=["open data"])
async def record(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Return the record of a tender by its ocid and `.json`: all releases, and what they come to."""
    publisher = answering.publisher_of(request)
    tender_id = ids.tender_of(publisher, name.removesuffix(SUFFIX)) if name.endswith(SUFFIX) else None
    if tender_id is None:
        raise Missing("record")
    found = await _releases(request, publisher, tender_id)
    at = found[-1].at
    package = packages.of_records(publisher, [records.record(found)], path=answering.path_of(request), at=at)
    return answering.json_of(request, package, at)


@get("/tenders/{tender_id:uuid}/record.json", name="ocds.record_of_tender", include_in_schema=False)
async def record_of_tender(request: AnyRequest, tender_id: FromPath[UUID]) -> Redirect:
    """Lead from a tender to its record, for pages that do not know its ocid."""
    publisher = answering.publisher_of(request)
    await _releases(request, publisher, tender_id)
    return Redirect(f"/ocds/records/{ids.ocid(publisher, tender_id)}{SUFFIX}", status_code=303)


async def _releases(request: AnyRequest, publisher: Publisher, tender_id: UUID) -> list[Release]:
    async with transaction(entrance_of(request).sessions, PUBLIC) as db:
        found = await processes.processes(db, [tender_id])
    if not found:
        raise Missing("record")
    return releases(publisher, found[0])


router = Router("/", route_handlers=[release_feed, record, record_of_tender])
