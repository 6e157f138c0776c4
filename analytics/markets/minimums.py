"""From how much on a figure is shown: on lines and councils, never on suppliers (decision 0004)."""

from __future__ import annotations

MINIMUM_LINES = 20  # payment lines behind any measure of a market
MINIMUM_COUNCILS = 2  # one council's payments show its dependence, not a market
MINIMUM_INTERVAL_COUNCILS = 5  # councils that buy, for an interval of the HHI
COVERED_MONTHS = 10  # months of a council's data, from which its financial year counts as covered
LONG_TENURE_YEARS = 5  # an unbroken run of sales from which a supplier counts as long-standing
DEPENDENT_SHARE = 0.5  # of a council's spend in the category, from which it depends on the market's leader
