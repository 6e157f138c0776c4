"""The invented tenders: marked, one in each state that pages have, and loaded once."""

from __future__ import annotations

from sqlalchemy import select

from accounts.actions.demonstration import load_demonstration
from accounts.actions.passwords import Passwords
from procurement.actions.demonstration.pools import load_demonstration_pools
from sourcing.rules.law import law
from store.db import transaction
from store.jobs import Work
from tenders.actions.demonstration import load_demonstration_tenders
from tenders.actions.demonstration_interest import load_demonstration_interest
from tenders.models import Tender
from tenders.queries import content as content_queries
from tenders.queries import finding
from tenders.rules.finding import TenderFilter
from tenders.rules.linting.checking import blocking, findings
from tenders.tasks import search_published
from tests import build
from tests.conftest import TESTER
from values.actors import PUBLIC
from values.years import london_today


async def test_tenders_are_invented_once_and_in_three_states(db, sessions_jobs, sessions_app):
    today = london_today()
    await load_demonstration_pools(sessions_jobs, today)
    assert await load_demonstration_tenders(sessions_jobs, today) == 3
    assert await load_demonstration_tenders(sessions_jobs, today) == 0
    rows = {row.state: row for row in await db.scalars(select(Tender))}
    assert set(rows) == {"draft", "in_approval", "published"}
    assert all(row.demonstration for row in rows.values())
    async with transaction(sessions_jobs, TESTER) as own:
        found = {
            state: blocking(findings(await content_queries.content(own, row.id), law(), today))
            for state, row in rows.items()
        }
    assert len(found["draft"]) > 5
    assert found["in_approval"] == found["published"] == []
    async with transaction(sessions_app, PUBLIC) as own:
        total, seen = await finding.listed_tenders(own, TenderFilter(), limit=10)
    assert [each.state for each in seen] == ["published"]
    assert total == 1


async def test_the_invented_supplier_asks_and_saves_a_search_once(db, sessions_jobs, sessions_app, owner):
    today = london_today()
    await load_demonstration(db, TESTER, Passwords(cheap=True), build.SEALER)
    await db.commit()
    await load_demonstration_pools(sessions_jobs, today)
    await load_demonstration_tenders(sessions_jobs, today)
    assert await load_demonstration_interest(sessions_app, build.KEY)
    assert not await load_demonstration_interest(sessions_app, build.KEY)
    assert await owner.fetchval("select count(*) from question") == 2
    assert await owner.fetchval("select count(*) from question_answer where published_at is not null") == 1
    await search_published(Work(sessions_jobs, TESTER))
    assert await owner.fetchval("select title from search_finding") == "Housing repairs online"
