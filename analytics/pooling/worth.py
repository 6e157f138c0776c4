"""What a pool is worth to each member: its part of the saving, how sure it is, what others' leaving does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from analytics.pooling import fair_split
from analytics.pooling.elasticity import Elasticity, interval, savings
from analytics.pooling.fair_split import EXACT_MEMBERS, units_to_pence
from analytics.pooling.needs import UNIT_PENCE, Model

Floats = NDArray[np.float64]

# β is the only thing that is unsure, so a part's interval is its range over the middle of the belief in β.
BELIEF_STEPS = 21


@dataclass(frozen=True, slots=True)
class MemberWorth:
    """What a pool is expected to be worth to one member, in pence over the whole contract.

    Attributes:
        id: who.
        value_pence: what it brings: what it would pay by itself.
        saving_pence: its fair part of the saving after its costs; below zero where costs are more.
        low_pence, high_pence: between what that part lies with 95 % of the belief in β.
        error_pence: standard error of the part from drawing orders; nought where all were counted.
        proportional_pence: its part by value instead, after the same costs.
        if_leaves_pence: who leaves → by how much this member's part then changes.
    """

    id: str
    value_pence: int
    saving_pence: int
    low_pence: int
    high_pence: int
    error_pence: int
    proportional_pence: int
    if_leaves_pence: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Worth:
    """What a pool is expected to be worth.

    Attributes:
        saving_pence: of all together, after costs; the members' parts add up to it.
        low_pence, high_pence: between what it lies with 95 % of the belief in β.
        members: in the order given.
        break_even_pence: from what value on the smallest member gains, the others as they are; None: never.
        exact: whether all coalitions were counted.
    """

    saving_pence: int
    low_pence: int
    high_pence: int
    members: tuple[MemberWorth, ...]
    break_even_pence: int | None
    exact: bool


@lru_cache(maxsize=256)
def worth(values: tuple[tuple[str, int], ...], model: Model, *, seed: int = 0) -> Worth:
    """Return what a pool is worth to its members.

    Args:
        values: who brings what, in pence, above zero; two members at least.
        model: elasticity with its error, and costs.
        seed: of the draws.

    Raises:
        ValueError: fewer than two members, or a value that is not above zero.

    Source:
        Parts: fair_split.py. The interval of a part is its least and greatest value over β within the middle
        95 % of the belief, which holds the part with at least that probability, because β alone is unsure.
    """
    if len(values) < 2 or any(pence <= 0 for _, pence in values):
        raise ValueError("a pool has two members at least, each with a value above zero")
    names = [name for name, _ in values]
    units = [pence / UNIT_PENCE for _, pence in values]
    split = fair_split.split(units, model, seed=seed)
    fair = fair_split.in_pence(split.shapley, model)
    simple = fair_split.in_pence(split.proportional, model)
    low, high = _range_of_parts(np.array(units), model, seed)
    leaving = fair_split.if_one_leaves(units, model, seed=seed)
    drawn = savings_of(units, model, seed)
    even = fair_split.break_even_volume(units, model, seed=seed)
    members = tuple(
        MemberWorth(
            id=name,
            value_pence=values[row][1],
            saving_pence=fair[row].net_pence,
            low_pence=min(units_to_pence(float(low[row])), fair[row].net_pence),
            high_pence=max(units_to_pence(float(high[row])), fair[row].net_pence),
            error_pence=units_to_pence(float(split.standard_error[row])),
            proportional_pence=simple[row].net_pence,
            if_leaves_pence={
                other: units_to_pence(float(leaving[row, column]))
                for column, other in enumerate(names)
                if column != row
            },
        )
        for row, name in enumerate(names)
    )
    return Worth(
        saving_pence=sum(member.saving_pence for member in members),
        low_pence=units_to_pence(drawn[0]),
        high_pence=units_to_pence(drawn[1]),
        members=members,
        break_even_pence=None if even is None else units_to_pence(even),
        exact=split.exact,
    )


def savings_of(units: list[float], model: Model, seed: int) -> tuple[float, float]:
    """Return between what the whole saving lies, in steps of £10,000."""
    draws = Elasticity(model.elasticity, model.elasticity_error).draws(seed)
    return interval(savings(units, model, draws))


def _range_of_parts(units: Floats, model: Model, seed: int) -> tuple[Floats, Floats]:
    """Return each member's least and greatest part after costs over the middle of the belief in β."""
    draws = Elasticity(model.elasticity, model.elasticity_error).draws(seed)
    low, high = interval(draws)
    costs = model.pool_cost / len(units) + model.member_cost
    parts = np.array(
        [
            _parts_at(units, model, beta, seed) - costs
            for beta in np.linspace(low, high, BELIEF_STEPS).tolist()
        ]
    )
    return parts.min(axis=0), parts.max(axis=0)


def _parts_at(units: Floats, model: Model, beta: float, seed: int) -> Floats:
    """Return the Shapley value where prices of today are known and fall with β: (n,).

    Members of S pay Σ aᵢ·(V/vᵢ)^β, with aᵢ = vᵢ^(1+β₀) what i pays today and V their joint volume.
    """
    paid = units ** (1 + model.elasticity)
    weight = paid * units**-beta
    if len(units) <= EXACT_MEMBERS:
        joint = fair_split.exact_value(
            lambda chosen: (chosen @ weight) * _power(chosen @ units, beta), len(units)
        )
    else:
        joint = fair_split.sampled_value(
            lambda order: np.cumsum(weight[order], axis=1) * np.cumsum(units[order], axis=1) ** beta,
            len(units),
            seed,
        )[0]
    return paid - joint


def _power(volume: Floats, beta: float) -> Floats:
    """Return volume^β, where nobody buys anything: 1, since it is multiplied by nought."""
    return np.where(volume > 0, volume, 1.0) ** beta
