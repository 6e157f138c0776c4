"""The text of an agreement and the rules of signing, without a database."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.pooling.needs import Model
from procurement.rules import authority
from procurement.rules.pools import agreement, signing, votes
from procurement.rules.pools.agreement import Choices, CostSharing, DataRole, Facts, Party
from procurement.rules.pools.lines import Part
from procurement.rules.pools.signing import Standing, Wanted
from procurement.rules.pools.specification import Specification, SpecifiedLine
from procurement.rules.pools.states import PoolState, Stage, VoteRule
from procurement.rules.pools.votes import Brought
from tests import build
from values.actors import Actor, Role
from values.ids import uuid7
from values.refusals import NotAllowed, Refused

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
FACTS = Facts(
    title="Library systems together",
    category="Library systems",
    purpose="One system\nfor several councils",
    vote_rule="council",
    quorum=3,
    largest=12,
    joint_pence=400_000_000,
    first_start_on=date(2027, 4, 1),
    last_start_on=date(2027, 9, 30),
    joins_until=NOW,
    signs_until=LATER,
    parties=(
        Party("LDS", "Leeds City Council", 90_000_000),
        Party("CMD", "London Borough of Camden", 60_000_000),
        Party("SLF", "Salford City Council", 40_000_000),
    ),
)
HASH = b"h" * 32
STANDING = Standing(Stage.CONDITIONAL, (2, HASH), named=True, signed_by="", limit_pence=50_000_000)
WANTED = Wanted(HASH, 50_000_000, date(2027, 9, 30))


def test_the_same_facts_and_choices_give_the_same_bytes():
    first, again = (agreement.fill(FACTS, Choices(), 1) for _ in range(2))
    assert first == again
    assert agreement.digest(first) == hashlib.sha256(first.encode()).digest()
    assert first.endswith("\n")
    assert "\r" not in first


def test_the_text_says_what_the_pool_says():
    text = agreement.fill(FACTS, Choices(liability_pence=12_345_600, leave_days=14), 3)
    for said in (
        "Version 3",
        "Leeds City Council is the lead council",
        "at least 3 councils",
        "not to exceed £4,000,000.",
        "between 1 April 2027 and 30 September 2027",
        "Councils may sign until 25 December 2026",
        "up to £123,456 in all",
        "For 14 days from then",
        "One system for several councils",
        "Salford City Council: estimated value £400,000, share of costs 33.33%",
        "The law of England and Wales applies",
        "Procurement Act 2023, section 1(3)",
        "Procurement Regulations 2024, regulation 13",
        "No requirement has been settled yet",
    ):
        assert said in text, said


def test_each_choice_reads_otherwise():
    texts = [agreement.fill(FACTS, Choices(cost_sharing=how), 1) for how in CostSharing]
    texts += [agreement.fill(FACTS, Choices(data_role=role), 1) for role in DataRole]
    texts += [agreement.fill(FACTS, Choices(leave_days=days), 1) for days in (0, 1)]
    texts.append(agreement.fill(dataclasses.replace(FACTS, vote_rule="volume"), Choices(), 1))
    # Equal shares and no data are the defaults, and stand for themselves once.
    assert len(set(texts)) == len(texts) - 1
    assert "may leave at once" in agreement.fill(FACTS, Choices(leave_days=0), 1)


def counted(weights, ballots):
    return votes.count(("common", "lot", "option"), weights, ballots, here=weights, stances={}).outcome


THREE = {"LDS": 4, "CMD": 3, "SLF": 2}


@pytest.mark.parametrize(
    ("said", "ballots", "outcome"),
    [
        # Four of nine are enough where no other answer has as many.
        ("The answer with the most weight is taken", {"LDS": "lot", "CMD": "common", "SLF": "option"}, "lot"),
        ("if two answers share the most", {"LDS": "lot", "CMD": "common"}, "lot"),
        ("more than half of the councils that could vote have voted", {"LDS": "lot"}, None),
        ("whatever their weight", {"CMD": "lot", "SLF": "lot"}, "lot"),
    ],
)
def test_clause_4_1_says_how_votes_are_counted(said, ballots, outcome):
    for rule in VoteRule:
        clause = next(
            line
            for line in agreement.fill(dataclasses.replace(FACTS, vote_rule=rule), Choices(), 1).splitlines()
            if line.startswith("4.1 ")
        )
        assert said in clause
    assert counted(THREE, ballots) == outcome
    if "share" in said:
        assert counted(dict.fromkeys(THREE, 1), ballots) is None


@pytest.mark.parametrize(
    ("rule", "said", "weighed", "expected"),
    [
        (VoteRule.COUNCIL, "Each council has one vote", ("loan", "loan"), {"LDS": 1, "CMD": 1}),
        (VoteRule.VOLUME, "weighs as much as the volume it brings", ("loan", "loan"), {"LDS": 5, "CMD": 7}),
        (
            VoteRule.VOLUME,
            "the estimated value it brings where not all gave a volume in one unit",
            ("loan", "user"),
            {"LDS": 900, "CMD": 100},
        ),
    ],
)
def test_clause_4_1_says_what_a_vote_weighs(rule, said, weighed, expected):
    text = agreement.fill(dataclasses.replace(FACTS, vote_rule=rule), Choices(), 1)
    assert said in text
    brought = [Brought("LDS", 900, 5, weighed[0]), Brought("CMD", 100, 7, weighed[1])]
    assert votes.weights(rule, ["LDS", "CMD"], brought)[1] == expected


def test_requirements_are_listed_and_what_looks_like_a_template_stays_a_text():
    facts = dataclasses.replace(FACTS, purpose="{{ 7 * 7 }} <b>", requirements=("Works offline", "{% x %}"))
    text = agreement.fill(facts, Choices(), 1)
    assert "Its purpose: {{ 7 * 7 }} <b>" in text
    assert "2.1 Works offline\n2.2 {% x %}\n" in text


def test_only_what_is_settled_is_agreed():
    lines = [
        SpecifiedLine(number, text, True, part, lot, ["Leeds"], [], [], "by vote")
        for number, text, part, lot in (
            (1, "Works\noffline", Part.ALL, ""),
            (2, "Kiosks", Part.LOT, "Self service"),
            (3, "Drones", Part.DROPPED, ""),
            (4, "Robots", Part.OPEN, ""),
        )
    ]
    assert agreement.requirements(Specification("Libraries", lines)) == (
        "For all councils: Works offline (must for Leeds)",
        "Lot: Self service: Kiosks (must for Leeds)",
    )


@given(st.lists(st.integers(0, 10**10), min_size=1, max_size=9), st.sampled_from(CostSharing))
def test_shares_add_up_to_the_whole(estimates, how):
    shares = agreement.cost_shares(estimates, how)
    assert sum(shares) == agreement.WHOLE
    assert min(shares) >= 0


def test_shares_by_estimate_are_in_proportion_and_by_shapley_favour_nobody_for_its_place():
    assert agreement.cost_shares([300, 100], CostSharing.ESTIMATE) == [7500, 2500]
    first = agreement.cost_shares([90_000_000, 60_000_000], CostSharing.SHAPLEY)
    assert first == agreement.cost_shares([60_000_000, 90_000_000], CostSharing.SHAPLEY)[::-1]


def test_differences_name_what_was_added_and_removed():
    before, after = (agreement.fill(FACTS, Choices(leave_days=days), 1) for days in (14, 28))
    lines = agreement.differences(before, after)
    assert [(line.kind, "14 days" in line.text, "28 days" in line.text) for line in lines] == [
        ("removed", True, False),
        ("added", False, True),
    ]
    assert agreement.differences(before, before) == []


def test_choices_survive_being_kept():
    chosen = Choices(CostSharing.SHAPLEY, 5, 6, DataRole.JOINT)
    assert Choices.of(chosen.as_json()) == chosen


@pytest.mark.parametrize(
    ("state", "standing", "now", "said"),
    [
        (PoolState.FORMING, STANDING, NOW, "still forming"),
        (PoolState.HANDED_OVER, STANDING, NOW, "takes no signatures"),
        (PoolState.CLOSED, STANDING, NOW, "takes no signatures"),
        (PoolState.DISSOLVED, STANDING, NOW, "takes no signatures"),
        (PoolState.AGREEING, STANDING, LATER, "Signing ended on 25 December 2026"),
        (PoolState.AGREEING, dataclasses.replace(STANDING, stage=None), NOW, "not in this pool"),
        (PoolState.AGREEING, dataclasses.replace(STANDING, stage=Stage.WITHDRAWN), NOW, "not in this pool"),
        (PoolState.AGREEING, dataclasses.replace(STANDING, last=None), NOW, "not made an agreement yet"),
        (PoolState.AGREEING, dataclasses.replace(STANDING, signed_by="Ann"), NOW, "Ann signed version 2"),
        (PoolState.AGREEING, dataclasses.replace(STANDING, leads_on=False), NOW, "names an earlier lead"),
        (PoolState.AGREEING, dataclasses.replace(STANDING, named=False), NOW, "before your council joined"),
        (PoolState.AGREEING, dataclasses.replace(STANDING, limit_pence=None), NOW, "Nobody has set"),
    ],
)
def test_what_is_in_the_way_of_signing_is_said(state, standing, now, said):
    with pytest.raises(Refused, match=said):
        signing.check_can_sign(state, LATER, standing, now)


@pytest.mark.parametrize(("state", "now"), [(PoolState.AGREEING, NOW), (PoolState.COMMITTED, LATER)])
def test_signing_is_open_while_agreeing_and_for_who_joins_a_committed_pool(state, now):
    signing.check_can_sign(state, LATER, STANDING, now)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sha256": b"x" * 32}, "A new version was made"),
        ({"sum_pence": 50_000_001}, "up to £500,000. Enter that or less"),
        ({"until_on": date(2026, 12, 24)}, "must last until 25 December 2026"),
        ({"until_on": date(2037, 1, 1)}, "within 10 years"),
    ],
)
def test_what_cannot_be_committed_is_refused(change, said):
    signing.check_wanted(WANTED, STANDING, LATER, NOW)
    with pytest.raises(Refused, match=said):
        signing.check_wanted(dataclasses.replace(WANTED, **change), STANDING, LATER, NOW)


def test_after_signing_ended_a_commitment_lasts_from_today_on():
    assert signing.earliest_until(NOW, LATER) == date(2026, 12, 25)


@pytest.mark.parametrize("state", PoolState)
def test_versions_are_made_until_councils_are_bound_and_signatures_end_until_handed_over(state):
    makes = state in {PoolState.FORMING, PoolState.AGREEING}
    ends = state in {PoolState.AGREEING, PoolState.COMMITTED}
    for allowed, check in (
        (makes, lambda: signing.check_can_make(state, LATER, NOW)),
        (ends, lambda: signing.check_can_take_back(state)),
    ):
        if allowed:
            check()
        else:
            with pytest.raises(Refused):
                check()
    with pytest.raises(Refused):
        signing.check_can_make(PoolState.AGREEING, LATER, LATER)


@given(st.lists(st.integers(1, 10**10), min_size=1, max_size=8), st.data())
def test_what_is_expected_is_no_more_than_the_estimate(estimates, data):
    which = data.draw(st.integers(0, len(estimates) - 1))
    assert 0 <= signing.expected_pence(estimates, which, Model()) <= estimates[which]


def test_nobody_sets_their_own_limit_and_only_approvers_and_operators_set_others():
    council, elsewhere, person = build.council("LDS"), build.council("CMD"), uuid7()
    for role, organisation, may in (
        (Role.APPROVER, council, True),
        (Role.APPROVER, elsewhere, False),
        (Role.OFFICER, council, False),
        (Role.SECTOR_LEAD, council, False),
        (Role.OPERATOR, elsewhere, True),
    ):
        actor = Actor(uuid7(), organisation, frozenset({role}))
        assert authority.may_set(actor, council, person) is may, role
        with pytest.raises(NotAllowed, match="their own"):
            authority.check_may_set(actor, council, actor.person_id)
