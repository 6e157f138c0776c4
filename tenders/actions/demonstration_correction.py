"""The correction of the invented world: slips of the published tender, mended with every buyer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select

from store.db import Sessions, transaction
from tenders.actions.correcting import deciding, drafting, publishing
from tenders.actions.demonstration_panel import CHAIR, OFFICER, OTHER, THIRD, account, act
from tenders.models import Tender
from tenders.queries import corrections
from tenders.rules.correcting.places import Place

REASON: Final = (
    "The target and the number of tasks were those of an earlier tender, and a risk was left out (invented)"
)
TASKS: Final = "How fast and surely staff and residents finish six tasks that are described"
RISKS: Final = (
    "Councils may be merged while the contracts run (invented)\n"
    "The contracts of today end in two years (invented)"
)
# Place, number, name of the value, and what it is to be.
CHANGES: Final = (
    (Place.KPI, 1, "target", "99.9 %"),
    (Place.CRITERION, 1, "description", TASKS),
    (Place.TENDER, 1, "risks", RISKS),
)


async def load_demonstration_correction(app: Sessions) -> bool:
    """Correct the published tender, once; tell whether it was done.

    Needs the rights of the application's role, in which people act.
    """
    officer = account(OFFICER)
    async with transaction(app, officer) as db:
        published = (Tender.demonstration, Tender.state == "published")
        tender_id = await db.scalar(select(Tender.id).where(*published))
        if tender_id is None or await corrections.corrections(db, tender_id):
            return False
        number = await drafting.begin(db, officer, tender_id, reason=REASON)
        for place, row, name, to in CHANGES:
            await drafting.change(db, officer, tender_id, number, place.value, row, name, to=to)
        await deciding.submit(db, officer, tender_id, number)
        seen = (await corrections.correction(db, tender_id, number)).fingerprint or b""
    for email in (CHAIR, OTHER, THIRD):
        await act(app, email, deciding.approve, tender_id, number, seen=seen)
    await act(app, OFFICER, publishing.prepare, tender_id, number)
    # The platform publishes a notice after it was prepared, as the database's clock has it.
    told = {"reference": "000000-0001 (invented)", "published_at": datetime.now(UTC)}
    await act(app, OFFICER, publishing.confirm, tender_id, number, **told)
    return True
