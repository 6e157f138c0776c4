"""The corrections of a tender, each line by line, and the tender as it stood before one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Anybody, Db, Someone
from sourcing.queries import subjects
from tenders.forms.corrections import BeginForm
from tenders.queries import content as content_queries
from tenders.queries import corrections as queries
from tenders.queries.corrections import AnswerRow, CorrectionRow
from tenders.routes import showing
from tenders.routes.showing import Head
from tenders.rules import notices as notice_rules
from tenders.rules.content import MODEL_WORDS, Content
from tenders.rules.correcting import checking, lines, places
from tenders.rules.correcting.lines import Told
from values.refusals import Missing, Refused
from web import downloads
from web.forms import Form
from web.pages import Page

TAB: Final = "Corrections"


@dataclass(frozen=True, slots=True)
class Shown:
    """A correction with its changes as people read them, and what the buyers answered."""

    row: CorrectionRow
    told: Sequence[Told]
    answers: Sequence[AnswerRow]


async def shown(db: AsyncSession, content: Content, rows: Sequence[CorrectionRow]) -> list[Shown]:
    """Return corrections as pages show them."""
    changes = await queries.changes_of(db, [each.id for each in rows])
    return [
        Shown(each, lines.told(content, changes.get(each.id, [])), await queries.answers(db, each.id))
        for each in rows
    ]


async def tab(db: AsyncSession, head: Head, form: Form) -> Page:
    """Return the list of corrections, with what an officer of the lead begins one by."""
    content = await content_queries.content(db, head.tender.id)
    rows = await queries.corrections(db, head.tender.id)
    in_the_way = ""
    try:
        checking.check_can_correct(head.tender.state, content, await subjects.now(db))
    except Refused as refused:
        in_the_way = refused.message
    return Page(
        "tenders/corrections/list.html",
        context={
            "head": head,
            "form": form,
            "corrections": await shown(
                db, content, [each for each in rows if head.inside or each.recorded_at]
            ),
            "in_the_way": in_the_way,
            "open": next((each for each in rows if each.open), None),
        },
        status_code=422 if form.error_list else 200,
    )


async def page(db: AsyncSession, head: Head, number: int, form: Form) -> Page:
    """Return the page of one correction."""
    row = await queries.correction(db, head.tender.id, number)
    content = await content_queries.content(db, head.tender.id)
    (found,) = await shown(db, content, [row])
    return Page(
        "tenders/corrections/one.html",
        context={
            "head": head,
            "form": form,
            "found": found,
            "row": row,
            "source": checking.TIME_SOURCE,
            "left": checking.days_left(
                row.until or head.tender.tenders_due_at, (await subjects.now(db)).date()
            )
            if head.tender.tenders_due_at
            else None,
        },
        status_code=422 if form.error_list else 200,
    )


@get("/tenders/{tender_id:uuid}/corrections", name="tenders.corrections")
async def corrections(db: Db, visitor: Anybody, tender_id: FromPath[UUID]) -> Page:
    """List what was corrected, with when and why."""
    return await tab(db, await showing.head_once_public(db, visitor, tender_id, TAB), BeginForm())


@get("/tenders/{tender_id:uuid}/corrections/{number:int}/before", name="tenders.before_correction")
async def before(db: Db, visitor: Anybody, tender_id: FromPath[UUID], number: FromPath[int]) -> Page:
    """Show all that the tender said before a correction: what earlier bids were written against."""
    head = await showing.head_once_public(db, visitor, tender_id, TAB)
    row = await queries.correction(db, tender_id, number)
    if row.recorded_at is None:
        raise Missing("correction")
    content = await content_queries.content(db, tender_id)
    later = [each for each in await queries.published(db, tender_id) if each.number >= number]
    changes = await queries.changes_of(db, [each.id for each in later])
    for each in later:
        content = places.undone(content, changes.get(each.id, []))
    context = {"head": head, "row": row, "content": content, "model_words": MODEL_WORDS}
    return Page("tenders/corrections/before.html", context=context)


async def _noticed(db: AsyncSession, tender_id: UUID, number: int) -> CorrectionRow:
    found = await queries.correction(db, tender_id, number)
    if not found.fields:
        raise Missing("notice")
    return found


@get("/tenders/{tender_id:uuid}/corrections/{number:int}/notice.txt", name="tenders.correction_text")
async def as_text(
    db: Db, actor: Someone, tender_id: FromPath[UUID], number: FromPath[int]
) -> Response[bytes]:
    """Hand out the changed notice as text, to be entered into the central platform."""
    found = await _noticed(db, tender_id, number)
    text = notice_rules.as_text(f"UK4, correction {number}", found.said)
    return downloads.as_text(text, f"UK4-correction-{number}-{tender_id}.txt")


@get("/tenders/{tender_id:uuid}/corrections/{number:int}/notice.json", name="tenders.correction_json")
async def as_json(
    db: Db, actor: Someone, tender_id: FromPath[UUID], number: FromPath[int]
) -> Response[bytes]:
    """Hand out the changed notice for programs."""
    found = await _noticed(db, tender_id, number)
    told = {
        "notice": "UK4",
        "tender": str(tender_id),
        "correction": number,
        "sha256": (found.fingerprint or b"").hex(),
        "reference": found.reference or None,
        "published_at": found.published_at.isoformat() if found.published_at else None,
        "fields": found.fields,
    }
    return downloads.as_json(told, f"UK4-correction-{number}-{tender_id}.json")


router = Router("/", route_handlers=[corrections, before, as_text, as_json], include_in_schema=False)
