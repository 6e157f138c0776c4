"""The register of published files as its page lists it: what was imported, from whom, how much was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, Text, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from spend.models import FileState, PublishedFile
from store.db import rows

ALL: Final = "all"
STATES: Final = (FileState.CURRENT, FileState.REPLACED, FileState.WITHDRAWN)
SORTS: Final = {
    "imported": PublishedFile.imported_at,
    "name": PublishedFile.name,
    "body": Organisation.short_name,
    "period": PublishedFile.first_on,
    "lines": PublishedFile.lines,
    "set_aside": PublishedFile.set_aside,
    "sum": PublishedFile.amount_read_pence,
}


@dataclass(frozen=True, slots=True)
class FileFilter:
    """Which files a list shows; an empty text leaves all.

    Attributes:
        words: part of a file's name.
        body: the register's code of a body.
        state: a state of files, or `ALL`.
        sort: a key of SORTS.
    """

    words: str = ""
    body: str = ""
    state: str = FileState.CURRENT
    sort: str = "imported"
    descending: bool = True

    @property
    def plain(self) -> bool:
        """Whether nothing was filtered."""
        return not self.words and not self.body and self.state == FileState.CURRENT


@dataclass(frozen=True, slots=True)
class FileRow:
    """A version of a file, as lists show it."""

    id: UUID
    name: str
    body_code: str
    body_name: str
    state: str
    first_on: date | None
    last_on: date | None
    lines: int
    read: int
    set_aside: int
    amount_read_pence: int
    amount_basis: str
    imported_at: datetime


@dataclass(frozen=True, slots=True)
class Totals:
    """What all files of a list come to."""

    files: int = 0
    bodies: int = 0
    lines: int = 0
    read: int = 0
    set_aside: int = 0
    amount_read_pence: int = 0


def _filtered(*columns: Any) -> Select[*tuple[Any, ...]]:
    words, body, state = (bindparam(name, type_=Text) for name in ("words", "body", "state"))
    return (
        select(*columns)
        .select_from(PublishedFile)
        .join(Organisation, Organisation.code == PublishedFile.body_code)
        .where(
            or_(words == "", PublishedFile.name.ilike(words, escape="!")),
            or_(body == "", PublishedFile.body_code == body),
            or_(state == ALL, PublishedFile.state == state),
        )
    )


_FILES: Final = _filtered(
    PublishedFile.id,
    PublishedFile.name,
    PublishedFile.body_code,
    Organisation.short_name,
    PublishedFile.state,
    PublishedFile.first_on,
    PublishedFile.last_on,
    PublishedFile.lines,
    PublishedFile.read,
    PublishedFile.set_aside,
    PublishedFile.amount_read_pence,
    PublishedFile.amount_basis,
    PublishedFile.imported_at,
)
_ORDERED: Final = {
    (name, descending): _FILES.order_by(
        *((column.desc() if descending else column.asc()).nulls_last(), PublishedFile.id)
    )
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
    for name, column in SORTS.items()
    for descending in (False, True)
}
_TOTALS: Final = _filtered(
    func.count(),
    func.count(PublishedFile.body_code.distinct()),
    *(
        func.coalesce(func.sum(column), 0)
        for column in (
            PublishedFile.lines,
            PublishedFile.read,
            PublishedFile.set_aside,
            PublishedFile.amount_read_pence,
        )
    ),
)
_BODIES: Final = (
    select(Organisation.code, Organisation.short_name)
    .where(Organisation.code.in_(select(PublishedFile.body_code)))
    .order_by(Organisation.short_name)
)


async def listed_files(db: AsyncSession, wanted: FileFilter, *, offset: int, limit: int) -> Sequence[FileRow]:
    """Return one page of the files that a filter lets through."""
    query = _ORDERED[wanted.sort, wanted.descending]
    found = await rows(db, query, {**_values(wanted), "offset": offset, "limit": limit})
    return [FileRow(*row) for row in found]


async def totals(db: AsyncSession, wanted: FileFilter) -> Totals:
    """Return what all files that a filter lets through come to."""
    [row] = await rows(db, _TOTALS, _values(wanted))
    return Totals(*(int(value) for value in row))


async def bodies_with_files(db: AsyncSession) -> list[tuple[str, str]]:
    """Return (code, name) of every body that has files, by name."""
    return [(str(code), str(name)) for code, name in await rows(db, _BODIES)]


def _values(wanted: FileFilter) -> dict[str, str]:
    literal = wanted.words.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return {
        "words": f"%{literal}%" if wanted.words else "",
        "body": wanted.body,
        "state": wanted.state,
    }
