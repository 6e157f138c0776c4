"""What people of a tender's panel do: declare, score alone, moderate, agree."""

from __future__ import annotations

from functools import partial
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from sourcing.actions import scores as actions
from sourcing.forms.panels import DecideForm, DeclareForm, PointsForm
from sourcing.queries import declarations, panels, scores
from sourcing.queries.declarations import DeclarationRow
from sourcing.queries.panels import CandidateRow, QuestionScored
from sourcing.routes import panels as shared
from sourcing.routes.panels import moderation as moderation_columns
from sourcing.rules.panels import hidden_words
from tenders.queries import assessing as queries
from tenders.queries import bids as bid_queries
from tenders.queries import openings
from tenders.routes import showing
from tenders.routes.panels import PRIVATE, TAB
from tenders.routes.showing import Head
from values.actors import Actor
from values.refusals import Missing
from web.forms import Form
from web.pages import AnyRequest, Page, to

MODERATION: Final = moderation_columns("Answer")


def _place(head: Head) -> str:
    return f"/tenders/{head.tender.id}/panel"


async def _panel(db: AsyncSession, actor: Actor, tender_id: UUID) -> Head:
    """Return the head for somebody who is on the panel.

    Raises:
        Missing: the tender is not theirs to see, or has no panel.
        NotAllowed: they are not on it.
    """
    head = await showing.head_inside(db, actor, tender_id, TAB)
    await panels.panel(db, tender_id)
    await panels.member(db, tender_id, actor.person_id)
    return head


def _page(template: str, head: Head, form: Form, **more: object) -> Page:
    return Page(
        f"tenders/{template}.html",
        context={"head": head, "form": form, "place": _place(head), **more},
        status_code=422 if form.error_list else 200,
        headers=PRIVATE,
    )


async def _declare_page(head: Head, candidate: CandidateRow, form: Form) -> Page:
    return _page("panel_declare", head, form, candidate=candidate)


@get("/tenders/{tender_id:uuid}/panel/declare/{candidate_id:uuid}", name="tenders.declare_page")
async def declare_page(
    db: Db, actor: Someone, tender_id: FromPath[UUID], candidate_id: FromPath[UUID]
) -> Page:
    """Ask for a conflict with one bidder."""
    head = await _panel(db, actor, tender_id)
    candidate = await panels.candidate(db, tender_id, candidate_id)
    return await _declare_page(head, candidate, DeclareForm())


@post("/tenders/{tender_id:uuid}/panel/declare/{candidate_id:uuid}", name="tenders.declare", status_code=200)
async def declare(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], candidate_id: FromPath[UUID]
) -> Page | Redirect:
    """Declare a conflict, or none."""
    head = await _panel(db, actor, tender_id)
    candidate = await panels.candidate(db, tender_id, candidate_id)
    page = partial(_declare_page, head, candidate)
    return await shared.declare(
        request, db, actor, tender_id, candidate_id, label=candidate.label, place=_place(head), page=page
    )


async def _decide_page(head: Head, row: DeclarationRow, form: Form) -> Page:
    return _page("panel_decide", head, form, row=row)


@get("/tenders/{tender_id:uuid}/panel/decide/{declaration_id:uuid}", name="tenders.decide_page")
async def decide_page(
    db: Db, actor: Someone, tender_id: FromPath[UUID], declaration_id: FromPath[UUID]
) -> Page:
    """Show a declared conflict to whoever decides."""
    head = await showing.head_inside(db, actor, tender_id, TAB)
    row = await declarations.declaration(db, tender_id, declaration_id)
    return await _decide_page(head, row, DecideForm())


@post("/tenders/{tender_id:uuid}/panel/decide/{declaration_id:uuid}", name="tenders.decide", status_code=200)
async def decide(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], declaration_id: FromPath[UUID]
) -> Page | Redirect:
    """Decide whether they may score."""
    head = await showing.head_inside(db, actor, tender_id, TAB)
    row = await declarations.declaration(db, tender_id, declaration_id)
    page = partial(_decide_page, head, row)
    return await shared.decide(request, db, actor, tender_id, declaration_id, place=_place(head), page=page)


SCORE: Final = "/tenders/{tender_id:uuid}/panel/score/{candidate_id:uuid}/{question_id:uuid}"
AGREE: Final = "/tenders/{tender_id:uuid}/panel/agree/{candidate_id:uuid}/{question_id:uuid}"


async def _asked(
    db: AsyncSession, tender_id: UUID, candidate_id: UUID, question_id: UUID
) -> tuple[CandidateRow, QuestionScored]:
    return (
        await panels.candidate(db, tender_id, candidate_id),
        await panels.scored_question(db, tender_id, question_id),
    )


async def _score_page(
    db: AsyncSession, head: Head, asked: tuple[CandidateRow, QuestionScored], form: PointsForm
) -> Page:
    """Show one answer to an assessor who is cleared for it, with the standard by which it is marked."""
    candidate, question = asked
    content = await openings.content(db, candidate.id)
    if content is None:
        raise Missing("answer")
    standards = {each.id: each.standard for each in await queries.criteria(db, head.tender.id)}
    described = {each.id: each for each in (await bid_queries.asked(db, head.tender.id)).questions}
    return _page(
        "panel_score",
        head,
        form,
        candidate=candidate,
        question=question,
        answer=content["answers"].get(question.code, ""),
        described=described.get(question.code),
        standard=standards.get(question.code, ""),
        files=await openings.files(db, candidate.id),
    )


@get(SCORE, name="tenders.score_page")
async def score_page(
    db: Db,
    actor: Someone,
    tender_id: FromPath[UUID],
    candidate_id: FromPath[UUID],
    question_id: FromPath[UUID],
) -> Page:
    """Show an answer, and take the assessor's points for it."""
    head = await _panel(db, actor, tender_id)
    asked = await _asked(db, tender_id, candidate_id, question_id)
    given = (await scores.own_scores(db, actor, tender_id)).get((candidate_id, question_id))
    form = PointsForm(data={"points": given.points, "reason": given.reason} if given else {})
    return await _score_page(db, head, asked, form)


@post(SCORE, name="tenders.score", status_code=200)
async def score(
    request: AnyRequest,
    db: Db,
    actor: Someone,
    tender_id: FromPath[UUID],
    candidate_id: FromPath[UUID],
    question_id: FromPath[UUID],
) -> Page | Redirect:
    """Keep the assessor's points, which nobody else reads yet."""
    head = await _panel(db, actor, tender_id)
    asked = await _asked(db, tender_id, candidate_id, question_id)
    form = PointsForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            points, reason = int(form.points.data or 0), form.reason.data or ""
            await actions.write_score(
                db, actor, tender_id, candidate_id, question_id, points=points, reason=reason
            )
            return to(request, f"/tenders/{tender_id}/panel", notice="Your score was kept")
    return await _score_page(db, head, asked, form)


@post("/tenders/{tender_id:uuid}/panel/lock", name="tenders.lock_scores", status_code=200)
async def lock(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Lock one's own scores for good."""
    head = await _panel(db, actor, tender_id)
    return await shared.lock(
        request, db, actor, tender_id, place=_place(head), page=partial(_locked_page, head)
    )


async def _locked_page(head: Head, form: Form) -> Page:
    return _page("panel_locked", head, form)


@get("/tenders/{tender_id:uuid}/panel/moderation", name="tenders.moderation")
async def moderation(db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Show all scores side by side, how far they lie apart, and what was agreed."""
    head = await showing.head_inside(db, actor, tender_id, TAB)
    panel = await panels.panel(db, tender_id)
    chairs = panel.chair_id == actor.person_id and panel.state == "moderating"
    return _page(
        "panel_moderation",
        head,
        Form(),
        rows=await scores.moderation(db, tender_id),
        columns=MODERATION,
        kept_words=hidden_words(count, "bid") if (count := len(await panels.kept(db, tender_id))) else "",
        href=f"/tenders/{tender_id}/panel/agree" if chairs else "",
    )


async def _agree_page(
    db: AsyncSession, head: Head, candidate: CandidateRow, question: QuestionScored, form: PointsForm
) -> Page:
    """Show the scores of one answer, from which the panel agrees."""
    moderated = await scores.moderation(db, head.tender.id)
    row = next((x for x in moderated if (x.candidate.id, x.question.id) == (candidate.id, question.id)), None)
    return _page("panel_agree", head, form, candidate=candidate, question=question, row=row)


@get(AGREE, name="tenders.agree_page")
async def agree_page(
    db: Db,
    actor: Someone,
    tender_id: FromPath[UUID],
    candidate_id: FromPath[UUID],
    question_id: FromPath[UUID],
) -> Page:
    """Ask the chair on what the panel agreed."""
    head = await _panel(db, actor, tender_id)
    candidate, question = await _asked(db, tender_id, candidate_id, question_id)
    before = (await scores.agreed(db, tender_id)).get((candidate_id, question_id))
    form = PointsForm(data={"points": before.points, "reason": before.reason} if before else {})
    return await _agree_page(db, head, candidate, question, form)


@post(AGREE, name="tenders.agree", status_code=200)
async def agree(
    request: AnyRequest,
    db: Db,
    actor: Someone,
    tender_id: FromPath[UUID],
    candidate_id: FromPath[UUID],
    question_id: FromPath[UUID],
) -> Page | Redirect:
    """Write down on what the panel agreed."""
    head = await _panel(db, actor, tender_id)
    candidate, question = await _asked(db, tender_id, candidate_id, question_id)
    form = PointsForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            points, reason = int(form.points.data or 0), form.reason.data or ""
            await actions.agree(db, actor, tender_id, candidate_id, question_id, points=points, reason=reason)
            return to(request, f"/tenders/{tender_id}/panel/moderation", notice="The consensus was kept")
    return await _agree_page(db, head, candidate, question, form)


router = Router(
    "/",
    route_handlers=[
        declare_page,
        declare,
        decide_page,
        decide,
        score_page,
        score,
        lock,
        moderation,
        agree_page,
        agree,
    ],
    include_in_schema=False,
)
