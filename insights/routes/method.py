"""How figures are made: every definition, with its source."""

from __future__ import annotations

from litestar import Router, get

from analytics.markets.bands import BANDS, UK_POSITION
from analytics.markets.definitions import DEFINITIONS
from spend.rules.categories import taxonomy
from web.pages import Page


@get("/method", name="insights.method")
async def method() -> Page:
    """Show every definition, the bands and whose they are, and what is kept out."""
    return Page(
        "insights/method.html",
        context={
            "definitions": DEFINITIONS,
            "bands": BANDS,
            "uk_position": UK_POSITION,
            "taxonomy": taxonomy(),
        },
    )


router = Router("/", route_handlers=[method])
