"""Whoever has a conflict with a response reads nothing of it, in whatever role; what was decided stands."""

from __future__ import annotations

from dataclasses import replace

import asyncpg
import pytest

from challenges.actions import deciding, judging, showcasing
from challenges.queries import challenges, phases, responses, showcase
from challenges.rules.phases import Choice, PhaseKind
from sourcing.actions import declarations, panels, scores
from sourcing.queries import panels as panel_queries
from sourcing.queries import scores as score_queries
from sourcing.rules.panels import Decision, PanelState
from tests import build
from tests.challenges import made
from tests.challenges.judging import WHY, Judging, points
from tests.challenges.made import Cast
from values.actors import Role
from values.refusals import Missing, Refused

HIDDEN = "One response is hidden from you, because you declared a conflict."
# How many of two each table shows to somebody who is kept from one of them, after moderation began.
TABLES = {
    "challenge_submission": "select response_id from challenge_submission",
    "score": "select e.response_id from score s join challenge_entrant e using (candidate_id)",
    "consensus": "select e.response_id from consensus s join challenge_entrant e using (candidate_id)",
    "challenge_outcome": "select response_id from challenge_outcome",
    "challenge_mark": "select response_id from challenge_mark",
    "challenge_slot": "select response_id from challenge_slot",
}
OUTCOME = (
    "insert into challenge_outcome (phase_id, response_id, challenge_id, rank, total, goes_on, reason,"
    " decided_by) select e.phase_id, e.response_id, e.challenge_id, r.rank, r.total, false, 'x', 'x'"
    " from challenge_entrant e join app.phase_ranking(e.phase_id) r on r.candidate_id = e.candidate_id"
)


@pytest.fixture
async def cast(database, db):
    """With a second officer of the lead, and the first once more: in other roles of another council."""
    people = database.begun["cast"].people
    second = await build.person(db, name="Otto Second")
    await db.commit()
    elsewhere = replace(
        people["officer"],
        organisation_id=people["camden"].organisation_id,
        roles=frozenset({Role.OFFICER, Role.APPROVER}),
    )
    return Cast({**people, "second": second, "elsewhere": elsewhere})


@pytest.fixture
async def walk(due, cast, sessions_app, owner):
    await made.close(owner, due)
    return Judging(sessions_app, cast, due)


async def seen(ask, who):
    """Of how many responses each table shows anything to somebody."""
    return {name: len({row["response_id"] for row in await ask(who, sql)}) for name, sql in TABLES.items()}


async def barred(walk, phase_id):
    """The lead's officer judges too, has a conflict with the author's response, and is barred from it."""
    codes = await walk.codes()
    candidate = next(
        each.candidate_id
        for each in await walk.ask(phases.entrants, phase_id, who="leeds")
        if each.code == codes["author"]
    )
    await walk.act("officer", panels.name_member, phase_id, walk.cast["officer"].id)
    declared = await walk.act(
        "officer", declarations.declare, phase_id, candidate, conflict=True, nature="My sister works there"
    )
    return candidate, declared


async def score_the_other(walk, phase_id, candidate):
    """The officer declares no conflict with the other response, scores it and locks."""
    [other] = [each.id for each in await walk.ask(panel_queries.candidates, phase_id) if each.id != candidate]
    await walk.act("officer", declarations.declare, phase_id, other, conflict=False)
    for asked in await walk.ask(panel_queries.scored_questions, phase_id):
        await walk.act("officer", scores.write_score, phase_id, other, asked.id, points=2, reason=WHY)
    await walk.act("officer", scores.lock_scores, phase_id)


async def decide(walk, phase_id, go_on, who="second"):
    ranked = await walk.ask(phases.ranking, phase_id, who="second")
    choices = {each.response_id: Choice(each.code in go_on, WHY, "As the panel says") for each in ranked}
    await walk.act(who, deciding.decide, walk.challenge_id, phase_id, choices)


async def agree(walk, phase_id, given):
    """Moderate, agree and settle, as the chair, who is kept from nothing."""
    await walk.act("leeds", panels.move, phase_id, PanelState.MODERATING)
    for each in await walk.ask(phases.entrants, phase_id, who="leeds"):
        asked = await walk.ask(panel_queries.scored_questions, phase_id)
        for question, mark in zip(asked, given[each.code], strict=True):
            await walk.act(
                "leeds", scores.agree, phase_id, each.candidate_id, question.id, points=mark, reason=WHY
            )


async def test_whoever_has_a_conflict_reads_nothing_until_it_is_decided(walk, ask, browse):
    codes, top = await walk.codes(), f"/challenges/{walk.challenge_id}"
    first = await walk.begin(PhaseKind.SHORTLIST)
    assert (await seen(ask, "officer"))["challenge_submission"] == 2
    candidate, declared = await barred(walk, first)
    # A conflict that waits for a decision is enough, and it is the person whom it keeps, not the role.
    for who, count in {"officer": 1, "elsewhere": 1, "second": 2, "leeds": 2, "camden officer": 2}.items():
        assert (await seen(ask, who))["challenge_submission"] == count, who
    assert {each["code"] for each in await ask("officer", "select code from challenge_submission")} == {
        codes["rival"]
    }
    await walk.act("leeds", declarations.decide, first, declared, Decision.MAY_NOT, reason="Too close")
    await score_the_other(walk, first, candidate)
    await walk.score(first)
    await agree(walk, first, points(codes, 4, 2))
    for who, count in {"officer": 1, "camden": 2, "leeds": 2}.items():
        shown = await seen(ask, who)
        assert (shown["score"], shown["consensus"]) == (count, count), who
    rows = await walk.ask(score_queries.moderation, first)
    assert candidate not in {each.candidate.id for each in rows}
    officer = await browse("officer")
    for path in ("/responses", f"/judging/{first}", f"/judging/{first}/moderation"):
        await officer.open(top + path)
        assert officer.status == 200, path
        assert HIDDEN in officer.text, path
        assert codes["author"] not in officer.text, path
    for end in ("", "/agree", "/declare"):
        await officer.open(f"{top}/judging/{first}/responses/{candidate}{end}")
        assert codes["author"] not in officer.text, end
        assert officer.status == (200 if end == "/declare" else 403), end
    with pytest.raises(Missing):
        await walk.act("officer", showcasing.note, walk.challenge_id, first, candidate, words="Well")
    note = (
        "insert into challenge_note (phase_id, response_id, person_id, words)"
        " select phase_id, response_id, $1, 'x' from challenge_entrant where candidate_id = $2"
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask("officer", note, walk.cast["officer"].id, candidate)
    await walk.settle(first)
    # The ranks are those among all, and whoever is kept from one decides on none of them.
    assert [each.rank for each in await walk.ask(phases.ranking, first)] == [2]
    with pytest.raises(Refused, match=HIDDEN):
        await decide(walk, first, list(codes.values()), who="officer")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask("officer", OUTCOME)
    await officer.open(f"{top}/judging/{first}/outcome")
    assert HIDDEN in officer.text
    await decide(walk, first, list(codes.values()))
    await a_bar_outlives_its_phase(walk, ask, first, codes)


async def a_bar_outlives_its_phase(walk, ask, first, codes):
    """The response goes on, and so does the bar; it ends with the judging."""
    await walk.act("leeds", judging.lift_names, walk.challenge_id, first, reason="The short-list stands")
    for who, firms in {"officer": ["Rival Ltd"], "second": ["Rival Ltd", "Small Firm Ltd"]}.items():
        rows = await ask(who, "select firm from challenge_identity order by firm")
        assert [each["firm"] for each in rows] == firms, who
    last = await walk.phase(PhaseKind.PILOT)
    more = {"chair_id": walk.cast["leeds"].id, "assesses": True}
    with pytest.raises(Refused, match=HIDDEN):
        await walk.act("officer", judging.begin, walk.challenge_id, last, **more)
    await walk.act("second", judging.begin, walk.challenge_id, last, **more)
    await walk.act("camden officer", panels.name_member, last, walk.cast["camden"].id)
    await walk.act("officer", panels.name_member, last, walk.cast["officer"].id)
    await walk.act("leeds", panels.move, last, PanelState.SCORING)
    await walk.declare(last)
    candidate = next(each.candidate_id for each in await walk.ask(phases.entrants, last) if each.hidden)
    with pytest.raises(Refused, match="declare the conflict again"):
        await walk.act("officer", declarations.declare, last, candidate, conflict=False)
    declare = (
        "insert into declaration (id, subject_id, candidate_id, person_id, organisation_id, named, conflict)"
        " values (gen_random_uuid(), $1, $2, $3, $4, false, false)"
    )
    person = walk.cast["officer"]
    with pytest.raises(asyncpg.CheckViolationError):
        await ask("officer", declare, last, candidate, person.id, person.organisation_id)
    shown = await seen(ask, "officer")
    assert (shown["challenge_submission"], shown["challenge_outcome"], shown["challenge_mark"]) == (1, 1, 1)
    declared = await walk.act(
        "officer", declarations.declare, last, candidate, conflict=True, nature="My sister works there"
    )
    await walk.act("leeds", declarations.decide, last, declared, Decision.MAY_NOT, reason="Too close")
    slot = (
        "insert into challenge_slot (phase_id, response_id, challenge_id, starts_at, minutes, place)"
        " select phase_id, response_id, challenge_id, now(), 30, 'Hall' from challenge_entrant"
        " where phase_id = $1"
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask("officer", slot, last)
    await ask("second", slot, last)
    assert (await seen(ask, "officer"))["challenge_slot"] == 1
    assert len(await walk.ask(showcase.slots, walk.challenge_id)) == 1
    assert await ask("officer", "delete from challenge_slot returning 1") == []
    await score_the_other(walk, last, candidate)
    await walk.score(last)
    await agree(walk, last, points(codes, 4, 3))
    await walk.settle(last)
    await decide(walk, last, [codes["author"]])
    assert (await walk.ask(challenges.challenge_row, walk.challenge_id)).state == "judged"
    assert set((await seen(ask, "officer")).values()) == {2}
    assert len(await walk.ask(responses.entries, walk.challenge_id)) == 2


async def test_what_was_decided_is_not_opened_again(walk, ask, owner):
    codes = await walk.codes()
    first = await walk.begin(PhaseKind.SHORTLIST)
    await walk.score(first)
    await walk.agree(first, points(codes, 4, 2))
    await walk.settle(first)
    reopen = "update panel set state = 'moderating', state_reason = 'x' where subject_id = $1"
    release = (
        "update panel_member set released_at = statement_timestamp(), released_reason = 'x'"
        " where subject_id = $1 and person_id = $2 returning 1"
    )
    await ask("leeds", reopen, first)  # while nobody was told, the chair can
    await walk.settle(first)
    await decide(walk, first, list(codes.values()))
    with pytest.raises(Refused, match="stands"):
        await walk.act("leeds", judging.reopen, walk.challenge_id, first, reason="Once more")
    with pytest.raises(Refused, match="acted on"):
        await walk.act("leeds", panels.move, first, PanelState.MODERATING, reason="Once more")
    camden = walk.cast["camden"].id
    with pytest.raises(Refused, match="acted on"):
        await walk.act("leeds", panels.release_member, first, camden, reason="Once more")
    for sql, *values in ((reopen, first), (release, first, camden)):
        with pytest.raises(asyncpg.CheckViolationError, match="acted on"):
            await ask("leeds", sql, *values)
        with pytest.raises(asyncpg.CheckViolationError, match="acted on"):
            await owner.fetch(sql, *values)
    for who in ("officer", "second"):
        with pytest.raises(asyncpg.CheckViolationError, match="acted on"):
            await ask(who, reopen, first)
    for who in ("camden", "camden officer", "author", "public"):
        assert await ask(who, f"{reopen} returning 1", first) == [], who
    agreed = (
        "insert into consensus (candidate_id, question_id, version, subject_id, points, reason, chair_id,"
        " chair_name) select candidate_id, question_id, version + 1, subject_id, 5, 'x', chair_id, 'x'"
        " from consensus"
    )
    scored = (
        "insert into score (candidate_id, question_id, person_id, subject_id, points, reason)"
        " select candidate_id, question_id, $1, subject_id, 5, 'x' from score"
    )
    places = (
        "insert into challenge_phase (id, challenge_id, kind, position, places)"
        " select gen_random_uuid(), id, 'showcase', 2, 2 from challenge"
    )
    for who in ("leeds", "officer", "second", "camden"):
        for sql, *values in ((agreed,), (scored, walk.cast[who].id), (OUTCOME,), (places,)):
            with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.UniqueViolationError)):
                await ask(who, sql, *values)
        for sql in ("update challenge_outcome set goes_on = false", "delete from challenge_outcome"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await ask(who, sql)
        assert await ask(who, "update score set points = 1 returning 1") == [], who
        assert await ask(who, "delete from challenge_slot returning 1") == [], who
