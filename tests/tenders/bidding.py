"""Builders for tests of bids: a tender that takes them, suppliers with drafts, time that passes."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from store import embedded, migrations
from store.db import Sessions, transaction
from store.sealing import SealedFile, Sealer
from tenders.actions.bidding import drafting, handing_in, opening, sealed
from tenders.actions.bidding.handing_in import HandedIn
from tenders.actions.bidding.opening import Outcome
from tenders.queries import bids as queries
from tenders.queries import openings, tenders
from tenders.rules.bidding.asked import Asked
from tenders.rules.bidding.drafts import BidPart
from tests import build
from tests.build import Built
from tests.tenders import made
from tests.tenders.made import Cast
from values.ids import uuid7

# Words and sums that appear nowhere but in a bid: what a dump of everything is looked through for.
WORDS = "Quillfeather cataloguing by heliotrope"
EVIDENCE = "Zephyrine certificate 4711"
PENCE = 73_519_846
FILE_NAME = "pricing-hippogriff.txt"
FILE_TEXT = "The hippogriff costs a marzipan more than the wyvern. " * 200
SUMS = ("73519846", "735,198.46", "735198.46")
SECRETS = (WORDS, EVIDENCE, "hippogriff", *SUMS)


@dataclass
class Bidding:
    """A tender that takes bids, and how people act on it."""

    sessions: Sessions
    cast: Cast
    tender: UUID
    folder: Path
    master: bytes = build.KEY

    async def act(self, who: Built, action: Any, *args: Any, **more: Any) -> Any:
        async with transaction(self.sessions, who.actor) as db:
            return await action(db, who.actor, *args, **more)

    async def begin(self, who: Built) -> UUID:
        return await self.act(who, drafting.begin, self.tender, master=self.master)

    async def asked(self) -> Asked:
        async with transaction(self.sessions, self.cast["officer"].actor) as db:
            return await queries.asked(db, self.tender)

    async def fill(self, who: Built, *, words: str = WORDS, pence: int = PENCE, file: bool = True) -> None:
        """Begin, and fill in all that is asked for."""
        await self.begin(who)
        asked = await self.asked()
        conditions = {each.id: {"meets": True, "evidence": EVIDENCE} for each in asked.conditions}
        await self.save(who, BidPart.CONDITIONS, conditions)
        await self.save(who, BidPart.ANSWERS, {each.id: words for each in asked.questions})
        prices = {lot.id: {"fixed_pence": pence, "tiers": [150] * len(lot.tier_starts)} for lot in asked.lots}
        await self.save(who, BidPart.PRICES, prices)
        if file:
            await self.add_file(who)

    async def save(self, who: Built, part: BidPart, said: Any) -> None:
        async with transaction(self.sessions, who.actor) as db:
            bid = await queries.own_bid(db, who.actor, self.tender)
            versions = {each.part: each.version for each in await queries.sealed_parts(db, bid.id)}
            seen = versions.get(part.value, 0)
            await drafting.save_part(db, who.actor, self.tender, part, said, seen=seen)

    async def add_file(self, who: Built, *, name: str = FILE_NAME, content: bytes = b"") -> UUID:
        import hashlib  # noqa: PLC0415

        content = content or FILE_TEXT.encode()
        file_id = uuid7()
        async with transaction(self.sessions, who.actor) as db:
            bid = await drafting.changeable(db, who.actor, self.tender)
            place = sealed.file_place(bid.id, file_id)
            file = SealedFile(self.folder / str(file_id), Sealer(bid.public, place))
            source = io.BytesIO(content)
            while piece := source.read(65_536):
                file.write(piece)
            file.close()
            await drafting.add_file(
                db,
                bid,
                file_id,
                file,
                name=name,
                kind="text",
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
            )
        return file_id

    async def last(self, who: Built) -> UUID | None:
        async with transaction(self.sessions, who.actor) as db:
            bid = await queries.own_bid(db, who.actor, self.tender)
            receipts = await queries.receipts(db, bid.id)
        return receipts[0].id if receipts else None

    async def submit(self, who: Built) -> HandedIn:
        known = await self.last(who)
        return await self.act(who, handing_in.submit, self.tender, master=self.master, known=known)

    async def withdraw(self, who: Built) -> HandedIn:
        return await self.act(who, handing_in.withdraw, self.tender, known=await self.last(who))

    async def _circumstances(self, db: Any, who: Built) -> Any:
        tender = await tenders.tender_row(db, self.tender)
        buyers = {build.council(each.code): each.code for each in await tenders.buyers(db, self.tender)}
        code = buyers.get(who.organisation_id)
        return await openings.circumstances(db, tender, own_code=code, takes_part=code is not None)

    async def propose(self, who: Built) -> None:
        async with transaction(self.sessions, who.actor) as db:
            await opening.propose(db, who.actor, self.tender, await self._circumstances(db, who))

    async def confirm(self, who: Built, *, master: bytes | None = None) -> Outcome:
        async with transaction(self.sessions, who.actor) as db:
            found = await self._circumstances(db, who)
            return await opening.confirm(db, who.actor, self.tender, found, master=master or self.master)


async def prepare(
    sessions: Sessions, cast: Cast, tender_id: UUID, folder: Path, *, master: bytes = build.KEY
) -> Bidding:
    """Publish a tender that every buyer has approved, and let it take bids."""
    await made.publish(sessions, cast, tender_id)
    await take_bids(sessions, cast, tender_id, master=master)
    return Bidding(sessions, cast, tender_id, folder, master)


async def take_bids(sessions: Sessions, cast: Cast, tender_id: UUID, *, master: bytes = build.KEY) -> None:
    """Make the key that bids are sealed to, as the worker does for a published tender."""
    actor = cast["officer"].actor
    async with transaction(sessions, actor) as db:
        await sealed.make_key(db, actor, tender_id, master=master)


async def dumped(database: Any, place: Path) -> bytes:
    """Return everything that a superuser copies out of the database, a statement for each row."""
    made = await asyncio.create_subprocess_exec(
        embedded.programs() / "pg_dump",
        "--dbname",
        migrations.plain(database.admin),
        "--file",
        place,
        "--inserts",
    )
    assert await made.wait() == 0
    return await asyncio.to_thread(place.read_bytes)


async def close(owner: Any, tender_id: UUID, *, ago: str = "1 hour") -> None:
    """Let the deadline have passed; only a superuser who turns the guards off can."""
    await owner.execute("set session_replication_role = replica")
    due = f"update tender set tenders_due_at = clock_timestamp() - interval '{ago}' where id = $1"
    await owner.execute(due, tender_id)
    await owner.execute("set session_replication_role = origin")


async def give_code(owner: Any, *people: Built) -> None:
    """As if each had just given a code of their second factor."""
    for person in people:
        await owner.execute(
            "update credential set totp_last_step = floor(extract(epoch from clock_timestamp()) / 30)"
            " where person_id = $1",
            person.id,
        )


async def raw(bidding: Bidding, who: str, sql: str, **values: Any) -> Any:
    """Run SQL as somebody, past the pages and rules."""
    async with transaction(bidding.sessions, bidding.cast[who].actor) as db:
        return (await db.execute(text(sql), {"tender": bidding.tender, **values})).all()


async def state(owner: Any, bidding: Bidding) -> str:
    """How far a tender is."""
    return await owner.fetchval("select state from tender where id = $1", bidding.tender)
