"""The invented supplier's draft: there once, sealed, and read by its own people alone."""

from __future__ import annotations

import asyncpg

from accounts.actions.demonstration import PARTNER_ID
from store import migrations
from store.db import transaction
from tenders.actions.bidding import sealed
from tenders.actions.demonstration_bidders import NORTHMOOR
from tenders.actions.demonstration_bids import ANSWER, load_demonstration_bids
from tenders.queries import bids as queries
from tenders.rules.bidding import drafts
from tests import build
from tests.databases import connected


async def test_a_supplier_has_a_draft_that_lacks_something(demonstration_world, world_app):
    async with connected(demonstration_world.jobs) as jobs:
        assert await load_demonstration_bids(jobs, master=build.KEY) == 0
    owner = await asyncpg.connect(migrations.plain(demonstration_world.admin))
    kept = await owner.fetch("select content from bid_part")
    await owner.close()
    assert ANSWER.encode() not in b"".join(row["content"] for row in kept)
    supplier = NORTHMOOR.actor
    async with transaction(world_app, supplier) as own:
        (bid,) = [row for row, _ in await queries.own_bids(own, supplier) if row.open]
        assert bid.demonstration
        opened = await sealed.open_draft(own, bid, master=build.KEY)
        asked = await queries.asked(own, bid.tender_id)
    assert ANSWER in opened.draft.answers.values()
    (member,) = opened.draft.team.live
    assert (member.organisation_id, member.share_percent) == (str(PARTNER_ID), 30)
    assert {gap.part.value for gap in drafts.gaps(asked, opened.draft)} == {"answers", "prices"}
