"""Pilots: what is agreed and fixed, who does what, who reads what by raw SQL, and what readings show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenges.actions import piloting, results, times
from challenges.queries import challenges, pilots
from challenges.queries import results as result_queries
from challenges.rules import measuring
from challenges.rules import pilots as rules
from challenges.rules.measuring import Reading
from challenges.rules.pilots import PILOT_MOVES, Agreement, Measure, Milestone, PilotState, Site
from store.db import transaction
from tests.challenges import piloting as made
from tests.databases import TESTER
from values.refusals import Missing, NotAllowed, Refused
from values.years import london_today

TABLES = ("pilot", "pilot_site", "pilot_milestone", "pilot_measure", "pilot_reading")


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


async def test_from_an_agreement_to_a_council_that_takes_it_on(chosen, act, read, ask):
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
    await _corrected_and_changed(act, read, pilot_id)
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
        ("author", READ),
        ("camden officer", READ),
    ):
        try:
            assert await ask(who, f"{sql} returning 1") == [], (who, sql)
        except (asyncpg.InsufficientPrivilegeError, asyncpg.CheckViolationError):
            continue


READ = (
    "insert into pilot_reading (id, pilot_id, position, site, read_on, value, evidence, read_by)"
    " select gen_random_uuid(), id, 1, 1, now(), 1, 'x', 'x' from pilot"
)


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


MEASURE = Measure(position=1, **made.MEASURE)
SITES = [Site(1, "LDS", "Block A", compares=False), Site(2, "LDS", "Block B", compares=False)]
TODAY = date(2026, 11, 26)


def test_lines_are_read_all_or_none_and_faults_have_their_line():
    good = measuring.readings_of(
        'date,site,value,cases,evidence\n2026-11-01,block a,"1,200.5",,Log\n\n', MEASURE, SITES, TODAY
    )
    assert good == [Reading(1, date(2026, 11, 1), 1200.5, None, "Log")]
    wrong = (
        "2026-11-01,Block A,12,,Log\n2026-13-01,Block A,12,,Log\n2026-11-01,Block C,12,,Log\n"
        "2026-11-01,Block A,twelve,,Log\n2026-11-01,Block A,12,,\n"
        "2026-11-01,Block A,12\n2027-01-01,Block A,1,,Log"
    )
    with pytest.raises(Refused) as refused:
        measuring.readings_of(wrong, MEASURE, SITES, TODAY)
    said = refused.value.message
    for line in ("line 2:", "line 3:", "line 4:", "line 5:", "line 6:", "and 1 more lines"):
        assert line in said
    share = replace(MEASURE, kind="share", method="shares", unit="of calls", baseline=80.0, target=60.0)
    for line, told in (("5,4", "More than all"), ("1.5,4", "whole number"), ("1,", "of how many")):
        with pytest.raises(Refused, match=told):
            measuring.readings_of(f"2026-11-01,Block A,{line},Log", share, SITES, TODAY)


def test_an_agreement_is_complete_before_it_is_approved_and_within_the_limit():
    paid = [Milestone(1, "In", TODAY, 5_000_00)]
    whole = Agreement("F", "P", "LDS", "T", "A sensor", TODAY, TODAY + timedelta(1), SITES, paid, [MEASURE])
    rules.check_can_agree(whole, 5_000_00)
    for limit in (None, 4_999_99):
        with pytest.raises(Refused):
            rules.check_can_agree(whole, limit)
    for lacking in (
        {"tries": ""},
        {"sites": []},
        {"milestones": []},
        {"measures": []},
        {"measures": [replace(MEASURE, method="differences")]},
    ):
        assert len(rules.missing(replace(whole, **lacking))) == 1
    assert rules.fingerprint(whole) != rules.fingerprint(
        replace(whole, measures=[replace(MEASURE, target=29.0)])
    )


def test_a_measure_shows_what_was_fixed_first_and_what_others_say():
    start = date(2026, 6, 1)
    sites = [Site(n, code, code, compares=n > 3) for n, code in enumerate("ABCDEFGH", 1)]
    readings = [
        Reading(
            site.position,
            start + timedelta(days=7 * week),
            40
            + site.position
            + (week * site.position) % 5
            + site.position % 4 * (week >= 0)
            - 9 * (week >= 0 and not site.compares),
        )
        for site in sites
        for week in range(-10, 10)
    ]
    measure = replace(MEASURE, method="differences")
    shown = measuring.found(measure, sites, readings, start)
    assert [each.method for each in shown][:3] == ["differences", "permutation", "wild bootstrap"]
    assert {each.method for each in shown} >= set(measuring.OF_KIND["mean"])
    first = shown[0]
    assert first.effect.estimate == pytest.approx(-9, abs=1)
    assert first.words.startswith("Fell by ")
    assert first.against.startswith("less than") or "within" in first.against
    series = next(each for each in shown if each.method == "series")
    assert series.effect.readings == 20
    none = measuring.found(measure, sites, [], start)
    assert all(each.effect.not_computed for each in none)


def test_shares_and_events_are_promised_in_their_own_unit():
    start = date(2026, 6, 1)
    share = replace(MEASURE, kind="share", method="shares", unit="of calls", baseline=80.0, target=60.0)
    readings = [Reading(1, date(2026, 5, 1), 56, 70), Reading(1, date(2026, 7, 1), 48, 80)]
    found = measuring.found(share, SITES, readings, start)[0]
    assert "20 percentage points" in found.words
    assert found.against.startswith("what was promised lies within")
    assert measuring.level(share, readings[:1]) == pytest.approx(80)
    events = replace(MEASURE, kind="count", method="counts", unit="falls", baseline=0.2, target=0.1)
    readings = [Reading(1, date(2026, 5, 1), 40, 180), Reading(1, date(2026, 7, 1), 18, 180)]
    found = measuring.found(events, SITES, readings, start)[0]
    assert "0.45 times as many falls" in found.words
