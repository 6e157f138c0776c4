"""How sure a concentration is: the jackknife over councils, with the share of councils that publish.

What one council pays different suppliers hangs together, so the unit that is left out is the council. With S
a supplier's total, x what one council paid it, T and t their sums, the index without that council needs no
replicate: (ΣS² − 2·ΣS·x + Σx²) / (T − t)².
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.common.deferred import Deferred
from ibis.expr.types import Table

from analytics.markets.cells import MARKET, known
from analytics.markets.minimums import MINIMUM_INTERVAL_COUNCILS

NORMAL_QUANTILE = 1.959963984540054  # 97.5 % of a standard normal lies below: a two-sided interval of 95 %


def hhi_jackknife(rows: Table, suppliers: Table, publishing: Table) -> Table:
    """Return how far the HHI of each market may be off for all councils of the area.

    The n councils whose payments are known are taken as a sample of the N councils of the area, so the
    variance is multiplied by the finite population correction 1 − n/N: where all publish, the HHI is a fact
    and the interval has no width. How much hangs on any one council is told apart, by the lowest and highest
    HHI without one of them.

    Args:
        rows: what `cells.placed` returns.
        suppliers: what `cells.market` returns for the same rows.
        publishing: a row (area_code, year): council_total (N) and publishing_count (n) int64.

    Returns:
        A row a market with at least `MINIMUM_INTERVAL_COUNCILS` councils that buy in it (the others have
        none): hhi_low, hhi_high, points clipped to 0–10,000, a 95 % interval; hhi_error_points, its standard
        error; hhi_without_one_low, hhi_without_one_high, points.

    Source:
        Delete-one jackknife of a ratio: Shao and Tu (1995), "The Jackknife and Bootstrap", Springer. Finite
        population correction and domains: Cochran (1977), "Sampling Techniques", 3rd edition, Wiley.
    """
    councils = _without_one(rows, suppliers)
    sums = councils.group_by(list(MARKET)).agg(
        buying=_.council_code.count().cast("int64"),
        hhi=_.whole.max(),
        hhi_without_one_low=_.without_one.min(),
        hhi_without_one_high=_.without_one.max(),
        spread=_.without_one.var(how="pop"),
    )
    joined = sums.inner_join(publishing, ["area_code", "year"])
    # A council that buys is known, even where the coverage forgot it.
    counted = joined.mutate(known_count=ibis.greatest(_.publishing_count, _.buying))
    seen = counted.mutate(seen_share=_.known_count.cast("float64") / _.council_total.cast("float64"))
    errors = seen.mutate(
        hhi_error_points=((_.buying - 1) * _.spread * ibis.greatest(1 - _.seen_share, 0.0)).sqrt(),
        quantile=student_quantile(_.buying - 1),
    )
    return errors.select(
        *MARKET,
        "hhi_error_points",
        "hhi_without_one_low",
        "hhi_without_one_high",
        hhi_low=ibis.greatest(_.hhi - _.hhi_error_points * _.quantile, 0.0),
        hhi_high=ibis.least(_.hhi + _.hhi_error_points * _.quantile, 10_000.0),
    )


def student_quantile(freedom: Deferred) -> Deferred:
    """Return the 97.5 % quantile of Student's t, within 0.3 % from 4 degrees of freedom on.

    A series in 1/freedom, so that every engine can compute it.

    Source:
        Abramowitz and Stegun (1964), "Handbook of Mathematical Functions", 26.7.5.
    """
    z, inverse = NORMAL_QUANTILE, 1 / freedom.cast("float64")
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + inverse * (first + inverse * (second + inverse * third))


def _without_one(rows: Table, suppliers: Table) -> Table:
    """Return the HHI of each market as a whole and without each of its councils, if there are enough."""
    totals = suppliers.select(*MARKET, "supplier_id", supplier_pence=_.pence.cast("float64"))
    bought = known(rows).mutate(paid=_.pence.cast("float64"))
    parts = (
        bought.inner_join(totals, [*MARKET, "supplier_id"])
        .group_by([*MARKET, "council_code"])
        .agg(
            council_pence=_.paid.sum(),
            cross=(_.supplier_pence * _.paid).sum(),
            own=(_.paid * _.paid).sum(),
        )
    )
    whole = ibis.window(group_by=list(MARKET))
    sums = parts.mutate(
        market_pence=_.council_pence.sum().over(whole),
        squares=_.cross.sum().over(whole),  # over all councils, ΣS·x is ΣS²
        buying=_.council_code.count().over(whole),
    )
    return sums.filter(_.buying >= MINIMUM_INTERVAL_COUNCILS).select(
        *MARKET,
        "council_code",
        whole=_.squares / (_.market_pence * _.market_pence) * 10_000,
        without_one=(_.squares - 2 * _.cross + _.own)
        / ((_.market_pence - _.council_pence) * (_.market_pence - _.council_pence))
        * 10_000,
    )
