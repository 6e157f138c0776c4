"""Questions: asked in time, traced to nobody, answered to all at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sourcing.actions import questions as actions
from sourcing.actions import subjects
from sourcing.queries import questions as queries
from sourcing.rules import questions as rules
from sourcing.rules.questions import Ground, State
from tests.sourcing.test_subjects import later
from values.refusals import Missing, NotAllowed, Refused

NOON = datetime(2026, 9, 7, 12, tzinfo=UTC)


class TestRules:
    def test_the_last_moment_is_before_the_time(self):
        assert rules.check_asking(" Why? ", NOON - timedelta(microseconds=1), NOON, asked=99) == "Why?"
        with pytest.raises(Refused, match="time for questions is over"):
            rules.check_asking("Why?", NOON, NOON, asked=0)
        with pytest.raises(Refused, match="time for questions is over"):
            rules.check_asking("Why?", NOON, None, asked=0)

    @pytest.mark.parametrize(
        ("words", "asked", "said"),
        [("  ", 0, "Enter a question"), ("x" * 4001, 0, "4,000 characters"), ("Why?", 100, "at most 100")],
    )
    def test_nothing_too_much_and_too_often_are_refused(self, words, asked, said):
        with pytest.raises(Refused, match=said):
            rules.check_asking(words, NOON - timedelta(days=1), NOON, asked=asked)

    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("Write to ann@small-firm.example please", ["ann@small-firm.example"]),
            ("As on https://small-firm.example/x", ["https://small-firm.example/x"]),
            ("Ring 020 7946 0018", ["020 7946 0018"]),
            ("We at SMALL FIRM ask", ["Small Firm"]),
            ("A small firmament", []),
            ("Is lot 2 worth £1,200,000 from 2026 to 2030?", []),
        ],
    )
    def test_what_may_tell_who_asked(self, words, found):
        assert rules.betrayals(words, ["Small Firm"]) == found

    @pytest.mark.parametrize(
        ("words", "answer", "ground", "basis", "found", "said"),
        [
            ("", "Yes", None, "", [], "as all may read it"),
            ("Why?", " ", None, "", [], "Enter an answer"),
            ("Why?", "Yes", Ground.COMMERCIAL, " ", [], "section 94"),
            ("Why?", "Yes", None, "Prices", [], "Choose the ground"),
            ("Why?", "Yes", None, "", ["Small Firm"], "may tell who asked: Small Firm"),
        ],
    )
    def test_what_cannot_be_published(self, words, answer, ground, basis, found, said):
        with pytest.raises(Refused, match=said):
            rules.check_answer(words, answer, ground, basis, found, checked=False)

    def test_an_officer_can_say_that_a_name_betrays_nobody(self):
        rules.check_answer("Is Small Firm the supplier now?", "No", None, "", ["Small Firm"], checked=True)
        rules.check_answer(
            "As Small Firm we", "No", Ground.COMMERCIAL, "Prices", ["Small Firm"], checked=False
        )


@pytest.fixture
async def opened(does, cast):
    await does("leeds", subjects.take_questions_until, cast.subject, later(days=1))


@pytest.fixture
async def asked(opened, does, cast):
    """Two questions of one supplier and one of a rival."""
    return [
        await does(who, actions.ask, cast.subject, words=words)
        for who, words in (
            ("supplier", "May we host abroad?"),
            ("supplier", "Our price list has 9 tiers, do you take it?"),
            ("rival", "How many users?"),
        )
    ]


async def test_from_question_to_answers_for_all_at_once(asked, does, reads, cast, owner):
    first, second, third = asked
    draft = actions.draft_answer
    await does("camden", draft, cast.subject, first, words="Is hosting abroad allowed?", answer="No.")
    await does(
        "leeds", draft, cast.subject, second, words="About a price list", answer="Yes, nine tiers.",
        ground=Ground.COMMERCIAL, basis="It describes how one supplier prices.",
    )  # fmt: skip
    for who in ("supplier", "rival", "public"):
        _, rows = await reads(who, queries.questions, cast.subject)
        assert not any(row.answer for row in rows), who
    assert await does("leeds", actions.publish_answers, cast.subject) == 2
    total, rows = await reads("public", queries.questions, cast.subject)
    assert total == 2
    assert {row.number for row in rows} == {1, 2}
    assert len({row.published_at for row in rows}) == 1
    shown = {row.state: row for row in rows}
    assert shown[State.PUBLISHED].words == "Is hosting abroad allowed?"
    assert shown[State.PRIVATE].answer == ""
    assert shown[State.PRIVATE].basis == "It describes how one supplier prices."
    assert not any(row.asked or row.mine or row.asked_on for row in rows)
    _, own = await reads("colleague", queries.questions, cast.subject)
    assert {row.answer for row in own if row.mine} == {"No.", "Yes, nine tiers."}
    _, others = await reads("rival", queries.questions, cast.subject)
    assert [row.asked for row in others if row.mine] == ["How many users?"]
    assert "Yes, nine tiers." not in {row.answer for row in others}
    for line in queries.csv_rows(rows):
        assert len(line) == len(queries.HEADINGS)
    assert len(list(queries.csv_rows(own))) == 2
    await does("leeds", draft, cast.subject, third, words="How many users?", answer="4,000.")
    await does("leeds", actions.publish_answers, cast.subject, [third])
    assert (await reads("public", queries.question, cast.subject, third)).number == 3


async def test_answers_of_one_batch_are_published_at_one_moment(asked, does, reads, cast):
    for each in asked:
        await does("leeds", actions.draft_answer, cast.subject, each, words="A question", answer="Yes.")
    await does("leeds", actions.publish_answers, cast.subject)
    _, rows = await reads("public", queries.questions, cast.subject)
    assert sorted(row.number or 0 for row in rows) == [1, 2, 3]
    assert len({row.published_at for row in rows}) == 1


async def test_pages_of_a_list(asked, reads, cast):
    total, first = await reads("leeds", queries.questions, cast.subject, limit=2)
    _, last = await reads("leeds", queries.questions, cast.subject, offset=2, limit=2)
    assert total == 3
    assert {row.id for row in (*first, *last)} == set(asked)


async def test_the_trail_names_the_asker_to_nobody_else(asked, acting, owner, cast):
    supplier = cast.people["supplier"].organisation_id
    entries = await owner.fetch("select * from audit_entry where action = 'question.asked'")
    assert {row["subject_kind"] for row in entries} == {"organisation"}
    for row in entries:
        told = f"{row['subject_id']} {row['details']}"
        assert str(cast.subject) not in told
        assert not any(str(each) in told for each in asked)
    seen = "select count(*) from audit_entry where organisation_id = $1"
    for who in ("leeds", "camden", "approver", "sector_lead", "rival", "public"):
        assert await (await acting(who)).fetchval(seen, supplier) == 0, who


async def test_it_is_too_late_by_the_databases_clock(opened, does, owner, cast):
    await owner.execute("update subject set questions_until = statement_timestamp()")
    with pytest.raises(Refused, match="time for questions is over"):
        await does("supplier", actions.ask, cast.subject, words="Too late?")
    assert await owner.fetchval("select count(*) from question") == 0


async def test_who_may_not_ask_or_answer_is_refused(asked, does, cast):
    for who in ("leeds", "outside", "sector_lead", "operator", "public"):
        with pytest.raises(NotAllowed, match="Only people of a supplier"):
            await does(who, actions.ask, cast.subject, words="Me too?")
    for who in ("supplier", "outside", "approver"):
        with pytest.raises(NotAllowed):
            await does(who, actions.draft_answer, cast.subject, asked[0], words="x", answer="x")
    await does("camden", actions.draft_answer, cast.subject, asked[0], words="x", answer="x")
    with pytest.raises(NotAllowed, match="lead council"):
        await does("camden", actions.publish_answers, cast.subject)
    with pytest.raises(Refused, match="no drafted answer"):
        await does("leeds", actions.publish_answers, cast.subject, [asked[1]])


async def test_before_it_is_open_there_is_nothing_to_ask_about(does, cast):
    with pytest.raises(Missing):
        await does("supplier", actions.ask, cast.subject, words="Is there a tender?")


async def test_a_question_is_taken_back_by_its_own_until_it_is_answered(asked, does, reads, cast):
    first, _, third = asked
    with pytest.raises(Missing):
        await does("rival", actions.withdraw, cast.subject, first)
    with pytest.raises(Missing):
        await does("leeds", actions.withdraw, cast.subject, first)
    await does("leeds", actions.draft_answer, cast.subject, first, words="x", answer="x")
    await does("colleague", actions.withdraw, cast.subject, first)
    assert (await reads("leeds", queries.question, cast.subject, first)).state is State.WITHDRAWN
    with pytest.raises(Refused, match="took it back"):
        await does("leeds", actions.draft_answer, cast.subject, first, words="x", answer="x")
    with pytest.raises(Refused, match="no drafted answer"):
        await does("leeds", actions.publish_answers, cast.subject)
    await does("leeds", actions.draft_answer, cast.subject, third, words="x", answer="x")
    await does("leeds", actions.publish_answers, cast.subject)
    with pytest.raises(Refused, match="was answered"):
        await does("rival", actions.withdraw, cast.subject, third)
    with pytest.raises(Refused, match="was answered"):
        await does("leeds", actions.draft_answer, cast.subject, third, words="y", answer="y")


async def test_a_suppliers_name_in_the_words_is_noticed(asked, does, cast, owner):
    name = await owner.fetchval("select name from organisation where kind = 'supplier' limit 1")
    words = f"As {name} we ask: why?"
    with pytest.raises(Refused, match="may tell who asked"):
        await does("leeds", actions.draft_answer, cast.subject, asked[0], words=words, answer="Because.")
    await does(
        "leeds", actions.draft_answer, cast.subject, asked[0], words=words, answer="Because.", checked=True
    )


async def test_a_lot_of_questions_is_read_by_few_statements(opened, does, reads, cast, statements, owner):
    for count in (3, 30):
        await owner.execute(
            """insert into question (subject_id, words, asked_on)
               select $1, 'Why?', current_date from generate_series(1, $2)""",
            cast.subject,
            count,
        )
        statements.clear()
        await reads("leeds", queries.questions, cast.subject)
        assert len(statements) == 2
