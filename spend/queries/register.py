"""The register of published files as its page lists it: what was imported, from whom, how much was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, Text, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from spend.models import FileState, PublishedFile, PublishedFileTotal
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


_FILTERS: Final = {
    "words": PublishedFile.name.ilike(bindparam("words", type_=Text), escape="!"),
    "body": PublishedFile.body_code == bindparam("body", type_=Text),
    "state": PublishedFile.state == bindparam("state", type_=Text),
}
_FILES: Final = select(
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
).join(Organisation, Organisation.code == PublishedFile.body_code)
_COUNTED: Final = ("lines", "read", "set_aside", "amount_read_pence")
# Words are looked for in the files themselves; what all files of a body come to is kept.
_MATCHING: Final = (
    select(
        PublishedFile.body_code,
        PublishedFile.state,
        func.count().label("files"),
        *(func.sum(getattr(PublishedFile, name)).label(name) for name in _COUNTED),
    )
    .where(_FILTERS["words"])
    .group_by(PublishedFile.body_code, PublishedFile.state)
    .subquery()
)
_OF_TOTALS: Final = (("body", "body_code"), ("state", "state"))
_KEPT: Final = select(PublishedFileTotal).where(PublishedFileTotal.files > 0).subquery()
_BODIES: Final = (
    select(Organisation.code, Organisation.short_name)
    .where(Organisation.code.in_(select(_KEPT.c.body_code)))
    .order_by(Organisation.short_name)
)


@lru_cache(maxsize=256)
def _page(filters: frozenset[str], sort: str, *, descending: bool) -> Select[*tuple[Any, ...]]:
    """Return the statement for a page of the list: one for each kind of question, made once."""
    column = SORTS[sort]
    return (
        _FILES.where(*(_FILTERS[name] for name in sorted(filters)))
        .order_by((column.desc() if descending else column.asc()).nulls_last(), PublishedFile.id)
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )


@lru_cache(maxsize=8)
def _totals(filters: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """Return the statement for what a list comes to."""
    of = _MATCHING if "words" in filters else _KEPT
    return (
        select(
            func.coalesce(func.sum(of.c.files), 0),
            func.count(of.c.body_code.distinct()),
            *(func.coalesce(func.sum(of.c[name]), 0) for name in _COUNTED),
        )
        .join(Organisation, Organisation.code == of.c.body_code)
        .where(
            *(of.c[column] == bindparam(name, type_=Text) for name, column in _OF_TOTALS if name in filters)
        )
    )


async def listed_files(db: AsyncSession, wanted: FileFilter, *, offset: int, limit: int) -> Sequence[FileRow]:
    """Return one page of the files that a filter lets through."""
    values = _values(wanted)
    query = _page(frozenset(values), wanted.sort, descending=wanted.descending)
    found = await rows(db, query, {**values, "offset": offset, "limit": limit})
    return [FileRow(*row) for row in found]


async def totals(db: AsyncSession, wanted: FileFilter) -> Totals:
    """Return what all files that a filter lets through come to."""
    values = _values(wanted)
    [row] = await rows(db, _totals(frozenset(values)), values)
    return Totals(*(int(value) for value in row))


async def bodies_with_files(db: AsyncSession) -> list[tuple[str, str]]:
    """Return (code, name) of every body that has files, by name."""
    return [(str(code), str(name)) for code, name in await rows(db, _BODIES)]


def _values(wanted: FileFilter) -> dict[str, str]:
    """Return what is filtered by, under the names of `_FILTERS`."""
    literal = wanted.words.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    values = {
        "words": f"%{literal}%" if wanted.words else "",
        "body": wanted.body,
        "state": "" if wanted.state == ALL else wanted.state,
    }
    return {name: value for name, value in values.items() if value}
