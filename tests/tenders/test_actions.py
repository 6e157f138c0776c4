"""A tender from pool to publication: what each step does, and each refusal."""

from __future__ import annotations

import pytest

from sourcing.rules.law import law
from store.db import transaction
from tenders.queries import content as content_queries
from tenders.queries import tenders
from tenders.rules.linting.checking import blocking, findings
from tests.tenders import made
from values.years import london_today


@pytest.fixture
async def cast(db):
    return await made.build_cast(db)


async def test_a_committed_pool_becomes_a_draft(cast, sessions_app, owner):
    tender_id = await made.make(sessions_app, cast)
    assert await owner.fetchval("select state from pool") == "handed_over"
    async with transaction(sessions_app, cast["officer"].actor) as db:
        row = await tenders.tender_row(db, tender_id)
        content = await content_queries.content(db, tender_id)
    assert (row.state, row.buyers, row.lead_code) == ("draft", 3, "LDS")
    assert [buyer.code for buyer in content.buyers] == ["LDS", "CMD", "SLF"]
    await made.complete(sessions_app, cast, tender_id)
    async with transaction(sessions_app, cast["officer"].actor) as db:
        content = await content_queries.content(db, tender_id)
    assert blocking(findings(content, law(), london_today())) == []
