"""The market report: all categories at a glance, and one market with everything behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from litestar import Router, get
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db
from analytics import charts
from analytics.markets.bands import bands
from insights import queries
from insights.queries import Figures, MarketOf
from insights.routes.asking import Asked, asked, category_of
from spend.rules.categories import Category, taxonomy
from store.memory import Memory
from values.refusals import Missing
from values.years import FinancialYear
from web.figures import Drawn, drawn
from web.pages import AnyRequest, Page
from web.paging import Column, Listing

COLUMNS: Final = (
    Column("Category", sort="category"),
    Column("Spend", numeric=True, sort="spend"),
    Column("Suppliers", numeric=True, sort="suppliers"),
    Column("HHI, points", numeric=True, sort="hhi"),
    Column("Largest", numeric=True, sort="cr1"),
    Column("Four largest", numeric=True, sort="cr4"),
    Column("Effective number", numeric=True, sort="effective"),
    Column("Coverage"),
)
SORTED_BY: Final = {
    "category": "category",
    "spend": "spend_pence",
    "suppliers": "supplier_count",
    "hhi": "hhi_points",
    "cr1": "cr1_share",
    "cr4": "cr4_share",
    "effective": "effective_suppliers",
}
SUPPLIER_COLUMNS: Final = (
    Column("Supplier", sort="name"),
    Column("Spend", numeric=True, sort="share"),
    Column("Share", numeric=True),
    Column("Councils", numeric=True, sort="councils"),
    Column("Lines", numeric=True, sort="lines"),
)
SHOWN: Final = 10
PRIVATE: Final = "A private individual"
# Figures and drawings of a release stay the same; names of suppliers and councils may be corrected, and show
# within a minute.
_MARKETS: Final = Memory[Mapping[str, Any]](128, seconds=queries.MINUTE)
_OVERVIEWS: Final = Memory[Drawn](64, seconds=queries.MINUTE)


@get("/market", name="insights.market")
async def market_list(request: AnyRequest, db: Db) -> Page:
    """Compare all categories in an area and a year."""
    found = await asked(request, db)
    if found is None:
        return Page("insights/nothing.html")
    rows = await queries.chosen_figures(
        db, request.app.state.lake, found.release, found.choice, years=[found.choice.year]
    )
    words, group = request.query_params.get("q", "").strip(), request.query_params.get("group", "")
    listing = Listing.of(request, sorts=SORTED_BY, default="-spend", per_page=100)
    shown = _sorted([row for row in rows if _wanted(row, words.lower(), group)], listing)
    caption = f"Concentration by category, {found.choice.area.name}, {FinancialYear(found.choice.year)}"
    dots = [
        charts.CategoryFigures(
            taxonomy().named(row.category), row.spend_pence, row.hhi_points, row.hhi_low, row.hhi_high
        )
        for row in shown
    ]
    return Page(
        "insights/market_list.html",
        context={
            "asked": found,
            "rows": shown,
            "columns": COLUMNS,
            "listing": listing,
            "taxonomy": taxonomy(),
            "groups": sorted({category.group for category in taxonomy().categories}),
            "words": words,
            "group": group,
            "chart": await _OVERVIEWS.recall(
                (found.release.id, found.choice.query, words, group, listing.sort, listing.descending),
                lambda: drawn(
                    request, caption, lambda width: charts.concentration(caption, dots, width=width)
                ),
            )
            if any(dot.hhi_points is not None for dot in dots)
            else None,
        },
    )


@get("/market/{category:str}", name="insights.category")
async def market_page(request: AnyRequest, db: Db, category: FromPath[str]) -> Page:
    """Show one market: its figures, its suppliers and councils, how it changed."""
    of = category_of(category)
    found = await asked(request, db)
    if found is None:
        return Page("insights/nothing.html")
    market = await _MARKETS.recall(
        (found.release.id, category, found.choice.query), lambda: _market(request, db, found, of)
    )
    return Page(
        "insights/market_page.html" if "figures" in market else "insights/no_market.html",
        context={"asked": found, "category": of, **market},
    )


async def _market(request: AnyRequest, db: AsyncSession, found: Asked, of: Category) -> dict[str, Any]:
    """Return what the page of a market shows beside the choice; without figures there is no such market."""
    years = await queries.chosen_figures(
        db, request.app.state.lake, found.release, found.choice, categories=[of.code]
    )
    this = next((row for row in years if row.year == found.choice.year), None)
    if this is None:
        return {"years": years}
    market = MarketOf(of.code, found.choice.year, found.choice.bodies)
    total, suppliers = await queries.market_suppliers(db, found.release, market, limit=SHOWN)
    shares_caption = f"Shares of the largest suppliers, {of.name}, {found.choice.area.name}"
    bars = [charts.SupplierShare(s.name or PRIVATE, s.pence, s.share) for s in suppliers]
    bars += _others(suppliers, this, total)
    trend_caption = f"Spend and concentration by year, {of.name}, {found.choice.area.name}"
    points = [
        charts.YearFigures(
            str(FinancialYear(row.year)), row.spend_pence, row.hhi_points, row.hhi_low, row.hhi_high
        )
        for row in years
    ]
    return {
        "figures": this,
        "years": years,
        "suppliers": suppliers,
        "supplier_total": total,
        "supplier_columns": SUPPLIER_COLUMNS,
        "councils": await queries.market_councils(db, found.release, market),
        "turnover": await queries.turnover(db, found.release, market),
        "leader": await queries.supplier_name(db, this.leader_id),
        "bands": bands(this.hhi_points) if this.hhi_points is not None else (),
        "shares": await drawn(
            request,
            shares_caption,
            lambda width: charts.shares(shares_caption, bars, shown=SHOWN, width=width),
        ),
        "trend": await drawn(
            request, trend_caption, lambda width: charts.trend(trend_caption, points, width=width)
        ),
        "private": PRIVATE,
    }


@get("/market/{category:str}/suppliers", name="insights.market_suppliers")
async def market_suppliers(request: AnyRequest, db: Db, category: FromPath[str]) -> Page:
    """List every supplier of a market."""
    of, found = category_of(category), await asked(request, db)
    if found is None:
        raise Missing("market")
    listing = Listing.of(request, sorts=queries.SUPPLIER_SORTS, default="-share")
    total, suppliers = await queries.market_suppliers(
        db,
        found.release,
        MarketOf(category, found.choice.year, found.choice.bodies),
        sort=listing.sort,
        descending=listing.descending,
        offset=listing.offset,
        limit=listing.per_page,
    )
    return Page(
        "insights/market_suppliers.html",
        context={
            "asked": found,
            "category": of,
            "suppliers": suppliers,
            "total": total,
            "columns": SUPPLIER_COLUMNS,
            "listing": listing,
            "private": PRIVATE,
        },
    )


def _others(
    suppliers: list[queries.SupplierShare], market: Figures, total: int
) -> list[charts.SupplierShare]:
    """Return all suppliers that are not shown as one bar's worth of equal parts."""
    count = total - len(suppliers)
    if count <= 0:
        return []
    pence = market.spend_pence - sum(supplier.pence for supplier in suppliers)
    share = 1 - sum(supplier.share for supplier in suppliers)
    return [charts.SupplierShare("", pence // count, share / count)] * count


def _wanted(row: Figures, words: str, group: str) -> bool:
    category = next(each for each in taxonomy().categories if each.code == row.category)
    return (not group or category.group == group) and (not words or words in category.name.lower())


def _sorted(rows: list[Figures], listing: Listing) -> list[Figures]:
    """Sort by a column; what is not computed comes last either way."""
    name = SORTED_BY[listing.sort]
    present = [row for row in rows if getattr(row, name) is not None]
    absent = [row for row in rows if getattr(row, name) is None]
    return sorted(present, key=lambda row: getattr(row, name), reverse=listing.descending) + absent


router = Router("/", route_handlers=[market_list, market_page, market_suppliers])
