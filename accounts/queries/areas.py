"""What other slices ask of the register: under which names a body pays itself, and where it lies."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ARRAY, Text, any_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import BodyKind, Organisation

_NAMES = select(Organisation.name, Organisation.short_name).where(Organisation.code == bindparam("code"))
_REGIONS = (
    select(Organisation.code, Organisation.region_code)
    .where(
        or_(
            Organisation.kind == BodyKind.COUNCIL,
            Organisation.code == any_(bindparam("codes", type_=ARRAY(Text))),
        ),
        Organisation.code.is_not(None),
    )
    .order_by(Organisation.code)
)


async def names_of(db: AsyncSession, code: str) -> list[str]:
    """Return the names of a body: official and short."""
    row = (await db.execute(_NAMES, {"code": code})).first()
    return [] if row is None else sorted({row.name, row.short_name})


async def regions_of(db: AsyncSession, codes: Sequence[str]) -> dict[str, str | None]:
    """Return code → region for every council of today and for the other bodies given."""
    return {row.code: row.region_code for row in await db.execute(_REGIONS, {"codes": list(codes)})}
