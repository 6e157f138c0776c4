"""The map of opportunities: how many open needs each council has, drawn and as a table."""

from __future__ import annotations

from typing import Final

from litestar import Router, get

from accounts.routes.session import Db, Someone
from procurement.queries import opportunities as queries
from procurement.routes.register import check_may_see
from procurement.rules.hexmap import SHADE_WORDS, SHADES, hexmap
from spend.rules.categories import taxonomy
from web.pages import AnyRequest, Page
from web.paging import Column

COLUMNS: Final = (Column("Council"), Column("Region"), Column("Open needs", numeric=True))


@get("/opportunities", name="procurement.opportunities")
async def opportunities(request: AnyRequest, db: Db, actor: Someone) -> Page:
    """Show where councils need something, of all categories or one."""
    check_may_see(actor)
    asked = request.query_params.get("category", "")
    category = next((each for each in taxonomy().categories if each.code == asked), None)
    councils = await queries.open_counts(db, category=category.code if category else "")
    return Page(
        "procurement/opportunities.html",
        context={
            "map": hexmap(councils),
            "councils": [each for each in councils if each.count],
            "total": sum(each.count for each in councils),
            "category": category,
            "categories": taxonomy().categories,
            "columns": COLUMNS,
            "legend": [(fill, words) for (_, fill, _), words in zip(SHADES, SHADE_WORDS, strict=True)],
        },
        fragment="results",
    )


router = Router("/", route_handlers=[opportunities], include_in_schema=False)
