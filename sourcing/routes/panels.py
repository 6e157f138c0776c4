"""What the pages of every panel do alike, whether it assesses bids or judges responses.

The slices above say where their pages stand and what they show of a candidate: each gives its own page back
where a form was refused (`page`), and the address of the panel (`place`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.actions import declarations as declaring
from sourcing.actions import panels as actions
from sourcing.actions import scores as scoring
from sourcing.forms.panels import DecideForm, DeclareForm, PersonForm
from sourcing.queries import declarations, panels
from sourcing.queries.panels import PanelRow
from sourcing.rules.panels import STATE_WORDS, Decision, PanelState
from values.actors import Actor
from web.forms import Form
from web.pages import AnyRequest, Page, to
from web.paging import Column

PRIVATE: Final = {"cache-control": "no-store"}
PROGRESS: Final = (Column("Person"), Column("Scores"), Column("Declarations"))
Shown = Callable[[Any], Awaitable[Page]]


def moderation(first: str) -> tuple[Column, ...]:
    """Return the columns of scores side by side; `first` names what stands in a row."""
    return (
        Column(first),
        Column("Range", numeric=True),
        Column("Median", numeric=True),
        Column("Scores"),
        Column("Agreed"),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A step that needs a reason: how it is asked for, what it means, what is said when it is done."""

    question: str
    meaning: str
    button: str
    notice: str
    action: Callable[..., Awaitable[Any]]


RELEASE: Final = Asked(
    "Release them from the panel?",
    "Their scores no longer count, and the panel no longer waits for them. This cannot be undone.",
    "Release them",
    "They were released",
    actions.release_member,
)


def reopening(action: Callable[..., Awaitable[Any]]) -> Asked:
    """Return the step that opens again what was settled."""
    return Asked(
        "Open what was settled again?",
        "What was agreed stays in the history; the panel can agree anew.",
        "Open it again",
        "The panel moderates again",
        action,
    )


def last_part(request: AnyRequest) -> str:
    """Return the end of an address, which names a step."""
    return str(request.scope["path"]).rstrip("/").rsplit("/", 1)[-1]


async def facts(db: AsyncSession, actor: Actor, panel: PanelRow) -> dict[str, Any]:
    """Return what the page of a panel shows besides its candidates."""
    members = await panels.members(db, panel.subject_id)
    return {
        "members": members,
        "questions": await panels.scored_questions(db, panel.subject_id),
        "standings": await panels.standings(db, panel.subject_id, actor.person_id),
        "waiting": [
            each
            for each in await declarations.declarations(db, panel.subject_id)
            if each.conflict and each.decision is None
        ],
        "on": next((x for x in members if x.person_id == actor.person_id and not x.released_at), None),
        "chairs": panel.chair_id == actor.person_id,
    }


async def with_person(
    request: AnyRequest,
    db: AsyncSession,
    take: Callable[[PersonForm], Awaitable[str]],
    *,
    place: str,
    page: Shown,
) -> Page | Redirect:
    """Do something with somebody of the reader's own council; `take` returns what is said when it is done."""
    form = PersonForm(await request.form())
    form.offer(await panels.colleagues(db))
    if form.validate():
        async with form.attempt(db):
            return to(request, place, notice=await take(form))
    return await page(form)


async def name(db: AsyncSession, actor: Actor, subject_id: UUID, form: PersonForm) -> str:
    """Name them for the panel."""
    await actions.name_member(db, actor, subject_id, form.person_id, assesses=bool(form.assesses.data))
    return "They are on the panel"


async def hand_chair(db: AsyncSession, actor: Actor, subject_id: UUID, form: PersonForm) -> str:
    """Let them chair the panel."""
    await actions.hand_chair(db, actor, subject_id, form.person_id)
    return "The panel has another chair"


async def move(
    request: AnyRequest,
    db: AsyncSession,
    actor: Actor,
    subject_id: UUID,
    to_state: str,
    *,
    place: str,
    page: Shown,
) -> Page | Redirect:
    """Begin to score, open moderation, or settle."""
    form = Form()
    wanted = next((each for each in PanelState if each == to_state), PanelState.FORMING)
    async with form.attempt(db):
        await actions.move(db, actor, subject_id, wanted)
        return to(request, place, notice=f"The panel is now: {STATE_WORDS[wanted].lower()}")
    return await page(form)


async def take_step(
    request: AnyRequest,
    db: AsyncSession,
    form: Any,
    act: Callable[[str], Awaitable[Any]],
    *,
    notice: str,
    place: str,
    page: Shown,
) -> Page | Redirect:
    """Do what needs a reason; `form` has it as `reason`."""
    if form.validate():
        async with form.attempt(db):
            await act(form.reason.data or "")
            return to(request, place, notice=notice)
    return await page(form)


async def declare(
    request: AnyRequest,
    db: AsyncSession,
    actor: Actor,
    subject_id: UUID,
    candidate_id: UUID,
    *,
    label: str,
    place: str,
    page: Shown,
) -> Page | Redirect:
    """Declare a conflict with a candidate, or none; `label` is what it is called in a sentence."""
    form = DeclareForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            conflict, nature = form.conflict.data == "yes", form.nature.data or ""
            await declaring.declare(db, actor, subject_id, candidate_id, conflict=conflict, nature=nature)
            return to(request, place, notice=f"You declared for {label}")
    return await page(form)


async def decide(
    request: AnyRequest,
    db: AsyncSession,
    actor: Actor,
    subject_id: UUID,
    declaration_id: UUID,
    *,
    place: str,
    page: Shown,
) -> Page | Redirect:
    """Decide whether somebody who declared a conflict may score."""
    form = DecideForm(await request.form())
    if form.validate():
        decision = next((each for each in Decision if each == form.decision.data), Decision.MAY_NOT)
        async with form.attempt(db):
            reason = form.reason.data or ""
            await declaring.decide(db, actor, subject_id, declaration_id, decision, reason=reason)
            return to(request, place, notice="The conflict was decided")
    return await page(form)


async def lock(
    request: AnyRequest, db: AsyncSession, actor: Actor, subject_id: UUID, *, place: str, page: Shown
) -> Page | Redirect:
    """Lock one's own scores for good."""
    form = Form()
    async with form.attempt(db):
        count = await scoring.lock_scores(db, actor, subject_id)
        return to(request, place, notice=f"Your scores are locked: {count}")
    return await page(form)
