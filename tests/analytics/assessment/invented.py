"""Methods and tenders for tests, invented."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from analytics.assessment.prices import Formula, Schedule, Tiers, Volume
from analytics.assessment.totals import Criterion, Method, Tender

METHOD = Method(
    (
        Criterion("function", Decimal(40), 5),
        Criterion("delivery", Decimal(20), 5),
        Criterion("social", Decimal(10), 5),
    ),
    Decimal(30),
    (Volume("expected", 1),),
)


def flat(pence: int) -> Schedule:
    """A price that is the same whatever the volume."""
    return Schedule(pence, ((0, 0),))


def marks(function: int, delivery: int, social: int) -> dict[str, Decimal]:
    return {"function": Decimal(function), "delivery": Decimal(delivery), "social": Decimal(social)}


@st.composite
def methods(draw: st.DrawFn) -> Method:
    """A method with the criteria of METHOD, other weights and any formula."""
    ends = sorted(draw(st.lists(st.integers(1, 99), min_size=3, max_size=3, unique=True)))
    weights = [b - a for a, b in zip([0, *ends], [*ends, 100], strict=True)]
    return Method(
        tuple(
            Criterion(each.id, Decimal(weight), 5)
            for each, weight in zip(METHOD.criteria, weights[:3], strict=True)
        ),
        Decimal(weights[3]),
        (Volume("low", 5), Volume("expected", 20, 2), Volume("full", 60)),
        draw(st.sampled_from(Formula)),
        reference_pence=5_000,
    )


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    starts = sorted(draw(st.sets(st.integers(1, 50), max_size=3)))
    prices = sorted(draw(st.lists(st.integers(1, 200), min_size=len(starts) + 1, max_size=len(starts) + 1)))
    return Schedule(
        draw(st.integers(0, 3_000)),
        tuple(zip([0, *starts], reversed(prices), strict=True)),
        draw(st.sampled_from(Tiers)),
    )


@st.composite
def tenders(draw: st.DrawFn, most: int = 5) -> list[Tender]:
    count = draw(st.integers(1, most))
    return [
        Tender(f"T{number}", marks(*(draw(st.integers(0, 5)) for _ in range(3))), draw(schedules()))
        for number in range(count)
    ]
