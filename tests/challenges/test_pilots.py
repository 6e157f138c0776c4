"""Pilots: what is agreed and fixed, who does what, and who reads what by raw SQL."""

from __future__ import annotations

from datetime import date, timedelta

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenges.actions import evidencing, piloting, results, times
from challenges.queries import challenges, evidence, pilots
from challenges.queries import results as result_queries
from challenges.rules import pilots as rules
from challenges.rules.evidence import Reach
from challenges.rules.pilots import PILOT_MOVES, PilotState
from store.db import transaction
from tests.challenges import piloting as made
from tests.databases import TESTER
from values.refusals import Missing, NotAllowed, Refused
from values.years import london_today

TABLES = ("pilot", "pilot_site", "pilot_milestone", "pilot_measure", "pilot_reading", "pilot_effect")


async def test_the_database_knows_the_same_moves(owner):
    pairs = {f"{state.value} {to.value}" for state, tos in PILOT_MOVES.items() for to in tos}
    assert set(await owner.fetchval("select app.pilot_moves()")) == pairs


@given(st.lists(st.sampled_from(PilotState), max_size=40))
def test_no_walk_publishes_what_nobody_decided_or_starts_what_nobody_agreed(wanted):
    walked = [PilotState.DRAFT]
    for to in wanted:
        try:
            rules.check_move(walked[-1], to)
        except Refused:
            assert to not in PILOT_MOVES[walked[-1]]
            continue
        walked.append(to)
    for late, first in (
        (PilotState.RUNNING, PilotState.AGREED),
        (PilotState.DECIDED, PilotState.ENDED),
        (PilotState.PUBLISHED, PilotState.DECIDED),
    ):
        if late in walked:
            assert walked[walked.index(late) - 1] is first
    if PilotState.RUNNING in walked:
        # Once it runs, there is one way on, and none out of it.
        after = walked[walked.index(PilotState.RUNNING) :]
        assert PilotState.DROPPED not in after
        assert PilotState.DRAFT not in after


async def test_from_an_agreement_to_a_council_that_takes_it_on(chosen, act, read, ask, tmp_path):
    pilot_id = await made.begun(act, read, chosen)
    hashed = await made.seen(read, pilot_id)
    with pytest.raises(NotAllowed):
        await act("officer", piloting.agree, pilot_id, seen=hashed)
    with pytest.raises(Refused, match="state"):
        await act("officer", piloting.start, pilot_id)
    more = {"title": "Half-way", "due_on": made.STARTED, "gross_pence": 9_000_00}
    position = await act("officer", piloting.add_part, pilot_id, "milestone", **more)
    with pytest.raises(Refused, match="was changed"):
        await act("leeds", piloting.agree, pilot_id, seen=hashed)
    await act("officer", piloting.remove_part, pilot_id, "milestone", position)
    # A firm reads nothing of an agreement that its council is still writing.
    assert await ask("author", "select * from pilot") == []
    await act("leeds", piloting.agree, pilot_id, seen=hashed)
    await _who_reads(ask, (*INSIDE, "author"), OUTSIDE)
    with pytest.raises(Refused, match="state"):
        await act("officer", piloting.add_part, pilot_id, "measure", **made.MEASURE)
    await act("officer", piloting.start, pilot_id)
    assert (await read(challenges.challenge_row, chosen)).state == "pilot"
    await act("officer", results.record_readings, pilot_id, 1, lines=made.LINES)
    await _not_past_the_service(ask)
    public, inner = await _shown_by_files(act, read, ask, pilot_id, tmp_path)
    await _corrected_and_changed(act, read, pilot_id)
    await _kept_by_what_corrects(read, pilot_id, public)
    with pytest.raises(Refused, match="state"):
        await act("leeds", results.decide, pilot_id, decision="scale", reason="Now")
    await act("officer", results.pay, pilot_id, 1, paid_on=made.STARTED, evidence="Delivery note 7")
    with pytest.raises(Refused, match="paid already"):
        await act("officer", results.pay, pilot_id, 1, paid_on=made.STARTED, evidence="Again")
    await act("officer", piloting.end, pilot_id, reason="As agreed")
    assert (await read(challenges.challenge_row, chosen)).state == "measured"
    with pytest.raises(Refused, match="harms"):
        await act("leeds", results.decide, pilot_id, decision="scale", reason="It did")
    await act("officer", results.give_account, pilot_id, **made.ACCOUNT)
    for who in ("officer", "camden", "outside"):
        with pytest.raises((NotAllowed, Missing)):
            await act(who, results.decide, pilot_id, decision="scale", reason="It did")
    await act("leeds", results.decide, pilot_id, decision="scale", reason="It did what was promised")
    with pytest.raises(Missing):
        await act("outside", results.adopt, pilot_id, **ADOPTED)
    await _who_reads(ask, (*INSIDE, "author"), OUTSIDE)
    await act("officer", results.publish, pilot_id)
    await _who_reads(ask, (*INSIDE, *OUTSIDE, "author"), ())
    await _who_opens(ask, public, (*INSIDE, *OUTSIDE, "author"), ())
    await _who_opens(ask, inner, (*INSIDE, "author"), OUTSIDE)
    # What turns out to hold personal data is closed at once, also after publication; more is not added.
    with pytest.raises(Refused, match="state"):
        await act("officer", evidencing.add, pilot_id, 1, **made.evidence(tmp_path))
    await act("officer", evidencing.mark, pilot_id, public, for_public=False, checked=False)
    await _who_opens(ask, public, (*INSIDE, "author"), OUTSIDE)
    with pytest.raises(Refused, match="personal data"):
        await act("officer", evidencing.mark, pilot_id, public, for_public=True, checked=False)
    await act("outside", results.adopt, pilot_id, **ADOPTED)
    assert (await read(challenges.challenge_row, chosen)).state == "route"
    with pytest.raises(Refused, match="a year"):
        await act("outside", results.say_still, pilot_id, still="yes", words="Daily")
    with pytest.raises(Missing):
        await act("camden officer", results.say_still, pilot_id, still="yes", words="Daily")


INSIDE = ("officer", "leeds", "camden officer", "lead")
OUTSIDE = ("rival", "outside", "operator", "public")
ADOPTED = {
    "way": "own",
    "pool_id": None,
    "words": "Below the threshold",
    "yearly_gross_pence": 8_000_00,
    "from_on": date(2026, 11, 1),
}


async def _who_reads(ask, reads, blind):
    for who in reads:
        assert await ask(who, "select * from pilot"), who
    for who in blind:
        for table in TABLES:
            assert await ask(who, f"select * from {table}") == [], (who, table)


async def _not_past_the_service(ask):
    """Raw SQL: nobody changes what is fixed, or writes for another council."""
    for who, sql in (
        ("officer", "update pilot_measure set target = 1"),
        ("officer", "update pilot set title = 'x'"),
        ("officer", "update pilot set frozen_sha256 = null"),
        ("officer", "update pilot set state = 'published', published_at = now()"),
        ("officer", "update pilot_reading set value = 1"),
        ("officer", "delete from pilot_reading"),
        ("officer", "delete from pilot_measure"),
        (
            "officer",
            "insert into pilot_site (pilot_id, position, body_code, place) select id, 9, '', '' from pilot",
        ),
        ("leeds", "update pilot set state = 'decided', decision = 'scale', decision_reason = 'x'"),
        ("officer", EFFECT),
        ("author", READ),
        ("camden officer", READ),
    ):
        try:
            assert await ask(who, f"{sql} returning 1") == [], (who, sql)
        except (asyncpg.InsufficientPrivilegeError, asyncpg.CheckViolationError):
            continue


# Before the result is published nothing is kept of it.
EFFECT = "insert into pilot_effect (pilot_id, position, readings) select id, 1, 1 from pilot"
READ = (
    "insert into pilot_reading (id, pilot_id, position, site, read_on, value, evidence, read_by)"
    " select gen_random_uuid(), id, 1, 1, now(), 1, 'x', 'x' from pilot"
)


async def _shown_by_files(act, read, ask, pilot_id, folder):
    """Add a file for everybody and one for the parties; return the ids."""
    for said, told in (
        ({"checked": False}, "personal data"),
        ({"reach": Reach(made.STARTED, made.STARTED - timedelta(1), None)}, "before the first"),
        ({"reach": Reach(date(2001, 1, 1), date(2001, 2, 1), None)}, "No reading"),
        ({"reach": Reach(made.STARTED, made.STARTED, 3)}, "No reading"),
    ):
        with pytest.raises(Refused, match=told):
            await act("officer", evidencing.add, pilot_id, 1, **made.evidence(folder, **said))
    for who in ("leeds", "author", "camden officer", "outside"):
        with pytest.raises((NotAllowed, Missing)):
            await act(who, evidencing.add, pilot_id, 1, **made.evidence(folder))
    public = await act("officer", evidencing.add, pilot_id, 1, **made.evidence(folder))
    inside = made.evidence(folder, content="Tenant 7, Block A", for_public=False, checked=False)
    inner = await act("officer", evidencing.add, pilot_id, 1, **inside)
    first, second = await read(evidence.evidence, pilot_id)
    assert (first.id, len(first.readings), first.checked_by != "") == (public, 12, True)
    assert (second.id, second.checked_by, second.size) == (inner, "", len("Tenant 7, Block A"))
    for each in (public, inner):
        await _who_opens(ask, each, (*INSIDE, "author"), OUTSIDE)
    for who in ("author", "camden officer", "leeds"):
        assert (
            await ask(who, "update pilot_evidence set for_public = false, checked_by = '' returning 1") == []
        )
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(
                who,
                "insert into pilot_reading_evidence select reading_id, $1 from pilot_reading_evidence"
                " where evidence_id = $2",
                public,
                inner,
            )
    return public, inner


async def _who_opens(ask, evidence_id, reads, blind):
    """Raw SQL: the row, which readings it shows, and the bytes."""
    content = (
        "select c.content from stored_chunk c join pilot_evidence e using (sha256)"
        " join pilot_reading_evidence l on l.evidence_id = e.id where e.id = $1"
    )
    for who in reads:
        assert await ask(who, content, evidence_id), who
    for who in blind:
        assert await ask(who, content, evidence_id) == [], who
        assert await ask(who, "select 1 from pilot_evidence where id = $1", evidence_id) == [], who


async def _kept_by_what_corrects(read, pilot_id, evidence_id):
    rows = await read(pilots.readings, pilot_id)
    [new] = [each for each in rows if each.corrects]
    file = await read(evidence.one, pilot_id, evidence_id)
    assert {new.id, new.corrects} <= set(file.readings)


async def _corrected_and_changed(act, read, pilot_id):
    old = (await read(pilots.readings, pilot_id))[0]
    await act("officer", results.correct, pilot_id, old.id, value=38.5, cases=None, reason="Typed wrongly")
    with pytest.raises(Missing):
        await act("officer", results.correct, pilot_id, old.id, value=1, cases=None, reason="Twice")
    rows = await read(pilots.readings, pilot_id)
    assert len(rows) == 13
    assert [each.counts for each in rows if each.id == old.id] == [False]
    assert [each.value for each in rows if each.corrects == old.id] == [38.5]
    said = {"target": 35.0, "method": "ranks", "reason": "The winter was mild"}
    await act("officer", results.change_measure, pilot_id, 1, **said)
    [fixed] = await read(pilots.measures, pilot_id)
    assert (fixed.target, fixed.method) == (30.0, "means")
    [change] = await read(pilots.changes, pilot_id)
    assert (change.target, change.reason) == (35.0, "The winter was mild")
    row = await read(pilots.pilot_row, pilot_id)
    assert row.pilot.frozen_sha256 == rules.frozen([fixed])


async def test_what_failed_is_published_alike_and_nobody_takes_it_on(chosen, act, read):
    pilot_id = await made.published(act, read, chosen, "stop")
    assert (await read(pilots.pilot_row, pilot_id, who="public")).pilot.decision == "stop"
    assert (await read(challenges.challenge_row, chosen)).state == "ended"
    with pytest.raises(Refused, match="nothing to take on"):
        await act("outside", results.adopt, pilot_id, **ADOPTED)


async def test_a_challenge_goes_on_when_the_last_pilot_that_waits_is_dropped(chosen, act, read, owner):
    pilot_id = await made.running(act, read, chosen)
    other = await owner.fetchval(
        "insert into pilot (id, challenge_id, response_id, organisation_id, firm, product, runs_code, title,"
        " starts_on, ends_on) select gen_random_uuid(), p.challenge_id, r.id, r.organisation_id, 'R', 'x',"
        " p.runs_code, 'Another', p.starts_on, p.ends_on from pilot p join challenge_response r"
        " on r.challenge_id = p.challenge_id and r.id <> p.response_id where p.id = $1 returning id",
        pilot_id,
    )
    await act("officer", results.give_account, pilot_id, **made.ACCOUNT)
    await act("officer", piloting.end, pilot_id, reason="As agreed")
    assert (await read(challenges.challenge_row, chosen)).state == "pilot"
    await act("officer", piloting.drop, other, reason="The firm went away")
    assert (await read(challenges.challenge_row, chosen)).state == "measured"
    await act("leeds", results.decide, pilot_id, decision="stop", reason="It did not")
    assert (await read(challenges.challenge_row, chosen)).state == "decision"


async def test_who_is_late_is_told_and_who_took_it_on_is_asked_a_year_later(
    chosen, act, read, sessions_jobs, owner
):
    async def told():
        async with transaction(sessions_jobs, TESTER) as db:
            count = await times.record_passed(db, TESTER)
        rows = await owner.fetch(
            "select action from audit_entry where subject_kind = 'challenge' order by id desc"
        )
        return [each["action"] for each in rows[:count]]

    pilot_id = await made.ended(act, read, chosen)
    assert await told() == []
    await owner.execute("update pilot set publish_by_on = current_date - 2")
    assert await told() == ["challenge.result_due"]
    await act("leeds", results.decide, pilot_id, decision="scale", reason="It did what was promised")
    await act("officer", results.publish, pilot_id)
    a_year_ago = london_today() - timedelta(days=366)
    await act("outside", results.adopt, pilot_id, **{**ADOPTED, "from_on": a_year_ago})
    assert await told() == ["challenge.use_asked"]
    assert await told() == []
    await act("outside", results.say_still, pilot_id, still="yes", words="Daily")
    [course] = await read(result_queries.courses, who="public")
    assert (course.adopted, course.asked, course.in_use, course.yearly_pence) == (1, 1, 1, 8_000_00)
