"""Questions about a challenge: firms ask, sponsors answer, everybody reads; people follow it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Anybody, Db, Someone
from challenges.routes import showing
from challenges.routes.showing import Head
from challenges.rules.responding import check_may_respond
from sourcing.actions import following
from sourcing.actions import questions as actions
from sourcing.forms.asking import AnswerForm, AskForm, PublishForm
from sourcing.queries import questions as queries
from sourcing.queries.following import follows
from sourcing.queries.questions import QuestionRow
from sourcing.queries.subjects import questions_until
from sourcing.rules.questions import State
from values.actors import Actor, Role
from values.refusals import Missing, NotAllowed, Refused
from web.pages import AnyRequest, Page, to
from web.paging import Listing

TAB: Final = "Questions"
# More than firms ask about anything.
MOST: Final = 10_000


@get("/challenges/{challenge_id:uuid}/questions", name="challenges.questions")
async def questions(request: AnyRequest, db: Db, visitor: Anybody, challenge_id: FromPath[UUID]) -> Page:
    """Show what was asked and answered, and to sponsors also what waits."""
    head = await showing.head_once_public(db, visitor, challenge_id, TAB)
    listing = Listing.of(request, sorts=["number"], default="-number", per_page=20)
    total, rows = await queries.questions(db, challenge_id, offset=listing.offset, limit=listing.per_page)
    until = await questions_until(db, challenge_id)
    return Page(
        "challenges/questions.html",
        context={
            "head": head,
            "rows": rows,
            "total": total,
            "listing": listing,
            "until": until,
            "open": until is not None and head.challenge.now < until,
            "asks": visitor.has(Role.SUPPLIER),
            "signed_in": visitor.person_id is not None,
            "follows": await follows(db, visitor, challenge_id),
            "answers": head.sponsors_it and visitor.has(Role.OFFICER),
            "drafts": len(await queries.drafted(db, challenge_id)) if head.sponsors_it else 0,
        },
    )


async def _asking(db: AsyncSession, actor: Actor, challenge_id: UUID) -> Head:
    check_may_respond(actor)
    return await showing.head_once_public(db, actor, challenge_id, TAB)


def _ask_page(head: Head, form: AskForm) -> Page:
    context = {"head": head, "form": form}
    return Page("challenges/ask.html", context=context, status_code=422 if form.error_list else 200)


@get("/challenges/{challenge_id:uuid}/questions/ask", name="challenges.ask_page")
async def ask_page(db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page:
    """Ask what a firm wants to know."""
    return _ask_page(await _asking(db, actor, challenge_id), AskForm(data={"follow": True}))


@post("/challenges/{challenge_id:uuid}/questions/ask", name="challenges.ask", status_code=200)
async def ask(request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page | Redirect:
    """Send a question."""
    head = await _asking(db, actor, challenge_id)
    form = AskForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.ask(
                db, actor, challenge_id, words=form.words.data or "", sensitive=form.sensitive.data or ""
            )
            if form.follow.data:
                await following.follow(db, actor, challenge_id)
            return to(request, f"/challenges/{challenge_id}/questions", notice="Your question was sent")
    return _ask_page(head, form)


@get(
    "/challenges/{challenge_id:uuid}/questions/{question_id:uuid}/withdraw",
    name="challenges.withdraw_question_page",
)
async def withdraw_page(
    db: Db, actor: Someone, challenge_id: FromPath[UUID], question_id: FromPath[UUID]
) -> Page:
    """Ask whether it is meant."""
    head = await _asking(db, actor, challenge_id)
    row = await queries.question(db, challenge_id, question_id)
    if not row.mine:
        raise Missing("question")
    return Page("challenges/question_withdraw.html", context={"head": head, "row": row})


@post(
    "/challenges/{challenge_id:uuid}/questions/{question_id:uuid}/withdraw",
    name="challenges.withdraw_question",
    status_code=200,
)
async def withdraw(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID], question_id: FromPath[UUID]
) -> Redirect:
    """Take a question back."""
    await actions.withdraw(db, actor, challenge_id, question_id)
    return to(request, f"/challenges/{challenge_id}/questions", notice="Your question was taken back")


@post(
    ["/challenges/{challenge_id:uuid}/follow", "/challenges/{challenge_id:uuid}/unfollow"],
    name="challenges.follow",
    status_code=200,
)
async def follow(request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Redirect:
    """Hear of a challenge from now on, or no more."""
    begins = request.scope["path"].endswith("/follow")
    await (following.follow if begins else following.unfollow)(db, actor, challenge_id)
    told = "You follow this challenge" if begins else "You no longer follow this challenge"
    return to(request, f"/challenges/{challenge_id}/questions", notice=told)


async def _drafts(db: AsyncSession, challenge_id: UUID) -> list[QuestionRow]:
    _, rows = await queries.questions(db, challenge_id, limit=MOST)
    return [row for row in rows if row.state is State.DRAFTED]


async def _publish_page(db: AsyncSession, head: Head, form: PublishForm) -> Page:
    drafts = await _drafts(db, head.challenge.id)
    if not drafts:
        raise Refused("There is no drafted answer to publish.")
    form.offer([(str(row.id), row.words) for row in drafts])
    context = {"head": head, "form": form, "hints": {str(row.id): row.answer for row in drafts}}
    return Page(
        "challenges/publish_answers.html", context=context, status_code=422 if form.error_list else 200
    )


@get("/challenges/{challenge_id:uuid}/questions/publish", name="challenges.publish_answers_page")
async def publish_page(db: Db, actor: Someone, challenge_id: FromPath[UUID]) -> Page:
    """Show the drafts to be published at once."""
    head = await showing.head_of_lead(db, actor, challenge_id, TAB)
    all_of_them = [str(row.id) for row in await _drafts(db, challenge_id)]
    return await _publish_page(db, head, PublishForm(data={"only": all_of_them}))


@post("/challenges/{challenge_id:uuid}/questions/publish", name="challenges.publish_answers", status_code=200)
async def publish(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID]
) -> Page | Redirect:
    """Publish those that were chosen, at one moment."""
    head = await showing.head_of_lead(db, actor, challenge_id, TAB)
    form = PublishForm(await request.form())
    form.offer([(str(row.id), row.words) for row in await _drafts(db, challenge_id)])
    if form.validate():
        async with form.attempt(db):
            only = [UUID(each) for each in form.only.data or []]
            count = await actions.publish_answers(db, actor, challenge_id, only)
            told = "1 answer was published" if count == 1 else f"{count} answers were published"
            return to(request, f"/challenges/{challenge_id}/questions", notice=told)
    return await _publish_page(db, head, form)


async def _answering(
    db: AsyncSession, actor: Actor, challenge_id: UUID, question_id: UUID
) -> tuple[Head, QuestionRow]:
    head = await showing.head_once_public(db, actor, challenge_id, TAB)
    if not head.sponsors_it or not actor.has(Role.OFFICER):
        raise NotAllowed("Only officers of the sponsors answer.")
    return head, await queries.question(db, challenge_id, question_id)


def _answer_page(head: Head, row: QuestionRow, form: AnswerForm) -> Page:
    return Page(
        "challenges/answer.html",
        context={"head": head, "row": row, "form": form},
        status_code=422 if form.error_list else 200,
    )


@get("/challenges/{challenge_id:uuid}/questions/{question_id:uuid}", name="challenges.answer_page")
async def answer_page(
    db: Db, actor: Someone, challenge_id: FromPath[UUID], question_id: FromPath[UUID]
) -> Page:
    """Ask for an answer, and for the question in words that betray nobody."""
    head, row = await _answering(db, actor, challenge_id, question_id)
    written = {
        "words": row.words or row.asked,
        "answer": row.answer,
        "ground": row.ground,
        "basis": row.basis,
    }
    return _answer_page(head, row, AnswerForm(data=written))


@post(
    "/challenges/{challenge_id:uuid}/questions/{question_id:uuid}", name="challenges.answer", status_code=200
)
async def answer(
    request: AnyRequest, db: Db, actor: Someone, challenge_id: FromPath[UUID], question_id: FromPath[UUID]
) -> Page | Redirect:
    """Keep the draft; only sponsors read it until it is published."""
    head, row = await _answering(db, actor, challenge_id, question_id)
    form = AnswerForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.draft_answer(
                db,
                actor,
                challenge_id,
                question_id,
                words=form.words.data or "",
                answer=form.answer.data or "",
                ground=form.private_ground,
                basis=form.basis.data or "",
                checked=bool(form.checked.data),
            )
            return to(request, f"/challenges/{challenge_id}/questions", notice="The draft was kept")
    return _answer_page(head, row, form)


router = Router(
    "/",
    route_handlers=[
        questions,
        ask_page,
        ask,
        withdraw_page,
        withdraw,
        follow,
        publish_page,
        publish,
        answer_page,
        answer,
    ],
    include_in_schema=False,
)
