"""Thresholds of the day a procurement commences; VAT is in them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.rules.law import law
from sourcing.rules.thresholds import ContractKind, is_public_contract, threshold
from values.refusals import Refused

LAST_YEAR, THIS_YEAR = date(2025, 12, 31), date(2026, 1, 1)
GOODS, WORKS, CONCESSION = ContractKind.GOODS_OR_SERVICES, ContractKind.WORKS, ContractKind.CONCESSION


@pytest.mark.parametrize(
    ("kind", "light_touch", "before", "since"),
    [
        (GOODS, False, 214_904, 207_720),
        (WORKS, False, 5_372_609, 5_193_000),
        (GOODS, True, 663_540, 663_540),
        (CONCESSION, False, 5_372_609, 5_193_000),
        (CONCESSION, True, 5_372_609, 5_372_609),
    ],
)
def test_the_threshold_in_force_when_a_procurement_commences(
    *, kind: ContractKind, light_touch: bool, before: int, since: int
):
    for day, pounds in ((LAST_YEAR, before), (THIS_YEAR, since)):
        found = threshold(law(), kind, light_touch=light_touch, commenced_on=day)
        assert found.value_gross_pence == pounds * 100


def test_central_government_and_utilities_stand_in_the_table_too():
    now = {row.code: row.value_gross_pence // 100 for row in law().thresholds if row.basis.holds(THIS_YEAR)}
    assert now["goods-services-central"] == 135_018
    assert now["utilities"] == 415_440
    assert now["light-touch-utilities"] == 884_720


@pytest.mark.parametrize(("pence", "public"), [(207_720_00, True), (207_719_99, False), (0, False)])
def test_the_threshold_itself_is_enough(*, pence: int, public: bool):
    found = is_public_contract(
        law(), GOODS, light_touch=False, commenced_on=THIS_YEAR, value_gross_pence=pence
    )
    assert found is public


def test_a_contract_between_two_thresholds_depends_on_the_day():
    def public(day: date) -> bool:
        return is_public_contract(
            law(), GOODS, light_touch=False, commenced_on=day, value_gross_pence=210_000_00
        )

    assert (public(LAST_YEAR), public(THIS_YEAR)) == (False, True)


def test_a_value_without_vat_has_no_way_in():
    with pytest.raises(TypeError):
        is_public_contract(  # pyright: ignore[reportCallIssue]
            law(), GOODS, light_touch=False, commenced_on=THIS_YEAR, value_net_pence=1
        )


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2028, 1, 1)])
def test_a_day_without_a_known_threshold_is_refused(day: date):
    with pytest.raises(Refused, match="from 1 January 2024 to 31 December 2027"):
        threshold(law(), GOODS, light_touch=False, commenced_on=day)


def test_works_are_not_light_touch_and_no_value_is_negative():
    with pytest.raises(Refused, match="Works cannot be a light touch contract"):
        threshold(law(), WORKS, light_touch=True, commenced_on=THIS_YEAR)
    with pytest.raises(Refused, match="not below zero"):
        is_public_contract(law(), GOODS, light_touch=False, commenced_on=THIS_YEAR, value_gross_pence=-1)


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(0, 10**10))
def test_more_value_never_makes_a_contract_less_public(day: date, pence: int):
    def public(value: int) -> bool:
        return is_public_contract(law(), WORKS, light_touch=False, commenced_on=day, value_gross_pence=value)

    assert public(pence) <= public(pence + 1)


@pytest.mark.parametrize(
    ("code", "pounds", "reached"),
    [
        ("below-threshold-notice", "30000.00", True),
        ("below-threshold-notice", "29999.99", False),
        ("key-performance-indicators", "5000000.00", False),
        ("key-performance-indicators", "5000000.01", True),
        ("contract-copy", "5000000.00", False),
        ("payment-information", "30000.00", False),
        ("pipeline-contract", "2000000.01", True),
    ],
)
def test_over_a_sum_and_at_least_a_sum_differ(*, code: str, pounds: str, reached: bool):
    pence = int(pounds.replace(".", ""))
    assert law().sum(code, date(2026, 9, 1)).is_reached(value_gross_pence=pence) is reached


def test_works_that_may_have_a_suitability_stage_followed_the_threshold():
    assert law().sum("suitability-stage-works", LAST_YEAR).value_gross_pence == 213_477_00
    assert law().sum("suitability-stage-works", THIS_YEAR).value_gross_pence == 207_720_00
