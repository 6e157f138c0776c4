"""All of it in one file, and the extension that the data declare."""

from __future__ import annotations

import json
import zlib
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, Final

from litestar import Response, Router, get
from litestar.params import FromPath
from litestar.response import Stream

from accounts.routes.session import entrance_of
from ocds.queries import downloads, events
from ocds.queries.events import Wanted
from ocds.routes import answering
from store.db import transaction
from values.actors import PUBLIC
from values.refusals import Missing
from web.pages import AnyRequest

EXTENSION: Final = Path(__file__).resolve().parents[1] / "data" / "extension"
EXTENSION_FILES: Final = ("extension.json", "release-schema.json")
# The window of zlib with the header of gzip.
GZIP: Final = 31


@get("/ocds/bulk.jsonl.gz", name="ocds.bulk", tags=["open data"])
async def bulk(request: AnyRequest) -> Response[Any]:
    """Return all tenders, packed with gzip: a line for each, its compiled release as JSON."""
    sessions = entrance_of(request).sessions
    async with transaction(sessions, PUBLIC) as db:
        extent = await events.extent(db)
    mark = f"{extent.event_count}-{extent.last_at.timestamp() if extent.last_at else 0}"
    headers = {**answering.KEPT, **answering.validators(mark, extent.last_at)}
    if answering.is_known(request, headers):
        return Response(b"", status_code=304, headers=headers)
    headers["content-disposition"] = 'attachment; filename="tenders.jsonl.gz"'
    lines = downloads.lines(sessions, answering.publisher_of(request), Wanted())
    return Stream(_packed(lines), media_type="application/gzip", headers=headers)


async def _packed(pieces: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    packer = zlib.compressobj(wbits=GZIP)
    async for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


@get("/ocds/extension/{name:str}", name="ocds.extension", include_in_schema=False)
async def extension(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Return a file of our extension, which packages declare by its address."""
    if name not in EXTENSION_FILES:
        raise Missing("extension")
    content = json.loads((EXTENSION / name).read_bytes())
    if name == EXTENSION_FILES[0]:
        content["documentationUrl"] = {"en": f"{entrance_of(request).address}/open-data"}
    return answering.json_of(request, content, None)


router = Router("/", route_handlers=[bulk, extension])
