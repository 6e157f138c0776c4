"""Lots under a limit on what one supplier may win, against examples that are worked by hand."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenders.rules import awarding, lot_limits, ties
from tenders.rules.bidding import drafts, team
from tenders.rules.bidding.asked import Asked, AskedLot
from tenders.rules.bidding.drafts import BidPart, Draft
from tenders.rules.lot_limits import Limit
from values.refusals import Refused

# Three lots. Points for quality break a tie; the totals are ranked already.
#         lot A (£100)   lot B (£300)   lot C (£200)
# first   bid 1          bid 1          bid 1
# second  bid 2          bid 3          bid 2
# third   bid 3          bid 2          -
RANKS = {"A": {"1": 1, "2": 2, "3": 3}, "B": {"1": 1, "3": 2, "2": 3}, "C": {"1": 1, "2": 2}}
VALUES = [("A", 100_00), ("B", 300_00), ("C", 200_00)]
ALONE = {"1": frozenset("x"), "2": frozenset("y"), "3": frozenset("z")}


def kept(ranks, quality=None):
    """An assessment in which bids have these ranks; `quality`: bid → points for the one criterion."""
    quality = quality or {}
    return {
        "lots": [
            {
                "lot": lot,
                "weights": {"a": "60", "price": "40"},
                "best": [bid for bid, rank in of_lot.items() if rank == 1],
                "standings": [
                    {"bid": bid, "rank": rank, "points": {"a": quality.get(bid, "10"), "price": "10"}}
                    for bid, rank in of_lot.items()
                ],
            }
            for lot, of_lot in ranks.items()
        ]
    }


def settle(most, by, *, ranks=RANKS, suppliers=ALONE, quality=None, drawn=(), rule="quality"):
    limit = Limit(most, lot_limits.order(VALUES, by), suppliers)
    return lot_limits.settle(kept(ranks, quality), rule, {}, dict(drawn), limit)


@pytest.mark.parametrize(
    ("most", "by", "winners", "passed"),
    [
        # B is worth most and goes to 1; C then to 2, for 1 has won its lot; of A nobody but 3 is left.
        (1, "value", {"B": "1", "C": "2", "A": "3"}, {"C": ("1",), "A": ("1", "2")}),
        # A goes to 1, B to 3, C to 2.
        (1, "number", {"A": "1", "B": "3", "C": "2"}, {"B": ("1",), "C": ("1",)}),
        # B and C go to 1, A to 2.
        (2, "value", {"B": "1", "C": "1", "A": "2"}, {"A": ("1",)}),
        (2, "number", {"A": "1", "B": "1", "C": "2"}, {"C": ("1",)}),
        (3, "number", {"A": "1", "B": "1", "C": "1"}, {}),
    ],
)
def test_lots_go_in_their_order_to_the_best_bid_that_may_still_win(most, by, winners, passed):
    found = settle(most, by)
    assert (found.winners, found.passed, list(found.ties)) == (winners, passed, [])


def test_of_equal_values_the_lower_number_comes_first():
    lots = [("A", 5), ("B", 7), ("C", 5), ("D", None)]
    assert lot_limits.order(lots, "value") == ["B", "A", "C", "D"]
    assert lot_limits.order(lots, "number") == ["A", "B", "C", "D"]


def test_a_member_that_has_won_with_another_bid_counts_as_well():
    # y bids alone with 2 and is a member of 1: once 1 has won A, 2 may win nothing more.
    together = {**ALONE, "1": frozenset("xy")}
    found = settle(1, "number", suppliers=together)
    assert found.winners == {"A": "1", "B": "3"}
    # Of C nobody is left: it is not awarded, and both bids are told why.
    assert found.passed == {"B": ("1",), "C": ("1", "2")}


def test_a_bid_that_failed_wins_nothing_under_a_limit_either():
    ranks = {"A": {"1": 1, "2": None}, "B": {"1": 1, "2": None}}
    found = settle(1, "number", ranks=ranks)
    assert (found.winners, found.passed) == ({"A": "1"}, {"B": ("1",)})


def test_a_tie_among_those_that_may_win_is_broken_by_the_rule_and_at_last_by_lot():
    ranks = {"A": {"1": 1, "2": 2, "3": 2}, "B": {"1": 1, "2": 2, "3": 3}, "C": {"2": 1, "3": 2}}
    # B is worth most and goes to 1, C to 2; of A 2 is not free any more, so that no tie is left there.
    assert settle(1, "value", ranks=ranks).winners == {"B": "1", "C": "2", "A": "3"}
    # With two lots each, 1 has B and A.
    assert settle(2, "value", ranks=ranks).winners == {"B": "1", "C": "2", "A": "1"}
    tied = {"A": {"1": 1, "2": 2, "3": 2}, "B": {"1": 1, "2": 2}, "C": {"2": 1, "3": 2}}
    held = {"1": frozenset("x"), "2": frozenset("y"), "3": frozenset("z")}
    order = [("B", 9), ("A", 8), ("C", 7)]
    limit = Limit(1, lot_limits.order(order, "number"), held)
    better = lot_limits.settle(kept(tied, {"3": "11"}), "quality", {}, {}, limit)
    assert better.winners == {"B": "1", "A": "3", "C": "2"}
    (tie,) = better.ties
    assert (tie.lot, tie.tied, tie.left) == ("A", ("2", "3"), ("3",))
    # Without a rule for it a lot decides: until then the turn of C has not come.
    open_still = lot_limits.settle(kept(tied), "lot", {}, {}, limit)
    assert open_still.winners == {"B": "1"}
    with pytest.raises(Refused, match="Draw a lot between them"):
        awarding.check_settled(open_still.winners, open_still.ties)
    drawn = lot_limits.settle(kept(tied), "lot", {}, {"A": "2"}, limit)
    assert drawn.winners == {"B": "1", "A": "2", "C": "3"}


def test_without_a_limit_lots_come_out_as_before():
    made = kept({"A": {"1": 1, "2": 1}, "B": {"1": 1, "2": 2}}, {"2": "11"})
    found = lot_limits.settle(made, "quality", {}, {}, None)
    assert found.winners == ties.winners(made, ties.ties(made, "quality", {}), {}) == {"A": "2", "B": "1"}
    assert found.passed == {}


@given(
    st.dictionaries(
        st.sampled_from("ABCDE"),
        st.permutations("1234").map(lambda bids: {bid: rank for rank, bid in enumerate(bids, 1)}),
        min_size=1,
    ),
    st.integers(1, 5),
    st.dictionaries(st.sampled_from("1234"), st.frozensets(st.sampled_from("wxyz"), min_size=1)),
)
def test_nobody_wins_more_than_the_limit_and_nobody_better_is_passed_over_without_cause(ranks, most, teams):
    suppliers = {bid: teams.get(bid, frozenset(bid)) for bid in "1234"}
    limit = Limit(most, lot_limits.order([(lot, None) for lot in sorted(ranks)], "number"), suppliers)
    found = lot_limits.settle(kept(ranks), "quality", {}, {}, limit)
    won = Counter(each for bid in found.winners.values() for each in suppliers[bid])
    assert all(count <= most for count in won.values())
    for lot, winner in found.winners.items():
        better = {bid for bid, rank in ranks[lot].items() if rank < ranks[lot][winner]}
        assert better == set(found.passed.get(lot, ()))
        assert all(max(won[each] for each in suppliers[bid]) == most for bid in better)


def asked(most):
    lots = tuple(AskedLot(each, f"Lot {each}", "", "unit", (0,), "units in tier") for each in "ABC")
    return Asked(lots, (), (), priced=False, most_lots=most)


def test_a_bid_for_more_lots_than_allowed_is_refused():
    drafts.check_whole(asked(2), Draft(lots=("A", "C")))
    drafts.check_whole(asked(None), Draft(lots=("A", "B", "C")))
    with pytest.raises(Refused, match="at most 2 lots, and you chose 3"):
        drafts.check_whole(asked(2), Draft(lots=("A", "B", "C")))
    assert [gap.part for gap in drafts.gaps(asked(1), Draft(lots=("A", "B")))] == [BidPart.LOTS]


def test_all_bids_of_a_supplier_count_together():
    team.check_most_lots(["A"], [("B",)], 2)
    # The same lot in two bids is one lot.
    team.check_most_lots(["A", "B"], [("B",)], 2)
    team.check_most_lots(["A"], [("B", "C")], None)
    with pytest.raises(Refused, match="would bid for 3 lots"):
        team.check_most_lots(["A"], [("B", "C")], 2)


def test_a_bidder_reads_why_it_was_passed_over():
    made = kept({"A": {"1": 1, "2": 2}})
    for lot in made["lots"]:
        lot |= {"formula": "lowest over price", "bids": {"1": {"marks": {}}, "2": {"marks": {}}}}
        for each in lot["standings"]:
            each["total"] = "80"
    common = {
        "out": "",
        "winners": {"A": "2"},
        "names": {},
        "lots": {"A": "Maps"},
        "criteria": (),
        "reasons": {},
    }
    told = awarding.summary(made, "1", **common, passed={"A": lot_limits.words(1)})
    assert told["lots"][0]["passed"].startswith("One supplier may win at most 1 lot here.")
    assert awarding.summary(made, "2", **common)["lots"][0]["passed"] == ""
