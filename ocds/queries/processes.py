"""All that is public of some tenders, for releases to be made of it.

Call it in a session of the public: then row-level security decides what there is. What only buyers and
sector leads may read is left out here once more, so that a session with more rights makes the same data.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ocds.queries import contracts, corrections, planning
from ocds.rules.processes import (
    Answer,
    Awarded,
    Ending,
    Extension,
    File,
    Notice,
    Planned,
    Process,
    QuestionTime,
)
from sourcing.models import QuestionAnswer
from sourcing.models import QuestionTime as QuestionTimes
from tenders.models import Tender, TenderExtension, TenderNotice, TenderStandstill
from tenders.queries import content as content_queries
from tenders.queries import documents
from tenders.queries.documents import DocumentRow
from tenders.rules import award_facts
from tenders.rules.content import Considered, Content
from tenders.rules.notices import Code, NoticeState
from tenders.rules.states import TenderState

_UNSAID: Final = Considered("", "", None, "", "")


async def processes(db: AsyncSession, tender_ids: Collection[UUID]) -> Sequence[Process | Planned]:
    """Return the public processes among these tenders, in the order in which they are asked for.

    Where a tender is not published, there is what early notices told of it, if anything.
    """
    planned = await planning.planned(db, tender_ids)
    opened = await _opened(db, tender_ids, planned)
    found = [opened.get(each) or planned.get(each) for each in tender_ids]
    return [each for each in found if each is not None]


async def _opened(
    db: AsyncSession, tender_ids: Collection[UUID], planned: Mapping[UUID, Planned]
) -> Mapping[UUID, Process]:
    rows = await db.execute(
        select(
            Tender.id, Tender.state, Tender.state_changed_at, Tender.demonstration, Tender.region_codes
        ).where(Tender.id.in_(tender_ids), Tender.published_at.is_not(None))
    )
    shown = {row.id: row for row in rows}
    contents = await content_queries.contents(db, shown)
    files = await documents.current_of(db, shown)
    notices = await _notices(db, shown)
    answers = await _answers(db, shown)
    extensions = await _extensions(db, shown)
    times = await _question_times(db, shown)
    awarded = await _awarded(db, shown, notices)
    signed = await contracts.signed(db, shown)
    corrected = await corrections.published(db, shown)
    return {
        tender_id: Process(
            tender_id=tender_id,
            content=_public(contents[tender_id]),
            opened=notices[tender_id][Code.TENDER],
            files=[_file(each) for each in files.get(tender_id, [])],
            answers=answers.get(tender_id, []),
            extensions=extensions.get(tender_id, []),
            question_times=times.get(tender_id, []),
            region_codes=shown[tender_id].region_codes,
            awarded=awarded.get(tender_id),
            contracts=signed.get(tender_id, []),
            ending=_ending(shown[tender_id], notices[tender_id]),
            invented=shown[tender_id].demonstration,
            corrections=corrected.get(tender_id, []),
            planned=planned.get(tender_id),
        )
        for tender_id in shown
        if Code.TENDER in notices.get(tender_id, {})
    }


def _public(content: Content) -> Content:
    return dataclasses.replace(content, considered=_UNSAID)


def _file(row: DocumentRow) -> File:
    return File(row.id, row.title, row.name, row.kind, row.version, row.sha256.hex(), row.size)


def _ending(tender: Any, notices: Mapping[str, Notice]) -> Ending | None:
    notice = notices.get(Code.TERMINATION)
    if notice is None or tender.state != TenderState.TERMINATED:
        return None
    return Ending(notice, tender.state_changed_at)


async def _notices(db: AsyncSession, tender_ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, Notice]]:
    rows: Any = await db.execute(
        select(
            TenderNotice.tender_id,
            TenderNotice.code,
            TenderNotice.reference,
            TenderNotice.published_at,
            TenderNotice.confirmed_at,
        ).where(TenderNotice.tender_id.in_(tender_ids), TenderNotice.state == NoticeState.CONFIRMED)
    )
    found: dict[UUID, dict[str, Notice]] = {}
    for tender_id, *notice in rows:
        found.setdefault(tender_id, {})[notice[0]] = Notice(*notice)
    return found


async def _answers(db: AsyncSession, tender_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Answer]]:
    """Return what was answered to all; an answer that its asker alone reads is left out altogether."""
    rows: Any = await db.execute(
        select(
            QuestionAnswer.subject_id,
            QuestionAnswer.number,
            QuestionAnswer.words,
            QuestionAnswer.answer,
            QuestionAnswer.published_at,
        )
        .where(
            QuestionAnswer.subject_id.in_(tender_ids),
            QuestionAnswer.published_at.is_not(None),
            QuestionAnswer.ground == "",
        )
        .order_by(QuestionAnswer.number)
    )
    found: dict[UUID, list[Answer]] = {}
    for tender_id, *answer in rows:
        found.setdefault(tender_id, []).append(Answer(*answer))
    return found


async def _extensions(db: AsyncSession, tender_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Extension]]:
    rows: Any = await db.execute(
        select(
            TenderExtension.tender_id,
            TenderExtension.due_before,
            TenderExtension.due_at,
            TenderExtension.reason,
            TenderExtension.extended_at,
        )
        .where(TenderExtension.tender_id.in_(tender_ids))
        # Each is later than the one before.
        .order_by(TenderExtension.due_at)
    )
    found: dict[UUID, list[Extension]] = {}
    for tender_id, *extension in rows:
        found.setdefault(tender_id, []).append(Extension(*extension))
    return found


async def _question_times(
    db: AsyncSession, tender_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[QuestionTime]]:
    rows = await db.execute(
        select(QuestionTimes.subject_id, QuestionTimes.until, QuestionTimes.given_at)
        .where(QuestionTimes.subject_id.in_(tender_ids))
        .order_by(QuestionTimes.given_at)
    )
    found: dict[UUID, list[QuestionTime]] = {}
    for tender_id, until, given_at in rows:
        found.setdefault(tender_id, []).append(QuestionTime(until, given_at))
    return found


async def _awarded(
    db: AsyncSession, tender_ids: Collection[UUID], notices: Mapping[UUID, Mapping[str, Notice]]
) -> Mapping[UUID, Awarded]:
    """Return what award notices told that the platform published."""
    rows = await db.execute(
        select(TenderNotice.tender_id, TenderNotice.facts, TenderStandstill)
        .outerjoin(TenderStandstill, TenderStandstill.tender_id == TenderNotice.tender_id)
        .where(
            TenderNotice.tender_id.in_(tender_ids),
            TenderNotice.code == Code.AWARD,
            TenderNotice.state == NoticeState.CONFIRMED,
            TenderNotice.facts != {},
        )
    )
    return {
        tender_id: Awarded(
            notices[tender_id][Code.AWARD],
            award_facts.from_json(facts),
            standstill.published_on if standstill else None,
            standstill.ends_on if standstill else None,
        )
        for tender_id, facts, standstill in rows
    }
