"""Rules around suggestions without a database: reach, candidates, what a change does, reasons."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from analytics.pooling.needs import Model, Need, broken
from procurement.rules.pools import candidates, reasons, trying
from procurement.rules.pools.candidates import Candidate
from procurement.rules.pools.reach import is_national, reaches
from procurement.rules.pools.reasons import Part
from procurement.rules.pools.wishes import WishKind
from spend.rules.categories import taxonomy
from values.ids import uuid7

MODEL = Model()
TODAY = date(2026, 11, 25)


def need(name: str, council: str, value: int = 60, first: int = 0, last: int = 5) -> Need:
    return Need(name, council, "r", "maps", national=True, value=value, first_month=first, last_month=last)


NEEDS = {
    each.id: each
    for each in (
        need("a", "A"),
        need("b", "B"),
        need("c", "C"),
        need("d", "D"),
        need("e", "E"),
        need("f", "F"),
    )
}
TWO = [("a", "b", "c"), ("d", "e", "f")]


def test_every_category_has_a_reach_and_a_reason():
    assert set(reaches()) == {category.code for category in taxonomy().categories}
    assert all(reach in ("national", "regional") and why for reach, why in reaches().values())
    assert is_national("library-systems")
    assert not is_national("waste-collection")
    assert not is_national("something new")


def candidate(**changes: object) -> Candidate:
    whole = Candidate(
        uuid7(), "Maps", "LDS", "Leeds", "E12000003", "gis-systems", 30_400_000,
        date(2027, 4, 30), date(2027, 9, 1), demonstration=False, pooled=False,
    )  # fmt: skip
    return dataclasses.replace(whole, **changes)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"category": ""}, candidates.NO_CATEGORY),
        ({"value_pence": None}, candidates.NO_VALUE),
        ({"earliest_start_on": None}, candidates.NO_WINDOW),
        ({"latest_start_on": date(2026, 11, 24)}, candidates.PASSED),
        ({"pooled": True}, candidates.IN_A_POOL),
        ({"value_pence": 401_000_000}, candidates.TOO_LARGE),
        ({"value_pence": 201_000_000, "category": "waste-collection"}, candidates.TOO_LARGE),
        ({"value_pence": 1}, None),
    ],
)
def test_what_is_not_searched_has_a_reason(changes, why):
    assert candidates.why_not(candidate(**changes), TODAY) == why


def test_a_need_is_told_in_months_and_in_steps_of_ten_thousand_pounds():
    one = candidate()
    (told,) = candidates.taken([one], TODAY).needs
    assert (told.value, told.national) == (30, True)
    assert candidates.first_of(told.first_month) == date(2027, 4, 1)
    assert candidates.last_of(told.last_month) == date(2027, 9, 30)
    assert candidates.units(1) == 1
    assert candidates.units(1_500_000) == 2


def tried(kind: WishKind, name: str, *others: str, pools=TWO, needs=NEEDS) -> trying.Tried:
    return trying.tried(pools, kind, name, others, needs=needs, model=MODEL)


def test_leaving_a_pool_of_three_ends_it():
    way = tried(WishKind.OUT, "a")
    assert not way.lawful
    assert [pool.broken for pool in way.changed] == ["size"]
    assert way.difference == pytest.approx(-MODEL.saving([60, 60, 60]))


def test_apart_moves_the_need_to_where_most_is_saved():
    pools = [("a", "b", "c", "d"), ("e", "f", "g")]
    needs = NEEDS | {"g": need("g", "G")}
    way = tried(WishKind.APART, "a", "b", pools=pools, needs=needs)
    assert way.lawful
    assert {pool.after for pool in way.changed} == {("b", "c", "d"), ("e", "f", "g", "a")}
    assert tried(WishKind.APART, "a", "e", pools=pools, needs=needs).changed == ()


def test_together_moves_all_that_are_named():
    needs = NEEDS | {"g": need("g", "G"), "h": need("h", "H")}
    way = tried(WishKind.TOGETHER, "g", "h", needs=needs)
    assert way.lawful
    assert any({"g", "h"} <= set(pool.after) for pool in way.changed)
    assert way.difference > 0
    alone = tried(WishKind.TOGETHER, "a", "b", "c", pools=[], needs=NEEDS)
    assert [pool.after for pool in alone.changed] == [("a", "b", "c")]
    assert all(broken([NEEDS[name] for name in pool.after], MODEL) is None for pool in alone.changed)


def test_inside_changes_nothing_for_a_need_that_is_in_a_pool():
    assert tried(WishKind.INSIDE, "a").changed == ()
    needs = NEEDS | {"g": need("g", "G", first=20, last=21)}
    way = tried(WishKind.INSIDE, "g", needs=needs)
    assert not way.lawful
    assert way.changed[0].broken in ("size", "window")


def test_reasons_name_what_sets_the_window_and_what_is_near_its_limit():
    parts = [
        Part("one", 150_000_000, date(2027, 4, 10), date(2027, 9, 30)),
        Part("two", 120_000_000, date(2027, 2, 1), date(2027, 6, 30)),
        Part("three", 110_000_000, date(2027, 1, 1), date(2027, 12, 31)),
    ]
    limits = reasons.what_limits("gis-systems", 3, parts, MODEL)
    assert "before the window of one opens, nor after that of two closes" in limits[0]
    assert "£3,800,000 of at most £4,000,000" in limits[1]
    assert "If one council leaves" in limits[2]
    assert len(limits) == 3
    assert "2.5 times" in reasons.why_these("gis-systems", None, parts)[2]
    assert "All are of Yorkshire" in reasons.why_these("waste-collection", "Yorkshire", parts)[1]


def test_every_rule_of_a_lawful_pool_has_words():
    words = {why: reasons.broken_words(why, MODEL, national=False) for why in reasons.BROKEN}
    assert "£2,000,000" in words["cap"]
    assert "{" not in "".join(words.values())
    assert any("6.0% less a unit" in sentence for sentence in reasons.assumed(MODEL))
