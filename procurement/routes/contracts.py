"""Contracts of the own council: which end soon, as bars and as a table, and proposing a need from one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from accounts.routes.session import Db, Someone
from procurement import forms
from procurement.actions import proposing
from procurement.models import Contract
from procurement.queries import contracts as queries
from procurement.rules import needs as rules
from procurement.rules import proposals
from spend.queries import own_code
from values.actors import Role
from values.refusals import NotAllowed
from values.years import london_today
from web.pages import AnyRequest, Page, to
from web.paging import Column, Listing

MONTHS: Final = 24
COLUMNS: Final = (
    Column("Contract"),
    Column("Supplier"),
    Column("Ends"),
    Column("Months left"),
    Column("A year", numeric=True),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A contract that ends, with the length of its bar: months left of 24."""

    contract: Contract
    months: int

    @property
    def width(self) -> int:
        """The bar's width, 0 to 240."""
        return self.months * 10


@get("/contracts", name="procurement.contracts")
async def contracts(request: AnyRequest, db: Db, actor: Someone) -> Page:
    """Show which of the council's contracts end in the next 24 months, and all others below."""
    code = await own_code(db, actor)
    if not rules.may_see_own(actor) or code is None:
        raise NotAllowed("Contracts are shown to people of the council that has them.")
    today = london_today()
    last = proposals.add_months(today, MONTHS)
    listing = Listing.of(request, sorts=("end",), default="end")
    ending = await queries.ending_contracts(db, code, today, last)
    total, others = await queries.other_contracts(
        db, code, today, last, offset=listing.offset, limit=listing.per_page
    )
    bars = [Bar(each, _months(each, today.year * 12 + today.month)) for each in ending]
    return Page(
        "procurement/contracts.html",
        context={
            "bars": bars,
            "others": others,
            "total": total,
            "listing": listing,
            "columns": COLUMNS,
            "officer": actor.has(Role.OFFICER),
            "today": today,
        },
    )


def _months(contract: Contract, now: int) -> int:
    assert contract.end_on is not None
    return contract.end_on.year * 12 + contract.end_on.month - now


@get("/contracts/{contract_id:uuid}/end", name="procurement.end_page")
async def end_page(db: Db, actor: Someone, contract_id: FromPath[UUID]) -> Page:
    """Ask when a contract ends, which its register does not say."""
    return _asked(await queries.contract(db, contract_id), forms.EndDate())


def _asked(contract: Contract, form: forms.EndDate) -> Page:
    context = {"form": form, "contract": contract}
    return Page("procurement/end.html", context=context, status_code=422 if form.error_list else 200)


@post("/contracts/{contract_id:uuid}/end", name="procurement.set_end", status_code=200)
async def set_end(
    request: AnyRequest, db: Db, actor: Someone, contract_id: FromPath[UUID]
) -> Page | Redirect:
    """Write down when a contract ends, and propose the need."""
    form = forms.EndDate(await request.form())
    if form.validate():
        async with form.attempt(db):
            await proposing.set_end(db, actor, contract_id, form.end_on.data)
            return _proposed(request, *await proposing.propose_need(db, actor, contract_id))
    return _asked(await queries.contract(db, contract_id), form)


@post("/contracts/{contract_id:uuid}/propose", name="procurement.propose_need", status_code=200)
async def propose(request: AnyRequest, db: Db, actor: Someone, contract_id: FromPath[UUID]) -> Redirect:
    """Make a draft of a need from a contract; without an end date ask for it first."""
    contract = await queries.contract(db, contract_id)
    if contract.end_on is None:
        return to(request, f"/contracts/{contract_id}/end")
    return _proposed(request, *await proposing.propose_need(db, actor, contract_id))


def _proposed(request: AnyRequest, need_id: UUID, notes: tuple[str, ...]) -> Redirect:
    notice = " ".join(("This draft follows the contract.", *notes))
    return to(request, f"/needs/{need_id}/edit", notice=notice)


router = Router("/", route_handlers=[contracts, end_page, set_end, propose], include_in_schema=False)
