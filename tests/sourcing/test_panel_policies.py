"""Raw SQL as each role: scores alone, names hidden, and a chair who cannot go around the rules."""

from __future__ import annotations

import asyncpg
import pytest

from sourcing.actions import declarations, panels
from sourcing.rules.panels import MOVES, Decision, PanelState
from store.migrations import plain
from tests.sourcing.panels import ASSESSORS
from tests.sourcing.test_subjects import BUYERS, EVERYBODY, refuses

TABLES = (
    "panel", "panel_member", "scored_question", "candidate", "candidate_name", "declaration",
    "declaration_decision", "score", "consensus",
)  # fmt: skip


async def counts(connection: asyncpg.Connection, *tables: str) -> tuple[int, ...]:
    return tuple([await connection.fetchval(f"select count(*) from {table}") for table in tables])


@pytest.fixture
async def scoring(bench):
    """All declared; Leeds scored everything and locked, Camden scored one answer."""
    await bench.form()
    await bench.move(PanelState.SCORING)
    await bench.all_declare()
    await bench.all_score("leeds", 3)
    await bench.lock("leeds")
    await bench.score("camden", 0, 0, 5)
    return bench


async def test_nobody_beside_the_buyers_reads_anything(bench, acting):
    await bench.settle()
    for who in sorted(EVERYBODY - BUYERS):
        connection = await acting(who)
        assert await counts(connection, *TABLES) == (0,) * len(TABLES), who
        assert await connection.fetch("select * from app.panel_lacks($1)", bench.subject) == []
        assert await connection.fetch("select * from app.panel_progress($1)", bench.subject) == []
        assert not await connection.fetchval("select app.cleared_for($1)", bench.candidates[0])
        await refuses(connection, "select * from app.panel_standings($1)", bench.subject)
        await refuses(connection, "select app.scores_due($1)", bench.subject)


async def test_scores_are_read_alone_then_by_the_panel_then_by_the_buyers(scoring, acting):
    seen = dict.fromkeys(BUYERS, 0) | {"leeds": 6, "camden": 1}
    for who, count in seen.items():
        assert await counts(await acting(who), "score") == (count,), who
    await scoring.all_score("camden", 4)
    await scoring.all_score("leeds_too", 4)
    await scoring.lock("camden")
    await scoring.lock("leeds_too")
    assert await counts(await acting("leeds"), "score") == (6,)  # locked by all, and not opened yet
    await scoring.move(PanelState.MODERATING)
    for who in BUYERS:
        assert await counts(await acting(who), "score") == (18 if who in ASSESSORS else 0,), who
    for number in range(3):
        for question in range(2):
            await scoring.agree(number, question, 4)
    assert await counts(await acting("camden_too"), "score", "consensus") == (0, 0)
    await scoring.move(PanelState.SETTLED)
    for who in BUYERS:
        assert await counts(await acting(who), "score", "consensus") == (18, 6), who


async def test_names_are_read_by_nobody_until_they_are_lifted(scoring, acting, database, does):
    for who in sorted(EVERYBODY):
        assert await counts(await acting(who), "candidate_name") == (0,), who
    worker = await asyncpg.connect(plain(database.jobs))
    await refuses(worker, "select * from candidate_name")
    await worker.close()
    await does("leeds", panels.lift_names, scoring.subject, reason="Interviews begin")
    for who in sorted(EVERYBODY):
        assert await counts(await acting(who), "candidate_name") == (3 * (who in BUYERS),), who


LIFT = "update panel set names_lifted_at = now(), names_lifted_by_name = 'x', names_lifted_reason = 'x'"


async def test_only_the_chair_lifts_and_moves_and_only_as_far_as_the_rules_say(scoring, acting):
    for who in sorted(EVERYBODY - {"leeds", "leeds_too"}):
        connection = await acting(who)
        assert await connection.execute(LIFT) == "UPDATE 0", who
        assert await connection.execute("update panel set state = 'moderating'") == "UPDATE 0", who
    connection = await acting("leeds_too")
    await refuses(connection, LIFT)
    await refuses(connection, "update panel set state = 'moderating'")
    connection = await acting("leeds")
    for state in ("moderating", "settled", "forming"):  # Camden has not locked
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute("update panel set state = $1", state)
    with pytest.raises(asyncpg.CheckViolationError):
        await connection.execute("update panel set chair_id = gen_random_uuid()")
    await refuses(connection, "update panel set subject_id = gen_random_uuid()")
    assert await connection.execute(LIFT) == "UPDATE 1"
    await refuses(connection, LIFT)
    await refuses(connection, "update panel set names_lifted_reason = 'y'")


async def test_names_are_not_lifted_before_everybody_declared(bench, acting):
    await bench.form()
    await bench.move(PanelState.SCORING)
    with pytest.raises(asyncpg.CheckViolationError):
        await (await acting("leeds")).execute(LIFT)


SCORE = """insert into score (candidate_id, question_id, person_id, subject_id, points, reason)
           values ($1, $2, $3, $4, $5, 'x')"""


async def test_a_score_is_ones_own_on_the_scale_and_once_locked_stays(scoring, acting, cast):
    candidate, question = scoring.candidates[1], scoring.questions[0]
    for who in sorted(EVERYBODY - {"leeds", "leeds_too", "camden"}):
        own = cast.actor(who).person_id or cast.people["camden"].id
        await refuses(await acting(who), SCORE, candidate, question, own, scoring.subject, 3)
    connection = await acting("camden")
    leeds_too, camden = cast.people["leeds_too"].id, cast.people["camden"].id
    await refuses(connection, SCORE, candidate, question, leeds_too, scoring.subject, 3)
    await refuses(connection, SCORE, candidate, question, camden, scoring.subject, 6)
    await connection.execute(SCORE, candidate, question, camden, scoring.subject, 5)
    await refuses(connection, "update score set points = 11")
    await refuses(connection, "update score set locked_at = '2026-01-01'")
    await refuses(connection, "delete from score")
    assert await connection.execute("update score set locked_at = statement_timestamp()") == "UPDATE 2"
    assert await connection.execute("update score set points = 1") == "UPDATE 0"
    assert await connection.execute("update score set locked_at = null") == "UPDATE 0"


async def test_who_has_not_declared_or_may_not_does_not_score(bench, acting, cast, does):
    await bench.form()
    await bench.move(PanelState.SCORING)
    camden = cast.people["camden"].id
    values = (bench.candidates[0], bench.questions[0], camden, bench.subject, 3)
    await refuses(await acting("camden"), SCORE, *values)
    declared = await bench.declare("camden", 0, "My sister works there")
    await refuses(await acting("camden"), SCORE, *values)
    await does("leeds", declarations.decide, bench.subject, declared, Decision.MAY_NOT, reason="Too close")
    connection = await acting("camden")
    await refuses(connection, SCORE, *values)
    assert not await connection.fetchval("select app.cleared_for($1)", bench.candidates[0])


async def test_who_is_barred_reads_no_score_of_that_candidate(bench, acting, does):
    await bench.score_alone()
    await bench.move(PanelState.MODERATING)
    assert await counts(await acting("camden"), "score") == (18,)
    declared = await bench.declare("camden", 0, "My sister works there")
    # Their own two of it they wrote themselves; the four of the others are hidden.
    assert await counts(await acting("camden"), "score") == (14,)
    await does("leeds", declarations.decide, bench.subject, declared, Decision.MAY_NOT, reason="Too close")
    for number in range(3):
        for question in range(2):
            await bench.agree(number, question, 4)
    for state in (PanelState.MODERATING, PanelState.SETTLED):
        if state is PanelState.SETTLED:
            await bench.move(state)
        assert await counts(await acting("camden"), "score", "consensus") == (14, 4)
        assert await counts(await acting("leeds_too"), "score", "consensus") == (18, 6)


DECLARE = """insert into declaration (id, subject_id, candidate_id, person_id, organisation_id, named,
             conflict) values (gen_random_uuid(), $1, $2, $3, $4, $5, false)"""
DECIDE = """insert into declaration_decision (declaration_id, decision, reason, decided_by_id,
            decided_by_name) values ($1, 'may', 'x', $2, 'x')"""


async def test_nobody_declares_for_another_or_past_a_conflict_that_waits(bench, acting, cast):
    await bench.form()
    candidate, camden = bench.candidates[0], cast.people["camden"]
    values = (bench.subject, candidate, camden.id, camden.organisation_id)
    await refuses(await acting("camden"), DECLARE, *values, False)  # still forming
    await bench.move(PanelState.SCORING)
    for who in sorted(EVERYBODY - {"camden"}):
        await refuses(await acting(who), DECLARE, *values, False)
    connection = await acting("camden")
    await refuses(connection, DECLARE, *values, True)  # names are not lifted
    await connection.execute(DECLARE, *values, False)
    await bench.declare("camden", 0, "My sister works there")
    connection = await acting("camden")
    await refuses(connection, DECLARE, *values, False)
    for sql in ("update declaration set conflict = false", "delete from declaration"):
        await refuses(connection, sql)


async def test_a_conflict_is_decided_by_the_chair_and_the_chairs_by_an_approver(bench, acting, cast):
    await bench.form()
    await bench.move(PanelState.SCORING)
    camden = await bench.declare("camden", 0, "My sister works there")
    chair = await bench.declare("leeds", 0, "My brother works there")
    deciders = {camden: "leeds", chair: "approver"}
    for declared, decider in deciders.items():
        for who in sorted(EVERYBODY - {decider}):
            own = cast.actor(who).person_id or cast.people["leeds"].id
            await refuses(await acting(who), DECIDE, declared, own)
        connection = await acting(decider)
        await refuses(connection, DECIDE, declared, cast.people["outside"].id)
        await connection.execute(DECIDE, declared, cast.people[decider].id)
        await refuses(connection, "update declaration_decision set decision = 'may-not'")
    for who, seen in {"leeds": 2, "camden": 1, "camden_too": 1, "approver": 1, "outside": 0}.items():
        assert (await counts(await acting(who), "declaration", "declaration_decision"))[0] == seen, who


AGREE = """insert into consensus (candidate_id, question_id, version, subject_id, points, reason, chair_id,
             chair_name) values ($1, $2, $3, $4, $5, 'x', $6, 'x')"""


async def test_only_the_chair_agrees_in_moderation_and_rewrites_nothing(bench, acting, cast):
    await bench.score_alone()
    chair = cast.people["leeds"].id
    values = (bench.candidates[0], bench.questions[0], 1, bench.subject)
    await refuses(await acting("leeds"), AGREE, *values, 3, chair)
    await bench.move(PanelState.MODERATING)
    for who in sorted(EVERYBODY - {"leeds"}):
        await refuses(await acting(who), AGREE, *values, 3, cast.actor(who).person_id or chair)
    connection = await acting("leeds")
    await refuses(connection, AGREE, *values, 6, chair)
    await refuses(connection, AGREE, *values, 3, cast.people["camden"].id)
    await connection.execute(AGREE, *values, 3, chair)
    for sql in ("update consensus set points = 1", "delete from consensus"):
        await refuses(connection, sql)


MEMBER = """insert into panel_member (subject_id, person_id, person_name, organisation_id, assesses)
            values ($1, $2, 'x', $3, true)"""


async def test_each_body_names_its_own_people_before_anything_can_be_seen(bench, acting, cast):
    await bench.form()
    own, other = cast.people["camden_too"], cast.people["approver"]
    for who in sorted(EVERYBODY - {"camden", "camden_too"}):
        await refuses(await acting(who), MEMBER, bench.subject, own.id, own.organisation_id)
    connection = await acting("camden")
    await refuses(connection, MEMBER, bench.subject, other.id, other.organisation_id)
    await refuses(connection, MEMBER, bench.subject, other.id, own.organisation_id)
    release = """update panel_member set released_at = statement_timestamp(), released_reason = 'x'
                 where person_id = $1"""
    assert await connection.execute(release, cast.people["leeds_too"].id) == "UPDATE 0"
    assert await (await acting("leeds")).execute(release, cast.people["leeds"].id) == "UPDATE 0"  # the chair
    for who in ("camden_too", "leeds"):
        await refuses(
            await acting(who),
            release.replace("statement_timestamp()", "'2026-01-01'"),
            cast.people["camden"].id,
        )
    await bench.move(PanelState.SCORING)
    await bench.all_declare()
    for who in ASSESSORS:
        await bench.all_score(who, 3)
        await bench.lock(who)
    await bench.move(PanelState.MODERATING)
    await refuses(await acting("camden"), MEMBER, bench.subject, own.id, own.organisation_id)


async def test_what_is_assessed_is_the_leads_to_enter_and_stays_once_it_began(bench, acting, cast):
    await bench.form()
    question = """insert into scored_question (id, subject_id, position, code, title, highest)
                  values (gen_random_uuid(), $1, 9, 'x', 'x', 5)"""
    candidate = "insert into candidate (id, subject_id, number) values (gen_random_uuid(), $1, 9)"
    name = "insert into candidate_name (candidate_id, subject_id, name) values ($2, $1, 'x')"
    for who in sorted(EVERYBODY - {"leeds", "leeds_too"}):
        connection = await acting(who)
        await refuses(connection, question, bench.subject)
        await refuses(connection, candidate, bench.subject)
        await refuses(connection, name, bench.subject, bench.candidates[0])
        assert await connection.execute("delete from scored_question") == "DELETE 0"
    await bench.move(PanelState.SCORING)
    connection = await acting("leeds")
    await refuses(connection, question, bench.subject)
    await refuses(connection, candidate, bench.subject)
    assert await connection.execute("delete from scored_question") == "DELETE 0"
    await refuses(connection, "update scored_question set highest = 9")
    await refuses(connection, "update candidate set number = 9")
    await refuses(connection, "update candidate_name set name = 'y'")


async def test_the_moves_of_the_database_are_those_of_the_rules(owner):
    assert set(await owner.fetchval("select app.panel_moves()")) == {
        f"{old} {new}" for old, others in MOVES.items() for new in others
    }
