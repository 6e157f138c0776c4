"""The invented tenders: marked, one in each state that pages have, and loaded once."""

from __future__ import annotations

from sqlalchemy import select, text

from sourcing.rules.law import law
from store.db import transaction
from tenders.actions.demonstration import load_demonstration_tenders
from tenders.actions.demonstration_correction import CHANGES, load_demonstration_correction
from tenders.actions.demonstration_course import load_demonstration_courses
from tenders.actions.demonstration_interest import load_demonstration_interest
from tenders.models import Tender
from tenders.queries import content as content_queries
from tenders.queries import corrections, finding, planned
from tenders.rules.correcting import lines
from tenders.rules.correcting.places import Place
from tenders.rules.finding import TenderFilter
from tenders.rules.linting.checking import blocking, findings
from tests import build
from tests.databases import TESTER, connected
from values.actors import PUBLIC
from values.years import london_today


async def test_tenders_are_invented_once_and_have_what_the_linter_asks_for(demonstration_world, world_app):
    today = london_today()
    async with connected(demonstration_world.jobs) as jobs, connected(demonstration_world.owner) as owner:
        assert await load_demonstration_tenders(jobs, today) == 0
        again = load_demonstration_courses(jobs, world_app, owner, master=build.KEY, anchor=today)
        assert await again == 0
        async with transaction(jobs, TESTER) as own:
            rows = {row.state: row for row in await own.scalars(select(Tender))}
            found = {
                state: blocking(findings(await content_queries.content(own, rows[state].id), law(), today))
                for state in ("draft", "in_approval", "approved", "published")
            }
    assert len(found.pop("draft")) > 5
    assert set(map(tuple, found.values())) == {()}
    async with transaction(world_app, PUBLIC) as own:
        total, seen = await finding.listed_tenders(own, TenderFilter(state="open"), limit=10)
    assert [each.state for each in seen] == ["published"]
    assert total == 1


async def test_one_draft_is_planned_and_of_another_suppliers_are_asked(world_app):
    async with transaction(world_app, PUBLIC) as own:
        total, rows = await planned.listed(own, TenderFilter())
    assert total == 2
    assert {each.title: each.codes for each in rows} == {
        "Maps for all staff": ["UK3"],
        "Parking permits without paper": ["UK2"],
    }
    assert all(each.demonstration for each in rows)


async def test_the_published_tender_was_corrected_once_and_everybody_reads_what_changed(world_app):
    assert not await load_demonstration_correction(world_app)
    async with transaction(world_app, PUBLIC) as own:
        tender_id = await own.scalar(select(Tender.id).where(Tender.state == "published"))
        (row,) = await corrections.published(own, tender_id)
        changes = await corrections.changes(own, row.id)
        content = await content_queries.content(own, tender_id)
    assert {(each.place, each.number, each.name, each.after) for each in changes} == set(CHANGES)
    assert content.kpis[0].target == "99.9 %"
    signs = {each.change.place: [line.sign for line in each.lines] for each in lines.told(content, changes)}
    assert signs[Place.TENDER] == ["same", "in"]
    assert signs[Place.KPI] == ["out", "in"]


async def test_the_invented_supplier_asks_and_saves_a_search_once(demonstration_world, world_app):
    assert not await load_demonstration_interest(world_app, build.KEY)
    async with connected(demonstration_world.jobs) as jobs, transaction(jobs, TESTER) as own:
        asked = await own.execute(text("select count(*) from question"))
        answered = await own.execute(
            text("select count(*) from question_answer where published_at is not null")
        )
        found = await own.execute(text("select title from search_finding"))
        assert (asked.scalar_one(), answered.scalar_one()) == (2, 1)
        assert found.scalars().all() == ["Housing repairs online"]
