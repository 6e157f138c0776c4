"""What each figure of the market report means: the text that a page opens beside the figure.

`docs/method.md` says the same in one piece; a test holds the two together.
"""

from __future__ import annotations

from analytics.markets.definition import MARKET, Definition, ours, plain
from analytics.markets.minimums import (
    LONG_TENURE_YEARS,
    MINIMUM_COUNCILS,
    MINIMUM_INTERVAL_COUNCILS,
    MINIMUM_LINES,
)
from analytics.markets.provenance import COVERAGE, KEYS, REASONS

HIRSCHMAN = "Hirschman (1964), “The Paternity of an Index”, American Economic Review 54(5), 761–762"
HILL = "Hill (1973), “Diversity and Evenness”, Ecology 54(2), 427–432, number of order 2"
JACKKNIFE = (
    "Shao and Tu (1995), “The Jackknife and Bootstrap”, Springer; correction 1 − n/N: Cochran (1977), "
    "“Sampling Techniques”, 3rd edition, Wiley"
)
INTERVAL = f"{MINIMUM_LINES} payment lines and {MINIMUM_INTERVAL_COUNCILS} councils"
COMPARED = f"{MARKET}, and {MINIMUM_COUNCILS} buying councils whose data cover both years"

SIZE = (
    plain(
        "spend_pence",
        "Spend",
        "T = Σᵢ Sᵢ",
        "pence",
        "What the area's councils paid in the category in the year, net of VAT where the council "
        "publishes it so, "
        "after credit notes.",
    ),
    plain(
        "supplier_count",
        "Suppliers",
        "number of i with Sᵢ > 0",
        "count",
        "Suppliers, as groups where the group is known, that were paid.",
    ),
)
CONCENTRATION = (
    Definition(
        "hhi_points",
        "Concentration (HHI)",
        "10,000 · Σᵢ sᵢ²",
        "points, 0–10,000",
        "The Herfindahl-Hirschman index: 10,000 where one supplier has everything, near 0 where many "
        "have a little "
        "each. A high figure says that few supply much, not why.",
        HIRSCHMAN,
        MARKET,
    ),
    ours(
        "cr1_share",
        "Share of the largest supplier (CR1)",
        "s₁",
        "share, 0–1",
        "The largest supplier's share of the spend.",
    ),
    ours(
        "cr4_share",
        "Share of the four largest (CR4)",
        "s₁ + s₂ + s₃ + s₄",
        "share, 0–1",
        "The four largest suppliers' share of the spend; 1 where there are no more than four.",
    ),
    Definition(
        "effective_suppliers",
        "Effective suppliers",
        "1 ÷ Σᵢ sᵢ²",
        "suppliers",
        "How many suppliers of equal size would be as concentrated. Close to the number of suppliers "
        "where all are of "
        "a size, close to one where one has nearly everything.",
        HILL,
        MARKET,
    ),
)
UNCERTAINTY = (
    Definition(
        "hhi_low",
        "HHI, lower end",
        "max(0, HHI − t · e)",
        "points, 0–10,000",
        "The lower end of a 95 % interval for the HHI of all councils of the area. Where all of them "
        "publish, it is "
        "the HHI itself.",
        JACKKNIFE,
        INTERVAL,
    ),
    Definition(
        "hhi_high",
        "HHI, upper end",
        "min(10,000, HHI + t · e)",
        "points, 0–10,000",
        "The upper end of that interval.",
        JACKKNIFE,
        INTERVAL,
    ),
    Definition(
        "hhi_error_points",
        "HHI, standard error",
        "e = √((m − 1) · var(h₋ⱼ) · (1 − n/N))",
        "points",
        "How far the HHI may typically be off because some councils do not publish.",
        JACKKNIFE,
        INTERVAL,
    ),
    ours(
        "hhi_without_one_low",
        "HHI without one council, lowest",
        "minⱼ h₋ⱼ",
        "points, 0–10,000",
        "The lowest HHI that leaving out any one buying council gives: how much hangs on a single council.",
        INTERVAL,
    ),
    ours(
        "hhi_without_one_high",
        "HHI without one council, highest",
        "maxⱼ h₋ⱼ",
        "points, 0–10,000",
        "The highest such HHI.",
        INTERVAL,
    ),
)
DEPENDENCE = (
    ours(
        "leader_id",
        "Largest supplier",
        "i with the largest Sᵢ",
        "identifier",
        "The supplier paid most; of equals the first by identifier.",
    ),
    ours(
        "leader_pence",
        "Paid to the largest supplier",
        "S₁",
        "pence",
        "What the area's councils paid it in this category and year.",
    ),
    ours(
        "leader_council_count",
        "Councils that buy from it",
        "number of j with x₁ⱼ > 0",
        "count",
        "Councils of the area that bought from it here.",
    ),
    ours(
        "dependent_council_count",
        "Councils that depend on it",
        "number of j with x₁ⱼ ≥ ½ · Σᵢ xᵢⱼ",
        "count",
        "Councils that pay it at least half of what they spend in the category in the year.",
    ),
    ours(
        "dependent_pence",
        "Paid by the councils that depend on it",
        "Σ x₁ⱼ over those j",
        "pence",
        "What those councils together paid it.",
    ),
)
TENURE = (
    ours(
        "tenure_years",
        "Years with the same supplier",
        "Σ rᵢⱼ · xᵢⱼ ÷ T",
        "years",
        "For how many years running the council had bought this category from the supplier, on average "
        "over the "
        "pounds. Read it as “at least”: the data do not go back to the beginning.",
    ),
    ours(
        "long_tenure_share",
        "Spend with long-standing suppliers",
        f"Σ xᵢⱼ with rᵢⱼ ≥ {LONG_TENURE_YEARS}, ÷ T",
        "share, 0–1",
        f"The share of the spend that goes to suppliers paid by the same council for {LONG_TENURE_YEARS} "
        f"years running or more.",
    ),
    ours(
        "open_tenure_share",
        "Spend whose beginning is not known",
        "Σ xᵢⱼ whose run is open, ÷ T",
        "share, 0–1",
        "The share of the spend in runs that reach back to a year before which the council's data are "
        "silent, so "
        "that they may be longer.",
    ),
)
CHANGE = (
    ours(
        "entrant_count",
        "Entrants",
        "number of i with Sᵢ(y) > 0 and Sᵢ(y−1) = 0",
        "count",
        "Suppliers paid this year and not the year before, by the councils whose data cover both.",
        COMPARED,
    ),
    ours(
        "entrant_rate",
        "Entrants, share of suppliers",
        "entrants ÷ number of i with Sᵢ(y) > 0",
        "share, 0–1",
        "Entrants as a share of the suppliers that those councils paid this year.",
        COMPARED,
    ),
    ours(
        "entrant_spend_share",
        "Entrants, share of spend",
        "Σ Sᵢ(y) of entrants ÷ T(y)",
        "share, 0–1",
        "What those councils paid entrants, as a share of what they paid this year.",
        COMPARED,
    ),
    ours(
        "leaver_count",
        "Leavers",
        "number of i with Sᵢ(y) > 0 and Sᵢ(y+1) = 0",
        "count",
        "Suppliers paid this year and not the year after, by the councils whose data cover both.",
        COMPARED,
    ),
    ours(
        "leaver_rate",
        "Leavers, share of suppliers",
        "leavers ÷ number of i with Sᵢ(y) > 0",
        "share, 0–1",
        "Leavers as a share of the suppliers that those councils paid this year.",
        COMPARED,
    ),
    ours(
        "spend_change_rate",
        "Change of spend",
        "T(y) ÷ T(y−1) − 1",
        "rate, 0.05 is 5 % more",
        "Against the year before, over the councils whose data cover both; in the prices of each year.",
        COMPARED,
    ),
    ours(
        "hhi_change_points",
        "Change of HHI",
        "HHI(y) − HHI(y−1)",
        "points",
        "Against the year before, over the councils whose data cover both.",
        COMPARED,
    ),
)
DEFINITIONS = (
    *KEYS,
    *SIZE,
    *CONCENTRATION,
    *UNCERTAINTY,
    *DEPENDENCE,
    *TENURE,
    *CHANGE,
    *COVERAGE,
    *REASONS,
)
