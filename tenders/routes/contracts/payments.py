"""Invoices under a contract, and what a council counts of a half-year and of a quarter."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from accounts.routes.session import Db, Someone
from sourcing.rules.law import law
from spend.queries import own_code
from tenders.actions.contracts import informing
from tenders.actions.contracts import performing as actions
from tenders.forms.contracts import PaidForm, PaymentForm, PublishedForm
from tenders.queries import contract_papers as queries
from tenders.routes.contracts import showing
from tenders.routes.contracts.showing import BASE, Held
from tenders.rules.contracts import paying
from tenders.rules.contracts.paying import Payment
from values.actors import Actor, Role
from values.ids import uuid7
from values.refusals import Missing, NotAllowed
from values.years import london_today
from web.exports import csv_bytes, csv_file
from web.forms import Form
from web.pages import AnyRequest, Page, to
from web.paging import Column

LIST: Final = (
    Column("Invoice"),
    Column("Sum", numeric=True),
    Column("Received"),
    Column("In time until"),
    Column("Paid"),
)
COUNTED: Final = (
    Column("Half-year"),
    Column("Paid", numeric=True),
    Column("Within 30 days", numeric=True),
    Column("31 to 60", numeric=True),
    Column("61 or more", numeric=True),
    Column("Mean days", numeric=True),
    Column("Due and unpaid", numeric=True),
)
HEADINGS: Final = (
    "contract", "supplier", "invoice", "sum_gross_pence", "received_on", "falls_due_on", "in_time_until",
    "paid_on", "days_from_the_day_after_receipt", "disputed", "over_30_000", "fields_of_section_70",
)  # fmt: skip
# The regulations under section 70 were not read: whoever publishes looks there what else is asked.
NOT_READ: Final = "not verified"


async def _page(held: Held, db: Db, form: Form) -> Page:
    contract_id, today = held.life.facts.contract_id, london_today()
    found = await queries.payments(db, contract_id)
    information = await queries.payment_information(db, contract_id)
    told = {one["id"] for each in information for one in each.payments}
    return Page(
        "tenders/contracts/payments.html",
        context={
            **held.context,
            "form": form,
            "payments": [(each, paying.due_on(law(), each)) for each in found],
            "columns": LIST,
            "today": today,
            "information": information,
            "untold": paying.untold(law(), found, told, today),
        },
        status_code=422 if form.error_list else 200,
    )


@get(f"{BASE}/payments", name="tenders.contract_payments")
async def payments(db: Db, actor: Someone, tender_id: FromPath[UUID], contract_id: FromPath[UUID]) -> Page:
    """List the invoices under a contract, and take another."""
    held = await showing.inside(db, actor, tender_id, contract_id)
    return await _page(held, db, PaymentForm())


@post(f"{BASE}/payments", name="tenders.record_payment", status_code=200)
async def record(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], contract_id: FromPath[UUID]
) -> Page | Redirect:
    """Record an invoice."""
    held = await showing.managed(db, actor, tender_id, contract_id)
    form = PaymentForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.record_payment(db, actor, tender_id, _payment(held, form))
            return to(request, f"{held.place}/payments", notice="The invoice was recorded")
    return await _page(held, db, form)


def _payment(held: Held, form: PaymentForm) -> Payment:
    facts = held.life.facts
    received = form.received_on.data
    if received is None:
        raise LookupError("the form was not validated")
    return Payment(
        id=uuid7(),
        contract_id=facts.contract_id,
        reference=facts.reference,
        supplier=facts.supplier,
        invoice=form.invoice.data or "",
        sum_pence=form.sum_pence.data or 0,
        received_on=received,
        falls_due_on=form.falls_due_on.data,
        disputed=bool(form.disputed.data),
        paid_on=form.paid_on.data,
    )


def _paid_page(held: Held, payment_id: UUID, form: Form) -> Page:
    return showing.step_page(
        held, form, path=f"payments/{payment_id}/paid", heading="Record that an invoice was paid"
    )


@get(f"{BASE}/payments/{{payment_id:uuid}}/paid", name="tenders.paid_page")
async def paid_page(
    db: Db, actor: Someone, tender_id: FromPath[UUID], contract_id: FromPath[UUID], payment_id: FromPath[UUID]
) -> Page:
    """Ask when an invoice was paid."""
    held = await showing.managed(db, actor, tender_id, contract_id)
    if payment_id not in {each.id for each in await queries.payments(db, contract_id)}:
        raise Missing("payment")
    return _paid_page(held, payment_id, PaidForm())


@post(f"{BASE}/payments/{{payment_id:uuid}}/paid", name="tenders.settle_payment", status_code=200)
async def paid(
    request: AnyRequest,
    db: Db,
    actor: Someone,
    tender_id: FromPath[UUID],
    contract_id: FromPath[UUID],
    payment_id: FromPath[UUID],
) -> Page | Redirect:
    """Record it."""
    held = await showing.managed(db, actor, tender_id, contract_id)
    form = PaidForm(await request.form())
    if form.validate() and form.paid_on.data:
        async with form.attempt(db):
            day: date = form.paid_on.data
            await actions.settle_payment(db, actor, tender_id, contract_id, payment_id, paid_on=day)
            return to(request, f"{held.place}/payments", notice="It was recorded")
    return _paid_page(held, payment_id, form)


def _published_page(held: Held, form: Form) -> Page:
    return showing.step_page(
        held,
        form,
        path="payments/published",
        heading="Record what was published of payments",
        words="Publish information about the payments over £30,000 on the central platform first. All that "
        "were made by that day and not recorded yet are open data from then on: sum, day, payer and payee.",
    )


@get(f"{BASE}/payments/published", name="tenders.payments_published_page")
async def published_page(
    db: Db, actor: Someone, tender_id: FromPath[UUID], contract_id: FromPath[UUID]
) -> Page:
    """Ask where and when information about payments was published."""
    return _published_page(await showing.managed(db, actor, tender_id, contract_id), PublishedForm())


@post(f"{BASE}/payments/published", name="tenders.payments_published", status_code=200)
async def published(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], contract_id: FromPath[UUID]
) -> Page | Redirect:
    """Record it."""
    held = await showing.managed(db, actor, tender_id, contract_id)
    form = PublishedForm(await request.form())
    if form.validate() and form.published_on.data:
        async with form.attempt(db):
            reference, day = form.reference.data or "", form.published_on.data
            ids = (tender_id, contract_id)
            await informing.inform(db, actor, *ids, reference=reference, published_on=day)
            return to(request, f"{held.place}/payments", notice="The payments are open data now")
    return _published_page(held, form)


async def _code(db: Db, actor: Actor) -> str:
    code = await own_code(db, actor)
    if code is None or not actor.has(Role.OFFICER, Role.APPROVER):
        raise NotAllowed("Payments are for people of councils.")
    return code


@get("/duties/payments", name="tenders.payments_counted")
async def counted(db: Db, actor: Someone) -> Page:
    """Show how fast one's council paid, by the half-years of section 69."""
    found = await queries.payments_of(db, await _code(db, actor))
    halves = [paying.count(law(), found, *half) for half in paying.half_years(london_today())]
    return Page("tenders/payments.html", context={"halves": halves, "columns": COUNTED, "total": len(found)})


@get("/duties/payments.csv", name="tenders.payments_csv")
async def as_csv(db: Db, actor: Someone) -> Response[bytes]:
    """Hand out the invoices under all contracts of one's council, in the fields that are known."""
    found = await queries.payments_of(db, await _code(db, actor))
    over = {each.id for each in paying.large(law(), found, date.min, date.max)}
    cells = [
        (
            each.reference,
            each.supplier,
            each.invoice,
            each.sum_pence,
            each.received_on,
            each.falls_due_on,
            paying.due_on(law(), each),
            each.paid_on,
            each.days,
            each.disputed,
            each.id in over,
            NOT_READ if each.id in over else "",
        )
        for each in found
    ]
    return csv_file("payments.csv", csv_bytes(HEADINGS, cells))


router = Router(
    "/",
    route_handlers=[
        payments,
        record,
        paid_page,
        paid,
        published_page,
        published,
        counted,
        as_csv,
    ],
    include_in_schema=False,
)
