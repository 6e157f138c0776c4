"""The measures of a market over arrays: for small sets, and as a second definition beside the expressions.

Everywhere an array of spend holds pence, none below zero: credit notes are netted first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.markets.minimums import DEPENDENT_SHARE, MINIMUM_INTERVAL_COUNCILS

Pence = NDArray[np.int64]

NORMAL_QUANTILE = 1.959963984540054  # 97.5 % of a standard normal lies below: a two-sided interval of 95 %


def hhi_points(spend_pence: Pence) -> float:
    """Return how concentrated a market is: the Herfindahl-Hirschman index, 10,000 · Σ sᵢ².

    Args:
        spend_pence: (n_suppliers,) spend with each supplier over one period, none below zero.

    Returns:
        Points, from 10,000 / n_suppliers (equal shares) to 10,000 (one supplier); 0.0 where nothing was
        spent.

    Raises:
        ValueError: a spend is below zero; net the credit notes first.

    Source:
        Hirschman (1964), "The Paternity of an Index", American Economic Review 54(5), 761-762.
    """
    shares = _shares(spend_pence)
    return float(10_000 * np.dot(shares, shares))


def concentration_ratio(spend_pence: Pence, largest: int) -> float:
    """Return the share of the `largest` suppliers together: CR1 for 1, CR4 for 4.

    Args:
        spend_pence: (n_suppliers,) spend with each supplier, none below zero.
        largest: how many suppliers, from 1.

    Returns:
        0–1; 0.0 where nothing was spent; 1.0 where there are no more suppliers than that.

    Raises:
        ValueError: a spend is below zero, or `largest` below one.
    """
    if largest < 1:
        raise ValueError("a concentration ratio needs at least one supplier")
    _check_netted(spend_pence)
    total = spend_pence.sum()
    # Whole pence are added before the division, so that rounding never lifts a share above 1.
    return float(np.sort(spend_pence)[::-1][:largest].sum() / total) if total else 0.0


def effective_suppliers(spend_pence: Pence) -> float:
    """Return how many suppliers of equal size would be as concentrated: 1 / Σ sᵢ² = 10,000 / HHI.

    Args:
        spend_pence: (n_suppliers,) spend with each supplier, none below zero.

    Returns:
        From 1 to the number of suppliers paid; 0.0 where nothing was spent.

    Raises:
        ValueError: a spend is below zero.

    Source:
        Hill (1973), "Diversity and Evenness: A Unifying Notation and Its Consequences", Ecology 54(2),
        427-432.
    """
    points = hhi_points(spend_pence)
    return 10_000 / points if points else 0.0


def student_quantile(freedom: int) -> float:
    """Return the 97.5 % quantile of Student's t, within 0.3 % from 4 degrees of freedom on.

    Args:
        freedom: degrees of freedom, from 1.

    Source:
        Abramowitz and Stegun (1964), "Handbook of Mathematical Functions", 26.7.5.
    """
    z = NORMAL_QUANTILE
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return sum(term / freedom**power for power, term in enumerate(terms))


@dataclass(frozen=True, slots=True)
class Interval:
    """How far the HHI of a market may be off, and how much of it hangs on any one council; all in points."""

    low: float
    high: float
    standard_error: float
    without_one_low: float
    without_one_high: float


def jackknife_interval(spend_pence: Pence, *, publishing: int, council_total: int) -> Interval | None:
    """Return the 95 % interval of the HHI for all councils of an area, from those that publish.

    Leaves out one buying council after the other, takes m − 1 times the variance of the m results, multiplies
    it by 1 − n/N for the councils that are known, and spans Student's t with m − 1 degrees of freedom.

    Args:
        spend_pence: (n_councils, n_suppliers) what each council paid each supplier, none below zero; councils
            that bought nothing are passed over.
        publishing: n, the councils of the area whose payments are known.
        council_total: N, all councils of the area.

    Returns:
        The interval, clipped to 0–10,000; None where fewer than five councils bought.

    Raises:
        ValueError: a spend is below zero, or the councils are not at least as many as those that bought.

    Source:
        Shao and Tu (1995), "The Jackknife and Bootstrap", Springer; Cochran (1977), "Sampling Techniques",
        Wiley.
    """
    _check_netted(spend_pence)
    buyers = spend_pence[spend_pence.sum(axis=1) > 0]
    count = len(buyers)
    if not count <= publishing <= council_total:
        raise ValueError("buying councils must be among the publishing ones, and those among all")
    if count < MINIMUM_INTERVAL_COUNCILS:
        return None
    totals = buyers.sum(axis=0)
    without_one = np.array([hhi_points(totals - council) for council in buyers])
    error = float(np.sqrt((count - 1) * without_one.var() * (1 - publishing / council_total)))
    half, hhi = error * student_quantile(count - 1), hhi_points(totals)
    return Interval(
        low=max(0.0, hhi - half),
        high=min(10_000.0, hhi + half),
        standard_error=error,
        without_one_low=float(without_one.min()),
        without_one_high=float(without_one.max()),
    )


@dataclass(frozen=True, slots=True)
class Turnover:
    """Who came and went between two years; rates are None where nothing was bought in their year."""

    entrant_count: int
    entrant_rate: float | None
    entrant_spend_share: float | None
    leaver_count: int
    leaver_rate: float | None
    spend_change_rate: float | None
    hhi_change_points: float | None


def turnover(before_pence: Pence, after_pence: Pence) -> Turnover:
    """Return entrants, leavers and changes between two years of the same councils.

    Args:
        before_pence: (n_suppliers,) what these councils paid each supplier in the earlier year.
        after_pence: (n_suppliers,) the same in the later year, suppliers in the same order.

    Returns:
        Entrants as a share of the suppliers (and of the spend) of the later year, leavers of those of the
        earlier.

    Raises:
        ValueError: a spend is below zero, or the arrays differ in length.
    """
    if before_pence.shape != after_pence.shape:
        raise ValueError("both years must name the same suppliers")
    then, now = before_pence > 0, after_pence > 0
    spent_then, spent_now = int(before_pence.sum()), int(after_pence.sum())
    change = hhi_points(after_pence) - hhi_points(before_pence)
    return Turnover(
        entrant_count=int((now & ~then).sum()),
        entrant_rate=float((now & ~then).sum() / now.sum()) if now.any() else None,
        entrant_spend_share=float(after_pence[~then].sum() / spent_now) if spent_now else None,
        leaver_count=int((then & ~now).sum()),
        leaver_rate=float((then & ~now).sum() / then.sum()) if then.any() else None,
        spend_change_rate=spent_now / spent_then - 1 if spent_then else None,
        hhi_change_points=change if spent_then and spent_now else None,
    )


@dataclass(frozen=True, slots=True)
class Leader:
    """The largest supplier of a market, by its place in the arrays, and who depends on it."""

    supplier: int
    pence: int
    dependent_count: int
    dependent_pence: int


def leader(spend_pence: Pence) -> Leader | None:
    """Return the largest supplier and how many councils give it at least half of their spend.

    Args:
        spend_pence: (n_councils, n_suppliers) what each council paid each supplier, none below zero.

    Returns:
        The leader, of equals the first; None where nothing was spent.
    """
    totals = spend_pence.sum(axis=0)
    if not totals.any():
        return None
    supplier = int(totals.argmax())
    paid, spent = spend_pence[:, supplier], spend_pence.sum(axis=1)
    depends = (paid > 0) & (paid >= spent * DEPENDENT_SHARE)
    return Leader(supplier, int(totals[supplier]), int(depends.sum()), int(paid[depends].sum()))


def tenure_years(sold: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return for each year how many years running something was sold, that year included.

    Args:
        sold: (n_years, …) whether something was sold, years in order and without a gap.

    Returns:
        The same shape: 0 where nothing was sold, otherwise the length of the unbroken run so far.
    """
    lengths = np.zeros(sold.shape, dtype=np.int64)
    run = np.zeros(sold.shape[1:], dtype=np.int64)
    for year, these in enumerate(sold):
        run = np.where(these, run + 1, 0)
        lengths[year] = run
    return lengths


def _shares(spend_pence: Pence) -> NDArray[np.float64]:
    """Return each supplier's share of the whole, zeros where nothing was spent."""
    _check_netted(spend_pence)
    total = spend_pence.sum()
    return spend_pence / total if total else np.zeros(spend_pence.shape)


def _check_netted(spend_pence: Pence) -> None:
    """Refuse spend below zero."""
    if (spend_pence < 0).any():
        raise ValueError("spend below zero: net the credit notes first")
