"""One version of a published file: its facts, what was decided about it, the versions around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation, Person
from spend.models import FileState, PublishedFile
from values.actors import Actor
from values.refusals import Missing


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the register knows of one version of a file.

    Attributes:
        imported_by_name: None where nobody is named, or the actor may not see who it was.
        mapping: the person's correction under which it was read, if there was one.
        difference: how it differs from the version that it replaced.
    """

    id: UUID
    name: str
    body_code: str
    body_name: str
    digest: str
    lines_name: str
    size_bytes: int
    state: str
    replaces_id: UUID | None
    lines: int
    read: int
    set_aside: int
    amount_read_pence: int
    amount_basis: str
    first_on: date | None
    last_on: date | None
    decisions: Mapping[str, Any]
    mapping: Mapping[str, Any] | None
    difference: Mapping[str, int] | None
    imported_at: datetime
    imported_by: UUID | None
    imported_by_name: str | None
    ended_at: datetime | None

    @property
    def current(self) -> bool:
        """Whether this version counts."""
        return self.state == FileState.CURRENT

    @property
    def withdrawn(self) -> bool:
        """Whether it was taken out of the figures."""
        return self.state == FileState.WITHDRAWN

    @property
    def fingerprint(self) -> str:
        """The fingerprint of its header, under which corrections are remembered."""
        return str(self.decisions["fingerprint"])


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A version of a file that an import registered, and how it differs from the one that it replaced."""

    id: UUID
    name: str
    lines: int
    set_aside: int
    amount_read_pence: int
    replaces_id: UUID | None
    difference: Mapping[str, int] | None


@dataclass(frozen=True, slots=True)
class Version:
    """Another version of the same file."""

    id: UUID
    name: str
    state: str
    imported_at: datetime
    difference: Mapping[str, int] | None
    earlier: bool


_FACTS: Final = (
    select(
        PublishedFile.id,
        PublishedFile.name,
        PublishedFile.body_code,
        Organisation.short_name,
        PublishedFile.sha256,
        PublishedFile.lines_name,
        PublishedFile.size_bytes,
        PublishedFile.state,
        PublishedFile.replaces_id,
        PublishedFile.lines,
        PublishedFile.read,
        PublishedFile.set_aside,
        PublishedFile.amount_read_pence,
        PublishedFile.amount_basis,
        PublishedFile.first_on,
        PublishedFile.last_on,
        PublishedFile.decisions,
        PublishedFile.mapping,
        PublishedFile.difference,
        PublishedFile.imported_at,
        PublishedFile.imported_by,
        Person.name,
        PublishedFile.ended_at,
    )
    .join(Organisation, Organisation.code == PublishedFile.body_code)
    .outerjoin(Person, Person.id == PublishedFile.imported_by)
    .where(PublishedFile.id == bindparam("file"))
)
_VERSIONS: Final = (
    select(
        PublishedFile.id,
        PublishedFile.name,
        PublishedFile.state,
        PublishedFile.imported_at,
        PublishedFile.difference,
        (PublishedFile.id == bindparam("before")).label("earlier"),
    )
    .where(or_(PublishedFile.id == bindparam("before"), PublishedFile.replaces_id == bindparam("file")))
    .order_by(PublishedFile.imported_at, PublishedFile.id)
)
_CURRENT_OF: Final = (
    select(PublishedFile.id, PublishedFile.name, PublishedFile.sha256)
    .where(PublishedFile.body_code == bindparam("body"), PublishedFile.state == FileState.CURRENT)
    .order_by(PublishedFile.name, PublishedFile.id)
)
_IMPORTED: Final = (
    select(
        PublishedFile.id,
        PublishedFile.name,
        PublishedFile.lines,
        PublishedFile.set_aside,
        PublishedFile.amount_read_pence,
        PublishedFile.replaces_id,
        PublishedFile.difference,
    )
    .where(PublishedFile.id == any_(bindparam("files", type_=ARRAY(Uuid))))
    .order_by(PublishedFile.name, PublishedFile.id)
)


async def file_facts(db: AsyncSession, file_id: UUID) -> FileFacts:
    """Return the facts of one version of a file.

    Raises:
        Missing: there is none with this id.
    """
    row = (await db.execute(_FACTS, {"file": file_id})).first()
    if row is None:
        raise Missing("file")
    before, digest, after = row[:4], row[4].hex(), row[5:]
    return FileFacts(*before, digest, *after)


async def versions(db: AsyncSession, facts: FileFacts) -> Sequence[Version]:
    """Return the version before a file and those after it."""
    rows = await db.execute(_VERSIONS, {"file": facts.id, "before": facts.replaces_id})
    return [Version(*row[:5], bool(row[5])) for row in rows]


async def current_files(db: AsyncSession, body_code: str) -> list[tuple[UUID, str, str]]:
    """Return (id, name, digest) of every file of a body that counts, by name."""
    return [
        (row.id, row.name, row.sha256.hex()) for row in await db.execute(_CURRENT_OF, {"body": body_code})
    ]


async def own_code(db: AsyncSession, actor: Actor) -> str | None:
    """Return the register's code of the body that this transaction's actor acts for, if it has one."""
    if actor.organisation_id is None:
        return None
    return await db.scalar(select(func.app.body_code()))


async def files_of_import(db: AsyncSession, file_ids: Sequence[str]) -> list[ImportedFile]:
    """Return the files that an import registered, by name."""
    rows = await db.execute(_IMPORTED, {"files": [UUID(file_id) for file_id in file_ids]})
    return [ImportedFile(*row) for row in rows]
