"""States of a tender that tests begin from, each built on the one before."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from store.db import transaction
from tenders.actions import approving
from tests.beginnings import Beginning, Begun
from tests.tenders import bidding, made
from tests.tenders.made import Cast

if TYPE_CHECKING:
    from tests.databases import Database


async def _cast(database: Database, _begun: Begun) -> Begun:
    async with database.building() as db:
        return {"cast": await made.build_cast(db)}


async def _complete(database: Database, begun: Begun) -> Begun:
    cast: Cast = begun["cast"]
    async with database.acting() as sessions:
        tender_id = await made.make(sessions, cast)
        await made.complete(sessions, cast, tender_id)
    return {"complete": tender_id}


async def _approved(database: Database, begun: Begun) -> Begun:
    cast, tender_id = begun["cast"], begun["complete"]
    async with database.acting() as sessions:
        async with transaction(sessions, cast["officer"].actor) as db:
            await approving.submit(db, cast["officer"].actor, tender_id)
        for who in ("leeds", "camden", "salford"):
            await made.approve(sessions, cast[who], tender_id)
    return {"approved": tender_id}


async def _published(database: Database, begun: Begun) -> Begun:
    async with database.acting() as sessions:
        await made.publish(sessions, begun["cast"], begun["approved"])
    return {"published": begun["approved"]}


async def _bidding(database: Database, begun: Begun) -> Begun:
    async with database.acting() as sessions:
        await bidding.take_bids(sessions, begun["cast"], begun["published"])
    return {"bidding": begun["published"]}


async def _over(database: Database, begun: Begun) -> Begun:
    """Two bids are handed in; the deadline passes in each test, for codes are fresh for minutes only."""
    cast = begun["cast"]
    with TemporaryDirectory() as folder:
        async with database.acting() as sessions:
            tender = bidding.Bidding(sessions, cast, begun["bidding"], Path(folder))
            for who in ("supplier", "rival"):
                await tender.fill(cast[who], words=f"{bidding.WORDS} of {who}")
                await tender.submit(cast[who])
    return {"over": begun["bidding"]}


async def _bench(database: Database, begun: Begun) -> Begun:
    """The bids are opened by an approver of Leeds and one of Camden."""
    cast, tender_id = begun["cast"], begun["over"]
    async with database.administering() as owner:
        await bidding.close(owner, tender_id)
        await bidding.give_code(owner, *cast.people.values())
    async with database.acting() as sessions:
        tender = bidding.Bidding(sessions, cast, tender_id, Path())
        await tender.propose(cast["leeds"])
        await tender.confirm(cast["camden"])
    return {"bench": tender_id}


CAST: Final = Beginning("cast", _cast)
COMPLETE: Final = Beginning("complete", _complete, CAST)
APPROVED: Final = Beginning("approved", _approved, COMPLETE)
PUBLISHED: Final = Beginning("published", _published, APPROVED)
BIDDING: Final = Beginning("bidding", _bidding, PUBLISHED)
OVER: Final = Beginning("over", _over, BIDDING)
BENCH: Final = Beginning("bench", _bench, OVER)
TENDERS: Final = (CAST, COMPLETE, APPROVED, PUBLISHED, BIDDING, OVER, BENCH)
