"""A firm's response: one page to write it, one to look it over and hand it in, receipts; its assurance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Anybody, Db, Someone
from challenges.actions import responding as actions
from challenges.forms.responses import AssuranceForm, ReceiptForm, RespondForm
from challenges.queries import challenges
from challenges.queries import responses as queries
from challenges.queries.responses import DraftRow
from challenges.routes import showing
from challenges.routes.showing import Head
from challenges.rules import receipts
from challenges.rules import responding as rules
from challenges.rules.content import Section
from challenges.rules.effort import minutes_to_answer
from challenges.rules.language import word_count
from store import signing
from suppliers import actions as supplier_actions
from suppliers.queries import own_assurance, own_size
from suppliers.rules import ASKED, check_firm
from values.actors import Actor
from values.refusals import Refused
from web.forms import Form
from web.pages import AnyRequest, Page, to

TAB = "Your response"


async def _head(db: AsyncSession, actor: Actor, challenge_id: UUID) -> Head:
    rules.check_may_respond(actor)
    return await showing.head(db, actor, challenge_id, TAB)


def _master(request: AnyRequest) -> bytes:
    key: bytes = request.app.state.settings.key()
    return key


async def _write_page(
    db: AsyncSession,
    actor: Actor,
    head: Head,
    draft: DraftRow,
    form: RespondForm,
    *,
    sections: Sequence[Section],
) -> Page:
    saved = await queries.answers(db, draft.id)
    return Page(
        "challenges/respond.html",
        context={
            "head": head,
            "form": form,
            "draft": draft,
            "sections": list(enumerate(sections, 1)),
            "saved": saved,
            "counts": {position: word_count(each.words) for position, each in saved.items()},
            "assurance": await own_assurance(db, actor),
            "minutes": minutes_to_answer(sum(each.most_words for each in sections)),
        },
        status_code=422 if form.error_list else 200,
    )


@get("/challenges/{challenge_id:uuid}/response", name="challenges.response")
async def response(db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page:
    """Show the firm's response: what is missing, what was handed in, what can be done now."""
    head = await _head(db, actor, challenge_id)
    draft = await queries.maybe_own_draft(db, actor, challenge_id)
    sections = await challenges.sections(db, challenge_id)
    saved = await queries.answers(db, draft.id) if draft else {}
    words = {position: each.words for position, each in saved.items()}
    return Page(
        "challenges/response.html",
        context={
            "head": head,
            "draft": draft,
            "sections": list(enumerate(sections, 1)),
            "saved": saved,
            "missing": rules.missing(sections, words, draft.said) if draft else [],
            "receipts": await queries.receipts(db, draft.id) if draft else [],
            "readiness": rules.READINESS,
            "assurance": await own_assurance(db, actor),
            "size": await own_size(db, actor),
            "chance": await queries.chance(db),
            "most_words": sum(each.most_words for each in sections),
            "minutes": minutes_to_answer(sum(each.most_words for each in sections)),
            "form": Form(),
        },
    )


@post("/challenges/{challenge_id:uuid}/response", name="challenges.begin_response", status_code=200)
async def begin(request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Redirect:
    """Begin a response."""
    await actions.begin(db, actor, challenge_id)
    return to(request, f"/challenges/{challenge_id}/response/write")


@get("/challenges/{challenge_id:uuid}/response/write", name="challenges.write_page")
async def write_page(db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page:
    """Ask for all of it on one page."""
    head = await _head(db, actor, challenge_id)
    draft = await queries.own_draft(db, actor, challenge_id)
    rules.check_open(draft.state, draft.due_at, draft.now)
    sections = await challenges.sections(db, challenge_id)
    saved = await queries.answers(db, draft.id)
    form = RespondForm.of(sections)(data=RespondForm.shown(draft.said, saved))
    return await _write_page(db, actor, head, draft, form, sections=sections)


@post("/challenges/{challenge_id:uuid}/response/write", name="challenges.write", status_code=200)
async def write(request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page | Redirect:
    """Save the draft; nothing needs to be whole before it is handed in."""
    head = await _head(db, actor, challenge_id)
    draft = await queries.own_draft(db, actor, challenge_id)
    sections = await challenges.sections(db, challenge_id)
    typed = await request.form()
    form = RespondForm.of(sections)(typed)
    if form.validate():
        async with form.attempt(db):
            await actions.save(
                db,
                actor,
                challenge_id,
                form.said,
                form.answers(len(sections)),
                seen=_number(typed.get("seen")),
                seen_answers={
                    position: _number(typed.get(f"seen{position}"))
                    for position in range(1, len(sections) + 1)
                },
            )
            return to(request, f"/challenges/{challenge_id}/response", notice="The draft was saved")
    return await _write_page(db, actor, head, draft, form, sections=sections)


def _number(typed: object) -> int:
    text = str(typed or "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _known(typed: object) -> UUID | None:
    try:
        return UUID(str(typed))
    except ValueError:
        return None


@post(
    ["/challenges/{challenge_id:uuid}/response/submit", "/challenges/{challenge_id:uuid}/response/withdraw"],
    name="challenges.hand_in",
    status_code=200,
)
async def hand_in(request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Redirect:
    """Hand the draft in, or withdraw what was handed in; either way the firm gets a receipt."""
    known = _known((await request.form()).get("known"))
    submits = request.scope["path"].endswith("/submit")
    act = actions.submit if submits else actions.withdraw
    receipt = await act(db, actor, challenge_id, known=known)
    return to(request, f"/challenges/{challenge_id}/response", notice=receipt.words)


@get(
    "/challenges/{challenge_id:uuid}/response/receipts/{receipt_id:uuid}/receipt.txt",
    name="challenges.receipt",
)
async def receipt(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID], receipt_id: FromPath[UUID]
) -> Response[str]:
    """Hand out a receipt as a text that is signed."""
    await _head(db, actor, challenge_id)
    draft = await queries.own_draft(db, actor, challenge_id)
    found = [each for each in await queries.receipts(db, draft.id) if each.id == receipt_id]
    if not found:
        raise Refused("There is no such receipt.")
    facts = found[0].facts
    signature = signing.sign(_master(request), receipts.PURPOSE, receipts.signed_text(facts))
    return Response(
        receipts.whole_text(facts, signature),
        media_type="text/plain; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="receipt-{facts.code}.txt"'},
    )


@get("/challenges/receipts", name="challenges.receipt_page")
async def receipt_page(visitor: Anybody) -> Page:
    """Ask for a receipt to check; anybody who has one may."""
    return Page("challenges/receipts.html", context={"form": ReceiptForm(), "holds": None})


@post("/challenges/receipts", name="challenges.check_receipt", status_code=200)
async def check_receipt(request: AnyRequest, visitor: Anybody) -> Page:
    """Say whether a receipt is this service's own."""
    form = ReceiptForm(await request.form())
    holds = None
    if form.validate():
        try:
            text, signature = receipts.pasted(form.text.data or "")
            public = signing.public_key(_master(request), receipts.PURPOSE)
            holds = signing.holds(public, signature, text)
        except Refused as refused:
            form.refuse(refused.message, refused.field)
    return Page(
        "challenges/receipts.html",
        context={"form": form, "holds": holds},
        status_code=422 if form.error_list else 200,
    )


@get("/responses", name="challenges.own_responses")
async def own(db: Db, actor: Someone) -> Page:
    """List the challenges that the reader's firm has written to."""
    rules.check_may_respond(actor)
    context = {"rows": await queries.own(db, actor), "size": await own_size(db, actor)}
    return Page("challenges/responses_own.html", context=context)


async def _assurance_page(form: AssuranceForm) -> Page:
    return Page(
        "challenges/assurance.html",
        context={"form": form, "asked": ASKED},
        status_code=422 if form.error_list else 200,
    )


@get("/assurance", name="challenges.assurance_page")
async def assurance_page(db: Db, actor: Someone) -> Page:
    """Ask a firm once what every council asks."""
    check_firm(actor)
    known = await own_assurance(db, actor)
    said: dict[str, Any] = {code: each.answer for code, each in known.items()}
    said |= {f"{code}-evidence": each.evidence for code, each in known.items()}
    return await _assurance_page(AssuranceForm(data=said))


@post("/assurance", name="challenges.assurance", status_code=200)
async def assurance(request: AnyRequest, db: Db, actor: Someone) -> Page | Redirect:
    """Keep it for all that the firm answers from now on."""
    check_firm(actor)
    form = AssuranceForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await supplier_actions.save_assurance(db, actor, form.values)
            return to(request, "/responses", notice="Saved. It goes with whatever you submit from now on")
    return await _assurance_page(form)


router = Router(
    "/",
    route_handlers=[
        response,
        begin,
        write_page,
        write,
        hand_in,
        receipt,
        receipt_page,
        check_receipt,
        own,
        assurance_page,
        assurance,
    ],
    include_in_schema=False,
)
