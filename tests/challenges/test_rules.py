"""Rules of statements: plain language, what is missing, the law, effort, what is looked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenges.rules import finding, guides, language, linting
from challenges.rules.content import (
    FIRST_CRITERIA,
    FIRST_PHASES,
    FIRST_SECTIONS,
    Content,
    PhasePlaces,
    fingerprint,
)
from challenges.rules.effort import ADVISED_MINUTES, Chance, Effort
from challenges.rules.finding import ChallengeFilter, Standing
from challenges.rules.language import Kind
from sourcing.rules import challenge_routes
from sourcing.rules.law import law

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
WHOLE = Content(
    title="Damp is found early",
    problem="Mould is seen too late.",
    people="4,200 tenants",
    tried="Nothing yet",
    outcomes="Six weeks earlier",
    interfaces="A file of repairs",
    constraints="No camera",
    after_success="The board decides",
    category="housing-systems",
    region_code="",
    budget_gross_pence=25_000_00,
    later_gross_pence=None,
    route="below-threshold",
    route_reason="It stays below",
    questions_until=NOW + timedelta(days=20),
    responses_due_at=NOW + timedelta(days=30),
    showcase_on=date(2027, 1, 12),
    showcase_where="Town hall",
    decision_on=date(2027, 1, 20),
    pilot_from_on=date(2027, 2, 1),
    pilot_until_on=date(2027, 5, 1),
    anonymous=False,
    sections=FIRST_SECTIONS,
    criteria=FIRST_CRITERIA,
    phases=FIRST_PHASES,
)


def found(**other):
    return linting.lacks(replace(WHOLE, **other), law(), NOW)


def messages(**other):
    return [each.message for each in found(**other) if each.blocks]


def test_a_whole_statement_lacks_nothing():
    assert found() == []


@pytest.mark.parametrize("field", ["problem", "people", "tried", "outcomes", "interfaces", "constraints"])
def test_each_text_that_is_missing_is_named_at_its_field(field):
    assert [(each.field, each.blocks) for each in found(**{field: "  "})] == [(field, True)]


def test_the_law_decides_what_fits_a_route():
    assert "reaches the threshold of £207,720.00" in messages(later_gross_pence=190_000_00)[0]
    assert messages(later_gross_pence=182_719_99) == []
    assert "Nothing can be bought" in messages(route="market-engagement")[0]
    assert messages(route="market-engagement", budget_gross_pence=0) == []
    early = NOW + timedelta(days=24)
    assert (
        "25 days"
        in messages(
            route="competitive-flexible", responses_due_at=early, questions_until=NOW + timedelta(days=9)
        )[0]
    )
    advice = found(route="research-and-development")
    assert ["not verified" in each.message for each in advice] == [True]
    assert not linting.blocking(advice)
    assert messages(route="") == ["Choose the legal route"]


def test_which_notice_comes_first_follows_from_route_and_value():
    on = NOW.date()
    assert WHOLE.first_notice(law(), on) == ""
    assert replace(WHOLE, later_gross_pence=5_000_00).first_notice(law(), on) == "UK4"
    assert replace(WHOLE, route="market-engagement").first_notice(law(), on) == "UK2"
    assert [each.code for each in replace(WHOLE, route="competitive-flexible").notices(law(), on)] == [
        "UK4",
        "UK6",
        "UK7",
    ]
    assert [each.code for each in WHOLE.notices(law(), on)] == ["UK7"]


def test_every_route_of_the_table_is_whole_and_what_was_not_read_says_so():
    notices = {each.code for each in law().notices}
    for each in challenge_routes.routes():
        assert set(each.notices) <= notices
        assert each.first_notice in ("", *each.notices)
        assert each.verified or each.basis.note
    assert {each.code for each in challenge_routes.routes() if not each.verified} == {
        "research-and-development",
        "prototype",
    }


def test_days_are_compared_in_their_order():
    assert messages(decision_on=date(2027, 1, 2)) == ["The decision comes before the showcase"]
    assert "passed already" in messages(responses_due_at=NOW)[0]
    assert messages(questions_until=NOW + timedelta(days=30)) == [
        "Questions must end before responses are due"
    ]


def test_weights_that_do_not_sum_are_named():
    assert messages(criteria=FIRST_CRITERIA[:2]) == ["The weights of the criteria sum to 80, not to 100"]


def test_another_word_is_another_statement():
    assert fingerprint(WHOLE) == fingerprint(replace(WHOLE))
    assert fingerprint(WHOLE) != fingerprint(replace(WHOLE, tried="Nothing"))
    assert fingerprint(WHOLE) != fingerprint(replace(WHOLE, criteria=FIRST_CRITERIA[::-1]))
    assert fingerprint(WHOLE) != fingerprint(replace(WHOLE, phases=[PhasePlaces("pilot", 2)]))
    # What was approved before phases were part of it has the hash that it had.
    before = "ee412e919a1c6395ef5316bf078cacd0719bb33f744826e5019f62c00c65f54a"
    assert fingerprint(replace(WHOLE, phases=())).hex() == before


def test_a_statement_says_in_which_phases_it_is_judged():
    assert messages(phases=()) == ["Say in which phases responses are judged, on the tab “Judging”"]


# Worked by hand: 13 words, 24 syllables, one sentence.
PLATYPUS = "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."


def test_a_reading_age_is_the_published_formula():
    text = " ".join([PLATYPUS] * 3)
    spoken = sum(language.syllables(word) for word in PLATYPUS.rstrip(".").split())
    assert abs(spoken - 24) <= 1
    assert language.reading_age(text) == pytest.approx(0.39 * 13 + 11.8 * spoken / 13 - 15.59 + 5)
    assert language.reading_age(PLATYPUS) is None


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1),
        ("table", 2),
        ("people", 2),
        ("made", 1),
        ("houses", 2),
        ("needed", 2),
        ("system", 2),
        ("2026", 1),
    ],
)
def test_syllables_are_counted(word, count):
    assert language.syllables(word) == count


def test_findings_point_at_their_place():
    text = "We leverage an API. " + "word " * 26 + "ends here. It is short."
    kinds = [
        (each.kind, text[each.start : each.end].split(maxsplit=1)[0]) for each in language.findings(text)
    ]
    assert kinds == [(Kind.JARGON, "leverage"), (Kind.JARGON, "API"), (Kind.SENTENCE, "word")]
    assert "28 words" in language.findings(text)[2].advice
    # A short form is one only in capitals, and a part of a word is none.
    assert language.findings("The main thing is a rapid test of the trail.") == []


def test_a_number_or_an_abbreviation_with_a_point_inside_ends_no_sentence():
    assert len(list(language.sentences("It costs 3.5 pence. See example.org for more."))) == 2


@given(st.text(max_size=400))
def test_marks_cover_exactly_the_text(text):
    assert "".join(piece.text for piece in language.marked(text)) == text
    for each in language.findings(text):
        assert 0 <= each.start < each.end <= len(text)


@given(st.lists(st.sampled_from(["we", "need", "a", "better", "way"]), min_size=30, max_size=60))
def test_longer_sentences_never_read_younger(words):
    short = ". ".join(" ".join(words[at : at + 5]) for at in range(0, len(words), 5))
    assert language.reading_age(" ".join(words)) >= language.reading_age(short)


def test_good_examples_read_better_than_poor_ones():
    for name, guide in guides.GUIDES.items():
        assert language.findings(guide.good) == [], name
        assert guide.good != guide.poor


def test_a_first_statement_can_be_answered_in_the_advised_time():
    words = sum(each.most_words for each in FIRST_SECTIONS)
    assert Effort(0, 0, words).minutes <= ADVISED_MINUTES
    assert Effort(238, 4, 19).minutes == 3


def test_a_chance_is_not_made_up():
    assert Chance(0, 0, 0).words.startswith("not known yet")
    assert Chance(2, 10, 3).words == (
        "of 10 responses to 2 earlier challenges, 3 were chosen for a pilot (30%)"
    )


filters = st.builds(
    ChallengeFilter,
    words=st.text("abc “&=+ü", max_size=20).map(str.strip),
    category=st.sampled_from(["", "housing-systems"]),
    region=st.sampled_from(["", "E12000003"]),
    budget_from_pence=st.none() | st.integers(0, 10**9),
    budget_to_pence=st.none() | st.integers(0, 10**9),
    due_from=st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    due_to=st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    state=st.sampled_from(["", *Standing]),
)


@given(filters)
def test_a_query_asks_for_what_it_was_made_of(wanted):
    assert finding.read(wanted.query) == wanted
    assert finding.lasting(wanted).state == ""
    for name, words in finding.said(wanted, {}):
        assert words
        assert name not in dict(finding.said(wanted.without(name), {}))
