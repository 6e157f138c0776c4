"""The register of published files, as the import needs it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Text, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from spend.models import ColumnMapping, FileState, PublishedFile


@dataclass(frozen=True, slots=True)
class Registered:
    """A version of a file that is in the register."""

    id: UUID
    name: str
    digest: str
    lines_name: str
    state: str

    def ended(self) -> Registered:
        """Return it as a version that no longer counts."""
        return replace(self, state=FileState.REPLACED)


_REGISTERED = (
    select(
        PublishedFile.id,
        PublishedFile.name,
        PublishedFile.sha256,
        PublishedFile.lines_name,
        PublishedFile.state,
    )
    .where(PublishedFile.body_code == bindparam("body"))
    .order_by(PublishedFile.first_on, PublishedFile.name, PublishedFile.id)
)
_MAPPINGS = select(ColumnMapping.fingerprint, ColumnMapping.mapping).where(
    ColumnMapping.body_code == bindparam("body")
)
_WITH_HEADER = (
    select(PublishedFile.name, PublishedFile.sha256)
    .where(
        PublishedFile.body_code == bindparam("body"),
        PublishedFile.state == FileState.CURRENT,
        PublishedFile.decisions["fingerprint"].astext == bindparam("fingerprint", type_=Text),
    )
    .order_by(PublishedFile.name, PublishedFile.id)
)


async def registered(db: AsyncSession, body_code: str) -> list[Registered]:
    """Return every version of every file of a body, in the order of what they cover."""
    rows = await db.execute(_REGISTERED, {"body": body_code})
    return [Registered(row.id, row.name, row.sha256.hex(), row.lines_name, row.state) for row in rows]


async def publishing_bodies(db: AsyncSession) -> list[str]:
    """Return the codes of the bodies that have files that count, in order."""
    rows = await db.scalars(
        select(PublishedFile.body_code)
        .where(PublishedFile.state == FileState.CURRENT)
        .distinct()
        .order_by(PublishedFile.body_code)
    )
    return list(rows)


async def mappings(db: AsyncSession, body_code: str) -> dict[str, dict[str, Any]]:
    """Return what people corrected about this body's columns, by the fingerprint of the header."""
    rows = await db.execute(_MAPPINGS, {"body": body_code})
    return {row.fingerprint: row.mapping for row in rows}


async def files_with_header(db: AsyncSession, body_code: str, fingerprint: str) -> list[tuple[str, str]]:
    """Return (name, digest) of the files of a body that count and have a header with this fingerprint."""
    rows = await db.execute(_WITH_HEADER, {"body": body_code, "fingerprint": fingerprint})
    return [(row.name, row.sha256.hex()) for row in rows]
