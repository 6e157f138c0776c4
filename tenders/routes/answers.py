"""Buyers answer what suppliers asked: drafts, then all at once; and until when one can ask."""

from __future__ import annotations

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db, Someone
from sourcing.actions import questions as actions
from sourcing.actions import subjects
from sourcing.forms.asking import AnswerForm, PublishForm, UntilForm
from sourcing.queries import questions as queries
from sourcing.queries.questions import QuestionRow
from sourcing.queries.subjects import questions_until
from sourcing.rules.questions import State
from tenders.routes import showing
from tenders.routes.questions import TAB
from tenders.routes.showing import Head
from tenders.rules import answering
from values.actors import Actor, Role
from values.refusals import NotAllowed, Refused
from values.years import LONDON
from web.pages import AnyRequest, Page, to

# More than suppliers ask about anything.
MOST = 10_000


async def _answering(
    db: AsyncSession, actor: Actor, tender_id: UUID, question_id: UUID
) -> tuple[Head, QuestionRow]:
    head = await showing.head_once_public(db, actor, tender_id, TAB)
    if not head.takes_part or not actor.has(Role.OFFICER):
        raise NotAllowed("Only officers of the buying councils answer.")
    return head, await queries.question(db, tender_id, question_id)


def _answer_page(head: Head, row: QuestionRow, form: AnswerForm) -> Page:
    return Page(
        "tenders/answer.html",
        context={"head": head, "row": row, "form": form},
        status_code=422 if form.error_list else 200,
    )


@get("/tenders/{tender_id:uuid}/questions/{question_id:uuid}", name="tenders.answer_page")
async def answer_page(db: Db, actor: Someone, tender_id: FromPath[UUID], question_id: FromPath[UUID]) -> Page:
    """Ask for an answer, and for the question in words that betray nobody."""
    head, row = await _answering(db, actor, tender_id, question_id)
    written = {
        "words": row.words or row.asked,
        "answer": row.answer,
        "ground": row.ground,
        "basis": row.basis,
    }
    return _answer_page(head, row, AnswerForm(data=written))


@post("/tenders/{tender_id:uuid}/questions/{question_id:uuid}", name="tenders.answer", status_code=200)
async def answer(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID], question_id: FromPath[UUID]
) -> Page | Redirect:
    """Keep the draft; only buyers read it until it is published."""
    head, row = await _answering(db, actor, tender_id, question_id)
    form = AnswerForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            await actions.draft_answer(
                db,
                actor,
                tender_id,
                question_id,
                words=form.words.data or "",
                answer=form.answer.data or "",
                ground=form.private_ground,
                basis=form.basis.data or "",
                checked=bool(form.checked.data),
            )
            return to(request, f"/tenders/{tender_id}/questions", notice="The draft was kept")
    return _answer_page(head, row, form)


async def _drafts(db: AsyncSession, tender_id: UUID) -> list[QuestionRow]:
    _, rows = await queries.questions(db, tender_id, limit=MOST)
    return [row for row in rows if row.state is State.DRAFTED]


async def _publish_page(db: AsyncSession, head: Head, form: PublishForm) -> Page:
    drafts = await _drafts(db, head.tender.id)
    if not drafts:
        raise Refused("There is no drafted answer to publish.")
    form.offer([(str(row.id), row.words) for row in drafts])
    context = {"head": head, "form": form, "hints": {str(row.id): _hint(row) for row in drafts}}
    return Page("tenders/publish_answers.html", context=context, status_code=422 if form.error_list else 200)


def _hint(row: QuestionRow) -> str:
    private = " For the asker alone; everybody reads that it is, and why." if row.ground else ""
    return f"{row.answer}{private}"


@get("/tenders/{tender_id:uuid}/questions/publish", name="tenders.publish_answers_page")
async def publish_page(db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Show the drafts to be published at once."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    all_of_them = [str(row.id) for row in await _drafts(db, tender_id)]
    return await _publish_page(db, head, PublishForm(data={"only": all_of_them}))


@post("/tenders/{tender_id:uuid}/questions/publish", name="tenders.publish_answers", status_code=200)
async def publish(request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page | Redirect:
    """Publish those that were chosen, at one moment."""
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    form = PublishForm(await request.form())
    form.offer([(str(row.id), row.words) for row in await _drafts(db, tender_id)])
    if form.validate():
        async with form.attempt(db):
            only = [UUID(each) for each in form.only.data or []]
            count = await actions.publish_answers(db, actor, tender_id, only)
            told = "1 answer was published" if count == 1 else f"{count} answers were published"
            return to(request, f"/tenders/{tender_id}/questions", notice=told)
    return await _publish_page(db, head, form)


async def _led(db: AsyncSession, actor: Actor, tender_id: UUID) -> Head:
    head = await showing.head_of_lead(db, actor, tender_id, TAB)
    answering.check_public(head.tender.state, published=head.tender.published)
    return head


def _until_page(head: Head, form: UntilForm) -> Page:
    return Page(
        "tenders/questions_until.html",
        context={"head": head, "form": form},
        status_code=422 if form.error_list else 200,
    )


@get("/tenders/{tender_id:uuid}/questions/until", name="tenders.questions_until_page")
async def until_page(db: Db, actor: Someone, tender_id: FromPath[UUID]) -> Page:
    """Ask until when suppliers can ask."""
    head = await _led(db, actor, tender_id)
    until = await questions_until(db, tender_id)
    local = until.astimezone(LONDON) if until else None
    known = {"questions_until": local.date(), "at": f"{local:%H:%M}"} if local else {"at": "12:00"}
    return _until_page(head, UntilForm(data=known))


@post("/tenders/{tender_id:uuid}/questions/until", name="tenders.questions_until", status_code=200)
async def set_until(
    request: AnyRequest, db: Db, actor: Someone, tender_id: FromPath[UUID]
) -> Page | Redirect:
    """Set the last time for questions, or move it to later."""
    head = await _led(db, actor, tender_id)
    form = UntilForm(await request.form())
    if form.validate():
        async with form.attempt(db):
            if head.tender.tenders_due_at and form.until > head.tender.tenders_due_at:
                raise Refused("Choose a time before tenders are due.", "questions_until")
            await subjects.take_questions_until(db, actor, tender_id, form.until)
            return to(
                request, f"/tenders/{tender_id}/questions", notice="The last time for questions was set"
            )
    return _until_page(head, form)


router = Router(
    "/",
    route_handlers=[publish_page, publish, until_page, set_until, answer_page, answer],
    include_in_schema=False,
)
