"""What becomes open data, by who reads it and in which state a tender is."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

from sqlalchemy import select

from ocds.queries import events, processes
from ocds.queries.events import Wanted
from ocds.routes.pages import WHAT
from ocds.rules import packages, records
from ocds.rules import saying as said
from ocds.rules.processes import Planned, Process
from ocds.rules.releases import releases
from store.db import transaction
from tenders.actions import extending
from tenders.actions.demonstration_correction import REASON
from tenders.models import Tender, TenderApproval, TenderRecord, TenderShare
from tenders.queries import content as content_queries
from tests.databases import TESTER, connected
from tests.ocds import schemas
from tests.ocds.made import PUBLISHER
from tests.ocds.reading import content_of
from tests.ocds.test_releases import UNCHECKED
from tests.tenders import made
from values.actors import PUBLIC


async def test_the_whole_demonstration_world_is_valid_and_reads_back(
    demonstration_world, world_app, tmp_path
):
    async with connected(demonstration_world.jobs) as jobs, transaction(jobs, TESTER) as own:
        known = {row.id: row for row in await own.scalars(select(Tender))}
    async with transaction(world_app, PUBLIC) as own:
        all_told = await processes.processes(own, list(known))
        found = [each for each in all_told if isinstance(each, Process)]
        plans = [each for each in all_told if isinstance(each, Planned)]
        contents = await content_queries.contents(own, [each.tender_id for each in found])
    assert {each.tender_id for each in found} == {row.id for row in known.values() if row.published_at}
    assert found
    assert len(plans) == 2
    made_of = [releases(PUBLISHER, each) for each in found]
    for process, own_releases in zip(found, made_of, strict=True):
        for release in own_releases:
            assert schemas.errors(release.body) == []
            assert schemas.unknown_fields(release.body) <= UNCHECKED
            assert release.body["tender"]["buyTogether"]["invented"] is True
        said = contents[process.tender_id]
        read = content_of(records.compile_releases(own_releases))
        assert read.lots == said.lots
        assert read.criteria == said.criteria
        assert (read.buyers, read.documents, read.requirements) == (
            said.buyers,
            said.documents,
            said.requirements,
        )
    made_of += [releases(PUBLISHER, each) for each in plans]
    for release in [release for each in made_of[-2:] for release in each]:
        assert schemas.errors(release.body) == []
        assert release.body["tender"]["buyTogether"]["invented"] is True
    whole = [release for each in made_of for release in each]
    (amended,) = [each.body["tender"] for each in whole if each.body["tag"] == ["tenderAmendment"]]
    assert amended["amendments"][0]["rationale"] == REASON
    # The page of what became public last has a word for each.
    assert {release.name.split("-")[0] for release in whole} <= WHAT.keys()
    at = max(release.at for release in whole)
    bodies = [release.body for release in whole]
    for package in (
        packages.of_releases(PUBLISHER, bodies, path="/ocds/releases.json", at=at),
        packages.of_records(
            PUBLISHER, [records.record(each) for each in made_of], path="/ocds/x.json", at=at
        ),
    ):
        assert schemas.package_errors(package) == []
        context = schemas.review(package, tmp_path)
        assert context["validation_errors"] == []
        assert context["additional_closed_codelist_values"] == {}


async def test_a_tender_that_is_not_published_has_no_release(cast, act, sessions_app, published_as):
    tender_id = await made.make(sessions_app, cast)
    await made.complete(sessions_app, cast, tender_id)
    for who in ("officer", "lead"):
        assert await published_as(tender_id, cast[who].actor) == []
    assert await published_as(tender_id) == []
    async with transaction(sessions_app, cast["officer"].actor) as own:
        assert await events.events(own, Wanted(), limit=10) == []
        assert await events.tenders_since(own, Wanted()) == []


async def test_events_and_releases_have_the_same_names_and_instants(terminated, published_as, sessions_app):
    found = await published_as(terminated)
    # Answers of a batch are numbered in an order that tells nothing: the one to all is first or second.
    answers = found[1].body["tender"]["enquiries"]
    assert [each.name for each in found] == ["UK4", f"answers-{answers[0]['id']}", "UK12"]
    assert len(answers) == 1
    async with transaction(sessions_app, PUBLIC) as own:
        listed = await events.events(own, Wanted(), limit=10)
        page = await events.events(own, Wanted(before=listed[0]), limit=1)
        since = await events.events(own, Wanted(since=listed[0].at), limit=10)
    assert [(each.at, each.name) for each in reversed(listed)] == [(each.at, each.name) for each in found]
    assert page == listed[1:2]
    assert since == listed[:1]


async def test_a_later_deadline_is_an_event(published, act, published_as, sessions_app):
    before = (await published_as(published))[0].body
    due = datetime.fromisoformat(before["tender"]["tenderPeriod"]["endDate"])
    for days in (3, 5):
        await act(
            "officer", extending.extend, published, until=due + timedelta(days=days), reason=f"{days} days"
        )
    found = await published_as(published)
    assert [each.name for each in found] == ["UK4", "deadline-1", "deadline-2"]
    assert found[0].body == before
    assert found[2].body["tender"]["tenderPeriod"]["endDate"] == said.instant(due + timedelta(days=5))
    assert schemas.errors(found[2].body) == []
    async with transaction(sessions_app, PUBLIC) as own:
        listed = await events.events(own, Wanted(), limit=10)
    assert [(each.at, each.name) for each in reversed(listed)] == [(each.at, each.name) for each in found]


async def test_a_release_of_the_database_reads_back(terminated, published_as, sessions_app):
    found = await published_as(terminated)
    async with transaction(sessions_app, PUBLIC) as own:
        said = await content_queries.content(own, terminated)
    read = content_of(found[0].body)
    assert (read.title, read.lots, read.criteria, read.course) == (
        said.title,
        said.lots,
        said.criteria,
        said.course,
    )
    for release in found:
        assert schemas.errors(release.body) == []


async def test_nobody_makes_other_data_than_the_public(terminated, cast, published_as, sessions_jobs):
    expected = [each.body for each in await published_as(terminated)]
    for who in ("officer", "leeds", "camden officer", "outside", "lead", "supplier"):
        assert [each.body for each in await published_as(terminated, cast[who].actor)] == expected
    assert [each.body for each in await published_as(terminated, TESTER, sessions_jobs)] == expected


async def test_secrets_never_appear(terminated, db, cast, published_as):
    text = json.dumps([each.body for each in await published_as(terminated)], ensure_ascii=False)
    assert "May we tender with a partner?" in text
    assert "secret-method-x" not in text
    assert "It tells how a supplier works" not in text
    assert "secret-reason" not in text
    record = (await db.scalars(select(TenderRecord))).one()
    for considered in (record.small_firms, record.policy, record.conflicts):
        assert considered
        assert considered not in text
    shares = (await db.scalars(select(TenderShare))).all()
    assert len(shares) == 3
    told = set(re.findall(r"\d+(?:\.\d+)?", text))
    assert "1900000" in told
    for share in shares:
        assert not {f"{share.value_pence}", f"{share.value_pence // 100}"} & told
    for approval in await db.scalars(select(TenderApproval)):
        assert approval.person_name not in text
    for person in cast.people.values():
        assert person.name not in text
        assert str(person.id) not in text
