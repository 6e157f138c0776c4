"""Reads of the market report: figures, the suppliers and councils behind them, payment lines."""

from insights.queries.choices import CHOSEN, Choice, body_codes, choose, chosen_figures
from insights.queries.figures import COVERAGE, Figures, ReleaseView, current_release, figures
from insights.queries.lines import LineFilter, LinePage, line_batches, line_page
from insights.queries.markets import MarketOf, market_councils, market_suppliers, publishing

__all__ = [
    "CHOSEN",
    "COVERAGE",
    "Choice",
    "Figures",
    "LineFilter",
    "LinePage",
    "MarketOf",
    "ReleaseView",
    "body_codes",
    "choose",
    "chosen_figures",
    "current_release",
    "figures",
    "line_batches",
    "line_page",
    "market_councils",
    "market_suppliers",
    "publishing",
]
