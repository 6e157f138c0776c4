"""A bid is handed in or withdrawn; its receipts, and receipts that anybody has checked."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from accounts.routes.session import Anybody, Db, Someone
from store import signing
from tenders.actions.bidding import handing_in as actions
from tenders.actions.bidding import sealed
from tenders.forms.bids import ReceiptForm, SubmitForm
from tenders.queries import bids as queries
from tenders.routes.bid_files import as_file
from tenders.routes.bids import PRIVATE, Desk, desk
from tenders.routes.showing import master_key
from tenders.rules.bidding import receipts as rules
from tenders.rules.bidding.standing import ReceiptKind
from values.refusals import Missing, Refused
from web.forms import Form
from web.pages import AnyRequest, Page, to

NOTICES = {
    ReceiptKind.SUBMITTED: "Your bid was submitted",
    ReceiptKind.WITHDRAWN: "Your bid was withdrawn",
    ReceiptKind.LATE: "It arrived after the deadline and was refused",
}


def _submit_page(found: Desk, form: Form) -> Page:
    return Page(
        "tenders/bid_submit.html",
        context={"desk": found, "form": form},
        status_code=422 if form.error_list else 200,
        headers=dict(PRIVATE),
    )


@get("/tenders/{tender_id:uuid}/bid/submit", name="tenders.submit_bid_page")
async def submit_page(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Show what would be handed in, and ask whether that is meant."""
    return _submit_page(await desk(db, actor, request, tender_id), SubmitForm())


@post("/tenders/{tender_id:uuid}/bid/submit", name="tenders.submit_bid", status_code=200)
async def submit(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Hand in the draft as it stands."""
    typed = await request.form()
    form = SubmitForm(typed)
    if form.validate():
        async with form.attempt(db):
            done = await actions.submit(
                db, actor, tender_id, master=master_key(request), known=_known(typed.get("known"))
            )
            return _to_receipt(request, done)
    return _submit_page(await desk(db, actor, request, tender_id), form)


@get("/tenders/{tender_id:uuid}/bid/withdraw", name="tenders.withdraw_bid_page")
async def withdraw_page(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Ask whether somebody means to withdraw."""
    found = await desk(db, actor, request, tender_id)
    return Page("tenders/bid_withdraw.html", context={"desk": found, "form": Form()}, headers=dict(PRIVATE))


@post("/tenders/{tender_id:uuid}/bid/withdraw", name="tenders.withdraw_bid", status_code=200)
async def withdraw(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Withdraw what was handed in."""
    typed = await request.form()
    form = Form(typed)
    async with form.attempt(db):
        return _to_receipt(
            request, await actions.withdraw(db, actor, tender_id, known=_known(typed.get("known")))
        )
    found = await desk(db, actor, request, tender_id)
    context = {"desk": found, "form": form}
    return Page("tenders/bid_withdraw.html", context=context, status_code=422, headers=dict(PRIVATE))


def _known(typed: object) -> UUID | None:
    """Return the receipt that the form was made from; what is none equals none."""
    try:
        return UUID(str(typed or ""))
    except ValueError:
        return None


def _to_receipt(request: AnyRequest, done: actions.HandedIn) -> Redirect:
    notice = NOTICES[ReceiptKind(done.receipt.kind)]
    if not done.fresh:
        notice = "This had been done already: here is its receipt"
    return to(request, f"/receipts/{done.receipt.id}", notice=notice)


@get("/receipts/{receipt_id:uuid}", name="tenders.receipt")
async def receipt(request: AnyRequest, db: Db, actor: Someone, receipt_id: FromPath[UUID]) -> Page:
    """Show a receipt to its bidder's people."""
    found = await queries.receipt(db, receipt_id)
    signature = signing.sign(master_key(request), rules.PURPOSE, rules.signed_text(found.facts))
    return Page(
        "tenders/receipt.html",
        context={
            "receipt": found,
            "text": rules.whole_text(found.facts, signature),
            "kept": await queries.own_copy(db, receipt_id) is not None,
        },
        headers=dict(PRIVATE),
    )


@get("/receipts/{receipt_id:uuid}/receipt.txt", name="tenders.receipt_text")
async def receipt_text(
    request: AnyRequest, db: Db, actor: Someone, receipt_id: FromPath[UUID]
) -> Response[bytes]:
    """Hand out a receipt with its signature, as a file to keep."""
    found = await queries.receipt(db, receipt_id)
    signature = signing.sign(master_key(request), rules.PURPOSE, rules.signed_text(found.facts))
    return as_file(rules.whole_text(found.facts, signature).encode(), f"receipt-{found.bid_code}.txt")


@get("/receipts/{receipt_id:uuid}/manifest.json", name="tenders.receipt_manifest")
async def manifest(
    request: AnyRequest, db: Db, actor: Someone, receipt_id: FromPath[UUID]
) -> Response[bytes]:
    """Hand out what was handed in, byte for byte: its SHA-256 is the receipt's."""
    found = await queries.receipt(db, receipt_id)
    bid, _ = (await queries.named_bids(db, [found.bid_id]))[found.bid_id]
    content = await sealed.copy_of(db, bid, found, master=master_key(request))
    if content is None:
        raise Missing("manifest")
    return as_file(content, f"bid-{found.bid_code}.json")


def _checking(request: AnyRequest, form: ReceiptForm, found: Mapping[str, object]) -> Page:
    public = signing.public_key(master_key(request), rules.PURPOSE)
    context = {"form": form, "found": found, "public": base64.b64encode(public).decode()}
    return Page("tenders/receipts.html", context=context, status_code=422 if form.error_list else 200)


@get("/receipts", name="tenders.receipts")
async def receipts(request: AnyRequest, visitor: Anybody) -> Page:
    """Ask for a receipt that is to be checked."""
    return _checking(request, ReceiptForm(), {})


@post("/receipts", name="tenders.check_receipt", status_code=200)
async def check(request: AnyRequest, db: Db, visitor: Anybody) -> Page:
    """Say whether a receipt is genuine; to whoever holds it, and nothing that does not stand in it."""
    form = ReceiptForm(await request.form())
    if form.validate():
        try:
            pasted = rules.pasted(form.text.data or "")
        except Refused as refused:
            form.refuse(refused.message, refused.field)
        else:
            public = signing.public_key(master_key(request), rules.PURPOSE)
            at = await queries.given(db, pasted.id, pasted.sha256)
            found = {"signed": signing.holds(public, pasted.signature, pasted.signed), "at": at}
            return _checking(request, form, found)
    return _checking(request, form, {})


router = Router(
    "/",
    route_handlers=[
        submit_page,
        submit,
        withdraw_page,
        withdraw,
        receipts,
        check,
        receipt,
        receipt_text,
        manifest,
    ],
    include_in_schema=False,
)
