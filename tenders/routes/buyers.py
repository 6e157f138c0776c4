"""The councils of a tender, and how a notice says each is reached."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from tenders.actions import parts as actions
from tenders.forms.rows import BuyerForm
from tenders.queries import tenders as queries
from tenders.queries.tenders import BuyerRow
from tenders.routes import showing
from tenders.routes.editing import SAVED, findings_of
from tenders.routes.showing import Head
from tenders.rules import states
from tenders.rules.linting.findings import PART_WORDS, SEVERITY_WORDS, Part
from values.actors import Actor, Role
from values.refusals import Missing
from web.pages import AnyRequest, Page, to


@get("/tenders/{tender_id:uuid}/buyers", name="tenders.buyers")
async def buyers(db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Show the councils with what they expect to spend, and what a notice lacks of each."""
    head = await showing.head_inside(db, actor, tender_id, "Overview")
    findings = await findings_of(db, head, Part.BUYERS) if head.tender.changeable else []
    return Page(
        "tenders/buyers.html",
        context={
            "head": head,
            "heading": PART_WORDS[Part.BUYERS],
            "shares": await queries.shares(db, tender_id),
            "findings": findings,
            "severity_words": SEVERITY_WORDS,
            "officer": actor.has(Role.OFFICER),
        },
    )


async def _described(db: AsyncSession, actor: Actor, tender_id: UUID, code: str) -> tuple[Head, BuyerRow]:
    head = await showing.head_inside(db, actor, tender_id, "Overview")
    found = next((each for each in head.buyers if each.code == code), None)
    if found is None:
        raise Missing("buyer")
    states.check_may_describe(actor, code, head.tender.lead_code, head.own_code)
    return head, found


def _page(head: Head, buyer: BuyerRow, form: BuyerForm) -> Page:
    return Page(
        "tenders/buyer.html",
        context={"head": head, "buyer": buyer, "form": form},
        status_code=422 if form.error_list else 200,
    )


@get("/tenders/{tender_id:uuid}/buyers/{code:str}", name="tenders.buyer_page")
async def buyer_page(db: Db, actor: Someone, tender_id: FromPath[UUID], code: FromPath[str]) -> Page:
    """Ask how a council is reached."""
    head, buyer = await _described(db, actor, tender_id, code)
    shown = {"address": buyer.address, "email": buyer.email, "identifier": buyer.identifier}
    return _page(head, buyer, BuyerForm(data=shown))


@post("/tenders/{tender_id:uuid}/buyers/{code:str}", name="tenders.describe_buyer", status_code=200)
async def describe(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], code: FromPath[str]
) -> Page | Redirect:
    """Save how a council is reached."""
    head, buyer = await _described(db, actor, tender_id, code)
    form = BuyerForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.describe_buyer(db, actor, tender_id, code, form.values)
            return to(request, f"/tenders/{tender_id}/buyers", notice=SAVED)
    return _page(head, buyer, form)


router = Router("/", route_handlers=[buyers, buyer_page, describe], include_in_schema=False)
