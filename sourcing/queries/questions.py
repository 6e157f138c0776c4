"""Questions as their reader may see them: buyers all, the asker its own, everybody what is published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from sourcing.models import Question, QuestionAnswer, QuestionAsker
from sourcing.rules.questions import GROUND_WORDS, STATE_WORDS, Ground, State, state_of
from values.refusals import Missing

HEADINGS: Final = ("number", "state", "question", "answer", "ground", "basis", "published_at")


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question, as far as the reader may see it.

    Attributes:
        number: among the published ones.
        words: as all may read it; empty until there is a draft, and where it stays private.
        asked: the asker's own words; empty for everybody but the buyers and the asker.
        sensitive: why the asker would keep the answer private; for the same.
        mine: the reader's organisation asked.
        published_at: when the answer went out, to all or to the asker alone.
    """

    id: UUID
    number: int | None
    words: str
    answer: str
    asked: str
    sensitive: str
    asked_on: date | None
    withdrawn_on: date | None
    ground: str
    basis: str
    published_at: datetime | None
    mine: bool

    @property
    def state(self) -> State:
        """How far it has come."""
        return state_of(
            answered=bool(self.answer),
            published_at=self.published_at,
            ground=self.ground,
            withdrawn=self.withdrawn_on is not None,
        )

    @property
    def state_words(self) -> str:
        """The same for a page."""
        return STATE_WORDS[self.state]

    @property
    def ground_words(self) -> str:
        """On what ground the answer is private; empty where it is not."""
        return GROUND_WORDS[Ground(self.ground)] if self.ground else ""


# Each of the three tables gives what the reader may see of it, so any of them may lack a row.
_ROWS: Final = """
    from (select * from question where subject_id = :subject) q
    full join (select * from question_answer where subject_id = :subject) a on a.question_id = q.id
    full join (select * from question_withheld where subject_id = :subject) w
      on w.question_id = coalesce(q.id, a.question_id)
    left join question_asker k on k.question_id = q.id
"""
_COUNT: Final = text(f"select count(*) {_ROWS}")
_COLUMNS: Final = """
    select coalesce(q.id, a.question_id, w.question_id) as id, coalesce(a.number, w.number),
      coalesce(a.words, ''), coalesce(a.answer, ''), coalesce(q.words, ''), coalesce(q.sensitive, ''),
      q.asked_on, q.withdrawn_on, coalesce(a.ground, w.ground, ''), coalesce(a.basis, w.basis, ''),
      coalesce(a.published_at, w.withheld_at), k.question_id is not null
"""
_PAGE: Final = text(
    f"{_COLUMNS} {_ROWS} order by 2 desc nulls first, q.asked_on, 1 offset :offset limit :limit"
)
_ONE: Final = text(f"{_COLUMNS} {_ROWS} where coalesce(q.id, a.question_id, w.question_id) = :question")


async def questions(
    db: AsyncSession, subject_id: UUID, *, offset: int = 0, limit: int = 50
) -> tuple[int, Sequence[QuestionRow]]:
    """Return how many questions the reader may see, and one page: open ones first, then the newest."""
    values = {"subject": subject_id, "offset": offset, "limit": limit}
    total = (await db.execute(_COUNT, {"subject": subject_id})).scalar_one()
    rows = await db.execute(_PAGE, values)
    return total, [QuestionRow(*row) for row in rows.all()]


async def question(db: AsyncSession, subject_id: UUID, question_id: UUID) -> QuestionRow:
    """Return one question.

    Raises:
        Missing: there is none, or the reader may not know of it.
    """
    row = (await db.execute(_ONE, {"subject": subject_id, "question": question_id})).first()
    if row is None:
        raise Missing("question")
    return QuestionRow(*row)


async def asked_by_own(db: AsyncSession, subject_id: UUID) -> int:
    """Return how many questions the reader's organisation asked about a subject."""
    query = select(func.count()).join_from(Question, QuestionAsker)
    return await db.scalar(query.where(Question.subject_id == subject_id)) or 0


async def drafted(db: AsyncSession, subject_id: UUID) -> Sequence[UUID]:
    """Return what is ready to be published, by random ids: an order that does not tell who asked first."""
    query = (
        select(QuestionAnswer.question_id)
        .join(Question, Question.id == QuestionAnswer.question_id)
        .where(
            QuestionAnswer.subject_id == subject_id,
            QuestionAnswer.published_at.is_(None),
            Question.withdrawn_on.is_(None),
        )
    )
    return (await db.scalars(query.order_by(QuestionAnswer.question_id))).all()


async def last_number(db: AsyncSession, subject_id: UUID) -> int:
    """Return the number of the last published answer; 0 where there is none."""
    query = select(func.max(QuestionAnswer.number)).where(QuestionAnswer.subject_id == subject_id)
    return await db.scalar(query) or 0


async def suppliers_named(db: AsyncSession, words: str) -> Sequence[str]:
    """Return the suppliers among this service's users whose names stand in a text."""
    name = func.lower(Organisation.name)
    query = select(Organisation.name).where(
        Organisation.kind == "supplier", func.strpos(func.lower(words), name) > 0
    )
    return (await db.scalars(query.order_by(Organisation.name))).all()


def csv_rows(rows: Sequence[QuestionRow]) -> Iterator[tuple[int | None, str, str, str, str, str, str]]:
    """Yield what is published, as lines under `HEADINGS`; drafts and askers' own words stay out."""
    for row in rows:
        if row.published_at:
            yield (
                row.number,
                row.state_words,
                row.words,
                row.answer,
                row.ground_words,
                row.basis,
                row.published_at.isoformat(),
            )
