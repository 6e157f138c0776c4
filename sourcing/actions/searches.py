"""Searches that people save: kept, changed, deleted, stopped; what they find, and mail about it.

The slice that owns a kind of thing says what a query finds; here is what all kinds share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, delete, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.actions import mail
from sourcing.models import SavedSearch, SearchFinding, SearchLooked
from sourcing.queries import searches as queries
from sourcing.queries.searches import DueMail
from sourcing.rules import letters
from sourcing.rules import searches as rules
from sourcing.rules.searches import SearchMail
from store import audit
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Missing


@dataclass(frozen=True, slots=True)
class Thing:
    """Something new, as people are told of it."""

    id: UUID
    title: str
    href: str


async def save(
    db: AsyncSession,
    actor: Actor,
    *,
    kind: str,
    query: str,
    description: str,
    name: str,
    wanted: SearchMail,
    key: bytes,
) -> UUID:
    """Keep a search; from now on its owner hears of what is new.

    Args:
        db: the transaction.
        actor: somebody who is signed in.
        kind: what is looked for, as its address says it.
        query: in the one form that equal questions have.
        description: the same in words.
        name: what its owner calls it.
        wanted: when it writes mail.
        key: the service's master key, which signs the link that stops the mail.

    Raises:
        Refused: it looks for everything, or there are too many.
    """
    rules.check_saving(query, saved=len(await queries.own_searches(db, actor)))
    search_id = uuid7()
    await db.execute(
        insert(SavedSearch)
        .values(
            id=search_id,
            person_id=actor.person_id,
            kind=kind,
            name=name,
            query=query,
            description=description,
            mail=wanted.value,
            stop_hash=rules.stop_hash(rules.stop_secret(key, search_id)),
        )
        .inline()
    )
    await audit.record(db, actor, "search.saved", "search", search_id, mail=wanted.value)
    return search_id


async def change(db: AsyncSession, actor: Actor, search_id: UUID, *, name: str, wanted: SearchMail) -> None:
    """Call a search of one's own something else, or hear of it at other times.

    Raises:
        Missing: it is not theirs.
    """
    await queries.own_search(db, actor, search_id)
    await db.execute(
        update(SavedSearch).where(SavedSearch.id == search_id).values(name=name, mail=wanted.value)
    )
    await audit.record(db, actor, "search.changed", "search", search_id, mail=wanted.value)


async def remove(db: AsyncSession, actor: Actor, search_id: UUID) -> None:
    """Delete a search of one's own, and what it found.

    Raises:
        Missing: it is not theirs.
    """
    await queries.own_search(db, actor, search_id)
    await db.execute(delete(SavedSearch).where(SavedSearch.id == search_id))
    await audit.record(db, actor, "search.deleted", "search", search_id)


async def stop(db: AsyncSession, actor: Actor, secret: str) -> None:
    """Stop the mail of a search by the secret of its mail, whoever is signed in or nobody.

    Raises:
        Missing: the secret is of no search.
    """
    stopped = await db.scalar(select(func.app.stop_search(rules.stop_hash(secret))))
    if stopped is None:
        raise Missing("search")
    await audit.record(db, actor, "search.stopped", "search", str(stopped))


async def begin_looking(db: AsyncSession, ids: Sequence[UUID]) -> list[UUID]:
    """Return which things no search was held against yet; they count as looked at with this transaction."""
    if not ids:
        return []
    rows = [{"thing_id": each} for each in ids]
    fresh = upsert(SearchLooked).values(rows).on_conflict_do_nothing().returning(SearchLooked.thing_id)
    return list(await db.scalars(fresh))


async def tell(
    db: AsyncSession, actor: Actor, kind: str, found: Mapping[str, Sequence[Thing]]
) -> UUID | None:
    """Write down what searches found, by their query: each thing once a search; None: nothing new.

    A search that wants no mail counts as told by mail, so that it has nothing to catch up with later. The
    entry names nobody: who looks for what is nobody else's business.
    """
    batch_id = uuid7()
    told = 0
    for query, things in found.items():
        for thing in things:
            told += await _tell(db, kind, query, thing, batch_id)
    if not told:
        return None
    await audit.record(db, actor, rules.FOUND, "search", batch_id)
    return batch_id


async def _tell(db: AsyncSession, kind: str, query: str, thing: Thing, batch_id: UUID) -> int:
    now = func.statement_timestamp()
    rows = select(
        SavedSearch.id,
        literal(thing.id),
        literal(thing.title),
        literal(thing.href),
        literal(batch_id),
        case((SavedSearch.mail == SearchMail.NONE.value, now)),
    ).where(SavedSearch.kind == kind, SavedSearch.query == query)
    columns = ["search_id", "thing_id", "title", "href", "batch_id", "mailed_at"]
    written = upsert(SearchFinding).from_select(columns, rows).on_conflict_do_nothing()
    return len((await db.scalars(written.returning(SearchFinding.search_id))).all())


async def write_mail(db: AsyncSession, due: DueMail, *, key: bytes, address: str, now: datetime) -> bool:
    """Write one search's mail about what it found until now, once; say whether there was any."""
    moment = await db.scalar(
        select(SavedSearch.mail).where(SavedSearch.id == due.search_id).with_for_update()
    )
    until = rules.last_due(SearchMail(moment), now) if moment else None
    if until is None:
        return False
    told = await db.execute(
        update(SearchFinding)
        .where(
            SearchFinding.search_id == due.search_id,
            SearchFinding.mailed_at.is_(None),
            SearchFinding.found_at <= until,
        )
        .values(mailed_at=func.statement_timestamp())
        .returning(SearchFinding.title, SearchFinding.href)
    )
    lines = [(title, href) for title, href in told]
    if not lines:
        return False
    letter = letters.found(
        name=due.name,
        kind=due.kind,
        lines=sorted(lines),
        search_href=f"/{due.kind}?{due.query}",
        stop_href=f"/searches/stop/{rules.stop_secret(key, due.search_id)}",
        address=address,
    )
    await mail.write(db, due.email, letter)
    await db.execute(
        update(SavedSearch)
        .where(SavedSearch.id == due.search_id)
        .values(mailed_at=func.statement_timestamp())
    )
    return True
