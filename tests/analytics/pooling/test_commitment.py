from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.pooling.commitment import Company, Terms, price_pence, solve

BETA = -0.09
NAMES = "ABCDEFG"


@st.composite
def members(draw: st.DrawFn) -> list[Terms]:
    count = draw(st.integers(1, len(NAMES)))
    found = []
    for n in range(count):
        alone = draw(st.integers(1, 50)) * 1_000_000
        share = draw(st.sampled_from([None, 70, 80, 90, 99, 100]))
        found.append(
            Terms(
                id=NAMES[n],
                alone_pence=alone,
                cap_pence=None if share is None else alone * share // 100,
                least_partners=draw(st.integers(0, 4)),
                partners=frozenset(draw(st.sets(st.sampled_from(NAMES), max_size=2))) - {NAMES[n]},
                least_joint_pence=draw(st.sampled_from([0, 50_000_000, 120_000_000])),
            )
        )
    return found


def consistent(company: tuple[Terms, ...]) -> bool:
    """Whether everybody's terms are met, said again in the plainest way."""
    names = {member.id for member in company}
    joint = sum(member.alone_pence for member in company)
    return all(
        len(company) - 1 >= member.least_partners
        and member.partners <= names
        and joint >= member.least_joint_pence
        and (member.cap_pence is None or price_pence(member, joint, BETA) <= member.cap_pence)
        for member in company
    )


def found(terms: list[Terms], quorum: int = 2) -> Company:
    return solve(terms, elasticity=BETA, quorum=quorum)


@given(members())
def test_is_the_largest_consistent_set_and_holds_all_others(terms: list[Terms]) -> None:
    inside = set(found(terms).inside)
    sets = [
        {member.id for member in company}
        for size in range(len(terms) + 1)
        for company in itertools.combinations(terms, size)
        if consistent(company)
    ]
    assert inside in sets
    assert all(other <= inside for other in sets)


@given(members(), st.randoms(use_true_random=False))
def test_the_order_does_not_matter(terms: list[Terms], shuffle: object) -> None:
    shuffled = list(terms)
    shuffle.shuffle(shuffled)
    assert set(found(shuffled).inside) == set(found(terms).inside)
    by_id = {lacking.id: lacking for lacking in found(terms).waiting}
    assert by_id == {lacking.id: lacking for lacking in found(shuffled).waiting}


@given(members())
def test_whoever_waits_is_told_what_is_missing(terms: list[Terms]) -> None:
    company = found(terms)
    assert {lacking.id for lacking in company.waiting} == {t.id for t in terms} - set(company.inside)
    assert not any(lacking.content for lacking in company.waiting)


@given(members(), st.integers(1, 60))
def test_one_more_without_terms_keeps_everybody_in(terms: list[Terms], alone: int) -> None:
    more = [*terms, Terms("Z", alone * 1_000_000)]
    assert set(found(more).inside) >= {*found(terms).inside, "Z"}


def test_two_wait_for_each_other_and_both_are_in() -> None:
    pair = [Terms("A", 100, partners=frozenset("B")), Terms("B", 100, least_partners=1)]
    assert found(pair) == Company(("A", "B"), (), 0)


def test_one_that_falls_out_takes_along_who_needed_it() -> None:
    terms = [
        Terms("A", 30_000_000),
        Terms("B", 10_000_000, partners=frozenset("C")),
        Terms("C", 10_000_000, cap_pence=5_000_000),
    ]
    company = found(terms)
    assert company.inside == ("A",)
    assert not company.holds
    assert company.quorum_lacking == 1
    waits_b, waits_c = company.waiting
    assert waits_b.partners == ("C",)
    # 10 in a company of 40 pays 4^-0.09 of its price.
    assert waits_c.over_cap_pence == round(10_000_000 * 4**-0.09) - 5_000_000


@pytest.mark.parametrize(
    ("terms", "elasticity"),
    [([Terms("A", 1), Terms("A", 1)], BETA), ([Terms("A", 0)], BETA), ([Terms("A", 1)], 0.1)],
)
def test_impossible_terms_are_refused(terms: list[Terms], elasticity: float) -> None:
    with pytest.raises(ValueError, match=r"own id|above zero"):
        solve(terms, elasticity=elasticity, quorum=1)
