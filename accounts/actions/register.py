"""Load the bundled register of bodies."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy import tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation, OrganisationSuccession
from accounts.rules import register as rules
from store import audit
from values.actors import Actor
from values.years import london_today

FILE: Final = Path(__file__).resolve().parents[1] / "data" / "bodies.csv"
_FIELDS: Final = (
    "kind",
    "name",
    "short_name",
    "code",
    "gss_code",
    "former_gss_codes",
    "type_name",
    "region_code",
    "region_name",
    "county_code",
    "population",
    "valid_from",
    "valid_until",
)


async def load_register(db: AsyncSession, actor: Actor, *, today: date | None = None) -> int:
    """Bring the bodies of the register up to date; return how many rows changed. Safe to repeat.

    Needs the rights of the jobs role: the application cannot write bodies. `today` decides who is a council,
    in tests another day than it is.
    """
    with FILE.open(encoding="utf-8", newline="") as lines:
        register = rules.read(csv.DictReader(lines), today or london_today())
    changed = await _upsert(db, register.bodies)
    followed = insert(OrganisationSuccession).values(register.successions).on_conflict_do_nothing()
    changed += len((await db.execute(followed.returning(OrganisationSuccession.successor_id))).all())
    if changed:
        await audit.record(db, actor, "register.loaded", "register", "bodies", rows_changed=changed)
    return changed


async def _upsert(db: AsyncSession, bodies: list[dict[str, Any]]) -> int:
    new = insert(Organisation).values(bodies)
    mine = tuple_(*(getattr(Organisation, name) for name in _FIELDS))
    theirs = tuple_(*(getattr(new.excluded, name) for name in _FIELDS))
    written = new.on_conflict_do_update(
        index_elements=[Organisation.id],
        set_={name: getattr(new.excluded, name) for name in _FIELDS},
        where=mine.is_distinct_from(theirs),
    ).returning(Organisation.id)
    return len((await db.execute(written)).all())
