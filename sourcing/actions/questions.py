"""Suppliers ask, buyers answer to all at once; nobody learns who asked.

The entry for asking names the asker's own organisation and neither subject nor question: otherwise the trail
would tell operators what the tables keep from everybody.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.actions.subjects import one_at_a_time
from sourcing.models import QuestionAnswer, QuestionWithheld
from sourcing.queries import questions as queries
from sourcing.queries import subjects
from sourcing.rules import questions as rules
from sourcing.rules.questions import Ground, State
from store import audit
from values.actors import Actor, Role
from values.refusals import Missing, NotAllowed, Refused


async def ask(db: AsyncSession, actor: Actor, subject_id: UUID, *, words: str, sensitive: str = "") -> UUID:
    """Ask about a subject; the question's id is for its asker.

    Args:
        db: the transaction.
        actor: a person of a supplier.
        subject_id: about what.
        words: the question.
        sensitive: why its answer should not go to all, where the asker thinks so.

    Raises:
        Missing: there is no such subject for the actor.
        NotAllowed: the actor is not a supplier.
        Refused: it is too late, or nothing is asked, or too much.
    """
    found = await subjects.subject(db, subject_id)
    if actor.organisation_id is None or not actor.has(Role.SUPPLIER):
        raise NotAllowed("Only people of a supplier can ask.")
    asked = await queries.asked_by_own(db, subject_id)
    until = found.questions_until
    words = rules.check_asking(words, await subjects.now(db), until, asked=asked)
    made = await db.scalar(select(func.app.ask_question(subject_id, words, sensitive.strip())))
    if made is None:  # it became too late in between
        rules.check_open(await subjects.now(db), until)
        raise NotAllowed("Only people of a supplier can ask.")
    await audit.record(db, actor, "question.asked", "organisation", actor.organisation_id)
    return UUID(str(made))


async def withdraw(db: AsyncSession, actor: Actor, subject_id: UUID, question_id: UUID) -> None:
    """Take back a question of one's own organisation before it was answered.

    Raises:
        Missing: the actor's organisation asked no such question.
        Refused: it was answered already.
    """
    found = await queries.question(db, subject_id, question_id)
    if not found.mine or actor.organisation_id is None:
        raise Missing("question")
    if not await db.scalar(select(func.app.withdraw_question(question_id))):
        raise Refused("This question was answered, or withdrawn before.")
    await audit.record(db, actor, "question.withdrawn", "organisation", actor.organisation_id)


async def draft_answer(
    db: AsyncSession,
    actor: Actor,
    subject_id: UUID,
    question_id: UUID,
    *,
    words: str,
    answer: str,
    ground: Ground | None = None,
    basis: str = "",
    checked: bool = False,
) -> None:
    """Write an answer, or write it anew; only the buyers read it until it is published.

    Args:
        db: the transaction.
        actor: an officer of a buyer.
        subject_id: of the question.
        question_id: which.
        words: the question, in words that betray nobody.
        answer: what all, or the asker alone, will read.
        ground: why it goes to the asker alone.
        basis: what makes that ground hold here, for everybody to read.
        checked: the officer confirms that the words do not tell who asked.

    Raises:
        Missing: there is no such subject or question for the actor.
        NotAllowed: the actor is no officer of a buyer.
        Refused: something is missing or may betray who asked, or it is published or withdrawn.
    """
    found = await subjects.acted_for(db, actor, subject_id)
    row = await queries.question(db, subject_id, question_id)
    if row.state not in (State.ASKED, State.DRAFTED):
        raise Refused("This question was answered, or its asker took it back.")
    named = rules.betrayals(words, await queries.suppliers_named(db, words))
    rules.check_answer(words, answer, ground, basis, named, checked=checked)
    values = {
        "words": words.strip(),
        "answer": answer.strip(),
        "ground": ground or "",
        "basis": basis.strip(),
    }
    await db.execute(
        upsert(QuestionAnswer)
        .values(question_id=question_id, subject_id=subject_id, **values)
        .on_conflict_do_update(
            index_elements=["question_id"], set_={**values, "changed_at": func.statement_timestamp()}
        )
    )
    await audit.record(
        db,
        actor,
        "question.drafted",
        found.kind,
        subject_id,
        question=str(question_id),
        reworded=words.strip() != row.asked,
        ground=ground or "",
        named=named,
    )


async def publish_answers(
    db: AsyncSession, actor: Actor, subject_id: UUID, only: Collection[UUID] | None = None
) -> int:
    """Publish all drafted answers, or some of them, to all at once; return how many.

    Of those that stay private everybody reads that they do, and why; the answer goes to its asker.

    Raises:
        Missing: there is no such subject for the actor.
        NotAllowed: the actor is no officer of the lead.
        Refused: there is nothing to publish, or one of them is no draft.
    """
    found = await subjects.acted_for(db, actor, subject_id, leading=True)
    await one_at_a_time(db, subject_id)
    drafts = [each for each in await queries.drafted(db, subject_id) if only is None or each in only]
    if not drafts or (only is not None and len(drafts) != len(set(only))):
        raise Refused("There is no drafted answer to publish.")
    last = await queries.last_number(db, subject_id)
    # One statement: all of them at the same moment.
    position = func.array_position(drafts, QuestionAnswer.question_id)
    await db.execute(
        update(QuestionAnswer)
        .where(QuestionAnswer.question_id.in_(drafts), QuestionAnswer.published_at.is_(None))
        .values(published_at=func.statement_timestamp(), number=last + position)
    )
    columns = ["question_id", "subject_id", "number", "ground", "basis", "withheld_at"]
    withheld = select(
        QuestionAnswer.question_id,
        QuestionAnswer.subject_id,
        QuestionAnswer.number,
        QuestionAnswer.ground,
        QuestionAnswer.basis,
        QuestionAnswer.published_at,
    ).where(QuestionAnswer.question_id.in_(drafts), QuestionAnswer.ground != "")
    await db.execute(insert(QuestionWithheld).from_select(columns, withheld).inline())
    await audit.record(
        db, actor, "question.published", found.kind, subject_id, first=last + 1, last=last + len(drafts)
    )
    return len(drafts)
