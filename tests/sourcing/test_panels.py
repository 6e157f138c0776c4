"""A panel from forming to settled, with every refusal that a person can meet on the way."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from analytics.assessment.prices import Schedule, Volume
from analytics.assessment.totals import Criterion, Method, Tender, assess
from sourcing.actions import declarations, panels, subjects
from sourcing.queries import declarations as declared
from sourcing.queries import panels as queries
from sourcing.queries import scores as score_queries
from sourcing.rules.panels import Decision, PanelState, Standing
from tests.sourcing.panels import ASSESSORS, BECAUSE, BIDDERS, QUESTIONS
from values.ids import uuid7
from values.refusals import Missing, NotAllowed, Refused


async def test_from_forming_to_marks_that_can_be_assessed(bench, reads):
    await bench.settle()
    marks = await reads("camden_too", score_queries.marks, bench.subject)
    assert marks == {each: {"function": Decimal(3), "delivery": Decimal(4)} for each in bench.candidates}
    method = Method(
        tuple(Criterion(each.code, Decimal(30), each.highest, each.least) for each in QUESTIONS),
        Decimal(40),
        (Volume("all", 1),),
    )
    tenders = [
        Tender(str(candidate), marks[candidate], Schedule(100 + number, ((0, 0),)))
        for number, candidate in enumerate(bench.candidates)
    ]
    outcome = assess(method, tenders)
    best = next(each for each in outcome.standings if each.rank == 1)
    assert best.tender == str(bench.candidates[0])
    assert best.total == Decimal("70.00")  # 30 × 3/5 + 30 × 4/10 + 40


async def test_moderation_shows_how_far_scores_lie_apart(bench, reads):
    await bench.score_alone()
    with pytest.raises(Refused, match="once all are locked"):
        await reads("leeds", score_queries.moderation, bench.subject)
    await bench.move(PanelState.MODERATING)
    rows = await reads("camden", score_queries.moderation, bench.subject)
    assert len(rows) == 6
    assert [row.candidate.label for row in rows[::2]] == ["Bidder 1", "Bidder 2", "Bidder 3"]
    found = rows[0].spread
    assert (found.lowest, found.highest, found.middle, found.apart) == (1, 5, Fraction(3), 4)
    assert {person for person, _ in found.differing} == {bench.id_of("leeds"), bench.id_of("camden")}
    assert {row.reason for row in rows[0].scores} == {BECAUSE}


async def test_scores_are_alone_until_moderation_and_progress_says_who_is_behind(bench, reads):
    await bench.form()
    await bench.move(PanelState.SCORING)
    await bench.all_declare()
    await bench.all_score("leeds_too", 2)
    await bench.lock("leeds_too")
    await bench.score("camden", 0, 0, 4)
    for who, count in (("leeds_too", 6), ("camden", 1), ("leeds", 0), ("approver", 0), ("camden_too", 0)):
        assert len(await reads(who, score_queries.scores, bench.subject)) == count, who
    progress = {row.person_id: row for row in await reads("approver", queries.members, bench.subject)}
    numbers = {who: progress[bench.id_of(who)] for who in ASSESSORS}
    assert [(row.due, row.written, row.locked) for row in numbers.values()] == [
        (6, 0, 0),
        (6, 6, 6),
        (6, 1, 0),
    ]
    assert [who for who, row in numbers.items() if row.behind] == ["leeds", "camden"]
    with pytest.raises(Refused, match="not locked yet: 12"):
        await bench.move(PanelState.MODERATING)
    with pytest.raises(Refused, match="not given yet: 5"):
        await bench.lock("camden")
    with pytest.raises(Refused, match="is locked"):
        await bench.score("leeds_too", 0, 0, 5)
    with pytest.raises(Refused, match="no score to lock"):
        await bench.lock("leeds_too")
    # Camden's assessor falls ill: what was given counts no longer, and nobody waits for it.
    await bench.does(
        "leeds", panels.release_member, bench.subject, bench.id_of("camden"), reason="Ill for a month"
    )
    await bench.all_score("leeds", 3)
    await bench.lock("leeds")
    await bench.move(PanelState.MODERATING)
    rows = await reads("leeds", score_queries.moderation, bench.subject)
    assert [(row.spread.lowest, row.spread.highest, len(row.scores)) for row in rows[:2]] == [
        (2, 3, 3),
        (2, 3, 2),
    ]
    with pytest.raises(NotAllowed, match="on the panel"):
        await bench.score("camden", 0, 0, 4)


async def test_a_declared_conflict_waits_for_somebody_else_to_decide(bench, reads, does):
    await bench.form()
    await bench.move(PanelState.SCORING)
    with pytest.raises(Refused, match="Declare first"):
        await bench.score("camden", 0, 0, 4)
    first = await bench.declare("camden", 0, "I worked for a firm in this trade until June")
    with pytest.raises(Refused, match="a declared one must be decided"):
        await bench.score("camden", 0, 0, 4)
    with pytest.raises(Refused, match="waits for a decision"):
        await bench.declare("camden", 0)
    for who, refusal in (("camden", NotAllowed), ("camden_too", NotAllowed), ("leeds_too", Missing)):
        with pytest.raises(refusal):
            await does(who, declarations.decide, bench.subject, first, Decision.MAY, reason="x")
    await does(
        "leeds", declarations.decide, bench.subject, first, Decision.MITIGATED, reason="Scores in pairs"
    )
    with pytest.raises(Refused, match="no declared conflict"):
        await does("leeds", declarations.decide, bench.subject, first, Decision.MAY, reason="x")
    await bench.score("camden", 0, 0, 4)
    second = await bench.declare("camden", 1, "My sister works there")
    await does("leeds", declarations.decide, bench.subject, second, Decision.MAY_NOT, reason="Too close")
    with pytest.raises(NotAllowed, match="no assessor"):
        await bench.score("camden", 1, 0, 4)
    with pytest.raises(Refused, match="may not score"):
        await bench.declare("camden", 1)
    own = [row for row in await reads("camden", queries.members, bench.subject) if row.person_name]
    assert next(row.due for row in own if row.person_id == bench.id_of("camden")) == 4
    # Mitigated is still due, barred is not.
    assert (await reads("leeds", queries.lacks, bench.subject)).due == 16
    # Kept by one's own council; the other one's people read it only as chair.
    assert len(await reads("camden_too", declared.declarations, bench.subject)) == 2
    assert len(await reads("leeds", declared.declarations, bench.subject)) == 2
    assert await reads("leeds_too", declared.declarations, bench.subject) == []


async def test_an_approver_of_the_lead_decides_about_the_chair(bench, does, reads):
    await bench.score_alone()
    await bench.move(PanelState.MODERATING)
    again = await bench.declare("leeds", 0, "I hold shares of a firm that may be this one")
    with pytest.raises(Refused, match="declares for this candidate first"):
        await bench.agree(0, 0, 3)
    for who in ("leeds", "leeds_too"):
        with pytest.raises(NotAllowed):
            await does(who, declarations.decide, bench.subject, again, Decision.MAY, reason="x")
    await does("approver", declarations.decide, bench.subject, again, Decision.MAY_NOT, reason="Shares")
    with pytest.raises(NotAllowed, match="chair has a conflict"):
        await bench.agree(0, 0, 3)
    rows = await reads("leeds_too", score_queries.moderation, bench.subject)
    assert (rows[0].spread.lowest, rows[2].spread.lowest) == (3, 1)  # without the chair's own
    await does("leeds", panels.hand_chair, bench.subject, bench.id_of("camden"))
    await bench.agree(0, 0, 4, who="camden")
    with pytest.raises(NotAllowed, match="Only the chair"):
        await bench.agree(0, 0, 3)


async def test_names_are_hidden_until_the_chair_lifts_them_and_all_declare_anew(bench, reads, does, owner):
    await bench.score_alone()
    assert {row.name for row in await reads("leeds", queries.candidates, bench.subject)} == {None}
    with pytest.raises(NotAllowed, match="Only the chair"):
        await does("leeds_too", panels.lift_names, bench.subject, reason="Curious")
    with pytest.raises(Refused, match="Say why"):
        await does("leeds", panels.lift_names, bench.subject, reason=" ")
    await does("leeds", panels.lift_names, bench.subject, reason="Interviews begin")
    shown = await reads("camden_too", queries.candidates, bench.subject)
    assert {row.name for row in shown} == {each.name for each in BIDDERS}
    assert shown[0].label == f"Bidder 1 ({shown[0].name})"
    entry = await owner.fetchrow("select * from audit_entry where action = 'panel.names-lifted'")
    assert '"reason": "Interviews begin"' in entry["details"]
    with pytest.raises(Refused, match="shown already"):
        await does("leeds", panels.lift_names, bench.subject, reason="Again")
    with pytest.raises(Refused, match="Nobody joins"):
        await does("leeds", panels.name_member, bench.subject, bench.id_of("approver"))
    await bench.move(PanelState.MODERATING)
    with pytest.raises(Refused, match="declares for this candidate first"):
        await bench.agree(0, 0, 3)
    await bench.all_declare()
    await bench.agree(0, 0, 3)


async def test_no_name_stands_anywhere_before_it_is_lifted(bench, owner):
    await bench.score_alone()
    told = await owner.fetch("select details::text as told from audit_entry")
    for bidder in BIDDERS:
        assert not any(bidder.name in row["told"] for row in told)
    assert not any(BECAUSE in row["told"] or '"points"' in row["told"] for row in told)


async def test_names_wait_for_all_declarations(bench, does):
    await bench.form()
    with pytest.raises(Refused, match="once everybody on the panel declared"):
        await does("leeds", panels.lift_names, bench.subject, reason="Early")
    await bench.move(PanelState.SCORING)
    await bench.declare("leeds", 0)
    with pytest.raises(Refused, match="once everybody on the panel declared"):
        await does("leeds", panels.lift_names, bench.subject, reason="Early")


async def test_numbers_are_drawn_by_lot(bench, does, reads):
    seen = set()
    for _ in range(24):  # one order of three all the time: once in six to the power of twenty-three
        subject = uuid7()
        await does("leeds", subjects.register, subject, "tender")
        await does("leeds", panels.form_panel, subject, chair_id=bench.id_of("leeds"), assesses=True)
        ids = await does("leeds", panels.enter_candidates, subject, BIDDERS)
        numbers = {row.id: row.number for row in await reads("leeds", queries.candidates, subject)}
        assert sorted(numbers.values()) == [1, 2, 3]
        seen.add(tuple(numbers[each] for each in ids))
    assert len(seen) > 1


async def test_a_settled_panel_is_opened_again_for_a_reason_and_keeps_what_was_agreed(bench, reads, owner):
    await bench.settle()
    with pytest.raises(Refused, match="while it moderates"):
        await bench.agree(0, 0, 5)
    with pytest.raises(Refused, match="Say why"):
        await bench.move(PanelState.MODERATING)
    await bench.move(PanelState.MODERATING, reason="A page was overlooked")
    await bench.agree(0, 0, 5)
    with pytest.raises(Refused, match="not settled"):
        await reads("leeds", score_queries.marks, bench.subject)
    await bench.move(PanelState.SETTLED)
    assert (await reads("leeds", score_queries.marks, bench.subject))[bench.candidates[0]]["function"] == 5
    assert await owner.fetchval("select count(*) from consensus") == 7


async def test_a_candidate_that_is_out_needs_nothing_more(bench, does, reads):
    await bench.form()
    await bench.move(PanelState.SCORING)
    await bench.all_declare()
    with pytest.raises(NotAllowed):
        await does("camden", panels.take_out, bench.subject, bench.candidates[2], reason="x")
    with pytest.raises(Refused, match="Say why"):
        await does("leeds", panels.take_out, bench.subject, bench.candidates[2], reason=" ")
    await does("leeds", panels.take_out, bench.subject, bench.candidates[2], reason="Withdrew its tender")
    with pytest.raises(Refused, match="out already"):
        await does("leeds", panels.take_out, bench.subject, bench.candidates[2], reason="Again")
    with pytest.raises(Refused, match="no longer assessed"):
        await bench.score("leeds", 2, 0, 3)
    for who in ASSESSORS:
        for number in (0, 1):
            for question in (0, 1):
                await bench.score(who, number, question, 3)
        assert await bench.lock(who) == 4
    await bench.move(PanelState.MODERATING)
    assert len(await reads("leeds", score_queries.moderation, bench.subject)) == 4
    with pytest.raises(Refused, match="no longer assessed"):
        await bench.agree(2, 0, 3)
    with pytest.raises(Refused, match="Give points from 0 to 5"):
        await bench.agree(0, 0, 6)
    with pytest.raises(Refused, match="without a consensus: 4"):
        await bench.move(PanelState.SETTLED)
    for number in (0, 1):
        for question in (0, 1):
            await bench.agree(number, question, 3)
    await bench.move(PanelState.SETTLED)
    assert len(await reads("leeds", score_queries.marks, bench.subject)) == 2


async def test_who_may_form_a_panel_and_of_whom(bench, does):
    form = panels.form_panel
    for who, refusal in (
        ("camden", NotAllowed),
        ("approver", NotAllowed),
        ("outside", Missing),
        ("supplier", Missing),
    ):
        with pytest.raises(refusal):
            await does(who, form, bench.subject, chair_id=bench.id_of("leeds"), assesses=True)
    with pytest.raises(Refused, match="your own council"):
        await does("leeds", form, bench.subject, chair_id=bench.id_of("camden"), assesses=True)
    with pytest.raises(Missing):
        await does("leeds", panels.name_member, bench.subject, bench.id_of("leeds_too"))
    await bench.form()
    with pytest.raises(Refused, match="your own council"):
        await does("leeds", panels.name_member, bench.subject, bench.id_of("camden_too"))
    with pytest.raises(Refused, match="is, or was, on the panel"):
        await does("leeds", panels.name_member, bench.subject, bench.id_of("leeds_too"))
    with pytest.raises(Refused, match="entered already"):
        await does("leeds", panels.enter_candidates, bench.subject, BIDDERS)
    with pytest.raises(Refused, match="Hand the chair over"):
        await does("leeds", panels.release_member, bench.subject, bench.id_of("leeds"), reason="Left")
    with pytest.raises(NotAllowed, match="chair releases"):
        await does("leeds_too", panels.release_member, bench.subject, bench.id_of("camden"), reason="Left")
    with pytest.raises(Refused, match="Say why"):
        await does("camden_too", panels.release_member, bench.subject, bench.id_of("camden"), reason=" ")
    with pytest.raises(NotAllowed, match="on the panel"):
        await does("leeds", panels.hand_chair, bench.subject, bench.id_of("approver"))


async def test_a_panel_begins_once_it_can_and_its_questions_stay(bench, does):
    await does("leeds", panels.form_panel, bench.subject, chair_id=bench.id_of("leeds"), assesses=True)
    for said, step in (
        ("questions that are scored", lambda: does("leeds", panels.give_questions, bench.subject, QUESTIONS)),
        ("nobody to assess", lambda: does("leeds", panels.enter_candidates, bench.subject, BIDDERS)),
        ("at least 2", lambda: does("leeds", panels.name_member, bench.subject, bench.id_of("leeds_too"))),
    ):
        with pytest.raises(Refused, match=said):
            await bench.move(PanelState.SCORING)
        await step()
    with pytest.raises(NotAllowed, match="Only the chair"):
        await bench.move(PanelState.SCORING, who="leeds_too")
    await bench.move(PanelState.SCORING)
    for action, given in ((panels.give_questions, QUESTIONS), (panels.enter_candidates, BIDDERS)):
        with pytest.raises(Refused, match="has begun"):
            await does("leeds", action, bench.subject, given)


async def test_how_long_a_list_is_changes_no_number_of_statements(bench, reads, statements):
    await bench.settle()
    for query in (score_queries.moderation, queries.members, queries.candidates, declared.declarations):
        statements.clear()
        await reads("leeds", query, bench.subject)
        assert len(statements) <= 6, query
    assert (
        await reads("camden", queries.standing, bench.candidates[0], bench.id_of("camden")) is Standing.CLEAR
    )
