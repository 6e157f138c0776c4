"""Councils that merge: whose contracts are alike, what buying together is worth, and how memberships join."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from analytics.pooling.elasticity import Elasticity, interval, savings
from analytics.pooling.needs import UNIT_PENCE, Model
from procurement.rules.pools.states import Stage
from procurement.rules.proposals import add_months

# How far councils of one pool have gone together: as far as the one that has gone least.
_ORDER = (Stage.INTERESTED, Stage.CONDITIONAL, Stage.BOUND)


@dataclass(frozen=True, slots=True)
class Running:
    """A contract of a council that will merge.

    Attributes:
        category: a code of the taxonomy; where the register has none, what the title says.
        last_on: the end with every extension option taken; None: the register has no end.
    """

    id: UUID
    body_code: str
    title: str
    supplier_name: str
    category: str
    end_on: date | None
    extension_months: int
    value_pence: int | None

    @property
    def last_on(self) -> date | None:
        """The end, with the extension that can still be taken."""
        return add_months(self.end_on, self.extension_months) if self.end_on else None


@dataclass(frozen=True, slots=True)
class Overlap:
    """Contracts of merging councils for one category.

    Attributes:
        suppliers: how many different names.
        together_from, together_to: days between which all can be replaced at once, because each has ended or
            could end by then without its extension, and none has run out with it; None where there is none.
        saving_pence, low_pence, high_pence: what one contract is expected to save against extending each by
            itself at today's price; None: not computed.
        why_not: the reason where it is not computed.
    """

    category: str
    contracts: tuple[Running, ...]
    suppliers: int
    together_from: date | None
    together_to: date | None
    saving_pence: int | None
    low_pence: int | None
    high_pence: int | None
    why_not: str

    @property
    def better_together(self) -> bool:
        """Whether one contract is expected to save, over the whole interval."""
        return self.low_pence is not None and self.low_pence > 0


def overlaps(contracts: Iterable[Running], model: Model, today: date) -> list[Overlap]:
    """Return the categories in which at least two of the councils have running contracts, largest first.

    Args:
        contracts: of councils that merge; those that have run out are left out.
        model: volume curve and costs.
        today: which day it is.
    """
    by_category: dict[str, list[Running]] = {}
    for contract in contracts:
        if contract.category and (contract.last_on is None or contract.last_on >= today):
            by_category.setdefault(contract.category, []).append(contract)
    found = [
        _overlap(category, here, model, today)
        for category, here in by_category.items()
        if len({contract.body_code for contract in here}) > 1
    ]
    return sorted(found, key=lambda each: (-(each.saving_pence or 0), each.category))


def _overlap(category: str, here: Sequence[Running], model: Model, today: date) -> Overlap:
    first = [contract.end_on for contract in here if contract.end_on]
    last = [contract.last_on for contract in here if contract.last_on]
    window = (max([*first, today]), min(last)) if len(first) == len(here) else None
    if window and window[0] > window[1]:
        window = None
    saving, why_not = _saving(here, model, window)
    low, middle, high = saving or (None, None, None)
    return Overlap(
        category,
        tuple(sorted(here, key=lambda each: (each.end_on or date.max, each.title, str(each.id)))),
        len({contract.supplier_name.casefold() for contract in here if contract.supplier_name}),
        *(window or (None, None)),
        saving_pence=middle,
        low_pence=low,
        high_pence=high,
        why_not=why_not,
    )


def _saving(
    here: Sequence[Running], model: Model, window: tuple[date, date] | None
) -> tuple[tuple[int, int, int] | None, str]:
    """Return (low, expected, high) of one contract against separate ones, or why it is not computed."""
    if any(contract.end_on is None for contract in here):
        return None, "the register has no end for one of these contracts"
    if window is None:
        return None, "one runs out before another can be ended without its extension"
    if any(not contract.value_pence or contract.value_pence <= 0 for contract in here):
        return None, "the register has no value for one of these contracts"
    values: dict[str, int] = {}
    for contract in here:
        values[contract.body_code] = values.get(contract.body_code, 0) + (contract.value_pence or 0)
    units = [pence / UNIT_PENCE for pence in values.values()]
    drawn = savings(units, model, Elasticity(model.elasticity, model.elasticity_error).draws(0))
    low, high = interval(drawn)
    return (round(low * UNIT_PENCE), round(model.saving(units) * UNIT_PENCE), round(high * UNIT_PENCE)), ""


def joined_stage(stages: Iterable[str]) -> Stage:
    """Return how far a council has gone that takes over memberships of one pool from several.

    Withdrawn ones count only where all have withdrawn.
    """
    here = [Stage(stage) for stage in stages]
    staying = [stage for stage in here if stage is not Stage.WITHDRAWN]
    return min(staying, key=_ORDER.index) if staying else Stage.WITHDRAWN
