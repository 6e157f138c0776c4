"""Notices of a contract: prepared, sent or taken to the central platform, confirmed; and published texts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from sourcing.rules.law import law
from store import files
from tenders.actions import parties
from tenders.actions.contracts import holding
from tenders.actions.sending import Platform
from tenders.models import ContractDocument, ContractNotice
from tenders.queries import awards
from tenders.queries import content as content_queries
from tenders.queries import contract_papers as papers
from tenders.queries import notices as tender_notices
from tenders.queries.contract_papers import ContractNoticeRow
from tenders.rules import notices as rules
from tenders.rules.contracts import notices as fields
from tenders.rules.contracts import telling
from tenders.rules.contracts.life import Assessment, Breach, Changed, Ending, Facts, Life
from tenders.rules.notices import Code, Field, NoticeState
from values.actors import Actor
from values.ids import uuid7
from values.refusals import Missing, Refused
from values.years import london_today

About = Facts | Assessment | Breach | Changed | Ending
MOST_FILES: Final = 50


async def prepare(
    db: AsyncSession, actor: Actor, tender_id: UUID, contract_id: UUID, code: str, about_id: UUID
) -> UUID:
    """Prepare a notice of a contract; one about the same that was prepared before is discarded.

    Raises:
        NotAllowed: not an officer of the council that signed.
        Missing: the contract has nothing of this kind to be told.
        Refused: it is not due, is published already, or lacks what the law asks for.
    """
    life = await holding.own(db, actor, tender_id, contract_id)
    about = _about(life, code, about_id)
    fields.check_due(code, life, about)
    if life.published(code, about_id):
        raise Refused("The central platform has published this notice already.")
    said = await _fields(db, life, about)
    rules.check_whole(said)
    for each in await papers.notices(db, contract_id):
        if (each.code, each.about_id, each.state) == (code, about_id, NoticeState.PREPARED):
            await _discard(db, each)
    notice_id = uuid7()
    await db.execute(
        insert(ContractNotice)
        .values(
            id=notice_id,
            contract_id=contract_id,
            code=code,
            about_id=about_id,
            fields=rules.as_json(said),
            facts=telling.as_json(telling.told(life, about)),
            prepared_by=actor.name,
        )
        .inline()
    )
    await holding.record(db, actor, life, "contract.notice_prepared", code=code)
    return notice_id


async def discard(
    db: AsyncSession, actor: Actor, tender_id: UUID, contract_id: UUID, notice_id: UUID
) -> None:
    """Discard a notice that was prepared and not published.

    Raises:
        NotAllowed: not an officer of the council that signed.
        Refused: the central platform has published it.
    """
    life = await holding.own(db, actor, tender_id, contract_id)
    notice = await _prepared(db, contract_id, notice_id)
    await _discard(db, notice)
    await holding.record(db, actor, life, "contract.notice_discarded", code=notice.code)


async def confirm(
    db: AsyncSession,
    actor: Actor,
    tender_id: UUID,
    contract_id: UUID,
    notice_id: UUID,
    *,
    reference: str,
    published_at: datetime,
    now: datetime | None = None,
) -> None:
    """Record that the central platform published a notice; a details notice makes the contract public here.

    Raises:
        NotAllowed: not an officer of the council that signed.
        Refused: there is no reference, the time cannot be, or the notice is not due any more.
    """
    life = await holding.own(db, actor, tender_id, contract_id)
    notice = await _prepared(db, contract_id, notice_id)
    rules.check_confirmation(reference, published_at, notice.prepared_at, now or datetime.now(UTC))
    fields.check_due(notice.code, life, _about(life, notice.code, notice.about_id))
    await db.execute(
        update(ContractNotice)
        .where(ContractNotice.id == notice_id)
        .values(
            state=NoticeState.CONFIRMED.value,
            reference=reference,
            published_at=published_at,
            confirmed_by=actor.name,
            confirmed_at=datetime.now(UTC),
        )
        .execution_options(synchronize_session=False)
    )
    await holding.record(db, actor, life, "contract.notice_confirmed", code=notice.code, reference=reference)


async def send(
    db: AsyncSession, actor: Actor, tender_id: UUID, contract_id: UUID, notice_id: UUID, platform: Platform
) -> None:
    """Send a notice to the central platform by its interface, and record what it confirms.

    Raises:
        NotAllowed: not an officer of the council that signed.
        Refused: there is no interface, or the platform does not take the notice.
    """
    life = await holding.own(db, actor, tender_id, contract_id)
    notice = await _prepared(db, contract_id, notice_id)
    accepted = await platform.publish(notice)
    await holding.record(db, actor, life, "contract.notice_sent", code=notice.code)
    now = max(datetime.now(UTC), accepted.published_at)
    await confirm(
        db,
        actor,
        tender_id,
        contract_id,
        notice_id,
        reference=accepted.reference,
        published_at=accepted.published_at,
        now=now,
    )


async def add_document(
    db: AsyncSession,
    actor: Actor,
    tender_id: UUID,
    contract_id: UUID,
    *,
    kind: str,
    about_id: UUID,
    title: str,
    withheld: str,
    file: tuple[str, str, Path],
) -> UUID:
    """Keep a file of a contract: name, kind and place of it; it is public once it was published.

    Raises:
        NotAllowed: not an officer of the council that signed.
        Missing: it is about no change of this contract.
        Refused: there are as many files as a contract takes.
    """
    life = await holding.own(db, actor, tender_id, contract_id)
    changes = {each.id for each in life.changes}
    if (kind == "change" and about_id not in changes) or (kind != "change" and about_id != contract_id):
        raise Missing("change")
    if len(await papers.documents(db, contract_id)) >= MOST_FILES:
        raise Refused(f"A contract takes {MOST_FILES} files here.", "files")
    name, file_kind, path = file
    sha256, size = await files.keep(db, path)
    document_id = uuid7()
    await db.execute(
        insert(ContractDocument)
        .values(
            id=document_id,
            contract_id=contract_id,
            kind=kind,
            about_id=about_id,
            title=title,
            sha256=sha256,
            name=name,
            file_kind=file_kind,
            size=size,
            withheld=withheld,
            added_by=actor.name,
        )
        .inline()
    )
    await holding.record(db, actor, life, "contract.document_added", title=title)
    return document_id


async def publish_document(
    db: AsyncSession,
    actor: Actor,
    tender_id: UUID,
    contract_id: UUID,
    document_id: UUID,
    *,
    reference: str,
    published_on: date,
) -> None:
    """Record that a text was published on the central platform; from then on everybody reads it here.

    Raises:
        NotAllowed: not an officer of the council that signed.
        Refused: it is evidence, which stays inside, was published before, or the day cannot be.
    """
    life = await holding.own(db, actor, tender_id, contract_id)
    document = await papers.document(db, contract_id, document_id)
    if document.kind == "evidence":
        raise Refused("Evidence is not published.")
    if document.published_on:
        raise Refused("It was published already.")
    if published_on > london_today():
        raise Refused("The day cannot be in the future", "published_on")
    if life.published("UK7", contract_id) is None:
        raise Refused("The contract details notice (UK7) is published first.")
    await db.execute(
        update(ContractDocument)
        .where(ContractDocument.id == document_id)
        .values(reference=reference, published_on=published_on)
        .execution_options(synchronize_session=False)
    )
    await holding.record(db, actor, life, "contract.document_published", title=document.title)


def _about(life: Life, code: str, about_id: UUID) -> About:
    told: dict[str, list[About]] = {
        "UK7": [life.facts],
        "UK9": [*life.assessments, *life.breaches],
        "UK10": [*life.changes],
        "UK11": [*life.endings],
    }
    for each in told.get(code, []):
        if (each.contract_id if isinstance(each, Facts) else each.id) == about_id:
            return each
    raise Missing("notice")


async def _fields(db: AsyncSession, life: Life, about: About) -> list[Field]:
    tender_id = life.facts.tender_id
    content = await content_queries.content(db, tender_id)
    await parties.identify(db, tender_id)
    suppliers = await awards.contract_suppliers(db, life.facts.contract_id)
    if isinstance(about, Changed):
        open_ways = [each for each in about.verdict["ways"] if each["open"]]
        ground = "; ".join(f"{each['name']}: {each['because']} ({each['source']})" for each in open_ways)
        return fields.change(content, life, about, suppliers=suppliers, ground=ground)
    if isinstance(about, Ending):
        return fields.end(content, life, about, suppliers=suppliers)
    if isinstance(about, Assessment | Breach):
        return fields.performance(content, life, about, suppliers=suppliers)
    tender = await tender_notices.confirmed(db, tender_id, Code.TENDER)
    award = await tender_notices.confirmed(db, tender_id, Code.AWARD)
    return fields.details(
        content,
        life,
        law(),
        suppliers=suppliers,
        tender_notice=tender.reference if tender else "",
        award_notice=award.reference if award else "",
    )


async def _prepared(db: AsyncSession, contract_id: UUID, notice_id: UUID) -> ContractNoticeRow:
    notice = await papers.notice(db, contract_id, notice_id)
    if notice.state != NoticeState.PREPARED:
        raise Refused(f"This notice is {notice.state} already.")
    return notice


async def _discard(db: AsyncSession, notice: ContractNoticeRow) -> None:
    await db.execute(
        update(ContractNotice)
        .where(ContractNotice.id == notice.id)
        .values(state=NoticeState.DISCARDED.value)
        .execution_options(synchronize_session=False)
    )
