"""What invented suppliers do with the published tender: a search, two questions, a search for a partner."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import uuid5

from sqlalchemy import select

from accounts.actions.demonstration import PARTNER_ID, SUPPLIER_ID
from accounts.rules.register import NAMESPACE
from procurement.actions.demonstration.pools import officer_of
from sourcing.actions import following, partners, questions, searches
from sourcing.queries.searches import own_searches
from sourcing.rules.searches import SearchMail
from store.db import Sessions, transaction
from tenders.actions.demonstration import LEAD
from tenders.models import Tender
from tenders.rules import finding
from tenders.rules.finding import TenderFilter
from values.actors import Actor, Role

SUPPLIER: Final = Actor(
    uuid5(NAMESPACE, "supplier@example.org"), SUPPLIER_ID, frozenset({Role.SUPPLIER}), "Samir Dunmore"
)
PARTNER: Final = Actor(
    uuid5(NAMESPACE, "partner@example.org"), PARTNER_ID, frozenset({Role.SUPPLIER}), "Priya Coverdale"
)
BRINGS: Final = (
    "We train council staff in the north of England, in six languages and by sign language (invented)."
)
SEEKS: Final = "A firm whose booking software it could be, and that takes the lead in the bid (invented)."
WANTED: Final = TenderFilter(words="housing")
ANSWERED: Final = (
    "Do tenants need an account to report a repair? (invented)",
    "No. A reference number is enough; an account is an option (invented).",
)
WAITING: Final = "Can records of before the start be taken over in stages? (invented)"


async def load_demonstration_interest(sessions: Sessions, key: bytes) -> bool:
    """Save a search, ask about the published tender, look for a partner, once; tell whether it was done.

    Needs the rights of the application's role: nobody else can ask. `key` is the master key.
    """
    async with transaction(sessions, SUPPLIER) as db:
        tender_id = await db.scalar(
            select(Tender.id).where(Tender.demonstration, Tender.state == "published")
        )
        if tender_id is None or await own_searches(db, SUPPLIER):
            return False
        await searches.save(
            db,
            SUPPLIER,
            kind="tenders",
            query=WANTED.query,
            description=finding.said(WANTED, {})[0][1],
            name="Housing (invented)",
            wanted=SearchMail.WEEKLY,
            key=key,
        )
        question_id = await questions.ask(db, SUPPLIER, tender_id, words=ANSWERED[0])
        await following.follow(db, SUPPLIER, tender_id)
    officer = officer_of(LEAD)
    async with transaction(sessions, officer) as db:
        await questions.draft_answer(
            db, officer, tender_id, question_id, words=ANSWERED[0], answer=ANSWERED[1]
        )
        await questions.publish_answers(db, officer, tender_id)
    async with transaction(sessions, SUPPLIER) as db:
        await questions.ask(db, SUPPLIER, tender_id, words=WAITING)
    async with transaction(sessions, PARTNER) as db:
        due_at = await db.scalar(select(Tender.tenders_due_at).where(Tender.id == tender_id))
        until = due_at - timedelta(days=1) if due_at else None
        if until:
            await partners.post(
                db, PARTNER, tender_id, brings=BRINGS, seeks=SEEKS, until=until, latest=due_at
            )
    return True
