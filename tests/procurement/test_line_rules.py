"""What stances make of a line, what it costs, how a vote ends; a must is never dropped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.rules.pools import alike, lines, votes
from procurement.rules.pools.lines import Asked, Outcome, Part, Stance, Status
from procurement.rules.pools.specification import Specification, SpecifiedLine
from procurement.rules.pools.states import VoteRule
from procurement.rules.pools.votes import Brought
from values.refusals import Refused

CODES = ("BIR", "CMD", "LDS", "MAN", "SLF")
STANCES = st.dictionaries(st.sampled_from(CODES), st.sampled_from(Stance))
OUTCOMES = st.sampled_from([None, *Outcome])


def shuffled(mapping):
    return dict(sorted(mapping.items(), reverse=True))


@given(STANCES)
def test_what_one_must_have_is_never_dropped_and_what_one_cannot_take_is_never_for_all(stances):
    may = lines.allowed(stances)
    assert (Outcome.DROPPED in may) == (Stance.MUST not in stances.values())
    assert (Outcome.COMMON in may) == (Stance.CANNOT not in stances.values())
    assert {Outcome.LOT, Outcome.OPTION} <= set(may)
    for outcome in Outcome:
        assert (lines.standing(outcome, stances) is outcome) == (outcome in may)


@given(STANCES, OUTCOMES)
def test_a_line_stands_somewhere_and_a_conflict_stands_open(stances, outcome):
    part = lines.part(outcome, stances)
    if part is Part.DROPPED:
        assert not lines.is_hard(stances)
    if part is Part.ALL:
        assert Stance.CANNOT not in stances.values()
    if outcome is None and lines.status(stances, len(CODES)) is Status.CONFLICTING:
        assert part is Part.OPEN
    assert lines.part(outcome, shuffled(stances)) is part


def test_common_compatible_and_conflicting():
    assert lines.status({"LDS": Stance.MUST, "CMD": Stance.NICE}, 2) is Status.COMMON
    assert lines.status({"LDS": Stance.MUST}, 2) is Status.COMPATIBLE
    assert lines.status({"LDS": Stance.MUST, "CMD": Stance.ACCEPT}, 2) is Status.COMPATIBLE
    assert lines.status({"LDS": Stance.NICE, "CMD": Stance.CANNOT}, 2) is Status.CONFLICTING
    assert lines.status({}, 0) is Status.COMPATIBLE


@given(STANCES, st.permutations(CODES))
def test_the_status_does_not_depend_on_the_order(stances, order):
    other = {code: stances[code] for code in order if code in stances}
    assert lines.status(stances, len(CODES)) is lines.status(other, len(CODES))


def test_the_lead_alone_drops_nothing_that_others_ask_for_and_overrules_no_vote():
    with pytest.raises(Refused, match="Only a vote"):
        lines.check_outcome(Outcome.DROPPED, {"LDS": Stance.NICE}, voted=False)
    with pytest.raises(Refused, match="must have this line"):
        lines.check_outcome(Outcome.DROPPED, {"LDS": Stance.MUST}, voted=False)
    with pytest.raises(Refused, match="voted on this line"):
        lines.check_outcome(Outcome.OPTION, {"LDS": Stance.MUST}, voted=True)
    with pytest.raises(Refused, match="cannot live with"):
        lines.check_outcome(Outcome.COMMON, {"LDS": Stance.CANNOT}, voted=False)
    lines.check_outcome(Outcome.DROPPED, {"LDS": Stance.ACCEPT}, voted=False)


SUPPLIERS = ("Abel", "Baker", "Cole", "Dunn")
ASKED = st.lists(st.tuples(STANCES, OUTCOMES, st.frozensets(st.sampled_from(SUPPLIERS))), max_size=6).map(
    lambda rows: [
        Asked(UUID(int=position), position, stances, outcome, failing)
        for position, (stances, outcome, failing) in enumerate(rows, start=1)
    ]
)
VALUES = {"BIR": 5, "CMD": 70, "LDS": 90, "MAN": 11}


@given(ASKED, st.randoms())
def test_costs_do_not_depend_on_the_order_and_suppliers_add_up(asked, random):
    found = lines.costs(asked, VALUES)
    other = list(asked)
    random.shuffle(other)
    assert lines.costs(other, VALUES) == found
    assert lines.costliest(reversed(found)) == lines.costliest(found)
    hard = [each for each in asked if each.binds_all and lines.is_hard(each.stances)]
    failed = {supplier for each in hard for supplier in each.failing}
    alone = [supplier for cost in found for supplier in cost.only_failing]
    assert len(alone) == len(set(alone))
    assert set(alone) == {s for s in failed if sum(s in each.failing for each in hard) == 1}
    assert {supplier for cost in found for supplier in cost.failing} == failed
    for cost in found:
        assert cost.value_pence == sum(VALUES.get(code, 0) for code in cost.councils)


def test_the_costliest_line_is_named():
    must, cannot = Stance.MUST, Stance.CANNOT
    found = lines.costs(
        [
            Asked(UUID(int=1), 1, {"LDS": must, "MAN": cannot}, None, frozenset({"Abel", "Baker"})),
            Asked(UUID(int=2), 2, {"LDS": must, "CMD": cannot}, None, frozenset({"Baker"})),
            Asked(UUID(int=3), 3, {"LDS": must, "SLF": cannot, "CMD": cannot}, "lot", frozenset({"Cole"})),
            Asked(UUID(int=4), 4, {"LDS": Stance.NICE}, None, frozenset({"Dunn"})),
        ],
        VALUES,
    )
    most = lines.costliest(found)
    assert most.councils is not None
    assert (most.councils.position, most.councils.value_pence) == (2, 70)
    assert most.suppliers is not None
    assert (most.suppliers.position, most.suppliers.only_failing) == (1, ("Abel",))
    assert lines.costliest([]) == lines.Costliest(None, None)


WEIGHTS = st.dictionaries(st.sampled_from(CODES), st.integers(0, 100), min_size=1)
CHOICES = ("common", "lot", "dropped")
BALLOTS = st.dictionaries(st.sampled_from(CODES), st.sampled_from(CHOICES))


@given(WEIGHTS, BALLOTS, st.sets(st.sampled_from(CODES)), STANCES)
def test_a_vote_counts_what_was_cast_by_who_is_here(weights, ballots, here, stances):
    tally = votes.count(CHOICES, weights, ballots, here=here, stances=stances)
    cast = [code for code in weights if code in here and code in ballots]
    assert sum(tally.sums.values()) == sum(weights[code] for code in cast)
    assert tally.voted == len(cast)
    assert shuffled(tally.sums) == shuffled(
        votes.count(CHOICES, shuffled(weights), shuffled(ballots), here=here, stances=stances).sums
    )
    if tally.outcome is not None:
        assert tally.outcome in lines.allowed(stances)
        assert 2 * tally.voted > tally.councils
        assert all(
            tally.sums[tally.outcome] > weight
            for choice, weight in tally.sums.items()
            if choice != tally.outcome
        )


def test_ties_few_ballots_and_barred_choices_decide_nothing():
    weights = {"LDS": 1, "CMD": 1, "SLF": 1}

    def count(ballots, stances=None):
        return votes.count(CHOICES, weights, ballots, here=weights, stances=stances or {})

    assert count({"LDS": "lot", "CMD": "lot"}).outcome is Outcome.LOT
    assert "more than half" in count({"LDS": "lot"}).ending
    assert "tied" in count({"LDS": "lot", "CMD": "common"}).ending
    barred = count({"LDS": "dropped", "CMD": "dropped"}, {"SLF": Stance.MUST})
    assert barred.outcome is None
    assert "must have it" in barred.ending
    barred = count({"LDS": "common", "CMD": "common"}, {"SLF": Stance.CANNOT})
    assert "cannot live with it" in barred.ending


def test_ballots_weigh_one_each_or_by_volume_or_by_value():
    brought = [
        Brought("LDS", 900, 50, "loan"),
        Brought("LDS", 100, 10, "Loan"),
        Brought("CMD", 700, 30, "loan"),
    ]
    assert votes.weights(VoteRule.COUNCIL, ["LDS", "CMD"], brought) == ("council", {"LDS": 1, "CMD": 1})
    assert votes.weights(VoteRule.VOLUME, ["LDS", "CMD"], brought) == ("volume", {"LDS": 60, "CMD": 30})
    value = ("value", {"LDS": 1000, "CMD": 701})
    for odd in (Brought("CMD", 1, 5, "user"), Brought("CMD", 1, None, "loan"), Brought("CMD", 1, 5, "")):
        assert votes.weights(VoteRule.VOLUME, ["LDS", "CMD"], [*brought, odd]) == value
    assert votes.weights(VoteRule.VOLUME, ["LDS"], brought[2:]) == ("council", {"LDS": 1})


def test_a_vote_leaves_a_day_and_ends_before_the_signing():
    now = datetime(2026, 11, 25, 9, tzinfo=UTC)
    both = [Outcome.LOT, Outcome.OPTION]

    def check(choices, days, stances=None):
        at = votes.closing((now + timedelta(days=days)).date())
        latest = now + timedelta(days=60)
        votes.check_opens(choices, stances or {}, closes_at=at, latest_at=latest, now=now)

    check(both, 1)
    for wrong in ((both, 0), (both, 61), ([Outcome.LOT], 3), ([Outcome.LOT, Outcome.LOT], 3)):
        with pytest.raises(Refused):
            check(*wrong)
    with pytest.raises(Refused, match="must have this line"):
        check([Outcome.LOT, Outcome.DROPPED], 3, {"LDS": Stance.MUST})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The system must work offline", "works offline", True),
        ("Data is stored in the UK", "Data must be stored in the UK.", True),
        ("Supports single sign-on for all staff", "Single sign-on for all staff", True),
        ("Reports to the organisation in a table", "Report to organization in table", True),
        ("Data is stored in the UK", "Data is not stored in the UK", False),
        ("Data of residents, staff stays in the UK", "Data of residents, staff stays outside the UK", False),
        ("Answers within 2 hours", "Answers within 4 hours", False),
        ("Works offline", "Works online", False),
        ("Record of council, school encrypted", "Record of council, school decrypted", False),
        ("App: iPhone, tablet, watch, staff, home", "App: Android, tablet, watch, staff, home", False),
        ("of the", "to be", False),
        ("of the", "Of  the", True),
    ],
)  # fmt: skip
def test_lines_are_one_only_where_nothing_that_matters_differs(one, other, same):
    assert (alike.same_line(one, [(1, other)]) == 1) is same
    assert (alike.same_line(other, [(1, one)]) == 1) is same


@given(st.text(max_size=80), st.text(max_size=80))
def test_alikeness_is_symmetric_and_a_share(one, other):
    first, second = alike.words(one), alike.words(other)
    assert alike.alikeness(first, second) == alike.alikeness(second, first)
    assert 0 <= alike.alikeness(first, second) <= 1


def test_the_specification_names_its_parts_and_who_asked():
    def line(number, part, lot=""):
        return SpecifiedLine(number, f"Text {number}", number == 1, part, lot, ["Leeds"], [], [], "")

    made = Specification(
        "Libraries", [line(3, Part.DROPPED), line(2, Part.LOT, "Offline"), line(1, Part.ALL)]
    )
    assert made.is_settled
    assert [heading for heading, _ in made.parts] == ["For all councils", "Lot: Offline", "Dropped"]
    text = made.as_text()
    assert text.index("1. [must] Text 1") < text.index("2. [nice to have] Text 2")
    assert "must for Leeds" in text
    again = Specification("Libraries", list(reversed(made.lines)))
    assert again.as_text() == text
