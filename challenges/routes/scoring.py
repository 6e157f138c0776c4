"""What judges of a phase do: declare, score a response alone, lock, compare, agree."""

from __future__ import annotations

from functools import partial
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from challenges.forms.judging import NoteForm, ScoresForm
from challenges.queries import challenges, responses, showcase
from challenges.routes.panels import PANEL, Bench, bench
from challenges.rules import phases as rules
from sourcing.actions import scores as actions
from sourcing.forms.panels import DecideForm, DeclareForm
from sourcing.queries import declarations, panels, scores
from sourcing.queries.declarations import DeclarationRow
from sourcing.queries.panels import QuestionScored
from sourcing.routes import panels as shared
from sourcing.routes.panels import PRIVATE
from sourcing.routes.panels import moderation as moderation_columns
from sourcing.rules.panels import CLEARED
from values.actors import Actor
from values.refusals import Missing, NotAllowed
from web.forms import Form
from web.pages import AnyRequest, Page, to

MODERATION: Final = moderation_columns("Response and criterion")
RESPONSE: Final = PANEL + "/responses/{candidate_id:uuid}"


def _page(template: str, on: Bench, form: Form, **more: object) -> Page:
    return Page(
        f"challenges/{template}.html",
        context={"head": on.head, "bench": on, "form": form, **more},
        status_code=422 if form.error_list else 200,
        headers=PRIVATE,
    )


async def _member(
    db: AsyncSession, actor: Actor, challenge_id: UUID, phase_id: UUID, candidate_id: UUID | None = None
) -> Bench:
    """Return the bench for somebody who is on the panel.

    Raises:
        Missing: there is no such phase, panel or response for the reader.
        NotAllowed: they are not on the panel.
    """
    on = await bench(db, actor, challenge_id, phase_id)
    await panels.panel(db, phase_id)
    await panels.member(db, phase_id, actor.person_id)
    if candidate_id is not None and candidate_id not in on.entrants:
        raise Missing("response")
    return on


async def _declare_page(on: Bench, candidate_id: UUID, form: Form) -> Page:
    return _page("panel_declare", on, form, candidate_id=candidate_id)


@get(RESPONSE + "/declare", name="challenges.declare_page")
async def declare_page(
    db: Db,
    actor: Someone,
    challenge_id: FromPath[UUID],
    phase_id: FromPath[UUID],
    candidate_id: FromPath[UUID],
) -> Page:
    """Ask for a conflict with one response."""
    on = await _member(db, actor, challenge_id, phase_id, candidate_id)
    return await _declare_page(on, candidate_id, DeclareForm())


@post(RESPONSE + "/declare", name="challenges.declare", status_code=200)
async def declare(
    request: AnyRequest,
    db: Db,
    actor: Someone,
    challenge_id: FromPath[UUID],
    phase_id: FromPath[UUID],
    candidate_id: FromPath[UUID],
) -> Page | Redirect:
    """Declare a conflict, or none."""
    on = await _member(db, actor, challenge_id, phase_id, candidate_id)
    label, page = on.labels[candidate_id].lower(), partial(_declare_page, on, candidate_id)
    return await shared.declare(
        request, db, actor, phase_id, candidate_id, label=label, place=on.place, page=page
    )


CONFLICT: Final = PANEL + "/conflicts/{declaration_id:uuid}"


async def _decide_page(on: Bench, row: DeclarationRow, form: Form) -> Page:
    return _page("panel_decide", on, form, row=row)


@get(CONFLICT, name="challenges.conflict_page")
async def conflict_page(
    db: Db,
    actor: Someone,
    challenge_id: FromPath[UUID],
    phase_id: FromPath[UUID],
    declaration_id: FromPath[UUID],
) -> Page:
    """Show a declared conflict to whoever decides."""
    on = await bench(db, actor, challenge_id, phase_id)
    row = await declarations.declaration(db, phase_id, declaration_id)
    return await _decide_page(on, row, DecideForm())


@post(CONFLICT, name="challenges.conflict", status_code=200)
async def decide_conflict(
    request: AnyRequest,
    db: Db,
    actor: Someone,
    challenge_id: FromPath[UUID],
    phase_id: FromPath[UUID],
    declaration_id: FromPath[UUID],
) -> Page | Redirect:
    """Decide whether they may judge it."""
    on = await bench(db, actor, challenge_id, phase_id)
    row = await declarations.declaration(db, phase_id, declaration_id)
    page = partial(_decide_page, on, row)
    return await shared.decide(request, db, actor, phase_id, declaration_id, place=on.place, page=page)


async def _score_page(
    db: AsyncSession,
    actor: Actor,
    on: Bench,
    candidate_id: UUID,
    form: ScoresForm,
    questions: list[QuestionScored],
) -> Page:
    entrant = on.entrants[candidate_id]
    noted = (await showcase.notes(db, actor, on.phase.id)).get(entrant.response_id, "")
    content = await challenges.content(db, on.head.challenge.id)
    return _page(
        "panel_score",
        on,
        form,
        candidate_id=candidate_id,
        entry=await responses.entry(db, entrant.submission_id),
        note=NoteForm(data={"note": noted}),
        questions=questions,
        criteria=content.criteria,
        scale=rules.SCALE,
    )


def _check_shown(on: Bench, candidate_id: UUID) -> None:
    if on.entrants[candidate_id].hidden:
        raise NotAllowed("This response is hidden from you, because you declared a conflict.")


async def _cleared(db: AsyncSession, actor: Actor, on: Bench, candidate_id: UUID) -> None:
    _check_shown(on, candidate_id)
    if await panels.standing(db, candidate_id, actor.person_id) not in CLEARED:
        raise NotAllowed("Declare first whether you have a conflict; a declared one must be decided.")


@get(RESPONSE, name="challenges.score_page")
async def score_page(
    db: Db,
    actor: Someone,
    challenge_id: FromPath[UUID],
    phase_id: FromPath[UUID],
    candidate_id: FromPath[UUID],
) -> Page:
    """Show a response to a judge who is cleared for it, and take the points for each criterion."""
    on = await _member(db, actor, challenge_id, phase_id, candidate_id)
    await _cleared(db, actor, on, candidate_id)
    questions = list(await panels.scored_questions(db, phase_id))
    own = await scores.own_scores(db, actor, phase_id)
    given = {
        each.code: (own[candidate_id, each.id].points, own[candidate_id, each.id].reason)
        for each in questions
        if (candidate_id, each.id) in own
    }
    form = ScoresForm.of(questions)(data=ScoresForm.shown(given))
    return await _score_page(db, actor, on, candidate_id, form, questions)


@post(RESPONSE, name="challenges.score", status_code=200)
async def score(
    request: AnyRequest,
    db: Db,
    actor: Someone,
    challenge_id: FromPath[UUID],
    phase_id: FromPath[UUID],
    candidate_id: FromPath[UUID],
) -> Page | Redirect:
    """Keep the judge's points, which nobody else reads yet."""
    on = await _member(db, actor, challenge_id, phase_id, candidate_id)
    await _cleared(db, actor, on, candidate_id)
    questions = list(await panels.scored_questions(db, phase_id))
    form = ScoresForm.of(questions)(await request.form())
    if form.validate():
        async with form.attempt(db):
            for each in questions:
                points, reason = form.given(each.code)
                await actions.write_score(
                    db, actor, phase_id, candidate_id, each.id, points=points, reason=reason
                )
            return to(request, on.place, notice="Your scores were kept")
    return await _score_page(db, actor, on, candidate_id, form, questions)


@post(PANEL + "/lock", name="challenges.lock_scores", status_code=200)
async def lock(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID], phase_id: FromPath[UUID]
) -> Page | Redirect:
    """Lock one's own scores for good."""
    on = await _member(db, actor, challenge_id, phase_id)
    return await shared.lock(request, db, actor, phase_id, place=on.place, page=partial(_locked_page, on))


async def _locked_page(on: Bench, form: Form) -> Page:
    return _page("panel_locked", on, form)


@get(PANEL + "/moderation", name="challenges.moderation")
async def moderation(db: Db, actor: Someone, challenge_id: FromPath[UUID], phase_id: FromPath[UUID]) -> Page:
    """Show all scores side by side, how far they lie apart, and what was agreed."""
    on = await bench(db, actor, challenge_id, phase_id)
    panel = await panels.panel(db, phase_id)
    return _page(
        "panel_moderation",
        on,
        Form(),
        rows=await scores.moderation(db, phase_id),
        columns=MODERATION,
        agrees=panel.chair_id == actor.person_id and panel.state == "moderating",
    )


async def _agree_page(db: AsyncSession, on: Bench, candidate_id: UUID, form: ScoresForm) -> Page:
    rows = [each for each in await scores.moderation(db, on.phase.id) if each.candidate.id == candidate_id]
    return _page("panel_agree", on, form, candidate_id=candidate_id, rows=rows)


@get(RESPONSE + "/agree", name="challenges.agree_page")
async def agree_page(
    db: Db,
    actor: Someone,
    challenge_id: FromPath[UUID],
    phase_id: FromPath[UUID],
    candidate_id: FromPath[UUID],
) -> Page:
    """Ask the chair on what the panel agreed for a response."""
    on = await _member(db, actor, challenge_id, phase_id, candidate_id)
    _check_shown(on, candidate_id)
    questions = await panels.scored_questions(db, phase_id)
    before = await scores.agreed(db, phase_id)
    said: dict[str, Any] = ScoresForm.shown(
        {
            each.code: (before[candidate_id, each.id].points, before[candidate_id, each.id].reason)
            for each in questions
            if (candidate_id, each.id) in before
        }
    )
    return await _agree_page(db, on, candidate_id, ScoresForm.of(questions)(data=said))


@post(RESPONSE + "/agree", name="challenges.agree", status_code=200)
async def agree(
    request: AnyRequest,
    db: Db,
    actor: Someone,
    challenge_id: FromPath[UUID],
    phase_id: FromPath[UUID],
    candidate_id: FromPath[UUID],
) -> Page | Redirect:
    """Write down on what the panel agreed; what stays as it was is not written again."""
    on = await _member(db, actor, challenge_id, phase_id, candidate_id)
    _check_shown(on, candidate_id)
    questions = await panels.scored_questions(db, phase_id)
    before = await scores.agreed(db, phase_id)
    form = ScoresForm.of(questions)(await request.form())
    if form.validate():
        async with form.attempt(db):
            for each in questions:
                points, reason = form.given(each.code)
                known = before.get((candidate_id, each.id))
                if known is None or (known.points, known.reason) != (points, reason):
                    await actions.agree(
                        db, actor, phase_id, candidate_id, each.id, points=points, reason=reason
                    )
            return to(request, f"{on.place}/moderation", notice="What was agreed is kept")
    return await _agree_page(db, on, candidate_id, form)


router = Router(
    "/",
    route_handlers=[
        declare_page,
        declare,
        conflict_page,
        decide_conflict,
        score_page,
        score,
        lock,
        moderation,
        agree_page,
        agree,
    ],
    include_in_schema=False,
)
