"""Does it fit us? Points from the content, a result in words, and nobody else who reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.migrations import plain
from tenders.rules import fitting as rules
from tenders.rules.content import Requirement
from tenders.rules.fitting import Answer, Fit, Group, Point
from tests import build
from tests.tenders.contents import WHOLE
from tests.tenders.test_routes import as_
from values.actors import Role

POINTS = [Point(f"{group.name.lower()}_{n}", group, f"{group} {n}?") for group in Group for n in range(2)]
ANSWERS = st.dictionaries(
    st.sampled_from([point.key for point in POINTS]),
    st.builds(Answer, st.none() | st.sampled_from(Fit)),
)


@given(ANSWERS)
def test_what_is_missing_and_barred_is_what_was_answered(answers):
    found = rules.result(POINTS, answers)
    for point in found.missing:
        assert answers[point.key].fit is Fit.NOT_YET
    for point in found.barred:
        assert answers[point.key].fit is Fit.CANNOT
    refused = {key for key, answer in answers.items() if answer.fit is Fit.CANNOT}
    lots = {point.key for point in POINTS if point.group is Group.LOTS}
    assert {point.key for point in found.barred} == refused - (lots if not lots <= refused else set())
    assert found.answered == sum(answer.fit is not None for answer in answers.values())
    fits = found.verdict == "As you answered, it fits."
    assert fits == (not found.barred and not found.missing and found.answered == len(POINTS))


def test_nothing_of_the_content_is_left_out():
    whole = WHOLE
    keys = [point.key for point in rules.points(whole, ["London"])]
    assert len(set(keys)) == len(keys)
    assert {f"lot_{lot.number}" for lot in whole.lots} <= set(keys)
    assert {f"requirement_{each.position}" for each in whole.requirements if each.must} <= set(keys)
    assert {f"condition_{each.number}" for each in whole.conditions} <= set(keys)
    assert {"regions"} <= set(keys)


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Offers an open API for all records", Group.STANDARDS),
        ("Meets WCAG 2.2 AA", Group.STANDARDS),
        ("Exports to CSV", Group.STANDARDS),
        ("Works offline", Group.MUSTS),
        ("Capital letters are allowed", Group.MUSTS),
    ],
)
def test_standards_and_interfaces_stand_together(text, group):
    assert rules._requirement(Requirement(1, text, must=True, option=False, lot=None)).group is group


def test_days_are_counted_in_london():
    now = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)  # half past eleven at night in London
    assert rules.days_left(now + timedelta(minutes=20), now) == "Today, until 23:50"
    assert rules.days_left(now + timedelta(hours=1), now) == "1 day left, until 1 July 2026 at 00:30"
    assert rules.days_left(now, now).startswith("Over since 30 June 2026 at 23:30")
    assert rules.days_left(None, now) == "Not set"


async def test_a_supplier_answers_and_only_its_people_read_it(published, cast, client, db, owner, database):
    rival = await build.person(db, Role.SUPPLIER, organisation_id=await build.organisation(db))
    await db.commit()
    place = f"/tenders/{published}/fit"
    await client.sign_in(cast["supplier"])
    await client.open(place)
    assert "Nothing stands in the way so far" in client.text
    await client.submit(
        place, requirement_1="not_yet", requirement_1_note="Offline from May", value="yes", lot_1=""
    )
    assert client.status == 303, client.errors()
    await client.follow()
    assert "Offline from May" in client.text
    await client.open(place)
    await client.submit(
        place, value="cannot", dates="yes", regions="yes", lot_1="yes", requirement_1_note="x" * 1001
    )
    assert client.errors() == ["A note must be 1,000 characters or less"]
    await client.submit(place, value="cannot", requirement_1="yes", requirement_1_note="", dates="nonsense")
    await client.open(f"{place}/print")
    assert "1 thing stands in the way" in client.text
    assert "Cannot" in client.text
    await as_(client, owner, rival)
    await client.open(place)
    assert "0 of " in client.text
    await as_(client, owner, cast["officer"])
    assert (await client.open(place)).status_code == 403
    assert f'href="{place}"' not in (await client.open(f"/tenders/{published}")).text
    entry = await owner.fetchrow("select * from audit_entry where action = 'fit.kept' limit 1")
    assert str(published) not in str(dict(entry))
    connection = await asyncpg.connect(plain(database.app))
    for who in ({**cast.people, "rival": rival}).items():
        name, person = who
        for setting, value in (
            ("person", person.id),
            ("organisation", person.organisation_id),
            ("roles", ",".join(sorted(person.roles))),
        ):
            await connection.execute("select set_config($1, $2, false)", f"app.{setting}", str(value))
        seen = await connection.fetchval("select count(*) from tender_fit")
        assert (seen > 0) == (name == "supplier"), name
        if name != "supplier":
            assert await connection.execute("update tender_fit set note = 'x'") == "UPDATE 0"
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(
                    "insert into tender_fit (tender_id, organisation_id, key, person_name)"
                    " values ($1, $2, 'value', 'x')",
                    published,
                    cast["supplier"].organisation_id,
                )
    await connection.close()
    jobs = await asyncpg.connect(plain(database.jobs))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await jobs.fetch("select * from tender_fit")
    await jobs.close()


async def test_a_tender_that_is_not_public_is_not_there_for_suppliers(approved, cast, client):
    await client.sign_in(cast["supplier"])
    assert (await client.open(f"/tenders/{approved}/fit")).status_code == 404
