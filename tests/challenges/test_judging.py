"""A challenge is judged in phases: who may do what when, what each reads, and what follows from the marks."""

from __future__ import annotations

from decimal import Decimal

import asyncpg
import pytest

from challenges.actions import deciding, judging
from challenges.queries import challenges, phases, responses, selection
from challenges.rules.phases import PhaseKind
from tests.challenges import made
from tests.challenges.judging import JUDGES, PLACES, Judging, points
from values.refusals import NotAllowed, Refused


@pytest.fixture
async def judged(due, cast, sessions_app, owner):
    """A challenge whose deadline has just passed, with two responses whose first read is without names."""
    await made.close(owner, due)
    return Judging(sessions_app, cast, due)


async def test_from_the_short_list_to_a_pilot(judged, ask):
    codes = await judged.codes()
    best = codes["author"]
    first = await judged.begin(PhaseKind.SHORTLIST)
    with pytest.raises(Refused, match="agreed on every response"):
        await judged.act("leeds", judging.lift_names, judged.challenge_id, first, reason="Why not")
    await judged.score(first)
    await judged.agree(first, points(codes, 4, 2))
    await judged.settle(first)
    with pytest.raises(NotAllowed):
        await judged.act("camden officer", deciding.decide, judged.challenge_id, first, {})
    with pytest.raises(Refused, match="a reason"):
        await judged.act("officer", deciding.decide, judged.challenge_id, first, {})
    await judged.decide(first, list(codes.values()))
    # Names stay hidden until the chair lifts them, and no phase by name begins before.
    assert {each.firm for each in await judged.ask(responses.entries, judged.challenge_id)} == {""}
    with pytest.raises(Refused, match="lifts the names"):
        await judged.begin(PhaseKind.PILOT)
    await judged.act("leeds", judging.lift_names, judged.challenge_id, first, reason="The short-list stands")
    last = await judged.begin(PhaseKind.PILOT)
    firms = {each.code: each.firm for each in await judged.ask(phases.entrants, last)}
    assert firms == {best: "Small Firm Ltd", codes["rival"]: "Rival Ltd"}
    await judged.score(last)
    await judged.agree(last, points(codes, 4, 3))
    await judged.settle(last)
    with pytest.raises(Refused, match="against its rank"):
        await judged.decide(last, [codes["rival"]])
    await judged.decide(last, [best])
    assert (await judged.ask(challenges.challenge_row, judged.challenge_id)).state == "judged"
    [chosen] = await judged.ask(selection.selected, judged.challenge_id)
    assert (chosen.firm, chosen.total, chosen.rank) == ("Small Firm Ltd", Decimal(80), 1)
    # A firm reads its own outcome and marks, the public numbers alone.
    for who in ("author", "rival"):
        rows = await ask(who, "select response_id, reason, total from challenge_outcome")
        assert (len(rows), len({each["response_id"] for each in rows})) == (2, 1)
        assert len(await ask(who, "select * from challenge_mark")) == 6
    course = await ask("public", "select kind, entered, went_on from app.challenge_course()")
    assert {tuple(each) for each in course} == {("shortlist", 2, 2), ("pilot", 2, 1)}
    for who in ("public", "outside", "operator"):
        for table in ("challenge_entrant", "challenge_outcome", "challenge_mark"):
            assert await ask(who, f"select * from {table}") == [], (who, table)


async def test_nobody_reads_another_s_score_before_the_lock_or_moves_past_a_step(judged, ask, owner):
    first = await judged.begin(PhaseKind.SHORTLIST)
    await judged.score(first, judges=JUDGES[:1])
    assert len(await ask("leeds", "select * from score")) == 6
    for who in ("camden", "officer", "camden officer", "author", "rival", "outside", "operator", "public"):
        assert await ask(who, "select * from score") == [], who
        assert await ask(who, "select * from consensus") == [], who
    for who in ("author", "rival", "outside", "operator", "public"):
        for table in ("panel", "panel_member", "candidate", "candidate_name", "declaration"):
            assert await ask(who, f"select * from {table}") == [], (who, table)
    lifting = (
        "update panel set names_lifted_at = now(), names_lifted_reason = 'x', names_lifted_by_name = 'x'"
    )
    with pytest.raises(asyncpg.CheckViolationError):
        await ask("leeds", lifting)
    with pytest.raises(asyncpg.CheckViolationError):
        await ask("officer", "update challenge set state = 'judged'")
    outcome = (
        "insert into challenge_outcome (phase_id, response_id, challenge_id, goes_on, reason, decided_by)"
        " select phase_id, response_id, challenge_id, false, 'x', 'x' from challenge_entrant"
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask("officer", outcome)


async def test_a_total_that_does_not_follow_is_refused_by_the_database(judged, ask):
    codes = await judged.codes()
    first = await judged.begin(PhaseKind.SHORTLIST)
    await judged.score(first)
    await judged.agree(first, points(codes, 4, 2))
    await judged.settle(first)
    typed = (
        "insert into challenge_outcome (phase_id, response_id, challenge_id, rank, total, goes_on, reason,"
        " decided_by) select phase_id, response_id, challenge_id, 1, 99, true, 'x', 'x'"
        " from challenge_entrant"
    )
    for who in ("officer", "camden officer", "leeds", "author"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(who, typed)


async def test_phases_are_fixed_once(act, opened, ask, owner):
    with pytest.raises(Refused, match="are fixed"):
        await act("officer", judging.fix_phases, opened, PLACES)
    # As if it had been published before phases were approved with the statement.
    await owner.execute("delete from challenge_phase")
    await act("officer", judging.fix_phases, opened, PLACES)
    with pytest.raises(Refused, match="are fixed"):
        await act("officer", judging.fix_phases, opened, {PhaseKind.PILOT: 3})
    rows = await ask("public", "select places from challenge_phase order by position")
    assert [each["places"] for each in rows] == [2, 1]
    added = (
        "insert into challenge_phase (id, challenge_id, kind, position, places)"
        " select gen_random_uuid(), id, 'showcase', 2, 2 from challenge"
    )
    for who in ("officer", "leeds", "outside", "author"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(who, added)
    assert await ask("officer", "delete from challenge_phase returning 1") == []


async def test_a_challenge_without_responses_is_judged_as_such(act, opened, owner, read):
    await made.close(owner, opened)
    await act("officer", deciding.close_empty, opened)
    assert (await read(challenges.challenge_row, opened)).state == "judged"
    assert await read(selection.selected, opened) == []


async def test_a_single_phase_without_names_is_decided_by_name(hidden, cast, sessions_app, owner):
    walk = Judging(sessions_app, cast, hidden)
    await walk.join()
    await walk.respond("author", "Dampometer")
    await walk.respond("rival", "Wallwatch")
    await made.close(owner, hidden)
    codes, phase_id = await walk.codes(), await walk.begin(PhaseKind.PILOT)
    await walk.score(phase_id)
    await walk.agree(phase_id, points(codes, 4, 2))
    await walk.settle(phase_id)
    with pytest.raises(Refused, match="shows the names first"):
        await walk.decide(phase_id, [codes["author"]])
    await walk.act("leeds", judging.lift_names, hidden, phase_id, reason="The order stands")
    # A conflict that only a name shows must come to light before somebody is paid.
    with pytest.raises(Refused, match="declare by name"):
        await walk.decide(phase_id, [codes["author"]])
    await walk.act("leeds", judging.reopen, hidden, phase_id, reason="To declare by name")
    await walk.declare(phase_id)
    await walk.settle(phase_id)
    await walk.decide(phase_id, [codes["author"]])
    [chosen] = await walk.ask(selection.selected, hidden)
    assert chosen.firm == "Small Firm Ltd"
