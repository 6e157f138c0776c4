"""The award of a tender: decided, approved, told, published, and the contracts that come of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.confirming import check_enrolled, refused_as, take_code
from accounts.routes.session import Anybody, Db, Someone
from tenders.actions import awarding as actions
from tenders.actions import noticing_award
from tenders.actions.contracts import signing
from tenders.actions.contracts.signing import Terms
from tenders.forms.awarding import ChallengeForm
from tenders.forms.contracts import SignedForm
from tenders.forms.deciding import ApproveForm, ReasonForm
from tenders.queries import awards as queries
from tenders.queries import bids, ties
from tenders.routes import showing
from tenders.routes.panels import PRIVATE
from tenders.routes.showing import Head
from tenders.rules import approving, withholding
from tenders.rules.content import Model
from values.actors import Actor, Role
from values.refusals import Missing, Refused
from values.years import london_today
from web.forms import Form
from web.pages import AnyRequest, Page, to

TAB: Final = "Award"
FORMS: Final[Mapping[str, type[Form]]] = {
    "decide": ReasonForm,
    "approve": ApproveForm,
    "challenge": ChallengeForm,
    "challenge-ended": ReasonForm,
    "contract": SignedForm,
}


async def _tab(
    db: AsyncSession, visitor: Actor, head: Head, step: str = "", form: Form | None = None, *, status: int = 0
) -> Page:
    forms: dict[str, Form] = {name: kind() for name, kind in FORMS.items()}
    if form is not None:
        forms[step] = form
    page = await queries.page(db, head.tender.id)
    asked = await bids.asked(db, head.tender.id)
    told = await queries.own_summaries(db, visitor, head.tender.id) if head.bids else []
    return Page(
        "tenders/award.html",
        context={
            "head": head,
            "form": form or Form(),
            "forms": forms,
            "page": page,
            "summaries": told,
            "lots": {UUID(each.id): each.title for each in asked.lots},
            "lot_titles": {each.id: each.title for each in asked.lots},
            "buyers": {each.code: each.short_name for each in head.buyers},
            **_standing(head, page),
            "names_shown": bool(await queries.names(db, head.tender.id)),
            "officer": head.takes_part and visitor.has(Role.OFFICER),
            "best": await ties.settled(db, head.tender.id) if head.takes_part else None,
            "withholds": withholding.offered([each.content for each in page.summaries])
            if head.leads and not page.released
            else [],
        },
        status_code=status or (422 if form is not None and form.error_list else 200),
        headers=PRIVATE,
    )


def _standing(head: Head, page: queries.AwardPage) -> dict[str, Any]:
    """Return who has not approved yet, whether contracts can be signed, and which are recorded."""
    approved = {each.body_code for each in page.approvals}
    return {
        "missing": [each.short_name for each in head.buyers if each.code not in approved],
        "over": london_today() > page.standstill.ends_on if page.standstill else head.tender.below,
        "parallel": head.tender.model == Model.PARALLEL,
        "signed_lots": {each.lot_id for each in page.contracts if each.body_code == head.own_code},
    }


@get("/tenders/{tender_id:uuid}/awarded", name="tenders.award")
async def award(db: Db, visitor: Anybody, tender_id: FromPath[UUID]) -> Page:
    """Show who has won, as far as the reader may know, and what comes next."""
    head = await showing.head(db, visitor, tender_id, TAB)
    if not head.tender.public:
        raise Missing("award")
    return await _tab(db, visitor, head)


async def _step(
    request: AnyRequest,
    db: AsyncSession,
    actor: Actor,
    head: Head,
    step: str,
    do: Callable[[Any], Awaitable[None]],
    notice: str,
) -> Page | Redirect:
    form = FORMS.get(step, Form)(await request.form())
    if form.validate():
        async with form.attempt(db):
            await do(form)
            return to(request, f"/tenders/{head.tender.id}/awarded", notice=notice)
    return await _tab(db, actor, head, step, form)


@post("/tenders/{tender_id:uuid}/awarded/decide", name="tenders.decide_award", status_code=200)
async def decide(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Decide the award as it was computed."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)

    async def do(form: ReasonForm) -> None:
        await actions.decide(db, actor, tender_id, reason=form.reason.data or "")

    return await _step(request, db, actor, head, "decide", do, "The buyers can approve the award")


@post("/tenders/{tender_id:uuid}/awarded/approve", name="tenders.approve_award", status_code=200)
async def approve(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Approve the award for one's council, with a code for this approval."""
    approving.check_approver(actor)
    head = await showing.head_inside(db, actor, tender_id, TAB)
    check_enrolled(request)
    typed = await request.form()
    form = ApproveForm(typed)
    if not form.validate():
        return await _tab(db, actor, head, "approve", form)
    try:
        seen = bytes.fromhex(str(typed.get("seen") or ""))
        await actions.check_approval(db, actor, tender_id, seen=seen)
        await take_code(request, form, doing="tender.award")
    except ValueError:
        raise Missing("award") from None
    except Refused as refused:
        return await _tab(db, actor, head, "approve", form, status=refused_as(form, refused))
    async with form.attempt(db):
        await actions.approve(db, actor, tender_id, seen=seen)
        return to(request, f"/tenders/{tender_id}/awarded", notice="You approved the award for your council")
    return await _tab(db, actor, head, "approve", form)


async def _keep_standstill(db: AsyncSession, actor: Actor, tender_id: UUID) -> None:
    await noticing_award.keep_standstill(db, actor, tender_id, today=london_today())


PLAIN: Final[Mapping[str, tuple[Callable[..., Awaitable[None]], str]]] = {
    "conclude": (actions.conclude, "The tender is awarded"),
    "release": (actions.release, "All bidders were told, at one moment"),
    "standstill": (_keep_standstill, "A standstill is kept. Nothing is signed before its end"),
}
PATHS: Final = [f"/tenders/{{tender_id:uuid}}/awarded/{step}" for step in PLAIN]


@post(PATHS, name="tenders.award_step", status_code=200)
async def plain_step(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]
) -> Page | Redirect:
    """Award once every buyer approved, or tell all bidders."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    step = str(request.scope["path"]).rstrip("/").rsplit("/", 1)[-1]
    action, notice = PLAIN[step]

    async def do(_form: Form) -> None:
        await action(db, actor, tender_id)

    return await _step(request, db, actor, head, step, do, notice)


@post("/tenders/{tender_id:uuid}/awarded/challenge", name="tenders.challenge", status_code=200)
async def challenge(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]
) -> Page | Redirect:
    """Record a challenge, which suspends the signature."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)

    async def do(form: ChallengeForm) -> None:
        day = form.notified_on.data or date.min
        await actions.record_challenge(db, actor, tender_id, words=form.words.data or "", notified_on=day)

    return await _step(request, db, actor, head, "challenge", do, "The challenge was recorded")


@post("/tenders/{tender_id:uuid}/awarded/challenge-ended", name="tenders.challenge_ended", status_code=200)
async def challenge_ended(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]
) -> Page | Redirect:
    """Record that it ended."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)

    async def do(form: ReasonForm) -> None:
        await actions.end_challenge(db, actor, tender_id, reason=form.reason.data or "")

    return await _step(request, db, actor, head, "challenge-ended", do, "It was recorded")


@post("/tenders/{tender_id:uuid}/awarded/contract/{lot_id:uuid}", name="tenders.sign", status_code=200)
async def sign(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], lot_id: FromPath[UUID]
) -> Page | Redirect:
    """Record a contract of one's own council."""
    head = await showing.head_inside(db, actor, tender_id, TAB)

    async def do(form: SignedForm) -> None:
        day = form.signed_on.data or date.max
        reference = form.reference.data or ""
        terms = Terms(
            value_gross_pence=form.value_gross_pence.data,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            extended_until=form.extended_until.data,
        )
        ids = (tender_id, lot_id)
        await signing.sign(db, actor, *ids, reference=reference, signed_on=day, terms=terms)

    return await _step(request, db, actor, head, "contract", do, "The contract was recorded")


router = Router(
    "/",
    route_handlers=[award, decide, approve, plain_step, challenge, challenge_ended, sign],
    include_in_schema=False,
)
