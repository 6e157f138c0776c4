"""Overrides are kept with name and reason, fit the timetable, and are withdrawn once."""

from __future__ import annotations

from datetime import date

import asyncpg
import pytest

from sourcing.actions import overrides as actions
from sourcing.queries import overrides as queries
from sourcing.rules.timetables.asked import Asked, Procedure
from tests.sourcing.made import MONDAY, make
from tests.sourcing.test_subjects import BUYERS, EVERYBODY, refuses
from values.refusals import Missing, NotAllowed, Refused
from web.assets import Assets
from web.pages import Site, environment
from web.paging import Column

ASKED = Asked(procedure=Procedure.OPEN, publish=MONDAY)
LATER, LAST = date(2026, 10, 5), date(2026, 10, 9)
WHY = "The portal was down for a day"


@pytest.fixture
def sets(does, cast):
    async def done(who="leeds", code="tenders-due", value=LATER, reason=WHY):
        await does(who, actions.set_override, cast.subject, ASKED, code=code, value=value, reason=reason)

    return done


async def test_what_is_set_goes_into_the_timetable_with_both_values(sets, reads, cast, owner):
    await sets()
    await sets("camden", "assessment-summaries", date(2026, 11, 2), "Half-term")
    overrides = await reads("camden", queries.overrides_of, cast.subject)
    steps = {step.code: step for step in make(publish=MONDAY, overrides=dict(overrides)).steps}
    assert steps["tenders-due"].on == LATER
    shown = steps["tenders-due"].overridden
    assert shown
    assert (shown.officer, shown.reason) == (cast.people["leeds"].name, WHY)
    assert shown.instead_of == "2 October 2026"
    entry = await owner.fetchrow("select * from audit_entry where action = 'override.set' order by id")
    assert (entry["subject_kind"], entry["subject_id"]) == ("tender", str(cast.subject))
    assert '"value": "2026-10-05"' in entry["details"]


async def test_another_value_replaces_and_both_are_kept(sets, does, reads, cast):
    await sets(code="tendering-7", value=30)
    await sets("camden", code="tendering-7", value=28, reason="Two fewer will do")
    assert (await reads("leeds", queries.overrides_of, cast.subject))["tendering-7"].value == 28
    await does("leeds", actions.withdraw_override, cast.subject, code="tendering-7", reason="As the law says")
    assert await reads("leeds", queries.overrides_of, cast.subject) == {}
    kept = await reads("approver", queries.history, cast.subject)
    assert [(row.value, row.withdrawn_reason) for row in kept] == [
        (28, "As the law says"),
        (30, actions.REPLACED),
    ]
    with pytest.raises(Missing):
        await does("leeds", actions.withdraw_override, cast.subject, code="tendering-7", reason="Again")


@pytest.mark.parametrize(
    ("code", "value", "reason", "words"),
    [
        ("tenders-due", LATER, " ", "name of the officer and a reason"),
        ("opening", LATER, WHY, "no step called"),
        ("tendering-11", 5, WHY, "no number of days called"),
        ("tendering-7", -1, WHY, "not below zero"),
    ],
)
async def test_what_fits_nothing_is_refused_and_nothing_kept(sets, reads, cast, code, value, reason, words):
    with pytest.raises(Refused, match=words):
        await sets(code=code, value=value, reason=reason)
    assert await reads("leeds", queries.history, cast.subject) == []


async def test_a_reason_is_needed_to_withdraw(sets, does, cast):
    await sets()
    with pytest.raises(Refused, match="Say why"):
        await does("leeds", actions.withdraw_override, cast.subject, code="tenders-due", reason=" ")


@pytest.mark.parametrize("who", sorted(EVERYBODY - BUYERS | {"approver"}))
async def test_only_officers_of_buyers_override(sets, does, cast, who):
    await sets()
    with pytest.raises((NotAllowed, Missing)):
        await sets(who)
    with pytest.raises((NotAllowed, Missing)):
        await does(who, actions.withdraw_override, cast.subject, code="tenders-due", reason="Mine")


ADD = """insert into law_override (id, subject_id, code, days, reason, officer_id, officer_name,
           organisation_id) values (gen_random_uuid(), $1, 'tendering-7', 5, $5, $2, $4, $3)"""
END = """update law_override set withdrawn_at = statement_timestamp(), withdrawn_by_id = $1,
           withdrawn_by_name = 'x', withdrawn_reason = 'x'"""


@pytest.mark.parametrize("who", sorted(EVERYBODY))
async def test_raw_each_reads_and_writes_what_is_theirs(acting, sets, cast, who):
    await sets()
    connection = await acting(who)
    actor = cast.actor(who)
    assert await connection.fetchval("select count(*) from law_override") == int(who in BUYERS)
    values = (cast.subject, actor.person_id, actor.organisation_id, "x", "x")
    if who in BUYERS - {"approver"}:
        await connection.execute(ADD, *values)
        assert await connection.execute(END, actor.person_id) == "UPDATE 2"
        assert await connection.execute(END, actor.person_id) == "UPDATE 0"
    else:
        await refuses(connection, ADD, *values)
        assert await connection.execute(END, actor.person_id) == "UPDATE 0"


async def test_raw_nobody_writes_in_anothers_name_or_rewrites(acting, sets, cast):
    await sets()
    connection = await acting("leeds")
    leeds, camden = cast.people["leeds"], cast.people["camden"]
    await refuses(connection, ADD, cast.subject, camden.id, leeds.organisation_id, "x", "x")
    await refuses(connection, ADD, cast.subject, leeds.id, camden.organisation_id, "x", "x")
    await refuses(connection, END, camden.id)
    await refuses(connection, END.replace("statement_timestamp()", "'2026-01-01'"), leeds.id)
    for sql in ("update law_override set reason = 'y'", "delete from law_override"):
        await refuses(connection, sql)
    with pytest.raises(asyncpg.CheckViolationError):
        await connection.execute(ADD, cast.subject, leeds.id, leeds.organisation_id, "x", " ")


async def test_a_page_shows_both_values_and_who_says_so(sets, reads, cast, assets: Assets):
    await sets(value=LAST)
    made = make(publish=MONDAY, overrides=dict(await reads("leeds", queries.overrides_of, cast.subject)))
    macro = (
        environment(Site("Buy Together", b"secret"), assets).get_template("sourcing/steps.html").make_module()
    )
    html = macro.step_table("Dates", (Column("Step"), Column("Rule")), made.steps)
    name = cast.people["leeds"].name
    assert f"<strong>Set by {name}</strong> in place of 2 October 2026: {WHY}" in html
    assert "Friday 9 October 2026" in html
    assert html.count("Set by") == 1
