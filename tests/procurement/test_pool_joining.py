"""Who may start, join, change and leave a pool, and which terms and needs it takes."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from procurement.rules.needs import NeedState, Wanted
from procurement.rules.pools import joining, steps, terms
from procurement.rules.pools.joining import Charter
from procurement.rules.pools.states import PoolState, Stage
from tests.procurement.pool_rules import CODES, NOW, Pool, council
from values.refusals import Refused

CHARTER = Charter(
    "Libraries together",
    "One system",
    3,
    12,
    400_000_000,
    date(2027, 4, 1),
    date(2027, 9, 30),
    NOW + timedelta(days=30),
    NOW + timedelta(days=60),
)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quorum", 2),
        ("largest", 2),
        ("largest", 61),
        ("cap_pence", 0),
        ("last_start_on", date(2027, 3, 31)),
        ("joins_until", NOW),
        ("signs_until", NOW + timedelta(days=50)),
        ("last_start_on", date(2027, 3, 12)),
    ],
)
def test_rules_that_no_pool_could_live_by_are_refused_at_their_field(field, value):
    joining.check_charter(CHARTER, NOW)
    with pytest.raises(Refused) as refused:
        joining.check_charter(dataclasses.replace(CHARTER, **{field: value}), NOW)
    assert refused.value.field == field


def test_members_keep_the_rules_under_which_they_joined():
    later = dataclasses.replace(CHARTER, signs_until=CHARTER.signs_until + timedelta(days=1))
    quorum = dataclasses.replace(CHARTER, quorum=4)
    joining.check_change(PoolState.FORMING, later, CHARTER, others=0)
    joining.check_change(PoolState.FORMING, CHARTER, quorum, others=2)
    joining.check_change(PoolState.AGREEING, CHARTER, later, others=2)
    for state, before, after in (
        (PoolState.FORMING, later, CHARTER),
        (PoolState.AGREEING, CHARTER, quorum),
        (PoolState.COMMITTED, CHARTER, later),
    ):
        with pytest.raises(Refused):
            joining.check_change(state, before, after, others=2)


@pytest.mark.parametrize(
    ("pool", "stage", "others", "region", "words"),
    [
        (Pool(), None, 3, "E12000001", None),
        (Pool(), Stage.WITHDRAWN, 3, "E12000001", None),
        (Pool(), Stage.INTERESTED, 3, "E12000001", "already"),
        (Pool(), None, 4, "E12000001", "full"),
        (Pool(region_code="E12000002"), None, 3, "E12000001", "region"),
        (Pool(joins_until=NOW), None, 3, "E12000001", "ended"),
        (Pool(state=PoolState.COMMITTED), None, 3, "E12000001", "ended"),
    ],
)
def test_who_may_join(pool, stage, others, region, words):
    who = steps.Standing(stage, of_lead=False, leads=False, officer=True, approver=False, region_code=region)
    why = steps.why_not_join(pool, who, members=others, now=NOW)
    assert why is None if words is None else why is not None and words in why


@dataclass(frozen=True)
class Need:
    body_code: str = "CMD"
    category: str = "library-systems"
    state: str = NeedState.OPEN
    value_pence: int | None = 60_000_000
    earliest_start_on: date | None = date(2027, 9, 30)
    latest_start_on: date | None = date(2028, 9, 30)


@pytest.mark.parametrize(
    "need",
    [
        Need(body_code="SLF"),
        Need(category="gis-systems"),
        Need(state=NeedState.DRAFT),
        Need(value_pence=None),
        Need(earliest_start_on=date(2027, 10, 1)),
        Need(latest_start_on=None),
    ],
)
def test_a_need_that_does_not_fit_stays_out(need):
    joining.check_brings(Pool(), Need(), "CMD")
    with pytest.raises(Refused) as refused:
        joining.check_brings(Pool(), need, "CMD")
    assert refused.value.field == "need_id"


WANTED = Wanted(
    "Library system",
    category="library-systems",
    value_pence=1,
    volume=1,
    unit="loan",
    earliest_start_on=date(2027, 4, 1),
    latest_start_on=date(2027, 9, 30),
)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": "Another title", "latest_start_on": date(2027, 4, 1)}, None),
        ({"value_pence": 2}, "value_pence"),
        ({"volume": 2}, "volume"),
        ({"unit": "visit"}, "unit"),
        ({"category": "gis-systems"}, "category"),
        ({"earliest_start_on": date(2027, 10, 1), "latest_start_on": date(2027, 12, 1)}, "earliest_start_on"),
    ],
)
def test_what_a_pool_reckons_with_changes_only_there(changed, field):
    after = dataclasses.replace(WANTED, **changed)
    window = (date(2027, 4, 1), date(2027, 9, 30))
    if field is None:
        joining.check_pooled_change("Libraries", window, WANTED, after)
        return
    with pytest.raises(Refused) as refused:
        joining.check_pooled_change("Libraries", window, WANTED, after)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("state", "stage", "leads", "reason", "allowed"),
    [
        (PoolState.FORMING, Stage.INTERESTED, False, "", True),
        (PoolState.AGREEING, Stage.BOUND, False, "", False),
        (PoolState.COMMITTED, Stage.BOUND, False, "Budget was cut", True),
        (PoolState.HANDED_OVER, Stage.BOUND, False, "Budget was cut", False),
        (PoolState.FORMING, Stage.INTERESTED, True, "", False),
        (PoolState.FORMING, Stage.WITHDRAWN, False, "", False),
        (PoolState.DISSOLVED, Stage.INTERESTED, False, "", False),
    ],
)
def test_who_may_leave(state, stage, leads, reason, allowed):
    if allowed:
        joining.check_can_withdraw(Pool(state=state), stage, leads=leads, reason=reason)
        return
    with pytest.raises(Refused):
        joining.check_can_withdraw(Pool(state=state), stage, leads=leads, reason=reason)


@pytest.mark.parametrize(
    ("wanted", "conditions", "met", "field"),
    [
        ({"cap_pence": 0}, "", False, "cap_pence"),
        ({"least_joint_pence": -1}, "", False, "least_joint_pence"),
        ({"least_partners": 4}, "", False, "least_partners"),
        ({"partners": frozenset({"LDS"})}, "", False, "partners"),
        ({"partners": frozenset({"NOW"})}, "", False, "partners"),
        ({}, "", True, "conditions_met"),
    ],
)
def test_terms_that_nobody_could_keep_are_refused(wanted, conditions, met, field):
    with pytest.raises(Refused) as refused:
        terms.check_terms(
            council("LDS", **wanted),
            partners_known=frozenset(CODES),
            largest=4,
            conditions=conditions,
            met=met,
        )
    assert refused.value.field == field
