"""Suggested pools as pages and programs are told them: who, when, what it saves, between what and what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from analytics.pooling import fair_split
from analytics.pooling.elasticity import LEVEL, Elasticity, interval, savings
from analytics.pooling.fair_split import units_to_pence
from analytics.pooling.needs import UNIT_PENCE, Model, Need
from analytics.pooling.optimising import Kept, KeptPart, Plan


def as_told(plan: Plan, needs: Sequence[Need], model: Model, *, seed: int = 0) -> dict[str, Any]:
    """Return a plan as JSON: pools, objective, bound and gap, and what was assumed."""
    by_id = {need.id: need for need in needs}
    standing = plan.standing
    draws = Elasticity(model.elasticity, model.elasticity_error).draws(seed)
    return {
        "pools": [pool_as_told([by_id[name] for name in pool], model, draws) for pool in plan.pools],
        "objective": round(standing.objective, 4),
        "bound": round(standing.bound, 4),
        "gap": round(standing.gap, 6),
        "unit_pence": UNIT_PENCE,
        "objective_pence": units_to_pence(standing.objective),
        "bound_pence": units_to_pence(standing.bound),
        "greedy": round(plan.greedy, 4),
        "need_count": len(needs),
        "part_count": standing.part_count,
        "settled_count": standing.settled_count,
        "searched_count": plan.searched_count,
        "seconds": round(standing.seconds, 1),
        "seed": seed,
        "model": {**asdict(model), "assumed": True, "interval": LEVEL},
    }


def pool_as_told(members: Sequence[Need], model: Model, draws: fair_split.Floats) -> dict[str, Any]:
    """Return one pool as JSON; `draws` of the elasticity make its interval."""
    values = [need.value for need in members]
    low, high = interval(savings(values, model, draws))
    split = fair_split.split(values, model)
    fair, simple = fair_split.in_pence(split.shapley, model), fair_split.in_pence(split.proportional, model)
    return {
        "needs": [need.id for need in members],
        "category": members[0].category,
        "region": members[0].market[1] or None,
        "council_count": len({need.council for need in members}),
        "volume_pence": sum(values) * UNIT_PENCE,
        "first_month": max(need.first_month for need in members),
        "last_month": min(need.last_month for need in members),
        "standard": max(need.standard for need in members),
        "expected_saving_pence": units_to_pence(model.saving(values)),
        "saving_low_pence": units_to_pence(low),
        "saving_high_pence": units_to_pence(high),
        "shares": [
            {"need": need.id, "fair_pence": one.net_pence, "proportional_pence": other.net_pence}
            for need, one, other in zip(members, fair, simple, strict=True)
        ],
    }


def kept_from(told: Mapping[str, Any]) -> Kept:
    """Return what an earlier run kept, from the JSON of its dataclass.

    Raises:
        KeyError, TypeError, ValueError: it is something else.
    """
    return Kept(
        {
            str(mark): KeptPart(
                pools=_names(part["pools"]), bound=float(part["bound"]), columns=_names(part["columns"])
            )
            for mark, part in told["parts"].items()
        }
    )


def _names(told: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(str(name) for name in pool) for pool in told)
