"""Why a pool is suggested and what limits it, in words a council can check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

from analytics.pooling.needs import UNIT_PENCE, Model
from procurement.rules.pools.candidates import month_of
from procurement.rules.pools.reach import is_national, reaches

# The rules of a lawful pool by the engine's word for each.
BROKEN: Final[Mapping[str, str]] = {
    "size": "it would have fewer than {quorum} members or more than {largest}",
    "councils": "it would have fewer than {quorum} councils",
    "category": "its needs would be of different categories",
    "region": "this category is bought within one region, and its councils would be of several",
    "cap": "its joint value would be above {cap}, which shuts small firms out",
    "window": "no month would suit all its members",
    "standard": "its members would ask for different standards",
}
NEAR_CAP: Final = 0.9


@dataclass(frozen=True, slots=True)
class Part:
    """A member as the reasons read it."""

    told: str
    value_pence: int
    first_start_on: date
    last_start_on: date


def pounds(pence: int) -> str:
    """Return a sum for a sentence, in whole pounds."""
    return f"£{round(pence / 100):,}"


def broken_words(why: str, model: Model, *, national: bool) -> str:
    """Return the engine's word for a broken rule as part of a sentence."""
    cap = pounds(model.cap(national=national) * UNIT_PENCE)
    return BROKEN[why].format(quorum=model.quorum, largest=model.largest, cap=cap)


def why_these(category: str, region_name: str | None, parts: Sequence[Part]) -> list[str]:
    """Return what speaks for a pool."""
    reach, why = reaches().get(category, ("regional", ""))
    joint, largest = sum(part.value_pence for part in parts), max(part.value_pence for part in parts)
    where = (
        "Councils of all regions may buy this category together"
        if reach == "national"
        else f"All are of {region_name or 'one region'}, because this category is bought within a region"
    )
    return [
        "All need the same category, and there is a month in which every one of them could start.",
        f"{where}: {why}." if why else f"{where}.",
        f"Together they buy {joint / largest:.1f} times what the largest of them buys alone.",
    ]


def what_limits(category: str, council_count: int, parts: Sequence[Part], model: Model) -> list[str]:
    """Return what keeps a pool from being larger or longer open."""
    found: list[str] = []
    first = max(parts, key=lambda part: month_of(part.first_start_on))
    last = min(parts, key=lambda part: month_of(part.last_start_on))
    found.append(
        f"It cannot start before the window of {first.told} opens, nor after that of {last.told} closes."
    )
    cap = model.cap(national=is_national(category)) * UNIT_PENCE
    joint = sum(part.value_pence for part in parts)
    if joint >= NEAR_CAP * cap:
        found.append(
            f"It is worth {pounds(joint)} of at most {pounds(cap)}: larger lots would shut small firms out."
        )
    if len(parts) == model.largest:
        found.append(f"It has {model.largest} members, the most that a pool may have.")
    if council_count == model.quorum:
        found.append(f"If one council leaves, fewer than {model.quorum} are left, and the pool falls apart.")
    return found


def model_of(stored: Mapping[str, Any]) -> Model:
    """Return the rules that a run was made with, from what it stored."""
    return Model(**{field.name: stored[field.name] for field in fields(Model)})


def assumed(model: Model) -> list[str]:
    """Return in words what was assumed about savings."""
    doubled = 1 - 2**model.elasticity
    running, taking_part = (pounds(round(cost * UNIT_PENCE)) for cost in (model.pool_cost, model.member_cost))
    national, regional = (pounds(cap * UNIT_PENCE) for cap in (model.national_cap, model.regional_cap))
    prices = (
        f"Volume elasticity {model.elasticity:g}, give or take {model.elasticity_error:g}: twice the volume "
        f"costs {doubled:.1%} less a unit. It is assumed, not measured, because no prices that councils "
        "actually paid are public."
    )
    costs = f"Running a pool costs {running}, taking part {taking_part} for each member: assumed too."
    sizes = (
        f"A pool has {model.quorum} to {model.largest} members of at least {model.quorum} councils, and is "
        f"worth at most {national}, in a category bought within a region {regional}."
    )
    values = "Values are the councils’ own estimates, in steps of £10,000. Standards are not compared."
    return [prices, costs, sizes, values]
