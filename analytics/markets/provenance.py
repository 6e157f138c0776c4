"""What a market is, what its figures rest on, and why some are missing, explained column by column."""

from __future__ import annotations

from analytics.markets.definition import plain
from analytics.markets.minimums import COVERED_MONTHS

KEYS = (
    plain(
        "category", "Category", "c", "code", "The service or good that the payment lines were sorted into."
    ),
    plain(
        "region",
        "Area",
        "A",
        "code",
        "The councils whose purchases are counted: a region, all of England, or any set of councils.",
    ),
    plain(
        "year",
        "Financial year",
        "y",
        "year",
        "The calendar year in which it begins: 2024 is 1 April 2024 to 31 March 2025.",
    ),
)
COVERAGE = (
    plain(
        "line_count",
        "Payment lines",
        "number of lines",
        "count",
        "The payment lines that add up to the spend, credit notes among them.",
    ),
    plain(
        "council_count",
        "Councils that bought",
        "m",
        "count",
        "Councils of the area with spend in the category in the year.",
    ),
    plain(
        "publishing_count",
        "Councils that publish",
        "n",
        "count",
        "Councils of the area with at least one month of payments read for the year.",
    ),
    plain(
        "council_total",
        "Councils in the area",
        "N",
        "count",
        "All councils of the area, whether or not their payments were read.",
    ),
    plain(
        "months_covered",
        "Months covered",
        "Σⱼ months of j",
        "council-months",
        "Months of payments read, added up over the area's councils; a full year is 12 for each council.",
    ),
    plain(
        "area_purchase_pence",
        "All purchases of the area",
        "Σ over all categories",
        "pence",
        "What the area's councils paid in the year in all categories, known or not, after credit notes.",
    ),
    plain(
        "known_category_share",
        "Share of pounds with a known category",
        "Σ with known c ÷ all",
        "share, 0–1",
        "The rest could belong to this market or to any other.",
    ),
    plain(
        "compared_council_count",
        "Councils compared with the year before",
        "number of j",
        "count",
        f"Councils that bought here in either year and whose data cover both: at least {COVERED_MONTHS} "
        f"months of each.",
    ),
    plain(
        "leaver_compared_council_count",
        "Councils compared with the year after",
        "number of j",
        "count",
        "The same for this year and the next.",
    ),
)
REASONS = (
    plain(
        "not_computed",
        "Why the market's figures are not computed",
        "–",
        "sentence or nothing",
        "Which minimum the market does not reach; its spend and coverage are shown all the same.",
    ),
    plain(
        "interval_not_computed",
        "Why there is no interval",
        "–",
        "sentence or nothing",
        "Which minimum the interval does not reach.",
    ),
    plain(
        "entrants_not_computed",
        "Why there are no entrants and no change",
        "–",
        "sentence or nothing",
        "Which years or councils are missing: unknown is not none.",
    ),
    plain(
        "leavers_not_computed",
        "Why there are no leavers",
        "–",
        "sentence or nothing",
        "Which years or councils are missing: unknown is not none.",
    ),
)
