"""Awards off the common path: a lot drawn between equals, a text withheld from summaries."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from tenders.actions import drawing
from tenders.actions import withholding as actions
from tenders.forms.awarding import WithholdForm
from tenders.queries import awards
from tenders.queries import ties as queries
from tenders.routes import showing
from tenders.routes.panels import PRIVATE
from tenders.routes.showing import Head
from tenders.rules import withholding as rules
from tenders.rules.withholding import Ground
from values.refusals import Missing
from web.forms import Form
from web.pages import AnyRequest, Page, to

TAB = "Award"
DRAW = "/tenders/{tender_id:uuid}/awarded/draw/{lot_id:uuid}"
WITHHOLD = "/tenders/{tender_id:uuid}/awarded/withhold"


async def _draw_page(db: AsyncSession, head: Head, lot_id: UUID, form: Form) -> Page:
    found = await queries.settled(db, head.tender.id)
    tie = next((each for each in found.ties if each.lot == str(lot_id)), None) if found else None
    if found is None or tie is None:
        raise Missing("draw")
    return Page(
        "tenders/draw.html",
        context={"head": head, "form": form, "tie": tie, "draw": found.draws.get(str(lot_id))},
        status_code=422 if form.error_list else 200,
        headers=PRIVATE,
    )


async def _inside(db: AsyncSession, actor: Someone, tender_id: UUID) -> Head:
    head = await showing.head_inside(db, actor, tender_id, TAB)
    if not head.takes_part:
        raise Missing("draw")
    return head


@get(DRAW, name="tenders.draw_page")
async def draw_page(db: Db, actor: Someone, tender_id: FromPath[UUID], lot_id: FromPath[UUID]) -> Page:
    """Show a tie, what the published rule makes of it, and its draw."""
    return await _draw_page(db, await _inside(db, actor, tender_id), lot_id, Form())


@post([f"{DRAW}/propose", f"{DRAW}/confirm"], name="tenders.draw", status_code=200)
async def draw(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], lot_id: FromPath[UUID]
) -> Page | Redirect:
    """Propose a draw, or confirm what somebody else proposed."""
    head = await _inside(db, actor, tender_id)
    form = Form(await request.form())
    place = f"/tenders/{tender_id}/awarded/draw/{lot_id}"
    async with form.attempt(db):
        if str(request.scope["path"]).endswith("/propose"):
            await drawing.propose(db, actor, tender_id, lot_id)
            return to(request, place, notice="A second person confirms the draw")
        drawn = await drawing.confirm(db, actor, tender_id, lot_id)
        return to(request, place, notice=f"Bid {drawn} was drawn")
    return await _draw_page(db, head, lot_id, form)


async def _withhold_form(db: AsyncSession, head: Head) -> WithholdForm:
    form = WithholdForm()
    page = await awards.page(db, head.tender.id)
    form.offer(rules.offered([each.content for each in page.summaries]))
    return form


def _withhold_page(head: Head, form: Form) -> Page:
    return Page(
        "tenders/withhold.html",
        context={"head": head, "form": form},
        status_code=422 if form.error_list else 200,
        headers=PRIVATE,
    )


@get(WITHHOLD, name="tenders.withhold_page")
async def withhold_page(db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Ask which text is withheld, and on which ground."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    return _withhold_page(head, await _withhold_form(db, head))


@post(WITHHOLD, name="tenders.withhold", status_code=200)
async def withhold(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Withhold it."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    form = await _withhold_form(db, head)
    form.process(await request.form())
    if form.validate():
        async with form.attempt(db):
            lot, criterion = form.chosen
            said = {"lot": lot, "criterion": criterion, "reason": form.reason.data or ""}
            await actions.withhold(db, actor, tender_id, ground=Ground(form.ground.data), **said)
            return to(request, f"/tenders/{tender_id}/awarded", notice="The text is withheld")
    return _withhold_page(head, form)


router = Router("/", route_handlers=[draw_page, draw, withhold_page, withhold], include_in_schema=False)
