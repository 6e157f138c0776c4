"""All open data as lines of JSON, read tender by tender: memory does not grow, no transaction stays open."""

from __future__ import annotations

import enum
from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Final

import msgspec

from ocds.queries import events, processes
from ocds.queries.events import Wanted
from ocds.rules import records
from ocds.rules.ids import Publisher
from ocds.rules.processes import Planned, Process
from ocds.rules.releases import releases
from ocds.rules.saying import Json
from store.db import Sessions, transaction
from values.actors import PUBLIC

# Tenders at once: as many statements as for one, and a few megabytes at most.
BATCH: Final = 50


class Shape(enum.StrEnum):
    """What a line holds: the compiled release of a tender, or each of its releases."""

    COMPILED = "compiled"
    RELEASES = "releases"


async def lines(
    sessions: Sessions, publisher: Publisher, wanted: Wanted, shape: Shape = Shape.COMPILED
) -> AsyncGenerator[bytes]:
    """Yield the tenders that have an event that is asked for, in pieces of whole lines; as the public reads.

    With `since`, lines of releases are those from then on; a compiled release is always whole.
    """
    async with transaction(sessions, PUBLIC) as db:
        tender_ids = await events.tenders_since(db, wanted)
    for start in range(0, len(tender_ids), BATCH):
        batch = tender_ids[start : start + BATCH]
        async with transaction(sessions, PUBLIC) as db:
            found = await processes.processes(db, batch)
        said = [line for each in found for line in _said(publisher, each, shape, wanted.since)]
        yield b"".join(msgspec.json.encode(line) + b"\n" for line in said)


def _said(
    publisher: Publisher, process: Process | Planned, shape: Shape, since: datetime | None
) -> list[Json]:
    found = releases(publisher, process)
    if shape is Shape.COMPILED:
        return [records.compile_releases(found)]
    return [each.body for each in found if since is None or each.at >= since]
