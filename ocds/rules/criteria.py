"""What tenders are held against, and what suppliers must meet to take part."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from analytics.assessment.prices import Formula
from ocds.rules.saying import Json, said, value
from tenders.rules.content import Content, Criterion

FORMULA_WORDS: Final = {
    Formula.LOWEST_OVER_PRICE: "Points: the lowest price divided by this price",
    Formula.ABOVE_LOWEST: "Points fall by how far a price is above the lowest",
    Formula.BELOW_REFERENCE: "Points rise by how far a price is below the reference",
}


def award(content: Content) -> Json:
    """Return the award criteria, quality first and then the price; a part stands with its criterion."""
    criteria = [_quality(content, each) for each in content.award]
    return said(criteria=[*criteria, *_price(content)])


def conditions(content: Content) -> Json:
    """Return the conditions of participation."""
    return said(criteria=[_condition(each) for each in content.conditions])


def _quality(content: Content, each: Criterion) -> Json:
    more = _more(each)
    parts = [
        said(name=part.title, description=part.description, numbers=_weight(part.weight), **_more(part))
        for part in content.parts_of(each.number)
    ]
    return said(
        type="quality",
        name=each.title,
        description=each.description,
        numbers=_weight(each.weight),
        buyTogether={**more, **said(parts=parts)},
    )


def _price(content: Content) -> Iterator[Json]:
    price = content.price
    if price.weight is None:
        return
    yield said(
        type="price",
        name="Price",
        description=FORMULA_WORDS[price.formula],
        numbers=_weight(price.weight),
        buyTogether=said(formula=price.formula.value, referenceValue=value(price.reference_pence)),
    )


def _condition(each: Criterion) -> Json:
    words = [part for part in (each.title, each.description) if part]
    return said(
        description=". ".join(words),
        minimum=each.standard,
        appliesTo=["supplier"],
        numbers=_weight(each.weight),
        buyTogether={**_more(each), **said(title=each.title, description=each.description)},
    )


def _more(each: Criterion) -> Json:
    return said(
        number=each.number,
        bestMark=each.highest,
        leastMark=each.least,
        passOrFail=each.passes_or_fails or None,
        standard=each.standard,
        reason=each.reason,
    )


def _weight(percent: Decimal | None) -> list[Json]:
    return [] if percent is None else [{"number": _number(percent), "weight": "percentageExact"}]


def _number(percent: Decimal) -> int | float:
    return int(percent) if percent == int(percent) else float(percent)
