"""What the invented supplier does with the published tender: a saved search, two questions, one answered."""

from __future__ import annotations

from typing import Final
from uuid import uuid5

from sqlalchemy import select

from accounts.actions.demonstration import SUPPLIER_ID
from accounts.rules.register import NAMESPACE
from procurement.actions.demonstration.pools import officer_of
from sourcing.actions import following, questions, searches
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
WANTED: Final = TenderFilter(words="housing")
ANSWERED: Final = (
    "Do tenants need an account to report a repair? (invented)",
    "No. A reference number is enough; an account is an option (invented).",
)
WAITING: Final = "Can records of before the start be taken over in stages? (invented)"


async def load_demonstration_interest(sessions: Sessions, key: bytes) -> bool:
    """Save a search and ask about the published tender, once; tell whether it was done.

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
            query=finding.query_of(WANTED),
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
    return True
