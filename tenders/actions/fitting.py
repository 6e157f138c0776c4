"""A supplier keeps what it thinks of a tender, for itself."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from store import audit
from tenders.models import TenderFit
from tenders.queries.tenders import TenderRow
from tenders.rules import answering
from tenders.rules.fitting import Answer
from values.actors import Actor


async def keep(db: AsyncSession, actor: Actor, tender: TenderRow, answers: Mapping[str, Answer]) -> None:
    """Keep the answers of the actor's organisation; the entry names neither tender nor answer.

    Raises:
        NotAllowed: the actor is no supplier.
        Refused: the tender is not public.
    """
    organisation_id = answering.check_supplier(actor)
    answering.check_public(tender.state, published=tender.published)
    rows = [
        {
            "tender_id": tender.id,
            "organisation_id": organisation_id,
            "key": key,
            "answer": answer.fit.value if answer.fit else "",
            "note": answer.note,
            "person_name": actor.name,
        }
        for key, answer in answers.items()
    ]
    if rows:
        written = insert(TenderFit).values(rows)
        kept = {name: written.excluded[name] for name in ("answer", "note", "person_name")}
        await db.execute(
            written.on_conflict_do_update(
                index_elements=["tender_id", "organisation_id", "key"],
                set_={**kept, "changed_at": func.statement_timestamp()},
            ).inline()
        )
    await audit.record(db, actor, "fit.kept", "organisation", organisation_id)
