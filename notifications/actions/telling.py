"""Notices made from the audit trail, and mail made from notices. Only the worker may do either."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.actions import mail
from notifications.models import Notice, NoticeBookmark, NoticeSetting
from notifications.queries import challenges, tenders, trail
from notifications.queries import judges as judge_queries
from notifications.queries import notices as queries
from notifications.queries import planning as plans
from notifications.rules import (
    bidders,
    buying,
    findings,
    following,
    judges,
    letters,
    planning,
    searches,
    telling,
)
from notifications.rules import challenges as challenging
from notifications.rules.telling import MailWanted, Wording
from store import audit
from values.ids import uuid7

# Links of the chain at once: a transaction stays short however long nobody was told.
BATCH: Final = 500
# More lines than anybody reads in a mail; the page has all.
MOST_IN_SUMMARY: Final = 50


async def tell_next(db: AsyncSession, *, address: str, now: datetime) -> bool:
    """Tell people of the next entries of the audit trail; say whether there are more.

    The chain of seals gives the order: an entry that another transaction wrote earlier and committed later
    gets a later link, so that none is passed over. Bookmark, notices and mail are one transaction, so
    whoever is killed in between leaves all of it to the next run.
    """
    await audit.seal(db)
    after = await trail.locked_bookmark(db)
    end = await trail.chain_end(db)
    upto = min(end, after + BATCH)
    if upto <= after:
        return False
    entries = await trail.entries(db, after, upto)
    found = await trail.findings(db, after, upto)
    bought = await tenders.bought(db, after, upto)
    challenged = await challenges.challenged(db, after, upto)
    written = [
        *telling.notices(entries, await trail.candidates(db, {told.pool_id for told in entries})),
        *findings.notices(found, await trail.officers(db, {each.body_code for each in found})),
        *searches.notices(await tenders.searched(db, after, upto)),
        # Before all buyers are told: whoever a panel is formed under hears what it asks of them.
        *judges.notices(await judge_queries.named(db, after, upto)),
        *buying.notices(bought, await tenders.buyers(db, {each.tender_id for each in bought})),
        *bidders.notices(await tenders.damaged(db, after, upto)),
        *bidders.assessed_notices(await tenders.assessed(db, after, upto)),
        *following.notices(await tenders.followed(db, after, upto)),
        *planning.notices(await plans.planned(db, after, upto)),
        *challenging.notices(
            challenged,
            await challenges.sponsoring(db, {each.challenge_id for each in challenged}),
            await challenges.entrants(db, challenged),
        ),
    ]
    await _write(db, telling.once(written), address=address, now=now)
    await db.execute(update(NoticeBookmark).values(position=upto))
    return upto < end


async def _write(db: AsyncSession, found: Sequence[Wording], *, address: str, now: datetime) -> None:
    if not found:
        return
    people = {wording.person_id for wording in found}
    wanted = await queries.mail_wanted(db, people)
    boxes = await trail.addresses(db, people)
    rows = []
    for wording in found:
        who = wording.person_id
        by_mail = wanted[who] is MailWanted.EACH and telling.is_news(wording.at, now) and not wording.own_mail
        told = now if by_mail or wording.own_mail else None
        rows.append({**asdict(wording), "id": uuid7(), "mailed_at": told})
        if by_mail:
            letter = letters.one_notice(
                about=wording.about,
                title=wording.title,
                text=wording.text,
                href=wording.href,
                address=address,
            )
            await mail.write(db, boxes[who][0], letter)
    await db.execute(insert(Notice).inline(), rows)


async def send_summary(db: AsyncSession, person_id: UUID, *, address: str, until: datetime) -> bool:
    """Write somebody the summary of what came until a morning, once; say whether there was any."""
    today = until.date()
    setting = insert(NoticeSetting).values(person_id=person_id, summary_on=today)
    first = await db.scalar(
        setting.on_conflict_do_update(
            index_elements=["person_id"],
            set_={"summary_on": today},
            where=or_(NoticeSetting.summary_on.is_(None), NoticeSetting.summary_on < today)
            & (NoticeSetting.mail == MailWanted.DAILY),
        ).returning(NoticeSetting.person_id)
    )
    if first is None:
        return False
    waiting = (
        await db.execute(
            select(Notice.id, Notice.title, Notice.text)
            .where(
                Notice.person_id == person_id,
                Notice.mailed_at.is_(None),
                Notice.read_at.is_(None),
                Notice.at < until,
            )
            .order_by(Notice.title, Notice.at)
            .with_for_update()
        )
    ).all()
    boxes = await trail.addresses(db, {person_id})
    if not waiting or person_id not in boxes:
        return False
    email, name = boxes[person_id]
    lines = [(title, text) for _, title, text in waiting[:MOST_IN_SUMMARY]]
    await mail.write(db, email, letters.summary(name=name, lines=lines, count=len(waiting), address=address))
    await db.execute(
        update(Notice)
        .where(Notice.id.in_([row.id for row in waiting]))
        .values(mailed_at=func.statement_timestamp())
    )
    return True
