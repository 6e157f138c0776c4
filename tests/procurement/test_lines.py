"""Lines of a pool from their need to the specification; votes against the clock and against each other."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, text

from procurement.actions.pools import lines as actions
from procurement.actions.pools import sounding
from procurement.models import NeedLine
from procurement.queries.pools import lines as queries
from procurement.rules.pools.lines import Outcome, Part, Stance
from procurement.rules.pools.states import PoolState
from store.db import transaction
from tests import build
from values.actors import Role
from values.refusals import Missing, NotAllowed, Refused


async def test_lines_of_needs_are_brought_in_and_join_those_that_say_the_same(
    db, pool, officers, sessions_app
):
    wanted = {
        "LDS": [("must", "Works offline"), ("nice", "Reads barcodes")],
        "CMD": [("nice", "The system must work offline"), ("must", "Open interfaces")],
    }
    for code, found in wanted.items():
        need = await db.scalar(text(f"select need_id from pool_stake where body_code = '{code}'"))
        for position, (kind, words) in enumerate(found, start=1):
            await db.execute(insert(NeedLine).values(need_id=need, position=position, kind=kind, text=words))
    await db.commit()
    counts = {}
    for code in ("LDS", "CMD", "CMD"):
        async with transaction(sessions_app, officers[code]) as own:
            counts.setdefault(code, []).append(await actions.bring_in(own, officers[code], pool))
    assert counts == {"LDS": [(2, 0)], "CMD": [(1, 1), (0, 0)]}
    found = await queries.lines(db, pool)
    assert [(line.position, line.text, line.stances) for line in found] == [
        (1, "Works offline", {"LDS": "must", "CMD": "nice"}),
        (2, "Reads barcodes", {"LDS": "nice"}),
        (3, "Open interfaces", {"CMD": "must"}),
    ]
    async with transaction(sessions_app, officers["SLF"]) as own:
        with pytest.raises(Refused, match="no requirements"):
            await actions.bring_in(own, officers["SLF"], pool)


async def test_every_change_is_attributed(db, pool, officers, line, say):
    await say("CMD", "cannot", "Our branches have no storage")
    await say("CMD", "accept")
    history = await queries.changes(db, line)
    assert [(each.what, each.person_name, each.before, each.after) for each in history] == [
        ("stance", officers["CMD"].name, "cannot", "accept"),
        ("stance", officers["CMD"].name, "", "cannot"),
        ("stance", officers["LDS"].name, "", "must"),
        ("added", officers["LDS"].name, "", "Works offline"),
    ]
    assert history[1].reason == "Our branches have no storage"
    trail = (
        await db.execute(
            text("select action from audit_entry where subject_id = :id order by id"), {"id": str(pool)}
        )
    ).scalars()
    assert list(trail) == ["pool.line_added", "pool.stance_taken", "pool.stance_taken"]


async def test_a_council_that_cannot_says_why(say):
    with pytest.raises(Refused, match="Say why"):
        await say("CMD", "cannot")


async def test_a_decision_falls_when_a_council_says_that_it_must_have_the_line(
    db, pool, officers, line, say, sessions_app
):
    await say("LDS", "accept")
    actor = officers["LDS"]
    async with transaction(sessions_app, actor) as own:
        await actions.settle(own, actor, pool, line, Outcome.DROPPED, lot="", reason="Nobody asks")
    assert (await queries.line(db, pool, line)).part is Part.DROPPED
    await say("SLF", "must")
    found = await queries.line(db, pool, line)
    assert (found.part, found.overruled) == (Part.ALL, True)
    spec = await queries.specification(db, pool)
    assert "does not stand" in spec.as_text()


async def test_only_the_lead_settles_and_only_members_speak(db, pool, officers, line, sessions_app):
    stranger = await build.person(db, organisation_id=build.council("MAN"))
    approver = await build.person(db, Role.APPROVER, second_factor=True)
    await db.commit()
    for actor, refusal in (
        (officers["CMD"], NotAllowed),
        (stranger.actor, NotAllowed),
        (approver.actor, NotAllowed),
    ):
        async with transaction(sessions_app, actor) as own:
            with pytest.raises(refusal):
                await actions.settle(own, actor, pool, line, Outcome.OPTION, lot="", reason="x")
    async with transaction(sessions_app, stranger.actor) as own:
        with pytest.raises(Missing):
            await queries.line(own, pool, line)


async def test_a_line_is_reworded_with_the_old_words_kept(db, pool, officers, line, sessions_app):
    actor = officers["LDS"]
    async with transaction(sessions_app, actor) as own:
        await actions.propose(own, actor, pool, "Open interfaces", Stance.NICE)
    async with transaction(sessions_app, actor) as own:
        with pytest.raises(Refused, match="Line 2"):
            await actions.reword(own, actor, pool, line, "Interfaces are open", reason="x")
    async with transaction(sessions_app, actor) as own:
        await actions.reword(own, actor, pool, line, "Lends offline for a day", reason="Too wide")
    found = await queries.line(db, pool, line)
    assert found.text == "Lends offline for a day"
    assert found.reworded_at > found.said[0].changed_at
    assert (await queries.changes(db, line))[0].before == "Works offline"


async def test_a_committed_pool_keeps_its_requirements(db, pool, say):
    for state in (PoolState.AGREEING, PoolState.COMMITTED):
        await db.execute(text("update pool set state = :state"), {"state": state.value})
    await db.commit()
    with pytest.raises(Refused, match="committed cannot be changed"):
        await say("CMD", "accept")


async def test_what_a_supplier_said_last_counts(db, pool, officers, line, sessions_app):
    actor = officers["LDS"]
    async with transaction(sessions_app, actor) as own:
        await sounding.record_sounding(own, actor, pool, "Invented Ltd", failing=[line], note="Not yet")
    async with transaction(sessions_app, officers["CMD"]) as own:
        await sounding.record_sounding(
            own, officers["CMD"], pool, "INVENTED LTD", failing=[], note="Now it can"
        )
    said = await queries.soundings(db, pool)
    assert [(each.can_meet, each.note) for each in said] == [(True, "Now it can")]
