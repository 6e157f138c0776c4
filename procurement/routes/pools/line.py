"""One line of a pool: what each council says and why, its history, votes, what suppliers said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from procurement.actions.pools import lines as actions
from procurement.actions.pools import votes as vote_actions
from procurement.forms.lines import CastBallot, OpenVote, Reword, Settle, TakeStance
from procurement.queries.pools import lines as queries
from procurement.queries.pools import votes
from procurement.queries.pools.lines import LineRow
from procurement.queries.pools.votes import VoteRow
from procurement.routes.pools.requirements import TAB, costs, speaks
from procurement.routes.pools.showing import Head, head_of_member
from procurement.rules.pools import lines as rules
from procurement.rules.pools.lines import OUTCOME_WORDS, STANCE_WORDS, STATUS_WORDS, Outcome, Stance
from values.actors import Actor
from values.refusals import Missing
from web.forms import Form
from web.pages import AnyRequest, Page, to

WORDS: Final = {
    **{stance.value: words.lower() for stance, words in STANCE_WORDS.items()},
    **{outcome.value: words.lower() for outcome, words in OUTCOME_WORDS.items()},
}


@get("/pools/{pool_id:uuid}/requirements/{line_id:uuid}", name="procurement.pool_line")
async def line(db: Db, actor: Someone, pool_id: FromPath[UUID], line_id: FromPath[UUID]) -> Page:
    """Show all about one line."""
    head = await head_of_member(db, actor, pool_id, TAB)
    return await _shown(db, actor, head, await queries.line(db, pool_id, line_id))


async def _shown(
    db: AsyncSession, actor: Actor, head: Head, found: LineRow, form: Form | None = None
) -> Page:
    votes_on = await votes.votes_on(db, found.id)
    open_vote = next((vote for vote in votes_on if vote.is_open), None)
    decision = (await queries.decisions(db, head.pool.id)).get(found.id)
    lines = await queries.lines(db, head.pool.id)
    cost = next(each for each in await costs(db, head, lines) if each.line_id == found.id)
    said = {each.body_code for each in found.said}
    sounded = [each for each in await queries.soundings(db, head.pool.id) if each.line_id == found.id]
    context = {
        "head": head,
        "form": form or Form(),
        "line": found,
        "status": STATUS_WORDS[found.status(len(head.here))],
        "silent": [member for member in head.here if member.body_code not in said],
        "cost": cost,
        "names": {member.body_code: member.body_name for member in head.members},
        "changes": await queries.changes(db, found.id),
        "change_words": WORDS,
        "votes": votes_on,
        "open_vote": open_vote,
        "decision": decision,
        "soundings": sounded,
        "speaks": speaks(actor, head),
        "leads": head.leads and speaks(actor, head),
        **_forms(head, found, open_vote, form),
    }
    status_code = 422 if form is not None and form.error_list else 200
    return Page("procurement/pools/line.html", context=context, status_code=status_code)


def _forms(head: Head, found: LineRow, open_vote: VoteRow | None, sent: Form | None) -> dict[str, Form]:
    """Return the forms of the page; the one that came back has what was typed."""
    own = found.of(head.own_code)
    said = {"stance": own.stance, "stance_reason": own.reason} if own else {}
    made: dict[str, Form] = {
        "stance_form": TakeStance(data=said),
        "settle_form": _settle_form(found),
        "reword_form": Reword(data={"wording": found.text}),
        "vote_form": _vote_form(found),
    }
    if open_vote is not None:
        ballot = open_vote.of(head.own_code)
        made["ballot_form"] = _ballot_form(open_vote, ballot.choice if ballot else None)
    if sent is not None:
        made |= {name: sent for name, form in made.items() if type(form) is type(sent)}
    return made


def _settle_form(found: LineRow) -> Settle:
    form = Settle()
    form.offer(
        outcome
        for outcome in rules.allowed(found.stances)
        if outcome is not Outcome.DROPPED or not rules.is_asked(found.stances)
    )
    return form


def _vote_form(found: LineRow) -> OpenVote:
    form = OpenVote(data={"question": "What shall become of this line?"})
    form.offer(rules.allowed(found.stances))
    return form


def _ballot_form(vote: VoteRow, choice: str | None = None, typed: FormMultiDict | None = None) -> CastBallot:
    form = CastBallot(typed, data={"choice": choice})
    form.offer((each, vote.words(each)) for each in vote.choices)
    return form


@post(
    "/pools/{pool_id:uuid}/requirements/{line_id:uuid}/stance",
    name="procurement.take_stance",
    status_code=200,
)
async def stance(
    request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID], line_id: FromPath[UUID]
) -> Page | Redirect:
    """Say what a line is to the own council."""
    form = TakeStance(await request.form())

    async def change() -> None:
        await actions.take_stance(
            db, actor, pool_id, line_id, Stance(form.stance.data), reason=str(form.stance_reason.data)
        )

    return await _sent(request, db, actor, pool_id, line_id, form, change, "What your council says was saved")


@post(
    "/pools/{pool_id:uuid}/requirements/{line_id:uuid}/outcome",
    name="procurement.settle_line",
    status_code=200,
)
async def outcome(
    request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID], line_id: FromPath[UUID]
) -> Page | Redirect:
    """Decide what becomes of a line."""
    await head_of_member(db, actor, pool_id, TAB)
    form = Settle(await request.form())
    # All of them: what may not be is refused with the reason, not as an unknown answer.
    form.offer(Outcome)

    async def change() -> None:
        await actions.settle(
            db,
            actor,
            pool_id,
            line_id,
            Outcome(form.outcome.data),
            lot=str(form.lot.data),
            reason=str(form.outcome_reason.data),
        )

    return await _sent(request, db, actor, pool_id, line_id, form, change, "The line was settled")


@post(
    "/pools/{pool_id:uuid}/requirements/{line_id:uuid}/wording",
    name="procurement.reword_line",
    status_code=200,
)
async def wording(
    request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID], line_id: FromPath[UUID]
) -> Page | Redirect:
    """Put a line into other words."""
    form = Reword(await request.form())

    async def change() -> None:
        text = " ".join(str(form.wording.data).split())
        await actions.reword(db, actor, pool_id, line_id, text, reason=str(form.wording_reason.data))

    return await _sent(request, db, actor, pool_id, line_id, form, change, "The line was reworded")


@post("/pools/{pool_id:uuid}/requirements/{line_id:uuid}/vote", name="procurement.open_vote", status_code=200)
async def open_vote(
    request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID], line_id: FromPath[UUID]
) -> Page | Redirect:
    """Let the members vote on a line."""
    form = OpenVote(await request.form())
    form.offer(Outcome)

    async def change() -> None:
        await vote_actions.open_vote(
            db,
            actor,
            pool_id,
            line_id,
            question=str(form.question.data),
            choices=[Outcome(each) for each in form.choices.data or []],
            lot=str(form.vote_lot.data),
            closes_on=form.closes_on.data,
        )

    return await _sent(request, db, actor, pool_id, line_id, form, change, "The vote is open")


@post(
    "/pools/{pool_id:uuid}/requirements/{line_id:uuid}/ballot",
    name="procurement.cast_ballot",
    status_code=200,
)
async def ballot(
    request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID], line_id: FromPath[UUID]
) -> Page | Redirect:
    """Cast the own council's ballot in the vote that the page was about."""
    typed = await request.form()
    vote = await _vote(db, actor, pool_id, line_id, str(typed.get("vote", "")))
    form = _ballot_form(vote, typed=typed)

    async def change() -> None:
        await vote_actions.cast(db, actor, pool_id, vote.id, str(form.choice.data))

    return await _sent(request, db, actor, pool_id, line_id, form, change, "Your council’s ballot was cast")


@post(
    "/pools/{pool_id:uuid}/requirements/{line_id:uuid}/close", name="procurement.close_vote", status_code=200
)
async def close(
    request: AnyRequest, db: Db, actor: Someone, pool_id: FromPath[UUID], line_id: FromPath[UUID]
) -> Page | Redirect:
    """Count a vote in which all have voted."""
    vote = await _vote(db, actor, pool_id, line_id, str((await request.form()).get("vote", "")))

    async def change() -> None:
        await vote_actions.close_early(db, actor, pool_id, vote.id)

    return await _sent(request, db, actor, pool_id, line_id, Form(), change, "The vote was counted")


async def _vote(db: AsyncSession, actor: Actor, pool_id: UUID, line_id: UUID, typed: str) -> VoteRow:
    await head_of_member(db, actor, pool_id, TAB)
    found = next((vote for vote in await votes.votes_on(db, line_id) if str(vote.id) == typed), None)
    if found is None:
        raise Missing("vote")
    return found


async def _sent(
    request: AnyRequest,
    db: AsyncSession,
    actor: Actor,
    pool_id: UUID,
    line_id: UUID,
    form: Form,
    change: Callable[[], Awaitable[None]],
    notice: str,
) -> Page | Redirect:
    """Carry out what a form asks for, or show the page again with what is wrong."""
    head = await head_of_member(db, actor, pool_id, TAB)
    found = await queries.line(db, pool_id, line_id)
    if form.validate():
        async with form.attempt(db):
            await change()
            return to(request, f"/pools/{pool_id}/requirements/{line_id}", notice=notice)
    return await _shown(db, actor, head, found, form)


router = Router(
    "/",
    route_handlers=[line, stance, outcome, wording, open_vote, ballot, close],
    include_in_schema=False,
)
