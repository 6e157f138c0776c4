"""Lines that could not be read. Row-level security decides who sees them: they may hold names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Text, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from spend.models import PublishedFile, SetAsideLine
from store.db import rows
from values.refusals import Missing

_REASON = bindparam("reason", type_=Text)
_MATCHING: Final = (
    SetAsideLine.file_id == bindparam("file"),
    or_(_REASON == "", SetAsideLine.reason == _REASON),
)
_LINES: Final = (
    select(SetAsideLine.line_no, SetAsideLine.reason, SetAsideLine.raw)
    .where(*_MATCHING)
    .order_by(SetAsideLine.line_no)
)
_PAGE: Final = _LINES.limit(bindparam("limit")).offset(bindparam("offset"))
_REASONS: Final = (
    select(SetAsideLine.reason, func.count().label("lines"))
    .where(SetAsideLine.file_id == bindparam("file"))
    .group_by(SetAsideLine.reason)
    .subquery()
)


_SOURCE: Final = select(
    PublishedFile.id,
    PublishedFile.name,
    PublishedFile.body_code,
    PublishedFile.sha256,
    func.app.body_code(type_=Text),
    # With the file, not after it: a question less for each page.
    select(func.jsonb_object_agg(_REASONS.c.reason, _REASONS.c.lines, type_=JSONB)).scalar_subquery(),
).where(PublishedFile.id == bindparam("file"))


@dataclass(frozen=True, slots=True)
class Source:
    """The file that lines were set aside from.

    Attributes:
        own_code: of the body that the transaction's actor acts for.
        reasons: how many lines were set aside for which reason, of those that the actor may see.
    """

    id: UUID
    name: str
    body_code: str
    digest: str
    own_code: str | None
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SetAside:
    """A line that could not be read: where it stands, why, and what it says."""

    line_no: int
    reason: str
    raw: str


async def source_of_set_aside(db: AsyncSession, file_id: UUID) -> Source:
    """Return the file that lines were set aside of.

    Raises:
        Missing: there is none with this id.
    """
    for id_, name, body, sha256, own, reasons in await rows(db, _SOURCE, {"file": file_id}):
        return Source(id_, name, body, sha256.hex(), own, dict(sorted((reasons or {}).items())))
    raise Missing("file")


async def set_aside_lines(
    db: AsyncSession, file_id: UUID, *, reason: str = "", offset: int = 0, limit: int = 50
) -> list[SetAside]:
    """Return some of a file's lines that were set aside; an empty reason means all."""
    values = {"file": file_id, "reason": reason, "offset": offset, "limit": limit}
    return [SetAside(*row) for row in await rows(db, _PAGE, values)]


async def all_set_aside(db: AsyncSession, file_id: UUID, *, reason: str = "") -> Sequence[SetAside]:
    """Return all of a file's lines that were set aside, for a download."""
    return [SetAside(*row) for row in await db.execute(_LINES, {"file": file_id, "reason": reason})]
