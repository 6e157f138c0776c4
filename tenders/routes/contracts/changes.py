"""Changes of a contract: proposed with their ground, decided by an approver, made after their notice."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.confirming import check_enrolled, refused_as, take_code
from accounts.routes.session import Db, Someone
from sourcing.rules.law import law
from tenders.actions.contracts import changing as actions
from tenders.forms.contracts import ChangeForm, MadeForm
from tenders.forms.deciding import ApproveForm, ReasonForm
from tenders.routes.contracts import showing
from tenders.routes.contracts.showing import BASE, Held
from tenders.rules.contracts import changing as rules
from tenders.rules.contracts.changing import Proposal
from tenders.rules.contracts.life import Changed
from values.actors import Actor
from values.refusals import Missing, Refused
from values.years import london_today
from web.forms import Form
from web.pages import AnyRequest, Page, to

CHANGE: Final = f"{BASE}/changes/{{change_id:uuid}}"
WORDS: Final = (
    "It is lawful on a ground of Schedule 8, if it is not substantial, or as a below-threshold change "
    "(section 74). This page computes which ways are open and refuses a change that none permits; what the "
    "law leaves to judgement, you say. An approver of the council then decides."
)


def _form(held: Held) -> ChangeForm:
    form = ChangeForm()
    on = london_today()
    grounds = [
        (each.code, each.name) for each in law().changes if each.kind == "ground" and each.basis.holds(on)
    ]
    form.offer(grounds, held.life.made)
    return form


def _new_page(held: Held, form: Form) -> Page:
    return showing.step_page(
        held,
        form,
        path="changes/new",
        heading="Propose a change",
        words=WORDS,
        button="Propose it to the council’s approvers",
    )


@get(f"{BASE}/changes/new", name="tenders.new_change_page")
async def new_page(db: Db, actor: Someone, tender_id: FromPath[UUID], contract_id: FromPath[UUID]) -> Page:
    """Ask for a change and what is relied on."""
    held = await showing.managed(db, actor, tender_id, contract_id)
    return _new_page(held, _form(held))


@post(f"{BASE}/changes/new", name="tenders.propose_change", status_code=200)
async def propose(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], contract_id: FromPath[UUID]
) -> Page | Redirect:
    """Propose it, or say why the law does not permit it."""
    held = await showing.managed(db, actor, tender_id, contract_id)
    form = _form(held)
    form.process(await request.form())
    if form.validate():
        async with form.attempt(db):
            change_id = await actions.propose(db, actor, tender_id, contract_id, _proposal(form))
            said = "An approver of the council decides on the change"
            return to(request, f"{held.place}/changes/{change_id}", notice=said)
    return _new_page(held, form)


def _proposal(form: ChangeForm) -> Proposal:
    return Proposal(
        words=form.words.data or "",
        reason=form.reason.data or "",
        value_pence=form.value_pence.data or 0,
        term_months=form.term_months.data or 0,
        widens_scope=bool(form.widens_scope.data),
        favours_supplier=bool(form.favours_supplier.data),
        alters_nature=bool(form.alters_nature.data),
        new_supplier=form.new_supplier.data or "",
        ground=form.ground.data or "",
        made_with=tuple(form.made_with.data or ()),
    )


def _found(held: Held, change_id: UUID) -> Changed:
    change = next((each for each in held.life.changes if each.id == change_id), None)
    if change is None:
        raise Missing("change")
    return change


def _page(held: Held, change_id: UUID, step: str = "", form: Form | None = None, *, status: int = 0) -> Page:
    change = _found(held, change_id)
    forms: dict[str, Form] = {"approve": ApproveForm(), "refuse": ReasonForm(), "make": MadeForm()}
    if form is not None:
        forms[step] = form
    return Page(
        "tenders/contracts/change.html",
        context={
            **held.context,
            "form": form or Form(),
            "forms": forms,
            "change": change,
            "state_words": rules.STATE_WORDS[change.state],
            "told": held.life.published("UK10", change_id),
        },
        status_code=status or (422 if form is not None and form.error_list else 200),
    )


@get(CHANGE, name="tenders.change")
async def change(
    db: Db, actor: Someone, tender_id: FromPath[UUID], contract_id: FromPath[UUID], change_id: FromPath[UUID]
) -> Page:
    """Show a change: what the law said of it, who decided, what is due before and after it."""
    return _page(await showing.inside(db, actor, tender_id, contract_id), change_id)


@post(f"{CHANGE}/approve", name="tenders.approve_change", status_code=200)
async def approve(
    request: AnyRequest,
    db: Db,
    actor: Someone,
    tender_id: FromPath[UUID],
    contract_id: FromPath[UUID],
    change_id: FromPath[UUID],
) -> Page | Redirect:
    """Approve a change, with a code for this approval."""
    held = await showing.inside(db, actor, tender_id, contract_id)
    ids = (tender_id, contract_id, change_id)
    form = ApproveForm(await request.form())
    if not form.validate():
        return _page(held, change_id, "approve", form)
    try:
        await actions.check_approval(db, actor, *ids)
        check_enrolled(request)
        await take_code(request, form, doing="contract.change")
    except Refused as refused:
        return _page(held, change_id, "approve", form, status=refused_as(form, refused))
    async with form.attempt(db):
        await actions.approve(db, actor, *ids)
        return to(request, f"{held.place}/changes/{change_id}", notice="You approved it for your council")
    return _page(held, change_id, "approve", form)


async def _refuse(db: AsyncSession, actor: Actor, ids: tuple[UUID, UUID, UUID], form: Any) -> None:
    await actions.refuse(db, actor, *ids, reason=form.reason.data or "")


async def _withdraw(db: AsyncSession, actor: Actor, ids: tuple[UUID, UUID, UUID], _form: Any) -> None:
    await actions.withdraw(db, actor, *ids)


async def _make(db: AsyncSession, actor: Actor, ids: tuple[UUID, UUID, UUID], form: Any) -> None:
    await actions.make(db, actor, *ids, made_on=form.made_on.data)


STEPS: Final = {
    "refuse": (ReasonForm, _refuse, "You refused it"),
    "withdraw": (Form, _withdraw, "The change was withdrawn"),
    "make": (MadeForm, _make, "The change was made"),
}
PATHS: Final = [f"{CHANGE}/{name}" for name in STEPS]


@post(PATHS, name="tenders.change_step", status_code=200)
async def step(
    request: AnyRequest,
    db: Db,
    actor: Someone,
    tender_id: FromPath[UUID],
    contract_id: FromPath[UUID],
    change_id: FromPath[UUID],
) -> Page | Redirect:
    """Refuse, withdraw or make a change."""
    held = await showing.inside(db, actor, tender_id, contract_id)
    name = str(request.scope["path"]).rstrip("/").rsplit("/", 1)[-1]
    kind, do, notice = STEPS[name]
    form = kind(await request.form())
    if form.validate():
        async with form.attempt(db):
            await do(db, actor, (tender_id, contract_id, change_id), form)
            return to(request, f"{held.place}/changes/{change_id}", notice=notice)
    return _page(held, change_id, name, form)


router = Router("/", route_handlers=[new_page, propose, change, approve, step], include_in_schema=False)
