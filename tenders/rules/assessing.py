"""How the published method of a tender is put to a panel, and to the maths that rank bids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from analytics.assessment import totals
from analytics.assessment.totals import Method
from sourcing.rules.scores import WantedQuestion
from tenders.rules.content import Lot, Price

WHOLE: Final = Decimal(100)
# Pass or fail is a mark of 1 or 0 that earns no points, and of which 0 fails.
PASSES: Final = 1


@dataclass(frozen=True, slots=True)
class AssessedCriterion:
    """An award criterion, or a part of one, as it is marked.

    Attributes:
        id: of the tender's criterion; the panel's question has it as its code.
        weight: its percentage of the whole, that of its criterion counted in.
        highest, least: the best mark, and below which mark a bid fails.
    """

    id: str
    title: str
    weight: Decimal
    highest: int
    least: int | None
    standard: str = ""


@dataclass(frozen=True, slots=True)
class PublishedCriterion:
    """A criterion as the tender's table has it."""

    id: str
    parent_id: str | None
    title: str
    weight: Decimal | None
    highest: int | None
    least: int | None
    passes_or_fails: bool
    standard: str


def assessed(published: Sequence[PublishedCriterion]) -> tuple[AssessedCriterion, ...]:
    """Return what is marked: criteria without parts, and parts with their share of a criterion's weight."""
    known = {each.id: each for each in published}
    parents = {each.parent_id for each in published}
    return tuple(_assessed(each, known) for each in published if each.id not in parents)


def _assessed(each: PublishedCriterion, known: Mapping[str, PublishedCriterion]) -> AssessedCriterion:
    parent = known.get(each.parent_id or "")
    title = f"{parent.title}: {each.title}" if parent else each.title
    if each.passes_or_fails:
        return AssessedCriterion(each.id, title, Decimal(0), PASSES, PASSES, each.standard)
    weight = each.weight or Decimal(0)
    if parent:
        weight = weight * (parent.weight or Decimal(0)) / WHOLE
    highest = each.highest or (parent.highest if parent else None) or 1
    return AssessedCriterion(each.id, title, weight, highest, each.least, each.standard)


def questions(criteria: Sequence[AssessedCriterion]) -> list[WantedQuestion]:
    """Return the questions that a panel scores."""
    return [WantedQuestion(each.id, each.title, each.highest, each.least) for each in criteria]


def method(criteria: Sequence[AssessedCriterion], price: Price, lot: Lot) -> Method:
    """Return the method for one lot as it was published.

    Raises:
        ValueError: weights do not come to 100, or a part is missing.
    """
    return Method(
        criteria=tuple(totals.Criterion(each.id, each.weight, each.highest, each.least) for each in criteria),
        price_weight=price.weight or Decimal(0),
        volumes=lot.volumes,
        formula=price.formula,
        reference_pence=price.reference_pence,
    )
