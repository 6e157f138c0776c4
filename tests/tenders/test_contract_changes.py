"""Whether a contract may be changed: caps by hand, splitting, what the supplier's change needs."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.rules.law import law
from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.asked import Procedure
from tenders.rules.contracts import changing
from tenders.rules.contracts.changing import Proposal
from tenders.rules.contracts.life import Ending, Told, whole_months
from tests.tenders.lives import MILLION, changed, life
from values.refusals import Refused

ON = date(2027, 9, 1)


def judge(contract=None, **said):
    return changing.judge(law(), contract or life(), Proposal(words="x", reason="y", **said), on=ON)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2027, 4, 1), date(2031, 3, 31), 48),
        (date(2027, 4, 1), date(2031, 3, 30), 47),
        (date(2027, 4, 15), date(2027, 5, 14), 1),
        (date(2027, 1, 31), date(2027, 2, 27), 1),
        (date(2027, 1, 31), date(2027, 2, 26), 0),
        (date(2027, 1, 1), date(2027, 1, 1), 0),
    ],
)
def test_a_term_is_counted_in_whole_months(first, last, months):
    assert whole_months(first, last) == months


@pytest.mark.parametrize(
    ("said", "way", "needs"),
    [
        # £1,000,000 and at most 48 months: a tenth is £100,000 and 4.8 months.
        ({"value_pence": 100_000_00, "term_months": 4}, "minor", False),
        ({"value_pence": 100_000_01}, "minor", True),
        ({"term_months": 5}, "small", True),
        ({"term_months": 5, "value_pence": 100_000_01}, "", True),
        # Fifty per cent, with a ground: £500,000.
        ({"widens_scope": True, "value_pence": 500_000_00, "ground": "unforeseeable"}, "ground", True),
        ({"widens_scope": True, "value_pence": 500_000_01, "ground": "unforeseeable"}, "", True),
        ({"widens_scope": True, "ground": "unforeseeable", "alters_nature": True}, "", False),
        ({"widens_scope": True, "value_pence": 900_000_00, "ground": "provided-for"}, "ground", True),
        ({"new_supplier": "Folio Ltd"}, "", False),
        ({"new_supplier": "Folio Ltd", "ground": "restructuring"}, "ground", True),
        ({"favours_supplier": True}, "small", False),
    ],
)
def test_ways_and_notices_against_figures_worked_by_hand(said, way, needs):
    judged = judge(**said)
    assert (judged.way, judged.verdict.needs_notice) == (way, needs)
    if not way:
        with pytest.raises(Refused, match="The law does not permit this change"):
            changing.check(judged)


def test_works_have_fifteen_per_cent():
    works = life({"kind": ContractKind.WORKS, "value_gross_pence": 10 * MILLION})
    assert judge(works, value_pence=1_500_000_00).verdict.needs_notice is False
    assert judge(works, value_pence=1_500_000_01).verdict.needs_notice is True


def test_two_small_changes_that_could_have_been_one_are_judged_as_one():
    # £60,000 and £60,000 are each below a tenth of £1,000,000; as one they are £120,000.
    once = life(changes=[changed(1, value_pence=60_000_00)])
    assert judge(once, value_pence=60_000_00).verdict.needs_notice is False
    both = judge(once, value_pence=60_000_00, made_with=(1,))
    assert both.verdict.needs_notice is True
    assert "Together with earlier changes" in both.verdict.notice_because
    # Two of four months are eight of forty-eight: no way is open to the second.
    longer = life(changes=[changed(1, term_months=4, value_pence=90_000_00)])
    assert judge(longer, term_months=4, value_pence=90_000_00, made_with=(1,)).way == ""


def test_below_threshold_changes_add_up_to_less_than_the_threshold():
    # £207,720 from January 2026. £100,000 and £90,000 were taken on that way; £17,720 more reaches it.
    small = [
        changed(number, value_pence=pence, way="small") for number, pence in ((1, 100_000_00), (2, 90_000_00))
    ]
    contract = life(changes=small)
    assert judge(contract, value_pence=17_719_99, favours_supplier=True).way == "small"
    assert judge(contract, value_pence=17_720_00, favours_supplier=True).way == ""


def test_below_the_threshold_a_contract_is_free_until_it_reaches_it():
    below = life({"procedure": Procedure.BELOW_THRESHOLD, "value_gross_pence": 150_000_00})
    judged = judge(below, value_pence=57_719_99, widens_scope=True)
    assert (judged.way, judged.verdict.needs_notice) == ("part-6", False)
    assert judge(below, value_pence=57_720_00, widens_scope=True).way == ""


def test_the_text_is_published_over_five_million_only():
    large = life({"value_gross_pence": 5 * MILLION})
    assert judge(large, term_months=5, ground="provided-for").verdict.text_is_published is False
    assert judge(large, term_months=5, value_pence=1, ground="provided-for").verdict.text_is_published is True


def test_the_approver_answers_for_all_that_the_contract_has_grown_by():
    grown = life(changes=[changed(1, value_pence=60_000_00), changed(2, value_pence=-50_000_00)])
    assert judge(grown, value_pence=30_000_00).commits_pence == 90_000_00
    assert judge(grown, value_pence=-10_000_00).commits_pence == 60_000_00


@given(
    value=st.integers(1, 10**12),
    rise=st.integers(-(10**12), 10**12),
    months=st.integers(1, 600),
    longer=st.integers(-60, 60),
    ground=st.sampled_from(["", "unforeseeable", "known-risk", "additional"]),
)
def test_no_change_past_every_cap_is_permitted(value, rise, months, longer, ground):
    facts = {
        "value_gross_pence": value,
        "starts_on": date(2027, 4, 1),
        "ends_on": changing_end(months),
        "extended_until": None,
    }
    judged = judge(life(facts), value_pence=rise, term_months=longer, widens_scope=True, ground=ground)
    # Scope is widened, so that a ground alone can carry it, and grounds with a cap carry up to a half.
    assert bool(judged.way) == (bool(ground) and rise * 2 <= value)
    assert judged.verdict.needs_notice == (abs(rise) * 10 > value or abs(longer) * 10 > months)
    assert (
        all(each.kept for each in judged.caps if each.name == "Unforeseeable circumstances") or not judged.way
    )


def changing_end(months: int) -> date:
    year, month = divmod(2027 * 12 + 3 + months, 12)
    return date.fromordinal(date(year, month + 1, 1).toordinal() - 1)


def test_a_change_waits_for_the_one_before_and_for_no_ended_contract():
    proposal = Proposal(words="x", reason="y", term_months=1)
    changing.check_can_propose(life(), proposal)
    with pytest.raises(Refused, match="Change 1 is not made yet"):
        changing.check_can_propose(life(changes=[changed(1, state="approved", made_on=None)]), proposal)
    ended = Ending(changed().id, True, "agreed", ON, "x", "y")
    with pytest.raises(Refused, match="has ended"):
        changing.check_can_propose(life(endings=[ended]), proposal)


def test_a_notice_comes_before_the_change_it_is_about():
    waiting = changed(1, state="approved", made_on=None, needs_notice=True)
    contract = life(changes=[waiting])
    with pytest.raises(Refused, match="published before the change"):
        changing.check_can_make(waiting, contract, ON, ON)
    told = life(changes=[waiting], notices=[Told("UK10", waiting.id, "1", date(2027, 8, 20))])
    with pytest.raises(Refused, match="not before it"):
        changing.check_can_make(waiting, told, date(2027, 8, 19), ON)
    changing.check_can_make(waiting, told, date(2027, 8, 20), ON)
    with pytest.raises(Refused, match="approves the change first"):
        changing.check_can_make(changed(1, state="proposed"), told, ON, ON)


def test_a_contract_is_by_now_what_its_changes_made_of_it():
    contract = life(
        changes=[
            changed(1, value_pence=50_000_00, term_months=2),
            changed(2, new_supplier="Folio Ltd", ground="restructuring"),
            changed(3, value_pence=10_000_00, state="approved", made_on=None),
        ]
    )
    assert contract.value_gross_pence == 1_050_000_00
    assert contract.ends_on == date(2029, 5, 31)
    assert contract.supplier == "Folio Ltd"
