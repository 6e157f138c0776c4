"""The rules of pools: terms solved together, and moves by clock, quorum and signatures."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.pooling.commitment import price_pence
from procurement.rules.pools import moving, terms
from procurement.rules.pools.states import POOL_MOVES, PoolState, Stage
from procurement.rules.pools.terms import ELASTICITY, Member, Waits, solve
from tests.procurement.pool_rules import CODES, NOW, Pool, council

stages = st.sampled_from([Stage.INTERESTED, Stage.CONDITIONAL, Stage.BOUND])


@st.composite
def members(draw):
    found = []
    for code in draw(st.lists(st.sampled_from(CODES), unique=True)):
        others = [other for other in CODES if other != code]
        value = draw(st.integers(1, 100)) * 1_000_000
        cap = draw(st.none() | st.integers(70, 110))
        found.append(
            Member(
                code,
                draw(stages),
                value,
                cap_pence=None if cap is None else value * cap // 100,
                least_partners=draw(st.integers(0, 4)),
                partners=frozenset(draw(st.lists(st.sampled_from(others), max_size=1))),
                least_joint_pence=draw(st.sampled_from([0, 50_000_000, 250_000_000])),
                signed_pence=draw(st.none() | st.just(value)),
                unmet=draw(st.sampled_from([False, False, True])),
            )
        )
    return found


def content(member, company):
    """What a council's terms come to in a company, written down once more."""
    joint = sum(each.value_pence for each in company)
    caps = [cap for cap in (member.cap_pence, member.signed_pence) if cap is not None]
    return (
        not member.unmet
        and len(company) - 1 >= member.least_partners
        and member.partners <= {each.code for each in company}
        and joint >= member.least_joint_pence
        and all(price_pence(member.terms, joint, ELASTICITY) <= cap for cap in caps)
    )


@given(members())
def test_whoever_is_in_is_content_and_whoever_waits_is_told_why(found):
    solved = solve(found, lead_code="LDS", quorum=3)
    inside = [member for member in found if member.code in solved.inside]
    assert all(content(member, inside) for member in inside)
    assert set(solved.waiting) == {member.code for member in found} - set(solved.inside)
    for code, waits in solved.waiting.items():
        member = next(each for each in found if each.code == code)
        assert not content(member, [*inside, member])
        assert Waits.from_json(waits.as_json()) == waits
        assert terms.lacking_words(waits.as_json(), {})
        assert waits.own_words == member.unmet
    assert solved.holds == (len(inside) >= 3 and "LDS" in solved.inside)


@given(members(), st.sampled_from(CODES))
def test_whoever_asks_for_less_shuts_nobody_out(found, code):
    before = solve(found, lead_code="LDS", quorum=3)
    eased = [
        dataclasses.replace(member, cap_pence=None, least_partners=0, unmet=False)
        if member.code == code
        else member
        for member in found
    ]
    assert set(before.inside) <= set(solve(eased, lead_code="LDS", quorum=3).inside)


@given(members(), st.sampled_from(list(PoolState)), st.integers(-100, 100), st.integers(1, 60))
def test_a_pool_moves_only_along_its_table_and_comes_to_rest(found, state, joins_in, days_more):
    joins_until = NOW + timedelta(days=joins_in)
    pool = Pool(state=state, joins_until=joins_until, signs_until=joins_until + timedelta(days=days_more))
    for _ in range(6):
        company = solve(found, lead_code=pool.lead_code, quorum=pool.quorum)
        move = moving.next_state(pool, found, company, NOW)
        if move is None:
            break
        assert move.to in POOL_MOVES[PoolState(pool.state)]
        assert move.reason
        assert set(move.leaving) <= {member.code for member in found} - {"LDS"}
        found = [member for member in found if member.code not in move.leaving]
        pool = dataclasses.replace(
            pool, state=move.to.value, signs_until=move.signs_until or pool.signs_until
        )
    else:
        pytest.fail("it never comes to rest")
    if pool.state == PoolState.COMMITTED:
        assert len(found) >= pool.quorum
        assert all(member.stage is Stage.BOUND and content(member, found) for member in found)
    if pool.state == PoolState.FORMING:
        assert pool.joins_until > NOW
    if pool.state == PoolState.AGREEING:
        assert pool.signs_until > NOW


def moved(pool, found, now=NOW):
    return moving.next_state(pool, found, solve(found, lead_code="LDS", quorum=pool.quorum), now)


THREE = [council(code) for code in CODES[:3]]
SIGNED = [council(code, Stage.BOUND, signed_pence=50_000_000) for code in CODES[:3]]


def test_joining_ends_with_a_quorum_or_without():
    pool = Pool()
    assert moved(pool, THREE) is None
    move = moved(pool, THREE, pool.joins_until)
    assert move is not None
    assert move.to is PoolState.AGREEING
    move = moved(pool, THREE[:2], pool.joins_until)
    assert move is not None
    assert (move.to, move.reason) == (PoolState.DISSOLVED, "Joining ended: 1 more council is needed")


def test_a_pool_does_not_go_ahead_without_its_lead():
    waiting = [council("LDS", unmet=True), *THREE[1:], council("BST")]
    move = moved(Pool(), waiting, Pool().joins_until)
    assert move is not None
    assert move.to is PoolState.DISSOLVED
    assert "lead council" in move.reason


def test_a_pool_that_opens_late_still_leaves_time_to_sign():
    pool = Pool(joins_until=NOW - timedelta(days=40), signs_until=NOW - timedelta(days=10))
    move = moved(pool, THREE)
    assert move is not None
    assert move.signs_until == NOW + moving.TO_SIGN


def test_the_last_signature_commits_the_pool_and_lets_go_who_still_waits():
    pool = Pool(state=PoolState.AGREEING)
    assert moved(pool, [*SIGNED[:2], THREE[2]]) is None
    assert moved(pool, [*SIGNED, council("BST")]) is None
    move = moved(pool, [*SIGNED, council("BST", unmet=True)])
    assert move is not None
    assert move.to is PoolState.COMMITTED
    assert move.leaving == {"BST": moving.LEFT_ALONE}


def test_who_has_not_signed_in_time_is_out():
    pool = Pool(state=PoolState.AGREEING)
    move = moved(pool, [*SIGNED, council("BST")], pool.signs_until)
    assert move is not None
    assert move.to is PoolState.COMMITTED
    assert move.leaving == {"BST": "Did not sign by 12 March 2027"}
    move = moved(pool, [*SIGNED[:2], council("BST")], pool.signs_until)
    assert move is not None
    assert move.to is PoolState.DISSOLVED


def test_nobody_stays_bound_whose_terms_fail_with_those_who_signed():
    named = council("CON", Stage.BOUND, signed_pence=50_000_000, partners=frozenset({"BST"}))
    pool = Pool(state=PoolState.AGREEING)
    found = [*SIGNED, named, council("BST")]
    assert moved(pool, found) is None
    move = moved(pool, found, pool.signs_until)
    assert move is not None
    assert move.leaving == {"CON": moving.LEFT_ALONE, "BST": "Did not sign by 12 March 2027"}


def test_a_pool_that_a_bound_council_left_goes_back_and_gets_time():
    pool = Pool(state=PoolState.COMMITTED, signs_until=NOW - timedelta(days=1))
    assert moved(pool, SIGNED) is None
    move = moved(pool, SIGNED[:2])
    assert move is not None
    assert (move.to, move.signs_until) == (PoolState.AGREEING, NOW + moving.TO_SIGN)
