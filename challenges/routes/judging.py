"""The judging of a challenge: its phases and how far they are, who goes on, and that nobody responded."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Anybody, Db, Someone
from challenges.actions import deciding, judging
from challenges.forms.judging import OutcomeForm, PhasesForm
from challenges.queries import challenges, phases, selection
from challenges.queries.phases import PhaseRow
from challenges.routes import showing
from challenges.routes.showing import Head
from challenges.rules import language, states
from challenges.rules import phases as rules
from challenges.rules.states import ChallengeState
from sourcing.rules.panels import check_hidden
from values.actors import Actor
from values.refusals import Refused
from web.forms import Form
from web.pages import AnyRequest, Page, to

TAB: Final = "Judging"
PRIVATE: Final = {"cache-control": "no-store"}


async def _overview(db: AsyncSession, head: Head, form: Form) -> Page:
    challenge = head.challenge
    closed = challenge.public and not challenge.takes_responses
    return Page(
        "challenges/judging.html",
        context={
            "head": head,
            "form": form,
            "phases": await phases.phases(db, challenge.id),
            "content": await challenges.content(db, challenge.id),
            "scale": rules.SCALE,
            "closed": closed,
            "empty": closed
            and challenge.state == ChallengeState.OPEN
            and not await challenges.entry_count(db, challenge.id),
            "selected": await selection.selected(db, challenge.id) if head.sponsors_it else [],
            "named": await selection.named(db, challenge.id),
        },
        status_code=422 if form.error_list else 200,
    )


@get("/challenges/{challenge_id:uuid}/judging", name="challenges.judging")
async def overview(db: Db, visitor: Anybody, challenge_id: FromPath[UUID]) -> Page:
    """Show everybody the phases and what came of them, and people of sponsors the way to their panels."""
    return await _overview(db, await showing.head(db, visitor, challenge_id, TAB), Form())


def _phases_page(head: Head, form: PhasesForm) -> Page:
    return Page(
        "challenges/phases.html",
        context={"head": head, "form": form, "means": rules.PHASE_MEANS},
        status_code=422 if form.error_list else 200,
    )


@get("/challenges/{challenge_id:uuid}/phases", name="challenges.phases_page")
async def phases_page(db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page:
    """Ask by which phases responses are judged, and how many go on from each."""
    head = await showing.head_of_lead(db, actor, challenge_id, TAB)
    known = {each.kind.value: each.places for each in await phases.phases(db, challenge_id)}
    return _phases_page(head, PhasesForm(data=known))


@post("/challenges/{challenge_id:uuid}/phases", name="challenges.phases", status_code=200)
async def fix_phases(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]
) -> Page | Redirect:
    """Fix them."""
    head = await showing.head_of_lead(db, actor, challenge_id, TAB)
    form = PhasesForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await judging.fix_phases(db, actor, challenge_id, form.wanted)
            return to(request, f"/challenges/{challenge_id}/judging", notice="The phases are fixed")
    return _phases_page(head, form)


@post("/challenges/{challenge_id:uuid}/judging/empty", name="challenges.close_empty", status_code=200)
async def close_empty(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]
) -> Page | Redirect:
    """Close the judging where nobody responded."""
    head = await showing.head_of_lead(db, actor, challenge_id, TAB)
    form = Form()
    async with form.attempt(db):
        await deciding.close_empty(db, actor, challenge_id)
        return to(request, f"/challenges/{challenge_id}/judging", notice="The judging is closed")
    return await _overview(db, head, form)


async def _lead_of(
    db: AsyncSession, actor: Actor, challenge_id: UUID, phase_id: UUID
) -> tuple[Head, PhaseRow]:
    head = await showing.head(db, actor, challenge_id, TAB)
    states.check_may_lead(actor, head.challenge.lead_code, head.own_code)
    phase = await phases.phase(db, challenge_id, phase_id)
    if phase.decided or phase.panel_state != "settled":
        raise Refused("It is decided once, after the panel has settled.")
    check_hidden(await phases.hidden(db, challenge_id, phase_id))
    return head, phase


async def _outcome_page(db: AsyncSession, head: Head, phase: PhaseRow, form: OutcomeForm) -> Page:
    ranked = await phases.ranking(db, phase.id)
    reasons = {each.code: form[f"reason_{each.code}"].data or "" for each in ranked}
    return Page(
        "challenges/outcome_decide.html",
        context={
            "head": head,
            "phase": phase,
            "form": form,
            "ranked": ranked,
            "proposed": rules.by_rank(ranked, phase.places),
            "firms": {each.code: each.firm for each in await phases.entrants(db, phase.id)},
            "findings": {code: language.findings(text) for code, text in reasons.items()},
        },
        status_code=422 if form.error_list else 200,
        headers=PRIVATE,
    )


OUTCOME: Final = "/challenges/{challenge_id:uuid}/judging/{phase_id:uuid}/outcome"


@get(OUTCOME, name="challenges.decide_page")
async def decide_page(db: Db, actor: Someone, challenge_id: FromPath[UUID], phase_id: FromPath[UUID]) -> Page:
    """Ask the lead who goes on; what follows from the ranks is ticked."""
    head, phase = await _lead_of(db, actor, challenge_id, phase_id)
    ranked = await phases.ranking(db, phase_id)
    proposed = rules.by_rank(ranked, phase.places)
    said = {f"goes_on_{each.code}": each.response_id in proposed for each in ranked}
    return await _outcome_page(db, head, phase, OutcomeForm.of(ranked)(data=said))


@post(OUTCOME, name="challenges.decide", status_code=200)
async def decide(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID], phase_id: FromPath[UUID]
) -> Page | Redirect:
    """Decide it, or only check the words of the reasons."""
    head, phase = await _lead_of(db, actor, challenge_id, phase_id)
    ranked = await phases.ranking(db, phase_id)
    typed = await request.form()
    form = OutcomeForm.of(ranked)(typed)
    if "check" in typed:
        return await _outcome_page(db, head, phase, form)
    if form.validate():
        async with form.attempt(db):
            await deciding.decide(db, actor, challenge_id, phase_id, form.choices(ranked))
            notice = "It is decided, and the firms are told"
            return to(request, f"/challenges/{challenge_id}/judging", notice=notice)
    return await _outcome_page(db, head, phase, form)


router = Router(
    "/",
    route_handlers=[overview, phases_page, fix_phases, close_empty, decide_page, decide],
    include_in_schema=False,
)
