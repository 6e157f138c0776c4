"""Looking for partners: one advert with its answers, a supplier's own, and what operators decide on.

Lists of adverts about a tender or a challenge stand on its own pages.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone, entrance_of
from sourcing.actions import partners as actions
from sourcing.forms import PartnerAnswerForm, ReportForm
from sourcing.queries import partners as queries
from values.actors import Actor, Role
from values.refusals import NotAllowed
from web.forms import Form
from web.pages import AnyRequest, Page, to

# Nothing of it stays in a browser's cache, where the next person at the machine would find it.
PRIVATE: Final = {"cache-control": "no-store"}


@get("/partners", name="sourcing.partners")
async def partners(db: Db, actor: Someone) -> Page:
    """List what the reader's organisation looks for, and what it answered."""
    actions.check_supplier(actor)
    return Page("sourcing/partners.html", context={"adverts": await queries.own(db)}, headers=PRIVATE)


async def _advert(db: AsyncSession, actor: Actor, advert_id: UUID, form: Form) -> Page:
    actions.check_supplier(actor)
    found = await queries.advert(db, advert_id)
    return Page(
        "sourcing/partner.html",
        context={"advert": found, "answers": await queries.answers(db, found), "form": form},
        status_code=422 if form.error_list else 200,
        headers=PRIVATE,
    )


@get("/partners/{advert_id:uuid}", name="sourcing.partner")
async def partner(db: Db, actor: Someone, advert_id: FromPath[UUID]) -> Page:
    """Show an advert: to answer it, or with its answers to whoever posted it."""
    return await _advert(db, actor, advert_id, PartnerAnswerForm())


@post("/partners/{advert_id:uuid}/answer", name="sourcing.answer_partner", status_code=200)
async def answer(request: AnyRequest, db: Db, actor: Someone, advert_id: FromPath[UUID]) -> Page | Redirect:
    """Answer it."""
    form = PartnerAnswerForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.answer(
                db, actor, advert_id, words=form.words.data or "", address=entrance_of(request).address
            )
            return to(request, f"/partners/{advert_id}", notice="Your answer was sent")
    return await _advert(db, actor, advert_id, form)


@post("/partners/{advert_id:uuid}/withdraw", name="sourcing.withdraw_partner", status_code=200)
async def withdraw(request: AnyRequest, db: Db, actor: Someone, advert_id: FromPath[UUID]) -> Page | Redirect:
    """Take it back."""
    form = PartnerAnswerForm()
    async with form.attempt(db):
        await actions.withdraw(db, actor, advert_id)
        return to(request, f"/partners/{advert_id}", notice="It was taken back: nobody else sees it any more")
    return await _advert(db, actor, advert_id, form)


@post(
    "/partners/{advert_id:uuid}/answers/{answer_id:uuid}/{step:str}",
    name="sourcing.decide_partner",
    status_code=200,
)
async def decide(
    request: AnyRequest,
    db: Db,
    actor: Someone,
    advert_id: FromPath[UUID],
    answer_id: FromPath[UUID],
    step: FromPath[str],
) -> Page | Redirect:
    """Agree to an answer, decline it, or take one's own back."""
    form, address = PartnerAnswerForm(), entrance_of(request).address
    async with form.attempt(db):
        if step == "withdraw":
            await actions.withdraw_answer(db, actor, answer_id)
            notice = "Your answer was taken back"
        else:
            agrees = step == "agree"
            await actions.decide(db, actor, answer_id, agrees=agrees, address=address)
            notice = "You both agreed: you see how to reach each other" if agrees else "You declined"
        return to(request, f"/partners/{advert_id}", notice=notice)
    return await _advert(db, actor, advert_id, form)


async def _report(db: AsyncSession, actor: Actor, advert_id: UUID, form: Form) -> Page:
    actions.check_supplier(actor)
    context = {"advert": await queries.advert(db, advert_id), "form": form}
    return Page("sourcing/partner_report.html", context=context, status_code=422 if form.error_list else 200)


@get("/partners/{advert_id:uuid}/report", name="sourcing.report_partner_page")
async def report_page(db: Db, actor: Someone, advert_id: FromPath[UUID]) -> Page:
    """Ask what is wrong with it."""
    return await _report(db, actor, advert_id, ReportForm())


@post("/partners/{advert_id:uuid}/report", name="sourcing.report_partner", status_code=200)
async def report(request: AnyRequest, db: Db, actor: Someone, advert_id: FromPath[UUID]) -> Page | Redirect:
    """Report it to the operators."""
    form = ReportForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.report(db, actor, advert_id, reason=form.reason.data or "")
            return to(request, f"/partners/{advert_id}", notice="It was reported to the operators")
    return await _report(db, actor, advert_id, form)


async def _reports(db: AsyncSession, actor: Actor, form: Form) -> Page:
    if not actor.has(Role.OPERATOR):
        raise NotAllowed("Only operators decide about reports.")
    context = {"reports": await queries.reports(db), "form": form}
    return Page("sourcing/partner_reports.html", context=context, status_code=422 if form.error_list else 200)


@get("/partners/reports", name="sourcing.partner_reports")
async def reports(db: Db, actor: Someone) -> Page:
    """List what was reported."""
    return await _reports(db, actor, ReportForm())


@post("/partners/{advert_id:uuid}/decide/{step:str}", name="sourcing.decide_report", status_code=200)
async def decide_report(
    request: AnyRequest, db: Db, actor: Someone, advert_id: FromPath[UUID], step: FromPath[str]
) -> Page | Redirect:
    """Take a reported advert down, or leave it."""
    form = ReportForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.decide_report(
                db,
                actor,
                advert_id,
                reason=form.reason.data or "",
                takes_down=step == "take-down",
                address=entrance_of(request).address,
            )
            return to(request, "/partners/reports", notice="It was decided")
    return await _reports(db, actor, form)


router = Router(
    "/",
    route_handlers=[
        partners,
        partner,
        answer,
        withdraw,
        decide,
        report_page,
        report,
        reports,
        decide_report,
    ],
    include_in_schema=False,
)
