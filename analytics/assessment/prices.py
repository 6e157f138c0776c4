"""What a tender costs at a volume, and the points that its price earns.

A price schedule has a fixed sum and unit prices by tier of volume, because a pool does not know how much of
what was tendered for will be bought. The method says beforehand at which volumes prices are compared, and
with what weight each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

Points = dict[str, Fraction]


class Tiers(StrEnum):
    """How the price of a tier counts."""

    ALL_UNITS = "all units"
    """All units cost what the tier costs that the whole volume falls into."""
    UNITS_IN_TIER = "units in tier"
    """Each unit costs what the tier costs that it falls into."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a tender asks for.

    Attributes:
        fixed_pence: whatever the volume.
        tiers: (units, pence for each): the price from the unit after so many on; the first begins after none,
            and they ascend.
        counting: how the price of a tier counts.

    Raises:
        ValueError: tiers do not begin with none or do not ascend, or a price is below zero.
    """

    fixed_pence: int
    tiers: tuple[tuple[int, int], ...]
    counting: Tiers = Tiers.UNITS_IN_TIER

    def __post_init__(self) -> None:
        """Refuse what cannot be priced."""
        starts = [start for start, _ in self.tiers]
        if not starts or starts[0] != 0 or starts != sorted(set(starts)):
            raise ValueError("tiers begin after no units, and each after more than the one before")
        if self.fixed_pence < 0 or any(price < 0 for _, price in self.tiers):
            raise ValueError("a price cannot be below zero")

    def pence_at(self, units: int) -> int:
        """Return the whole price of a volume."""
        if self.counting is Tiers.ALL_UNITS:
            price = max((start, price) for start, price in self.tiers if start < units or start == 0)[1]
            return self.fixed_pence + price * units
        ends = [start for start, _ in self.tiers[1:]] + [max(units, self.tiers[-1][0])]
        inside = (
            price * max(0, min(units, end) - start)
            for (start, price), end in zip(self.tiers, ends, strict=True)
        )
        return self.fixed_pence + sum(inside)


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume at which prices are compared: low, expected or full take-up.

    Attributes:
        name: in the method's words.
        units: how many.
        weight: its part in the compared price; those of all volumes are taken as shares of their sum.
    """

    name: str
    units: int
    weight: int = 1


def compared_pence(schedule: Schedule, volumes: Sequence[Volume]) -> Fraction:
    """Return the price by which a tender is compared: the mean over the volumes, weighted as published."""
    whole = sum(volume.weight for volume in volumes)
    return Fraction(sum(volume.weight * schedule.pence_at(volume.units) for volume in volumes), whole)


class Formula(StrEnum):
    """How a price becomes points, as a share of those that price can earn.

    No formula is prescribed: a buyer publishes one (Procurement Act 2023, section 23). The first two hold a
    price against the lowest that was offered, so that the order of two tenders may depend on a third; the
    last does not.
    """

    LOWEST_OVER_PRICE = "lowest over price"
    """The lowest price divided by the price."""
    ABOVE_LOWEST = "above lowest"
    """One, less by how much the price exceeds the lowest as a share of it; nought from double the lowest."""
    BELOW_REFERENCE = "below reference"
    """By how much the price stays below a published sum, as a share of it; nought from that sum on."""

    @property
    def relative(self) -> bool:
        """Whether a tender's points depend on the prices of others."""
        return self is not Formula.BELOW_REFERENCE


def price_shares(
    prices: Mapping[str, Fraction], formula: Formula, reference_pence: int | None = None
) -> Points:
    """Return the share, 0 to 1, of the points for price that each tender earns.

    Args:
        prices: tender → compared price in pence.
        formula: as published.
        reference_pence: the published sum of `BELOW_REFERENCE`.

    Raises:
        ValueError: the formula needs a sum above zero to hold prices against, and none was published.
    """
    if formula is Formula.BELOW_REFERENCE:
        if not reference_pence or reference_pence < 0:
            raise ValueError("this formula holds prices against a published sum above zero")
        return {tender: max(Fraction(0), 1 - price / reference_pence) for tender, price in prices.items()}
    lowest = min(prices.values(), default=Fraction(0))
    return {tender: _against(lowest, price, formula) for tender, price in prices.items()}


def _against(lowest: Fraction, price: Fraction, formula: Formula) -> Fraction:
    if price == lowest:
        return Fraction(1)
    if lowest == 0:
        # A tender for nothing leaves none of a relative formula to the others.
        return Fraction(0)
    if formula is Formula.LOWEST_OVER_PRICE:
        return lowest / price
    return max(Fraction(0), 1 - (price - lowest) / lowest)
