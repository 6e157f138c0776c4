"""Councils that merge: what follows to whom, what they may read before, where a pool beats extending."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from accounts.actions import load_register
from analytics.pooling.needs import Model
from procurement.actions import importing, succession
from procurement.actions.needs import write_need
from procurement.models import PoolLeadOffer
from procurement.queries import succession as queries
from procurement.rules.pools.states import Stage
from procurement.rules.succession import Running, joined_stage, overlaps
from store.db import transaction
from tests import build
from tests.databases import TESTER
from tests.procurement.pools import WANTED, build_pool
from values.actors import Role
from values.ids import uuid7
from values.refusals import NotAllowed, Refused

DAY, EVE = date(2027, 4, 1), date(2027, 3, 31)
REGISTER = b"Contract Title,Supplier,End Date,Value\nLibrary management system,Shelf Ltd,2027-09-30,250000\n"


def running(code, **given):
    values = {
        "title": "Library system",
        "supplier_name": "Shelf Ltd",
        "category": "library-systems",
        "end_on": date(2028, 3, 31),
        "extension_months": 12,
        "value_pence": 50_000_000,
    }
    return Running(id=uuid7(), body_code=code, **{**values, **given})


async def owners(owner, table):
    rows = await owner.fetch(f"select body_code, from_code from {table} order by 1, 2")
    return [tuple(row) for row in rows]


async def test_who_is_a_council_follows_from_the_day(db, owner):
    await load_register(db, TESTER, today=EVE)
    await db.commit()
    kinds = "select code, kind from organisation where code in ('GRT', 'WSY') order by code"
    assert [tuple(row) for row in await owner.fetch(kinds)] == [
        ("GRT", "council"),
        ("WSY", "planned_council"),
    ]
    await load_register(db, TESTER, today=DAY)
    await db.commit()
    assert [tuple(row) for row in await owner.fetch(kinds)] == [("GRT", "former_council"), ("WSY", "council")]
    councils = await owner.fetchval("select count(*) from organisation where kind = 'council'")
    assert councils == 317 - 12 + 2


async def test_needs_contracts_and_people_follow_once(db, owner):
    officer = await build.person(db, organisation_id=build.council("GRT"))
    await write_need(db, TESTER, "GRT", WANTED)
    await importing.import_contracts(db, TESTER, "register.csv", REGISTER, body_code="GRT")
    assert await succession.follow(db, TESTER, today=EVE) == []
    done = await succession.follow(db, TESTER, today=DAY)
    await db.commit()
    assert [(each.predecessor, each.successor) for each in done] == [("GRT", "WSY")]
    assert await owners(owner, "need") == [("WSY", "GRT")]
    assert await owners(owner, "contract") == [("WSY", "GRT")]
    assert await owner.fetchval(
        "select role from membership where person_id = $1 and organisation_id = $2",
        officer.id,
        build.council("WSY"),
    )
    await succession.follow(db, TESTER, today=DAY)
    await db.commit()
    assert await owners(owner, "contract") == [("WSY", "GRT")]


async def test_a_place_in_a_pool_follows_and_two_become_one(db, owner):
    values = {"LDS": 90_000_000, "GRT": 60_000_000, "WOI": 40_000_000}
    pool = await build_pool(db, values=values)
    await db.commit()
    await owner.execute("update pool_member set stage = 'conditional' where body_code = 'WOI'")
    await owner.execute("update pool_terms set cap_pence = 100, least_partners = 2 where body_code = 'GRT'")
    await owner.execute("update pool_terms set cap_pence = 50, least_partners = 3 where body_code = 'WOI'")
    await succession.follow(db, TESTER, today=DAY)
    await db.commit()
    members = await owner.fetch("select body_code, stage from pool_member order by 1")
    assert [tuple(row) for row in members] == [
        ("GRT", "withdrawn"),
        ("LDS", "interested"),
        ("WOI", "withdrawn"),
        ("WSY", "interested"),
    ]
    terms = await owner.fetchrow("select cap_pence, least_partners from pool_terms where body_code = 'WSY'")
    assert tuple(terms) == (150, 3)
    brought = await owner.fetchval(
        "select sum(value_pence) from pool_stake where body_code = 'WSY' and active"
    )
    assert brought == 100_000_000
    assert await owner.fetchval("select changed > 1 from pool_pulse where pool_id = $1", pool)


async def test_where_several_take_over_what_was_chosen_follows_and_the_rest_waits(db, owner, sessions_app):
    officer = await build.person(db, organisation_id=build.council("SRY"))
    first = await write_need(db, TESTER, "SRY", WANTED)
    await write_need(db, TESTER, "SRY", WANTED)
    await db.commit()
    async with transaction(sessions_app, officer.actor) as own:
        await succession.choose(own, officer.actor, "need", first, "ESY")
        with pytest.raises(Refused):
            await succession.choose(own, officer.actor, "need", first, "LDS")
    await succession.follow(db, TESTER, today=DAY)
    await db.commit()
    assert await owners(owner, "need") == [("ESY", "SRY"), ("SRY", None)]


async def test_only_its_own_officer_chooses(db, sessions_app):
    stranger = await build.person(db, organisation_id=build.council("GRT"))
    approver = await build.person(db, Role.APPROVER, organisation_id=build.council("SRY"), second_factor=True)
    need = await write_need(db, TESTER, "SRY", WANTED)
    await db.commit()
    for person in (stranger, approver):
        async with transaction(sessions_app, person.actor) as own:
            with pytest.raises(Exception) as refused:  # noqa: PT011 -- either way of not being allowed
                await succession.choose(own, person.actor, "need", need, "ESY")
        assert type(refused.value).__name__ in ("NotAllowed", "Missing"), refused.value
    assert NotAllowed


async def test_councils_that_merge_read_each_others_contracts_and_nobody_else_does(db, sessions_app):
    for code in ("GRT", "WOI", "ELM"):
        await importing.import_contracts(db, TESTER, "register.csv", REGISTER, body_code=code)
    people = {
        code: await build.person(db, organisation_id=build.council(code)) for code in ("GRT", "WSY", "LDS")
    }
    await db.commit()
    seen = {}
    for code, person in people.items():
        async with transaction(sessions_app, person.actor) as own:
            seen[code] = {each.body_code for each in await queries.running(own, ["GRT", "WOI", "ELM"])}
    assert seen == {"GRT": {"GRT", "WOI"}, "WSY": {"GRT", "WOI"}, "LDS": set()}


async def test_the_pages_say_what_overlaps(db, client):
    for code in ("GRT", "WOI"):
        await importing.import_contracts(db, TESTER, "register.csv", REGISTER, body_code=code)
    officer = await build.person(db, organisation_id=build.council("GRT"))
    await db.commit()
    await client.sign_in(officer)
    await client.open("/reorganisation")
    assert "With your council" in client.text
    await client.open("/reorganisation/WSY")
    assert "Library and archive systems" in client.text
    assert "Contracts for Library" in client.text
    await client.open("/reorganisation/choices")
    assert client.status == 404


async def test_a_county_gives_its_contracts_on_a_page(db, owner, client):
    officer = await build.person(db, organisation_id=build.council("SRY"))
    need = await write_need(db, TESTER, "SRY", WANTED)
    await db.commit()
    await client.sign_in(officer)
    await client.open("/reorganisation/choices")
    await client.post(f"/reorganisation/choices/need/{need}", successor="")
    assert client.status == 422
    assert client.errors() == ["Choose which council takes it over"]
    await client.post(f"/reorganisation/choices/need/{need}", successor="WSY")
    assert client.status == 303
    assert await owner.fetchval("select successor_code from succession_choice") == "WSY"


def test_one_contract_for_all_is_compared_with_extending_each():
    found = overlaps([running("A"), running("B"), running("C")], Model(), date(2027, 1, 1))
    assert len(found) == 1
    assert found[0].saving_pence == pytest.approx(Model().saving([50, 50, 50]) * 1_000_000, abs=1)
    assert (found[0].together_from, found[0].together_to) == (date(2028, 3, 31), date(2029, 3, 31))
    assert found[0].low_pence <= found[0].saving_pence <= found[0].high_pence


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"end_on": None}, "no end"),
        ({"value_pence": None}, "no value"),
        ({"end_on": date(2031, 3, 31)}, "runs out before"),
    ],
)
def test_what_cannot_be_compared_says_why(wrong, why):
    found = overlaps([running("A"), running("B", **wrong)], Model(), date(2027, 1, 1))
    assert found[0].saving_pence is None
    assert why in found[0].why_not


def test_contracts_of_one_council_do_not_overlap():
    assert overlaps([running("A"), running("A")], Model(), date(2027, 1, 1)) == []


@given(st.lists(st.sampled_from(list(Stage)), min_size=1))
def test_a_joined_council_has_gone_no_further_than_any_of_those_that_stay(stages):
    joined = joined_stage(stages)
    staying = [stage for stage in stages if stage is not Stage.WITHDRAWN]
    order = [Stage.INTERESTED, Stage.CONDITIONAL, Stage.BOUND]
    if staying:
        assert all(order.index(joined) <= order.index(stage) for stage in staying)
    else:
        assert joined is Stage.WITHDRAWN


async def test_what_a_council_said_to_lines_and_its_ballots_follow(db, owner):
    pool = await build_pool(db, values={"LDS": 90_000_000, "GRT": 60_000_000, "WOI": 40_000_000})
    await db.commit()
    line, vote = uuid7(), uuid7()
    await owner.execute(
        "insert into pool_line (id, pool_id, position, text, body_code) values ($1, $2, 1, 'Open', 'LDS')",
        line,
        pool,
    )
    for code, stance in (("GRT", "nice"), ("WOI", "must")):
        await owner.execute(
            """insert into pool_stance (line_id, body_code, pool_id, stance, person_name)
               values ($1, $2, $3, $4, 'P')""",
            line,
            code,
            pool,
            stance,
        )
    await owner.execute(
        """insert into pool_vote
             (id, pool_id, line_id, question, choices, weighed_by, weights, opened_by, closes_at)
           values ($1, $2, $3, 'What becomes of it', array['common','option'], 'value',
             '{"LDS": 9, "GRT": 6, "WOI": 4}', 'P', statement_timestamp() + interval '1 day')""",
        vote,
        pool,
        line,
    )
    await owner.execute(
        """insert into pool_ballot (vote_id, body_code, pool_id, choice, person_id, person_name)
           values ($1, 'GRT', $2, 'option', gen_random_uuid(), 'P')""",
        vote,
        pool,
    )
    await succession.follow(db, TESTER, today=DAY)
    await db.commit()
    said = await owner.fetchrow("select stance, person_name from pool_stance where body_code = 'WSY'")
    assert tuple(said) == ("must", "P, for Woking")
    assert await owner.fetchval("select weights->>'WSY' from pool_vote") == "10"
    assert await owner.fetchval("select choice from pool_ballot where body_code = 'WSY'") == "option"
    history = await owner.fetch(
        """select person_name, what, before, after, reason from pool_line_change
           where body_code = 'WSY' order by at, id"""
    )
    assert {tuple(row) for row in history} == {
        ("P, for Guildford", "stance", "", "nice", "West Surrey takes over from Guildford"),
        ("P, for Woking", "stance", "nice", "must", "West Surrey takes over from Woking"),
    }


async def test_what_a_council_said_of_matches_follows_once(db, owner):
    needs = sorted([await write_need(db, TESTER, code, WANTED) for code in ("GRT", "WOI", "LDS", "CMD")])
    await db.commit()
    # Both merging councils said it of one pair; of another one did, and the other need's council.
    for first, second, code in (
        (needs[0], needs[1], "GRT"),
        (needs[0], needs[1], "WOI"),
        (needs[1], needs[3], "WOI"),
        (needs[1], needs[3], "CMD"),
    ):
        await owner.execute(
            "insert into match_label values ($1, $2, $3, array[0.5]::real[], 'P')", first, second, code
        )
    await succession.follow(db, TESTER, today=DAY)
    await db.commit()
    rows = await owner.fetch("select first_id, body_code from match_label order by first_id, body_code")
    assert [tuple(row) for row in rows] == [
        (needs[0], "WSY"),
        (needs[1], "CMD"),
        (needs[1], "WSY"),
    ]


async def test_an_offer_of_the_lead_follows_and_ends_between_councils_that_merge(db, owner):
    offered = {}
    for lead, to in (("LDS", "GRT"), ("WOI", "GRT")):
        values = {lead: 90_000_000, to: 60_000_000, "CMD": 40_000_000}
        offered[lead] = await build_pool(db, values=values)
        await db.execute(insert(PoolLeadOffer).values(pool_id=offered[lead], body_code=to, person_name="P"))
    await succession.follow(db, TESTER, today=DAY)
    await db.commit()
    rows = await owner.fetch("select pool_id, body_code from pool_lead_offer")
    assert [tuple(row) for row in rows] == [(offered["LDS"], "WSY")]
