"""Saved searches: a person's own with what they found, and for the worker what mail is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Person
from sourcing.models import SavedSearch, SearchFinding
from sourcing.rules.searches import MAIL_WORDS, SearchMail, last_due
from values.actors import Actor
from values.refusals import Missing


@dataclass(frozen=True, slots=True)
class SearchRow:
    """A saved search as its owner sees it; `found` counts all that it found since it was saved."""

    id: UUID
    kind: str
    name: str
    query: str
    description: str
    mail: str
    saved_at: datetime
    found: int

    @property
    def mail_words(self) -> str:
        """When it writes mail, in words."""
        return MAIL_WORDS[SearchMail(self.mail)]

    @property
    def href(self) -> str:
        """Where the search is carried out."""
        return f"/{self.kind}?{self.query}"


@dataclass(frozen=True, slots=True)
class FindingRow:
    """Something that a search found."""

    title: str
    href: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class DueMail:
    """A search with something to tell by mail."""

    search_id: UUID
    kind: str
    name: str
    query: str
    email: str


_FOUND: Final = (
    select(func.count())
    .where(SearchFinding.search_id == SavedSearch.id)
    .correlate(SavedSearch)
    .scalar_subquery()
)
_COLUMNS: Final[tuple[Any, ...]] = (
    SavedSearch.id,
    SavedSearch.kind,
    SavedSearch.name,
    SavedSearch.query,
    SavedSearch.description,
    SavedSearch.mail,
    SavedSearch.saved_at,
    _FOUND,
)


async def own_searches(db: AsyncSession, actor: Actor) -> Sequence[SearchRow]:
    """Return the actor's saved searches, by name."""
    query = select(*_COLUMNS).where(SavedSearch.person_id == actor.person_id).order_by(SavedSearch.name)
    return [SearchRow(*row) for row in await db.execute(query)]


async def own_search(db: AsyncSession, actor: Actor, search_id: UUID) -> SearchRow:
    """Return one of the actor's saved searches.

    Raises:
        Missing: it is not theirs.
    """
    query = select(*_COLUMNS).where(SavedSearch.id == search_id, SavedSearch.person_id == actor.person_id)
    row = (await db.execute(query)).first()
    if row is None:
        raise Missing("search")
    return SearchRow(*row)


async def findings(db: AsyncSession, search_id: UUID, *, limit: int = 50) -> Sequence[FindingRow]:
    """Return what a search found, the newest first."""
    rows = await db.execute(
        select(SearchFinding.title, SearchFinding.href, SearchFinding.found_at)
        .where(SearchFinding.search_id == search_id)
        .order_by(SearchFinding.found_at.desc(), SearchFinding.thing_id)
        .limit(limit)
    )
    return [FindingRow(*row) for row in rows]


async def name_to_stop(db: AsyncSession, hashed: bytes) -> str:
    """Return the name of the search whose mail a secret stops.

    Raises:
        Missing: the secret is of no search, or the search was deleted.
    """
    name = await db.scalar(select(func.app.search_to_stop(hashed)))
    if name is None:
        raise Missing("search")
    return str(name)


async def queries_of(db: AsyncSession, kind: str) -> Sequence[str]:
    """Return the different queries of all saved searches of a kind."""
    query = select(SavedSearch.query).where(SavedSearch.kind == kind).distinct().order_by(SavedSearch.query)
    return (await db.scalars(query)).all()


async def due(db: AsyncSession, now: datetime) -> Sequence[DueMail]:
    """Return the searches that have found what their owners are now to hear of by mail."""
    waiting = [
        and_(SavedSearch.mail == mail.value, SearchFinding.found_at <= moment)
        for mail in SearchMail
        if (moment := last_due(mail, now)) is not None
    ]
    rows = await db.execute(
        select(SavedSearch.id, SavedSearch.kind, SavedSearch.name, SavedSearch.query, Person.email)
        .join(Person, and_(Person.id == SavedSearch.person_id, Person.disabled_at.is_(None)))
        .join(SearchFinding, SearchFinding.search_id == SavedSearch.id)
        .where(SearchFinding.mailed_at.is_(None), or_(*waiting))
        .distinct()
        .order_by(SavedSearch.id)
    )
    return [DueMail(*row) for row in rows]
