"""What follows every change of a tender's content: a new version, and no approval of the old one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from sourcing.queries.overrides import overrides_of
from spend.queries import own_code
from store import audit
from tenders.models import Tender, TenderApproval, TenderNotice
from tenders.queries import approvals as approval_queries
from tenders.queries import content as content_queries
from tenders.queries import tenders
from tenders.queries.tenders import TenderRow
from tenders.rules import approving, states
from tenders.rules.content import Content
from tenders.rules.fingerprints import fingerprint
from tenders.rules.notices import NoticeState
from tenders.rules.states import TenderState
from values.actors import Actor


async def led_draft(db: AsyncSession, actor: Actor, tender_id: UUID) -> TenderRow:
    """Return a tender, locked, whose content the actor may change now.

    Raises:
        NotAllowed: not an officer of its lead council.
        Refused: it is published, or over.
    """
    tender = await tenders.locked_tender(db, tender_id)
    states.check_may_lead(actor, tender.lead_code, await own_code(db, actor))
    states.check_changeable(tender.state)
    return tender


async def changed(db: AsyncSession, actor: Actor, tender: TenderRow, action: str, **details: Any) -> None:
    """Count a change that was written, write it down, and end what was approved before."""
    if await fix(db, tender.id, before=tender.fingerprint):
        await audit.record(db, actor, action, "tender", tender.id, **details)
        if tender.state != TenderState.DRAFT:
            await back_to_draft(db, actor, tender, approving.CHANGED)


async def settle(db: AsyncSession, actor: Actor, tender: TenderRow) -> None:
    """End what was approved before, where what an approval rests on is another now; it is written down."""
    if await fix(db, tender.id, before=tender.fingerprint) and tender.state != TenderState.DRAFT:
        await back_to_draft(db, actor, tender, approving.CHANGED)


async def fix(db: AsyncSession, tender_id: UUID, *, before: bytes | None = None) -> bool:
    """Take the fingerprint of the content as it stands now; tell whether it is another than before."""
    content = await content_queries.content(db, tender_id)
    now = fingerprint(content, await overrides_of(db, tender_id))
    if now == before:
        return False
    values: dict[str, Any] = {"fingerprint": now, **_searched(content)}
    if before is not None:
        values["version"] = Tender.version + 1
    await db.execute(update(Tender).where(Tender.id == tender_id).values(**values))
    return True


def _searched(content: Content) -> dict[str, Any]:
    """Return what a search reads: the heavier a text, the earlier the tender stands for its words."""
    heavy = [content.title]
    light = [content.description, content.category_name, *(buyer.name for buyer in content.buyers)]
    light += [text for lot in content.lots for text in (lot.title, lot.description)]
    rest = [each.text for each in content.requirements]
    codes = [buyer.code for buyer in content.buyers]
    regions = (
        select(func.array_agg(Organisation.region_code.distinct()))
        .where(Organisation.code.in_(codes), Organisation.region_code.is_not(None))
        .scalar_subquery()
    )
    return {
        "words": _weighed(heavy, "A").op("||")(_weighed(light, "B")).op("||")(_weighed(rest, "C")),
        "gross_pence": content.gross_pence,
        "suits_small_firms": any(lot.small_firms for lot in content.lots),
        "region_codes": func.coalesce(regions, cast([], ARRAY(Text))),
    }


def _weighed(texts: list[str], weight: str) -> Any:
    return func.setweight(func.to_tsvector("english", " ".join(texts)), literal_column(f"'{weight}'"))


async def back_to_draft(db: AsyncSession, actor: Actor, tender: TenderRow, reason: str) -> None:
    """Make a tender a draft again; approvals end, and a notice that was prepared is discarded."""
    standing = [each for each in await approval_queries.approvals(db, tender.id) if each.stands]
    await db.execute(
        update(TenderApproval)
        .where(
            TenderApproval.tender_id == tender.id,
            TenderApproval.ended_at.is_(None),
            TenderApproval.decision == "approved",
        )
        .values(ended_at=func.statement_timestamp(), ended_reason=reason)
    )
    if tender.state == TenderState.APPROVED:
        await db.execute(
            update(TenderNotice)
            .where(TenderNotice.tender_id == tender.id, TenderNotice.state == NoticeState.PREPARED.value)
            .values(state=NoticeState.DISCARDED.value)
        )
    await move(db, tender, TenderState.DRAFT, reason)
    if standing:
        names = [each.body_name for each in standing]
        await audit.record(db, actor, "tender.approvals_ended", "tender", tender.id, councils=names)


async def move(
    db: AsyncSession,
    tender: TenderRow,
    to: TenderState,
    reason: str = "",
    *,
    published_at: datetime | None = None,
) -> None:
    """Move a tender that is locked to another state.

    Raises:
        Refused: the table of moves does not have it.
    """
    states.check_move(tender.state, to)
    values: dict[str, Any] = {
        "state": to.value,
        "state_reason": reason,
        "state_changed_at": datetime.now(UTC),
    }
    if published_at is not None:
        values["published_at"] = published_at
    await db.execute(update(Tender).where(Tender.id == tender.id).values(**values))
