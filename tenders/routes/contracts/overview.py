"""The contracts of a tender, and one of them with all that became of it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from accounts.routes.session import Anybody, Db, Someone
from tenders.actions.contracts import signing
from tenders.queries import contract_papers as papers
from tenders.queries import contracts as queries
from tenders.queries import duties as duty_queries
from tenders.queries import history
from tenders.routes import showing as tender_showing
from tenders.routes.contracts import showing
from tenders.routes.contracts.showing import BASE, TAB
from tenders.rules.contracts import changing, ending, performing
from values.refusals import Missing
from values.years import london_today
from web.forms import Form
from web.pages import AnyRequest, Page, to
from web.paging import Column, Listing

DUTIES: Final = (Column("By"), Column("What, and under which rule"), Column("State"))
READINGS: Final = (Column("Period"), Column("Indicator"), Column("Measured"), Column("Rating"))
HISTORY: Final = (Column("When"), Column("Who"), Column("What"))


@get("/tenders/{tender_id:uuid}/contracts", name="tenders.contracts")
async def contracts(db: Db, visitor: Anybody, tender_id: FromPath[UUID]) -> Page:
    """List the contracts of a tender."""
    head = await tender_showing.head(db, visitor, tender_id, TAB)
    if not head.tender.public:
        raise Missing("contracts")
    found = await queries.of_tender(db, tender_id)
    return Page("tenders/contracts/list.html", context={"head": head, "form": Form(), "contracts": found})


@get(BASE, name="tenders.contract")
async def contract(db: Db, visitor: Anybody, tender_id: FromPath[UUID], contract_id: FromPath[UUID]) -> Page:
    """Show a contract: what was signed, what it is by now, what it owes, what was done with it."""
    held = await showing.held(db, visitor, tender_id, contract_id)
    today, life = london_today(), held.life
    entries = (
        await history.entries(db, tender_id, offset=0, limit=10, contract_id=contract_id)
        if held.head.inside
        else (0, [])
    )
    return Page(
        "tenders/contracts/contract.html",
        context={
            **held.context,
            "form": Form(),
            "notices": await papers.notices(db, contract_id),
            "documents": await papers.documents(db, contract_id),
            "duties": await duty_queries.of_contract_duties(db, life, today) if held.head.inside else [],
            "readings": performing.current(life.readings),
            "titles": {each.number: each.title for each in life.facts.kpis},
            "ratings": performing.RATING_WORDS,
            "consequences": performing.CONSEQUENCE_WORDS,
            "kinds": ending.KINDS,
            "change_words": changing.STATE_WORDS,
            "columns": {"duties": DUTIES, "readings": READINGS, "history": HISTORY},
            "entries": entries[1],
        },
    )


@get(f"{BASE}/history", name="tenders.contract_history")
async def contract_history(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], contract_id: FromPath[UUID]
) -> Page:
    """Show who did what with a contract and when, the newest first."""
    held = await showing.inside(db, actor, tender_id, contract_id)
    listing = Listing.of(request, sorts=["at"], default="-at")
    total, entries = await history.entries(
        db, tender_id, offset=listing.offset, limit=listing.per_page, contract_id=contract_id
    )
    found = {"entries": entries, "total": total, "listing": listing, "columns": HISTORY}
    return Page("tenders/contracts/history.html", context={**held.context, "form": Form(), **found})


@post(f"{BASE}/take-on", name="tenders.take_on_contract", status_code=200)
async def take_on(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], contract_id: FromPath[UUID]
) -> Redirect:
    """Look after a contract from now on."""
    held = await showing.managed(db, actor, tender_id, contract_id)
    await signing.take_on(db, actor, tender_id, contract_id)
    return to(request, held.place, notice="You look after this contract now")


router = Router("/", route_handlers=[contracts, contract, contract_history, take_on], include_in_schema=False)
