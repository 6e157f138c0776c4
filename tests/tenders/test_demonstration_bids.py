"""The invented supplier's draft: there once, sealed, and read by its own people alone."""

from __future__ import annotations

from sqlalchemy import select

from accounts.actions.demonstration import SUPPLIER_ID, load_demonstration
from accounts.actions.passwords import Passwords
from accounts.models import Membership
from procurement.actions.demonstration.pools import load_demonstration_pools
from store.db import transaction
from tenders.actions.bidding import sealed
from tenders.actions.demonstration import load_demonstration_tenders
from tenders.actions.demonstration_bids import ANSWER, load_demonstration_bids
from tenders.queries import bids as queries
from tenders.rules.bidding import drafts
from tests import build
from tests.conftest import TESTER
from values.actors import Actor, Role
from values.years import london_today


async def test_a_supplier_has_a_draft_that_lacks_something(db, sessions_jobs, sessions_app, owner):
    await load_demonstration(db, TESTER, Passwords(cheap=True), build.SEALER)
    person = await db.scalar(select(Membership.person_id).where(Membership.organisation_id == SUPPLIER_ID))
    await db.commit()
    await load_demonstration_pools(sessions_jobs, london_today())
    await load_demonstration_tenders(sessions_jobs, london_today())
    assert await load_demonstration_bids(sessions_jobs, master=build.KEY) == 1
    assert await load_demonstration_bids(sessions_jobs, master=build.KEY) == 0
    assert ANSWER.encode() not in b"".join(
        row["content"] for row in await owner.fetch("select content from bid_part")
    )
    supplier = Actor(person, SUPPLIER_ID, frozenset({Role.SUPPLIER}), "Samir Dunmore")
    async with transaction(sessions_app, supplier) as own:
        ((bid, _),) = await queries.own_bids(own, supplier)
        assert bid.open
        assert bid.demonstration
        opened = await sealed.open_draft(own, bid, master=build.KEY)
        asked = await queries.asked(own, bid.tender_id)
    assert ANSWER in opened.draft.answers.values()
    assert {gap.part.value for gap in drafts.gaps(asked, opened.draft)} == {"answers", "prices"}
