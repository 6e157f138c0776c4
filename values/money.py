"""Money: integer pence everywhere, and the only two ways in which a fraction becomes pence."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

PENNY = Decimal("0.01")


def to_pence(pounds: Decimal | int | str) -> int:
    """Return exact pence for pounds, halves rounded away from zero (ROUND_HALF_UP).

    Raises:
        ValueError: the value is not a finite number, or has more digits than money can have (26 before the
            point).
    """
    try:
        amount = Decimal(pounds)
        if not amount.is_finite():
            raise ValueError(f"not an amount of money: {pounds!r}")
        # Rounded once and first: multiplying would round to the context's 28 digits before.
        return int(amount.quantize(PENNY, rounding=ROUND_HALF_UP).scaleb(2))
    except ArithmeticError as error:
        raise ValueError(f"not an amount of money: {pounds!r}") from error


def format_pence(pence: int) -> str:
    """Return pence as people write pounds: 123456 becomes "£1,234.56", negatives "−£0.05"."""
    sign = "−" if pence < 0 else ""
    pounds, rest = divmod(abs(pence), 100)
    return f"{sign}£{pounds:,}.{rest:02d}"


def split_pence(total_pence: int, weights: Sequence[int]) -> list[int]:
    """Split a sum so that the parts add up to it exactly.

    Largest remainder: each part is rounded towards zero, and the pennies left over go to the largest
    remainders, ties to the first. `total_pence` may be below zero (a credit note); `weights` are in any
    common unit.

    Raises:
        ValueError: a weight is below zero, or none is above.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative, and one must be above zero")
    sign = -1 if total_pence < 0 else 1
    parts, remainders = zip(*(divmod(abs(total_pence) * weight, whole) for weight in weights), strict=True)
    left = abs(total_pence) - sum(parts)
    winners = set(sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[:left])
    return [sign * (part + (i in winners)) for i, part in enumerate(parts)]
