"""What a backup keeps of published payments, and whether what came back is what was registered."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from spend.actions import intake, marking
from spend.models import Marking, PublishedFile
from store.db import transaction
from store.jobs import Work
from store.lake import Lake
from store.models import Job

AT_ONCE: Final = 200
_SUMS: Final = """select filename, count(*) as lines, coalesce(sum(amount_pence), 0)::bigint as pence
                  from read_parquet($files, filename = true) group by filename"""

# Uploads that no import has looked at yet: the job is in the database, so its files must be there too.
_WAITING: Final = select(Job.args["files"]).where(Job.kind == "spend.import", Job.finished_at.is_(None))


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The register of files beside the lines that it speaks of.

    Attributes:
        files, lines, amount_pence: over every version of every file, as registered.
        different: names of files whose lines or sum are others than registered, or that cannot be read.
    """

    files: int
    lines: int
    amount_pence: int
    different: Sequence[str]


async def kept_files(db: AsyncSession, lake: Lake) -> list[str]:
    """Return the names, from the root of the lake, of every file that the register and the markings name."""
    found: set[str] = set()
    files = await db.execute(select(PublishedFile.body_code, PublishedFile.sha256, PublishedFile.lines_name))
    for body_code, digest, lines_name in files:
        found.add(str(lake.original(digest.hex()).relative_to(lake.root)))
        found.add(str(intake.lines_path(lake, body_code, lines_name).relative_to(lake.root)))
    for files in await db.scalars(_WAITING):
        found.update(str(lake.original(file["digest"]).relative_to(lake.root)) for file in files)
    for body_code, fingerprint in await db.execute(select(Marking.body_code, Marking.fingerprint)):
        found.add(f"{marking.MARKED}/{body_code}/{fingerprint}.parquet")
    return sorted(found)


async def reconcile(work: Work, lake: Lake) -> Reconciliation:
    """Count and add up the lines of every file in the lake, and compare them with the register."""
    async with transaction(work.sessions, work.actor) as db:
        rows = (
            await db.execute(
                select(
                    PublishedFile.name,
                    PublishedFile.body_code,
                    PublishedFile.lines_name,
                    PublishedFile.read,
                    PublishedFile.amount_read_pence,
                ).order_by(PublishedFile.body_code, PublishedFile.id)
            )
        ).all()
    different: list[str] = []
    for done in range(0, len(rows), AT_ONCE):
        await work.progress.report(done, len(rows), "Adding up lines")
        different += await asyncio.to_thread(_different, lake, rows[done : done + AT_ONCE])
    await work.progress.report(len(rows), len(rows), "Adding up lines")
    return Reconciliation(
        len(rows), sum(row.read for row in rows), sum(row.amount_read_pence for row in rows), different
    )


def _different(lake: Lake, rows: Sequence[Any]) -> list[str]:
    places = {str(intake.lines_path(lake, row.body_code, row.lines_name)): row for row in rows}
    there = [place for place in places if lake.path(place).exists()]
    with lake.connection() as connection:
        found = connection.execute(_SUMS, {"files": there}).fetchall() if there else []
    sums = {place: (lines, pence) for place, lines, pence in found}
    return [
        f"{row.body_code} {row.name}"
        for place, row in places.items()
        # A file without lines has no group of its own.
        if sums.get(place, (0, 0) if place in there else None) != (row.read, row.amount_read_pence)
    ]
