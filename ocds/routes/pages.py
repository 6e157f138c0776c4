"""The page that says what there is of open data."""

from __future__ import annotations

from typing import Final

from litestar import Router, get

from accounts.routes.session import Db
from ocds.queries import events
from ocds.routes import answering
from ocds.rules import ids, packages
from web.pages import AnyRequest, Page
from web.paging import Column

NEWEST: Final = 20
COLUMNS: Final = (Column("Tender"), Column("What became public"), Column("When"), Column("Record"))
# The start of a release's name, and what became public with it.
WHAT: Final = {
    "UK2": "Early engagement",
    "UK3": "Plan",
    "planning": "End of a plan",
    "UK4": "Tender",
    "answers": "Answers to questions",
    "deadline": "Later deadline",
    "correction": "Correction",
    "questions": "Last time for questions",
    "UK6": "Award",
    "UK7": "Contract",
    "UK9": "Performance of a contract",
    "UK10": "Change of a contract",
    "UK11": "End of a contract",
    "UK12": "Termination",
}


@get("/open-data", name="ocds.page", include_in_schema=False)
async def page(request: AnyRequest, db: Db) -> Page:
    """Say what can be downloaded of tenders, and list what became public last."""
    publisher = answering.publisher_of(request)
    found = await events.newest(db, limit=NEWEST)
    return Page(
        "ocds/page.html",
        context={
            "extent": await events.extent(db),
            "told": [(each, WHAT[each.event.name.split("-")[0]]) for each in found],
            "columns": COLUMNS,
            "prefix": publisher.prefix,
            "registered": ids.is_registered(publisher.prefix),
            "licence": packages.LICENCE,
        },
    )


router = Router("/", route_handlers=[page])
