"""Releases before a tender: what early notices told, and how it joins what the tender tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ocds.queries import events
from ocds.queries.events import Wanted
from ocds.rules import packages, records
from ocds.rules.processes import Early, Planned
from ocds.rules.releases import releases
from store.db import transaction
from tenders.actions import early_notices, terminating
from tenders.rules import early_notices as rules
from tenders.rules.content import Engagement
from tenders.rules.early_notices import Engaging
from tests.ocds import made, schemas
from tests.ocds.test_releases import UNCHECKED
from tests.tenders.contents import WHOLE
from tests.tenders.made import approve_all, publish
from values.actors import PUBLIC

ENGAGING = Engaging("Which interfaces do you offer?", "Write to us", date(2026, 6, 1), date(2026, 6, 30))
ASKED = rules.facts(WHOLE, ("E12000003",), ENGAGING)
FACTS = replace(ASKED, engaging=None)
FIRST = datetime(2026, 5, 28, 9, tzinfo=UTC)


def early(code, number, days, told=FACTS):
    at = FIRST + timedelta(days=days)
    return Early(code, number, f"0001{days:02}-2026", at, at + timedelta(minutes=5), told)


NOTICES = (
    early("UK2", 1, 0, ASKED),
    early("UK3", 1, 7),
    early("UK3", 3, 14, replace(FACTS, title="Renamed")),
)
PLANNED = Planned(made.TENDER, NOTICES, None, invented=True)
ENDED = replace(PLANNED, ended_at=FIRST + timedelta(days=20))


def bodies(process):
    return [each.body for each in releases(made.PUBLISHER, process)]


@pytest.mark.parametrize(
    "process",
    [
        PLANNED,
        ENDED,
        made.process(planned=PLANNED, engagement=Engagement.NOTICE, engagement_words="000100-2026"),
    ],
)
def test_releases_are_valid_alone_in_packages_and_as_records(process, tmp_path):
    found = releases(made.PUBLISHER, process)
    assert [each.name for each in found][:3] == ["UK2-1", "UK3-1", "UK3-3"]
    for each in found:
        assert schemas.errors(each.body) == []
        assert schemas.unknown_fields(each.body) <= UNCHECKED
    at = found[-1].at
    own = [each.body for each in found]
    for package in (
        packages.of_releases(made.PUBLISHER, own, path="/ocds/releases.json", at=at),
        packages.of_records(made.PUBLISHER, [records.record(found)], path="/ocds/x.json", at=at),
    ):
        assert schemas.package_errors(package) == []
        context = schemas.review(package, tmp_path)
        assert context["validation_errors"] == []
        assert context["additional_closed_codelist_values"] == {}


def test_each_notice_is_a_release_of_its_own_words():
    first, second, third = bodies(PLANNED)
    assert [each["tag"] for each in (first, second, third)] == [
        ["planning"],
        ["planningUpdate"],
        ["planningUpdate"],
    ]
    assert [each["tender"]["status"] for each in (first, second, third)] == ["planned"] * 3
    assert [each["tender"]["title"] for each in (first, second, third)] == [
        WHOLE.title,
        WHOLE.title,
        "Renamed",
    ]
    (document,) = first["planning"]["documents"]
    assert (document["id"], document["documentType"], document["noticeType"]) == (
        "UK2-1",
        "marketEngagementNotice",
        "UK2",
    )
    assert document["url"] == "https://www.find-tender.service.gov.uk/Notice/000100-2026"
    assert [each["documentType"] for each in third["planning"]["documents"]] == [
        "marketEngagementNotice",
        "plannedProcurementNotice",
        "plannedProcurementNotice",
    ]
    (milestone,) = third["planning"]["milestones"]
    assert (milestone["type"], milestone["dueDate"]) == ("engagement", "2026-06-30T23:59:59+01:00")
    assert "Which interfaces" in milestone["description"]
    assert "lots" not in third["tender"]


def test_a_plan_that_is_given_up_says_so_and_no_more():
    *_, before, last = bodies(ENDED)
    assert (last["tag"], last["tender"]["status"]) == (["planningUpdate"], "withdrawn")
    assert {**last["tender"], "status": "planned"} == before["tender"]


def test_the_record_of_a_tender_keeps_what_came_before():
    process = made.process(planned=PLANNED, engagement=Engagement.NOTICE, engagement_words="000100-2026")
    found = releases(made.PUBLISHER, process)
    whole = records.compile_releases(found)
    assert whole["tender"]["status"] == "active"
    assert whole["tender"]["title"] == WHOLE.title
    # The reference that the draft took over from the notice is no second document of it.
    assert [each["id"] for each in whole["planning"]["documents"]] == ["UK2-1", "UK3-1", "UK3-3"]
    assert [each["id"] for each in found[3].body["planning"]["documents"]] == ["UK2-1", "UK3-1", "UK3-3"]
    elsewhere = made.process(engagement=Engagement.NOTICE, engagement_words="000777-2026")
    assert [each["id"] for each in bodies(elsewhere)[0]["planning"]["documents"]] == ["UK2"]
    reason = made.process(
        planned=replace(PLANNED, notices=NOTICES[1:]),
        engagement=Engagement.REASON,
        engagement_words="No time",
    )
    assert bodies(reason)[-1]["planning"]["noEngagementNoticeRationale"] == "No time"


async def test_feeds_tell_of_a_plan_after_its_confirmation_and_not_before(
    complete, act, cast, published_as, sessions_app
):
    async def told():
        async with transaction(sessions_app, PUBLIC) as db:
            listed = [(each.at, each.name) for each in await events.events(db, Wanted(), limit=10)]
            assert [each.title for each in await events.newest(db, limit=10)] == [
                "Library systems together"
            ] * len(listed)
            assert len(await events.tenders_since(db, Wanted())) == bool(listed)
        made_of = [(each.at, each.name) for each in await published_as(complete)]
        assert made_of == listed[::-1]
        return [name for _, name in made_of]

    async def confirm(notice_id, reference):
        await act(
            "officer",
            early_notices.confirm,
            complete,
            notice_id,
            reference=reference,
            published_at=datetime.now(UTC),
        )

    planned = await act("officer", early_notices.prepare, complete, rules.Early.PLANNED)
    asked = await act("officer", early_notices.prepare, complete, rules.Early.ENGAGEMENT, engaging=ENGAGING)
    assert await told() == []
    await confirm(planned, "000301-2026")
    assert await told() == ["UK3-1"]
    await confirm(asked, "000201-2026")
    # Whoever may read the draft makes the same data of it.
    expected = [each.body for each in await published_as(complete)]
    for who in ("officer", "lead", "supplier"):
        assert [each.body for each in await published_as(complete, cast[who].actor)] == expected
    for body in expected:
        assert schemas.errors(body) == []
        for kept in (WHOLE.considered.small_firms, "Twice the contract", "Marks are agreed on"):
            assert kept not in str(body)
    await approve_all(sessions_app, cast, complete)
    assert await told() == ["UK3-1", "UK2-1"]
    await publish(sessions_app, cast, complete)
    assert await told() == ["UK3-1", "UK2-1", "UK4"]
    assert (await published_as(complete))[-1].body["planning"]["documents"][1]["description"] == "000201-2026"


async def test_a_plan_ends_with_its_draft(complete, act, published_as, sessions_app):
    notice_id = await act("officer", early_notices.prepare, complete, rules.Early.PLANNED)
    await act(
        "officer",
        early_notices.confirm,
        complete,
        notice_id,
        reference="000301-2026",
        published_at=datetime.now(UTC),
    )
    await act("officer", terminating.terminate, complete, reason="The secret-reason")
    found = await published_as(complete)
    assert [each.name for each in found] == ["UK3-1", "planning-ended"]
    assert "secret-reason" not in str(found)
    async with transaction(sessions_app, PUBLIC) as db:
        listed = await events.events(db, Wanted(), limit=10)
    assert [(each.at, each.name) for each in reversed(listed)] == [(each.at, each.name) for each in found]
