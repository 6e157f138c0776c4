"""The one place where the demonstration moves recorded times: what was done just now happened some days ago.

Actions take the time from the database, and its guards hold them to it. So that invented tenders can be over,
their actions run as always, and then the owner of the tables moves what was just recorded into the past. The
audit trail is not touched: it says when the demonstration was loaded.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import DateTime, Uuid, bindparam, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from store.db import Sessions, transaction
from tenders.models import Bid, BidReceipt, Tender, TenderContract
from values.actors import Actor
from values.refusals import Refused

# Tables with times that a column leads to from an invented tender, its pool, a bid, or a contract.
_PLACES: Final = """
select c.relname::text, l.attname::text, array_agg(a.attname::text),
  exists (select from pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal)
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and a.atttypid = 'timestamptz'::regtype
  and not a.attisdropped
join lateral (select k.attname from pg_attribute k
  where k.attrelid = c.oid and k.attnum > 0 and k.atttypid = 'uuid'::regtype
    and (k.attname in ('tender_id', 'subject_id', 'bid_id', 'contract_id', 'pool_id')
      or k.attname = 'id' and c.relname in ('tender', 'subject', 'pool'))
  order by array_position(
    array['tender_id', 'subject_id', 'bid_id', 'contract_id', 'id', 'pool_id'], k.attname::text)
  limit 1) l on true
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
group by c.oid, c.relname, l.attname
order by c.relname
"""


_IDS: Final = bindparam("ids", type_=ARRAY(Uuid()))
_SINCE: Final = bindparam("since", type_=DateTime(timezone=True))


@dataclass(frozen=True, slots=True)
class _Place:
    """A table, the column that leads to it, its times, and whether triggers keep its rows as they are."""

    table: str
    key: str
    times: Sequence[str]
    guarded: bool

    def holding(self) -> str:
        """Return SQL that names the table if anything was recorded in it since an instant."""
        recent = " or ".join(f"{each} between :since and clock_timestamp()" for each in self.times)
        found = f"select from {self.table} where {self.key} = any (:ids) and ({recent})"
        return f"select '{self.table}' where exists ({found})"

    def moving(self, ids: str, since: str, back: str) -> str:
        """Return SQL that moves what was recorded since an instant; what is still to come is no record."""
        # Names are of the catalogue; ids, instants and spans are written by this program.
        recent = [f"{each} between {since} and clock_timestamp()" for each in self.times]
        moved = [
            f"{each} = case when {when} then {each} - {back} else {each} end"
            for each, when in zip(self.times, recent, strict=True)
        ]
        places = f"where {self.key} = any ({ids}) and ({' or '.join(recent)})"
        change = f"update {self.table} set {', '.join(moved)} {places};"  # noqa: S608 -- names of the catalogue
        if not self.guarded:
            return change
        # The owner can switch guards off, in its own transaction.
        off, on = (f"alter table {self.table} {word} trigger user;" for word in ("disable", "enable"))
        return f"{off}{change}{on}"


class RecordedTimes:
    """Moves what is recorded of invented tenders. `owner` is of the role that owns the tables."""

    def __init__(self, owner: Sessions) -> None:
        """Begin: what is recorded of a tender from now on can be moved."""
        self._owner = owner
        self._places: Sequence[_Place] = ()

    @contextlib.asynccontextmanager
    async def as_of(self, tender_id: UUID, at: datetime) -> AsyncGenerator[None]:
        """Let what is recorded of an invented tender in here have happened up to `at`, in its order."""
        since = datetime.now(UTC)
        yield
        await self.move(tender_id, at, since)

    async def move(self, tender_id: UUID, at: datetime, since: datetime) -> None:
        """Let what was recorded of an invented tender after `since` have happened up to `at`."""
        async with transaction(self._owner, Actor()) as db:
            ids = await _ids(db, tender_id)
            if not self._places:
                self._places = [_Place(*row) for row in await db.execute(text(_PLACES))]
            back = f"interval '{(datetime.now(UTC) - at).total_seconds()} seconds'"
            own = f"array[{', '.join(repr(str(each)) for each in ids)}]::uuid[]"
            start = f"'{since.isoformat()}'::timestamptz"
            # Switching guards off makes every connection plan anew: only where there is something to move.
            asked = text(" union all ".join(place.holding() for place in self._places))
            held = set(await db.scalars(asked.bindparams(_IDS, _SINCE), {"ids": ids, "since": since}))
            moved = [place.moving(own, start, back) for place in self._places if place.table in held]
            if moved:
                await _run(db, "".join(moved))

    @contextlib.asynccontextmanager
    async def before_deadline(self, tender_id: UUID) -> AsyncGenerator[None]:
        """Let bids come in for an invented tender past its deadline, which is what their receipts say."""
        due_at = await self._due(tender_id, datetime.now(UTC) + timedelta(hours=1))
        yield
        await self._due(tender_id, due_at)

    async def _due(self, tender_id: UUID, to: datetime) -> datetime:
        async with transaction(self._owner, Actor()) as db:
            ids = await _ids(db, tender_id)
            before = await db.scalar(select(Tender.tenders_due_at).where(Tender.id == tender_id))
            await db.execute(text("alter table tender disable trigger user"))
            await db.execute(update(Tender).where(Tender.id == tender_id).values(tenders_due_at=to))
            await db.execute(text("alter table tender enable trigger user"))
            await db.execute(update(BidReceipt).where(BidReceipt.bid_id.in_(ids)).values(due_at=to))
        assert before
        return before


async def _ids(db: AsyncSession, tender_id: UUID) -> Sequence[UUID]:
    """Return the ids of an invented tender, of its pool, of the bids for it and of its contracts.

    Raises:
        Refused: it is not invented, so its times are what they are.
    """
    row = (await db.execute(select(Tender.pool_id, Tender.demonstration).where(Tender.id == tender_id))).one()
    if not row.demonstration:
        raise Refused("Only times of invented tenders are moved.")
    bids = await db.scalars(select(Bid.id).where(Bid.tender_id == tender_id))
    contracts = await db.scalars(select(TenderContract.id).where(TenderContract.tender_id == tender_id))
    return [tender_id, row.pool_id, *bids, *contracts]


async def _run(db: AsyncSession, script: str) -> None:
    """Run many statements in one message, in the session's transaction."""
    connection = await (await db.connection()).get_raw_connection()
    assert connection.driver_connection
    await connection.driver_connection.execute(script)
